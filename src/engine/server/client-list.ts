import { encodeCommand } from '../resp/encode.ts';
import type { Client } from './client.ts';

/** What describing a client needs of its server. */
export interface ClientListHost extends MemoryHost {
  readonly watches: { count(client: Client): number };
  readonly halts: { holds(client: Client): boolean };
}

interface MemoryHost {
  readonly now: number;
  readonly running: Client | undefined;
}

/** The kinds of clients that CLIENT LIST and CLIENT KILL tell apart. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub';

export function typeOf(client: Client): ClientType {
  if (client.stream) return 'master';
  if (client.replica?.isReplica) return 'replica';
  return client.isSubscriber ? 'pubsub' : 'normal';
}

/** Reads a TYPE argument, in any case; a replica may be called slave. */
export function readType(word: string): ClientType | undefined {
  const name = word.toLowerCase() === 'slave' ? 'replica' : word.toLowerCase();
  return (['normal', 'master', 'replica', 'pubsub'] as const).find((type) => type === name);
}

/**
 * A client as CLIENT LIST prints it, without the newline.
 * https://redis.io/docs/latest/commands/client-list/
 */
export function describeClient(host: ClientListHost, client: Client): string {
  const fields = { ...identity(host, client), ...activity(host, client), ...memory(host, client) };
  return Object.entries({ ...fields, ...session(client) })
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

const seconds = (ms: number) => Math.floor(ms / 1000);

const identity = (host: ClientListHost, client: Client) => ({
  id: client.id,
  addr: client.addr,
  laddr: client.laddr,
  fd: client.fd,
  name: client.name,
  age: seconds(host.now) - seconds(client.createdAt),
  idle: seconds(host.now) - seconds(client.lastActiveAt),
  flags: flagsOf(host, client),
});

const activity = ({ watches }: ClientListHost, client: Client) => ({
  db: client.db,
  sub: client.channels.size,
  psub: client.patterns.size,
  ssub: client.shardChannels.size,
  multi: client.transaction?.queue.length ?? -1,
  watch: watches.count(client),
});

/** Where Redis would keep the client, in bytes: what it allocates is not allocated here. */
const QUERY_BUFFER = 20_474;
const REPLY_BUFFER = { new: 16_384, settled: 1024 };
const CLIENT_STRUCT = 768;
const SETTLED_AFTER_MS = 5000;
const BUFFER_FREED_AFTER_MS = 2000;

/** The bytes that Redis would use for a client. */
export const bytesOf = (host: MemoryHost, client: Client): number =>
  memory(host, client)['tot-mem'];

function memory(host: MemoryHost, client: Client) {
  const isRunning = client === host.running;
  const qbuf = client.pendingInput + (isRunning ? encodeCommand(client.argv).length : 0);
  const idleMs = host.now - client.lastActiveAt;
  const allocated = idleMs > BUFFER_FREED_AFTER_MS && qbuf === 0 ? 0 : Math.max(QUERY_BUFFER, qbuf);
  const isNew = host.now - client.createdAt < SETTLED_AFTER_MS;
  const rbs = isNew ? REPLY_BUFFER.new : REPLY_BUFFER.settled;
  const queue = client.transaction?.queue ?? [];
  const queuedBytes = queue.reduce((all, { argv }) => all + sum(argv) + 8 * argv.length, 0);
  const argumentBytes = sum(client.argv) + 8 * client.argv.length;
  return {
    qbuf,
    'qbuf-free': allocated - qbuf,
    'argv-mem': sum(client.argv),
    'multi-mem': queuedBytes,
    rbs,
    rbp: Math.min(client.outputPeak, rbs),
    obl: Math.min(client.pendingOutput, rbs),
    oll: client.pendingOutput > rbs ? 1 : 0,
    omem: Math.max(client.pendingOutput - rbs, 0),
    'tot-mem': CLIENT_STRUCT + (allocated && allocated + 6) + rbs + argumentBytes + queuedBytes,
  };
}

const sum = (argv: readonly string[]) => argv.reduce((bytes, arg) => bytes + arg.length, 0);

const session = (client: Client) => ({
  events: client.pendingOutput > 0 ? 'rw' : 'r',
  cmd: client.lastCommand,
  user: client.user.name,
  redir: client.tracking ? (client.tracking.redirect ?? 0) : -1,
  resp: client.protocol,
  'lib-name': client.libName,
  'lib-ver': client.libVersion,
  'io-thread': 0,
});

/** The flags of a client by the condition under which it has them, in the order of printing. */
const flags: readonly (readonly [string, (client: Client, host: ClientListHost) => boolean])[] = [
  ['O', (client) => client.isMonitor],
  ['S', (client) => client.replica?.isReplica ?? false],
  ['M', (client) => client.stream !== undefined],
  ['P', (client) => client.isSubscriber],
  ['x', (client) => client.transaction !== undefined],
  ['b', (client, host) => client.blocked !== undefined || host.halts.holds(client)],
  ['t', (client) => client.tracking !== undefined],
  ['R', (client) => client.tracking?.isBroken ?? false],
  ['B', (client) => client.tracking?.bcast ?? false],
  ['d', (client) => client.watchBroken],
  ['c', (client) => client.closeAfterReply],
  ['r', (client) => client.isReadOnly],
  ['e', (client) => client.noEvict],
  ['T', (client) => client.noTouch],
];

const flagsOf = (host: ClientListHost, client: Client): string =>
  flags
    .filter(([, has]) => has(client, host))
    .map(([letter]) => letter)
    .join('') || 'N';
