/** What DEBUG tells of memory: strings, hash tables, and clients that may have to go. */
import type { Args } from '../commands/args.ts';
import { noSuchKey, notSimulated, redisError } from '../errors.ts';
import { allocated } from '../keyspace/memory.ts';
import type { Value } from '../keyspace/value.ts';
import { type Reply, Status, Verbatim } from '../resp/reply.ts';
import type { StringValue } from '../values/string.ts';
import { bytesOf } from './client-list.ts';
import type { CallContext } from './context.ts';
import { describeValueTable } from './hash-tables.ts';
import type { Server } from './server.ts';

type Needs = CallContext<Server>;

/** DEBUG HTSTATS: how many keys a chain holds, which `full` asks for, nobody knows here. */
export function databaseTables({ server }: Needs, args: Args): Reply {
  const db = server.databases[args.index()];
  if (!db) throw redisError('ERR Out of range database');
  if (args.token('FULL')) throw noChains();
  return new Verbatim(server.hashTables.describe(db));
}

/** DEBUG HTSTATS-KEY. */
export function valueTable({ db }: Needs, args: Args): Reply {
  const value = db.peek(args.string());
  if (!value) throw noSuchKey();
  if (!isHashed(value)) {
    throw redisError(
      'ERR The value stored at the specified key is not represented using an hash table',
    );
  }
  if (args.token('FULL')) throw noChains();
  return new Verbatim(describeValueTable(value.size));
}

const isHashed = (value: Value): value is Value & { readonly size: number } =>
  value.encoding === 'hashtable' || value.encoding === 'skiplist';

const noChains = () => notSimulated('the layout of hash tables', 'count their chains');

/** DEBUG SDSLEN: what Redis's strings would take of a key and its value. */
export function stringSizes({ db }: Needs, args: Args): Reply {
  const key = args.string();
  const value = db.peek(key);
  if (!value) throw noSuchKey();
  if (value.type !== 'string' || value.encoding === 'int') {
    throw redisError('ERR Not an sds encoded string.');
  }
  return new Status(`${describeString('key', key.length, 1)}, ${describeValue(value)}`);
}

function describeValue(value: StringValue): string {
  const { length } = value;
  if (value.isEdited) throw notSimulated('the room that APPEND leaves', 'tell how much there is');
  if (value.encoding === 'raw') return describeString('val', length, 3);
  const size = allocated(OBJECT + SHORT_HEADER + length + 1) - OBJECT;
  return `val_sds_len:${length}, val_sds_avail:0, val_zmalloc: ${size}`;
}

/** A head of the value, the header of a short string. Bytes. */
const OBJECT = 16;
const SHORT_HEADER = 3;

function describeString(what: string, length: number, smallest: number): string {
  const needed = length < 32 ? 1 : length < 256 ? 3 : length < 65_536 ? 5 : 9;
  const header = Math.max(needed, smallest);
  const size = allocated(header + length + 1);
  // The smallest header has no place to say what is left.
  const left = header === 1 ? 0 : size - header - length - 1;
  return `${what}_sds_len:${length}, ${what}_sds_avail:${left}, ${what}_zmalloc: ${size}`;
}

/** The largest client of the first pool, and how many pools there are, each twice the one before. */
const FIRST_POOL = 2 ** 15;
const POOLS = 19;

/** DEBUG CLIENT-EVICTION: clients by what they use, in pools of doubling size. */
export function evictionPools({ server }: Needs): Reply {
  if (server.settings.maxmemoryClients === 0) {
    throw redisError('ERR maxmemory-clients is disabled.');
  }
  const pools = Array.from({ length: POOLS }, () => ({ bytes: 0, clients: 0 }));
  for (const client of server.clients.values()) {
    const bytes = bytesOf(server, client);
    const at = bytes < FIRST_POOL ? 0 : Math.floor(Math.log2(bytes / FIRST_POOL)) + 1;
    const pool = client.noEvict ? undefined : pools[Math.min(at, POOLS - 1)];
    if (!pool) continue;
    pool.bytes += bytes;
    pool.clients++;
  }
  return new Verbatim(pools.map(describePool).join(''));
}

function describePool({ bytes, clients }: { bytes: number; clients: number }, i: number): string {
  const from = i === 0 ? 0 : FIRST_POOL * 2 ** (i - 1);
  const to = FIRST_POOL * 2 ** i - 1;
  const width = (count: number) => String(count).padStart(10);
  const range = i === POOLS - 1 ? `${from}+            ` : `${width(from)} - ${width(to)}`;
  return `bucket ${range}: tot-mem: ${width(bytes)}, clients: ${clients}\n`;
}
