import {
  indexOutOfRange,
  mustBePositive,
  noSuchKey,
  redisError,
  syntaxError,
  wrongArity,
} from '../errors.ts';
import { nullArray, ok, type Reply } from '../resp/reply.ts';
import { type End, ListValue } from '../values/list.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Lists: both ends, ranges and places. https://redis.io/docs/latest/commands/?group=list */

const pushing = {
  group: 'list',
  complexity: 'O(1) for each element added.',
  flags: ['write', 'denyoom', 'fast'],
  keyUse: ['RW insert'],
} as const;

const popping = {
  group: 'list',
  complexity: 'O(N) where N is the number of elements returned',
  flags: ['write', 'fast'],
  keyUse: ['RW access delete'],
  history: [['6.2.0', 'Added count.']],
} as const;

export const listCommands = [
  command('LPUSH key element [element ...]', {
    ...pushing,
    summary: 'Prepends elements to a list. Creates the key if it does not exist.',
    since: '1.0.0',
    run: (ctx, args) => push(ctx, args, 'head', { create: true }),
  }),
  command('RPUSH key element [element ...]', {
    ...pushing,
    summary: 'Appends elements to a list. Creates the key if it does not exist.',
    since: '1.0.0',
    run: (ctx, args) => push(ctx, args, 'tail', { create: true }),
  }),
  command('LPUSHX key element [element ...]', {
    ...pushing,
    summary: 'Prepends elements to a list only when the list exists.',
    since: '2.2.0',
    run: (ctx, args) => push(ctx, args, 'head', { create: false }),
  }),
  command('RPUSHX key element [element ...]', {
    ...pushing,
    summary: 'Appends elements to a list only when the list exists.',
    since: '2.2.0',
    run: (ctx, args) => push(ctx, args, 'tail', { create: false }),
  }),
  command('LPOP key [count:int]', {
    ...popping,
    summary: 'Removes and returns the first elements of a list.',
    since: '1.0.0',
    run: (ctx, args) => pop(ctx, args, 'head'),
  }),
  command('RPOP key [count:int]', {
    ...popping,
    summary: 'Removes and returns the last elements of a list.',
    since: '1.0.0',
    run: (ctx, args) => pop(ctx, args, 'tail'),
  }),
  command('LLEN key', {
    summary: 'Returns the length of a list.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => db.get(args.string(), 'list')?.size ?? 0,
  }),
  command('LRANGE key start:int stop:int', {
    summary: 'Returns a range of elements of a list.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(S+N) where S is the offset and N the number of elements returned.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    run({ db }, args) {
      const key = args.string();
      const range = readRange(args);
      const list = db.get(key, 'list');
      return list ? list.slice(...clamp(range, list.size)) : [];
    },
  }),
  command('LINDEX key index:int', {
    summary: 'Returns an element of a list by its index.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements to pass to get there.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    run({ db }, args) {
      const list = db.get(args.string(), 'list');
      // As Redis: a missing key is answered before the index is looked at.
      return list ? (list.at(args.index()) ?? null) : null;
    },
  }),
  command('LSET key index:int element', {
    summary: 'Replaces an element of a list by its index.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the length of the list; O(1) at its ends.',
    flags: ['write', 'denyoom'],
    keyUse: ['RW update'],
    run({ db, limits }, args) {
      const key = args.string();
      const list = db.get(key, 'list');
      if (!list) throw noSuchKey();
      if (!list.set(args.index(), args.string(), limits)) throw indexOutOfRange();
      db.changed('lset', key);
      return ok;
    },
  }),
  command('LINSERT key <BEFORE | AFTER> pivot element', {
    summary: 'Inserts an element before or after another one.',
    since: '2.2.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements to pass before the pivot.',
    flags: ['write', 'denyoom'],
    keyUse: ['RW insert'],
    run: insert,
  }),
  command('LREM key count:int element', {
    summary: 'Removes elements that equal a given one, from the head or the tail.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N+S) where N is the length of the list and S the number of elements removed.',
    flags: ['write'],
    keyUse: ['RW delete'],
    run({ db, limits }, args) {
      const key = args.string();
      const count = args.index();
      const list = db.get(key, 'list');
      const removed = list?.remove(args.string(), count, limits) ?? 0;
      if (list && removed > 0) db.changedCollection('lrem', key, list.size);
      return removed;
    },
  }),
  command('LTRIM key start:int stop:int', {
    summary: 'Removes all elements outside a range.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements removed.',
    flags: ['write'],
    keyUse: ['RW delete'],
    run({ db, limits }, args) {
      const key = args.string();
      const range = readRange(args);
      const list = db.get(key, 'list');
      if (!list) return ok;
      list.trim(...clamp(range, list.size), limits);
      db.changedCollection('ltrim', key, list.size);
      return ok;
    },
  }),
  command('LPOS key element [RANK rank:int] [COUNT num-matches:int] [MAXLEN len:int]', {
    summary: 'Returns the indexes at which an element is found in a list.',
    since: '6.0.6',
    group: 'list',
    complexity: 'O(N) where N is the length of the list.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    run: positions,
  }),
];

