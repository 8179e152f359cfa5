import { RedisError, redisError } from '../errors.ts';
import { type Reply, Status } from '../resp/reply.ts';
import { HyperLogLog } from '../values/hyperloglog.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Counting distinct elements in 12 kB. https://redis.io/docs/latest/commands/?group=hyperloglog */

export const hyperloglogCommands = [
  command('PFADD key [element [element ...]]', {
    summary: 'Counts elements. Creates the key if it does not exist.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(1) for every element.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW insert'],
    run(ctx, args) {
      const key = args.string();
      const present = read(ctx, key);
      const hll = present ?? HyperLogLog.empty();
      let changed = present === undefined;
      for (const element of args.rest()) changed = hll.add(element) || changed;
      if (changed) {
        hll.invalidate();
        write(ctx, key, hll, 'pfadd');
      }
      return changed ? 1 : 0;
    },
  }),
  command('PFCOUNT key [key ...]', {
    summary: 'Estimates how many distinct elements have been counted, in all keys together.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(1) for one key, with a cached estimate; O(N) for N keys.',
    flags: ['readonly', 'may_replicate'],
    keyUse: ['RW access'],
    run: count,
  }),
  command('PFMERGE destkey:key [sourcekey:key [sourcekey:key ...]]', {
    readsKeys: true,
    summary: 'Merges several counts into one key.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(N) where N is the number of keys.',
    flags: ['write', 'denyoom'],
    keyUse: ['RW access insert', 'RO access'],
    override: {
      keys: [
        { begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } },
        { begin: { index: 2 }, find: { lastKey: -1, step: 1, limit: 0 } },
      ],
    },
    run: merge,
  }),
  command('PFDEBUG subcommand key', {
    isInternal: true,
    summary: 'Shows how a HyperLogLog is kept: for its developers.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    flags: ['write', 'denyoom', 'admin'],
    keyUse: ['RW access'],
    run: debug,
  }),
  command('PFSELFTEST', {
    isInternal: true,
    summary: 'Tests the registers and the estimate: for its developers.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    flags: ['admin'],
    run: () => new Status('OK'),
  }),
];

const corrupt = () => redisError('INVALIDOBJ Corrupted HLL object detected');

function read({ db }: Context, key: string): HyperLogLog | undefined {
  const value = db.get(key, 'string');
  if (!value) return undefined;
  const hll = HyperLogLog.parse(value.bytes);
  if (hll === 'corrupt') throw corrupt();
  if (!hll) {
    throw new RedisError('WRONGTYPE Key is not a valid HyperLogLog string value.');
  }
  return hll;
}

function write(ctx: Context, key: string, hll: HyperLogLog, event?: string): void {
  const bytes = hll.print(ctx.limits.hllSparseMaxBytes);
  ctx.db.set(key, new StringValue(bytes, 'edited'), { keepTtl: true });
  if (event) ctx.db.changed(event, key);
}

function count(ctx: Context, args: Args): Reply {
  const keys = args.rest();
  const first = keys[0] as string;
  if (keys.length === 1) {
    const hll = read(ctx, first);
    if (!hll) return 0;
    const wasEstimated = hll.isEstimated;
    const estimate = hll.count();
    // The estimate is kept in the value, which replicas must do as well.
    if (!wasEstimated) {
      write(ctx, first, hll);
      ctx.propagate('PFCOUNT', first);
    }
    return estimate;
  }
  const union = HyperLogLog.empty();
  for (const key of keys) {
    const hll = read(ctx, key);
    if (hll) union.merge(hll);
  }
  return union.count();
}

function merge(ctx: Context, args: Args): Reply {
  const destination = args.string();
  const sources = [destination, ...args.rest()].map((key) => read(ctx, key));
  const result = sources[0] ?? HyperLogLog.empty();
  for (const source of sources.slice(1)) if (source) result.merge(source);
  result.invalidate();
  write(ctx, destination, result, 'pfadd');
  return new Status('OK');
}

function debug(ctx: Context, args: Args): Reply {
  const what = args.string().toLowerCase();
  const key = args.string();
  // Since 8.0: whether registers are merged many at a time, which nobody sees.
  if (what === 'simd') return new Status('OK');
  const hll = read(ctx, key);
  if (!hll) throw redisError('ERR The specified key does not exist');
  switch (what) {
    case 'encoding':
      return new Status(hll.dense ? 'dense' : 'sparse');
    case 'getreg':
      hll.dense = true;
      write(ctx, key, hll);
      return [...hll.registers];
    case 'todense': {
      if (hll.dense) return 0;
      hll.dense = true;
      write(ctx, key, hll, 'pfadd');
      return 1;
    }
    case 'decode':
      if (hll.dense) throw redisError('ERR HLL encoding is not sparse');
      return runs(ctx.db.get(key, 'string')?.bytes ?? '');
    default:
      throw redisError(`ERR Unknown PFDEBUG subcommand '${what}'`);
  }
}

/** The runs of a sparse string: `z:` zeros, `Z:` many zeros, `v:value,length`. */
function runs(bytes: string): string {
  const words: string[] = [];
  for (let at = 16; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    if (byte >= 0x80) words.push(`v:${((byte >> 2) & 31) + 1},${(byte & 3) + 1}`);
    else if (byte < 0x40) words.push(`z:${byte + 1}`);
    else words.push(`Z:${(((byte & 63) << 8) | bytes.charCodeAt(++at)) + 1}`);
  }
  return words.join(' ');
}
