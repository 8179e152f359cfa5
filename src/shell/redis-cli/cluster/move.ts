import { RedisError } from '../../../engine/errors.ts';
import type { Cluster } from './cluster.ts';
import { type ClusterNode, SLOTS } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** One slot on its way, as the cluster manager plans it. */
export interface SlotMove {
  readonly source: ClusterNode;
  readonly slot: number;
}

/** Which slots to take from which node, so that each gives in proportion to what it has. */
export function planMoves(sources: readonly ClusterNode[], count: number): readonly SlotMove[] {
  const sorted = [...sources].sort((a, b) => b.slots.size - a.slots.size);
  const total = sorted.reduce((sum, { slots }) => sum + slots.size, 0);
  const moves: SlotMove[] = [];
  for (const [index, source] of sorted.entries()) {
    const share = (count / total) * source.slots.size;
    const most = index === 0 ? Math.ceil(share) : Math.floor(share);
    for (let slot = 0, taken = 0; slot < SLOTS && taken < most && moves.length < count; slot++) {
      if (!source.slots.has(slot)) continue;
      moves.push({ source, slot });
      taken++;
    }
  }
  return moves;
}

export interface MoveOptions {
  /** Prints nothing: who calls prints something shorter. */
  readonly isQuiet?: boolean;
  /** Moves the keys only; nobody is told of another owner. */
  readonly isCold?: boolean;
}

/** After about so many slots others may work. */
const BREATHE_EVERY = 4;

/** Moves a slot with its keys, and tells all masters. */
export async function moveSlot(
  cluster: Cluster,
  { source, slot }: SlotMove,
  target: ClusterNode,
  { isQuiet = false, isCold = false }: MoveOptions = {},
): Promise<void> {
  const { screen, call } = cluster;
  if (slot % BREATHE_EVERY === 0) await call.machine.breathe();
  if (call.signal.aborted) throw new ClusterFailure();
  const about = `slot ${slot} from ${source.address} to ${target.address}`;
  if (!isQuiet) screen.print(`Moving ${about}: `);
  if (!isCold) {
    await setSlot(cluster, target, slot, 'IMPORTING', source.id);
    await setSlot(cluster, source, slot, 'MIGRATING', target.id);
  }
  await moveKeys(cluster, { source, slot }, target, isQuiet);
  if (!isQuiet) screen.print('\n');
  if (isCold) return;
  const others = cluster.masters.filter((node) => node !== target && node !== source);
  for (const node of [target, source, ...others]) {
    await setSlot(cluster, node, slot, 'NODE', target.id);
  }
  source.slots.delete(slot);
  source.migrating.delete(slot);
  target.slots.add(slot);
  target.importing.delete(slot);
}

/** CLUSTER SETSLOT; what a node refuses ends the subcommand. */
export async function setSlot(
  cluster: Cluster,
  node: ClusterNode,
  slot: number,
  ...words: string[]
): Promise<void> {
  const reply = await node.link.send(['CLUSTER', 'SETSLOT', String(slot), ...words]);
  if (reply instanceof RedisError) cluster.refuse(node, reply);
}

async function moveKeys(
  cluster: Cluster,
  { source, slot }: SlotMove,
  target: ClusterNode,
  isQuiet: boolean,
): Promise<void> {
  const { told, screen } = cluster;
  for (;;) {
    const reply = await source.ask(
      ...['CLUSTER', 'GETKEYSINSLOT', String(slot), String(told.pipeline)],
    );
    const keys = reply as readonly string[];
    if (keys.length === 0) return;
    const answer = await migrate(cluster, source, target, keys);
    if (answer instanceof RedisError) {
      screen.print('\n');
      cluster.fail(`[ERR] Calling MIGRATE: ${answer.message}`);
    }
    if (!isQuiet) screen.print('.'.repeat(keys.length));
  }
}

/** MIGRATE with all these keys; what it answers. */
async function migrate(
  { told, options, screen }: Cluster,
  source: ClusterNode,
  target: ClusterNode,
  keys: readonly string[],
) {
  const { user, password } = options;
  const login = password === undefined ? [] : user ? ['AUTH2', user, password] : ['AUTH', password];
  const answer = await source.link.send([
    ...['MIGRATE', target.host, String(target.port), '', '0', String(told.timeoutMs)],
    ...[...(told.isReplacing ? ['REPLACE'] : []), ...login, 'KEYS', ...keys],
  ]);
  const isThere = answer instanceof RedisError && answer.message.includes('BUSYKEY');
  if (isThere) screen.say('warning', '\n*** Target key exists');
  return answer;
}