function push(ctx: Context, args: Args, end: End, { create }: { create: boolean }): Reply {
  const key = args.string();
  const present = ctx.db.get(key, 'list');
  if (!present && !create) return 0;
  const list = present ?? new ListValue();
  list.push(end, args.rest(), ctx.limits);
  if (!present) ctx.db.set(key, list);
  ctx.db.changed(end === 'head' ? 'lpush' : 'rpush', key);
  return list.size;
}

/** Without a count the reply is one element; with a count it is an array, even for count 1. */
function pop(ctx: Context, args: Args, end: End): Reply {
  if (args.left > 2) throw wrongArity(end === 'head' ? 'lpop' : 'rpop');
  const key = args.string();
  const count = args.done ? undefined : args.index(mustBePositive);
  if (count !== undefined && count < 0) throw mustBePositive();
  const list = ctx.db.get(key, 'list');
  if (!list) return count === undefined ? null : nullArray;
  if (count === undefined) return popOne(ctx, key, list, end);
  return count === 0 ? [] : popFrom(ctx, key, list, end, count);
}

/** Takes the outermost element off and says so. */
function popOne(ctx: Context, key: string, list: ListValue, end: End): string | null {
  const element = list.pop(end, ctx.limits);
  ctx.db.changedCollection(popEvent(end), key, list.size);
  return element ?? null;
}

/** Takes elements off and says so; shared with LMPOP and the blocking commands. */
export function popFrom(
  ctx: Context,
  key: string,
  list: ListValue,
  end: End,
  count: number,
): string[] {
  const popped = list.popMany(end, count, ctx.limits);
  ctx.db.changedCollection(popEvent(end), key, list.size);
  return popped;
}

const popEvent = (end: End) => (end === 'head' ? 'lpop' : 'rpop');

type Range = readonly [start: number, stop: number];

const readRange = (args: Args): Range => [args.index(), args.index()];

/** Redis ranges are inclusive and count from the end when negative; ours end before `to`. */
function clamp([start, stop]: Range, size: number): [from: number, to: number] {
  const from = Math.max(start < 0 ? size + start : start, 0);
  const last = Math.min(stop < 0 ? size + stop : stop, size - 1);
  return from > last ? [0, 0] : [from, last + 1];
}

function insert({ db, limits }: Context, args: Args): Reply {
  const key = args.string();
  const where = args.oneOf('BEFORE', 'AFTER');
  if (!where) throw syntaxError();
  const list = db.get(key, 'list');
  if (!list) return 0;
  const side = where === 'BEFORE' ? 'before' : 'after';
  if (!list.insert(side, args.string(), args.string(), limits)) return -1;
  db.changed('linsert', key);
  return list.size;
}

const MAX_RANK = 2 ** 63;

function positions({ db }: Context, args: Args): Reply {
  const key = args.string();
  const element = args.string();
  let rank = 1;
  let count: number | undefined;
  let maxLength = 0;
  while (!args.done) {
    if (args.left > 1 && args.token('RANK')) rank = readRank(args);
    else if (args.left > 1 && args.token('COUNT')) {
      count = args.range(0, MAX_RANK, "ERR COUNT can't be negative");
    } else if (args.left > 1 && args.token('MAXLEN')) {
      maxLength = args.range(0, MAX_RANK, "ERR MAXLEN can't be negative");
    } else throw syntaxError();
  }
  const list = db.get(key, 'list');
  const found = list?.positions(element, {
    from: rank > 0 ? 'head' : 'tail',
    skip: Math.abs(rank) - 1,
    count: count === undefined ? 1 : count || Infinity,
    maxCompared: maxLength || Infinity,
  });
  return count === undefined ? (found?.[0] ?? null) : (found ?? []);
}

function readRank(args: Args): number {
  const rank = args.negatable();
  if (rank !== 0) return rank;
  throw redisError(
    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
  );
}
