/**
 * Whether a node of a cluster runs a command itself, and where it sends the client otherwise.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#redirection-and-resharding
 */
import { slotOf } from '../bytes/crc16.ts';
import type { Command } from '../commands/command.ts';
import { keysOf } from '../commands/key-positions.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterState } from './state.ts';

/** A command with its arguments. */
export interface Call {
  readonly command: Command<never>;
  readonly argv: readonly string[];
}

/** Who asks for what. */
export interface Question {
  /** The command, or those of a transaction; their keys are one request. */
  readonly calls: readonly Call[];
  /** READONLY and ASKING. */
  readonly client: { readonly isReadOnly: boolean; readonly isAsking: boolean };
}

/** What the answer is: run it, the slot being that of its keys, if it has any; or an error. */
export interface Verdict {
  readonly slot?: number;
  readonly error?: Refusal;
}

/** Why it is not run here; scripts tell some of these in other words. */
export interface Refusal {
  readonly kind: 'slot' | 'moved' | 'unstable' | 'down' | 'read only' | 'unserved';
  readonly error: RedisError;
}

const crossSlot = () => redisError("CROSSSLOT Keys in request don't hash to the same slot");
const tryAgain = () => redisError('TRYAGAIN Multiple keys request during rehashing of slot');
const isDown = () => redisError('CLUSTERDOWN The cluster is down');
const isDownForWrites = () =>
  redisError('CLUSTERDOWN The cluster is down and only accepts read commands');
const notServed = () => redisError('CLUSTERDOWN Hash slot not served');

const shardPubSub = new Set(['ssubscribe', 'sunsubscribe', 'spublish']);

/** Commands that have no keys, wherever they run, and so never lead elsewhere. */
export const mayRedirect = (command: Command<never>): boolean =>
  command.keys.length > 0 || command.findKeys !== undefined || command.name === 'exec';

export function judge(state: ClusterState, question: Question): Verdict {
  const { calls } = question;
  const request = gather(state, calls);
  if ('error' in request) return request;
  const { slot } = request;
  if (slot === undefined) return {};
  const isShard = calls.some(({ command }) => shardPubSub.has(command.name));
  const isWrite = calls.some(({ command }) => command.isWrite);
  const down = state.isOk ? undefined : refusedWhileDown(state, isShard, isWrite);
  if (down) return { error: down };
  const elsewhere = whereTo(state, question, request, { isShard, isWrite });
  return elsewhere ? { error: elsewhere } : { slot };
}

/** What a request asks of a slot. */
interface Request {
  readonly slot: number | undefined;
  /** Keys that differ: two of them cannot be redirected one by one. */
  readonly hasSeveral: boolean;
  /** While the slot moves: keys that are not here, and keys that are. */
  readonly missing: number;
  readonly existing: number;
}

/** Looks at all keys. They must have one slot, which somebody serves. */
function gather(
  state: ClusterState,
  calls: readonly Call[],
): Request | (Verdict & { error: Refusal }) {
  let slot: number | undefined;
  let first = '';
  let hasSeveral = false;
  let missing = 0;
  let existing = 0;
  for (const call of calls) {
    const isShard = shardPubSub.has(call.command.name);
    for (const key of namesIn(call, isShard)) {
      const its = slotOf(key);
      if (slot === undefined) {
        if (!state.owners[its]) return { error: { kind: 'unserved', error: notServed() } };
        slot = its;
        first = key;
      } else if (slot !== its) return { error: { kind: 'slot', error: crossSlot() } };
      else if (key !== first) hasSeveral = true;
      if (isShard || !isMoving(state, its)) continue;
      if (state.host.db.has(key)) existing++;
      else missing++;
    }
  }
  return { slot, hasSeveral, missing, existing };
}

function namesIn({ command, argv }: Call, isShard: boolean): readonly string[] {
  if (!isShard) return keysOf(command, argv);
  return command.name === 'spublish' ? argv.slice(1, 2) : argv.slice(1);
}

const isMoving = (state: ClusterState, slot: number): boolean =>
  isMigrating(state, slot) || isImporting(state, slot);

const isMigrating = (state: ClusterState, slot: number): boolean =>
  state.owners[slot] === state.myself && state.migrating.has(slot);

const isImporting = (state: ClusterState, slot: number): boolean =>
  state.owners[slot] !== state.myself && state.importing.has(slot);

function refusedWhileDown(
  state: ClusterState,
  isShard: boolean,
  isWrite: boolean,
): Refusal | undefined {
  const isAllowed = isShard
    ? state.says('cluster-allow-pubsubshard-when-down')
    : state.says('cluster-allow-reads-when-down');
  if (!isAllowed) return { kind: 'down', error: isDown() };
  if (isShard || !isWrite) return undefined;
  return { kind: 'read only', error: isDownForWrites() };
}

function whereTo(
  state: ClusterState,
  { calls, client }: Question,
  { slot = 0, hasSeveral, missing, existing }: Request,
  { isShard, isWrite }: { readonly isShard: boolean; readonly isWrite: boolean },
): Refusal | undefined {
  const { myself } = state;
  const owner = state.owners[slot] as ClusterNode;
  const [first] = calls as readonly [Call, ...Call[]];
  // What moves keys works on what is here.
  if (isMoving(state, slot) && first.command.name === 'migrate') return undefined;
  if (isMigrating(state, slot) && missing > 0) {
    // Some keys are here, others are not: neither side has them all.
    if (existing > 0) return { kind: 'unstable', error: tryAgain() };
    const target = state.migrating.get(slot) as ClusterNode;
    // A slot may be said to move to where it is.
    if (target === myself) return undefined;
    return { kind: 'moved', error: pointTo(state, 'ASK', slot, target) };
  }
  if (isImporting(state, slot) && (client.isAsking || first.command.flags.has('asking'))) {
    return hasSeveral && missing > 0 ? { kind: 'unstable', error: tryAgain() } : undefined;
  }
  const mayRead = (client.isReadOnly || isShard) && !isWrite;
  if (mayRead && myself.isReplica && myself.replicaOf === owner) return undefined;
  return owner === myself
    ? undefined
    : { kind: 'moved', error: pointTo(state, 'MOVED', slot, owner) };
}

/** The error that sends a client to another node. */
const pointTo = (
  state: ClusterState,
  how: 'MOVED' | 'ASK',
  slot: number,
  node: ClusterNode,
): RedisError => redisError(`${how} ${slot} ${endpointOf(state, node) ?? ''}:${node.port}`);

/** Where clients reach a node: its address, its name, or null where they are to know it. */
export function endpointOf(state: ClusterState, node: ClusterNode): string | null {
  const type = state.host.config.text('cluster-preferred-endpoint-type');
  if (type === 'ip') return node.ip;
  if (type === 'hostname') return node.hostname === '' ? '?' : node.hostname;
  return null;
}

/** Why a client may no longer wait for these keys here, or undefined. */
export function refuseWaiting(
  state: ClusterState,
  keys: readonly string[],
  { isReadOnly, isWrite }: { readonly isReadOnly: boolean; readonly isWrite: boolean },
): RedisError | undefined {
  if (keys.length === 0) return undefined;
  if (!state.isOk) return isDown();
  const { myself } = state;
  for (const key of keys) {
    const slot = slotOf(key);
    const owner = state.owners[slot];
    const mayRead = isReadOnly && !isWrite && myself.isReplica && myself.replicaOf === owner;
    if (mayRead || owner === myself || state.importing.has(slot)) continue;
    return owner ? pointTo(state, 'MOVED', slot, owner) : notServed();
  }
  return undefined;
}
