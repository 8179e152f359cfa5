import { redisError, syntaxError } from '../errors.ts';
import { type Reply, SetReply } from '../resp/reply.ts';
import { HyperLogLog } from '../values/hyperloglog.ts';
import { SetValue } from '../values/set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Intersection, union and difference of sets. https://redis.io/docs/latest/develop/data-types/sets/ */

type Combine = (ctx: Context, keys: readonly string[]) => SetValue;

const answering = {
  group: 'set',
  flags: ['readonly'],
  keyUse: ['RO access'],
  tips: ['nondeterministic_output_order'],
} as const;

const storing = {
  group: 'set',
  flags: ['write', 'denyoom'],
  keyUse: ['OW update', 'RO access'],
} as const;

const intersecting = {
  since: '1.0.0',
  complexity: 'O(N*M) where N is the size of the smallest set and M the number of sets.',
} as const;

const passingAll = {
  since: '1.0.0',
  complexity: 'O(N) where N is the number of members in all given sets.',
} as const;

const counting = {
  group: 'set',
  since: '8.10.0',
  complexity: 'O(N) where N is the number of members in all given sets.',
  flags: ['readonly'],
  keyUse: ['RO access'],
} as const;

export const setAlgebraCommands = [
  command('SINTER key [key ...]', {
    ...answering,
    ...intersecting,
    summary: 'Returns the members that all the sets have.',
    run: (ctx, args) => answer(intersect(ctx, args.rest())),
  }),
  command('SINTERSTORE destination:key key [key ...]', {
    readsKeys: true,
    ...storing,
    ...intersecting,
    keyUse: ['RW update', 'RO access'],
    summary: 'Stores the members that all the sets have.',
    run: (ctx, args) => store(ctx, args, intersect, 'sinterstore'),
  }),
  command('SINTERCARD numkeys:int key [key ...] [LIMIT limit:int]', {
    ...intersecting,
    group: 'set',
    flags: ['readonly'],
    keyUse: ['RO access'],
    since: '7.0.0',
    summary: 'Counts the members that all the sets have, up to a limit.',
    run: intersectionSize,
  }),
  command('SUNION key [key ...]', {
    ...answering,
    ...passingAll,
    summary: 'Returns the members that any of the sets has.',
    run: (ctx, args) => answer(unite(ctx, args.rest())),
  }),
  command('SUNIONSTORE destination:key key [key ...]', {
    readsKeys: true,
    ...storing,
    ...passingAll,
    summary: 'Stores the members that any of the sets has.',
    run: (ctx, args) => store(ctx, args, unite, 'sunionstore'),
  }),
  command('SDIFF key [key ...]', {
    ...answering,
    ...passingAll,
    summary: 'Returns the members of the first set that no other has.',
    run: (ctx, args) => answer(subtract(ctx, args.rest())),
  }),
  command('SDIFFSTORE destination:key key [key ...]', {
    readsKeys: true,
    ...storing,
    ...passingAll,
    summary: 'Stores the members of the first set that no other has.',
    run: (ctx, args) => store(ctx, args, subtract, 'sdiffstore'),
  }),
  command('SUNIONCARD numkeys:int key [key ...] [APPROX] [LIMIT limit:int]', {
    ...counting,
    summary: 'Counts the members that any of the sets has, up to a limit or about.',
    run: unionSize,
  }),
  command('SDIFFCARD numkeys:int key [key ...] [LIMIT limit:int]', {
    ...counting,
    summary: 'Counts the members of the first set that no other has, up to a limit.',
    run(ctx, args) {
      const { keys, limit } = readCounting(args);
      const [first, ...others] = lookUpAll(ctx, keys);
      let size = 0;
      for (const member of first?.members() ?? []) {
        if (size < limit && !others.some((set) => set?.has(member))) size++;
      }
      return size;
    },
  }),
];

const answer = (set: SetValue): Reply => new SetReply(set.members());

/** Every set is looked up before anything is computed, so that a wrong type is always an error. */
const lookUpAll = ({ db }: Context, keys: readonly string[]) =>
  keys.map((key) => db.get(key, 'set'));

function intersect(ctx: Context, keys: readonly string[]): SetValue {
  return intersection(ctx, lookUpAll(ctx, keys), Infinity);
}

function intersection(
  { limits }: Context,
  sets: readonly (SetValue | undefined)[],
  limit: number,
): SetValue {
  const result = new SetValue();
  const present = sets.filter((set) => set !== undefined);
  if (present.length < sets.length) return result;
  const [smallest, ...others] = present.sort((a, b) => a.size - b.size);
  for (const member of smallest?.members() ?? []) {
    if (result.size >= limit) break;
    if (others.every((set) => set.has(member))) result.add(member, limits);
  }
  return result;
}

function unite(ctx: Context, keys: readonly string[]): SetValue {
  const result = new SetValue();
  for (const set of lookUpAll(ctx, keys)) {
    for (const member of set?.members() ?? []) result.add(member, ctx.limits);
  }
  return result;
}

function subtract(ctx: Context, keys: readonly string[]): SetValue {
  const result = new SetValue();
  const [first, ...others] = lookUpAll(ctx, keys);
  for (const member of first?.members() ?? []) {
    if (!others.some((set) => set?.has(member))) result.add(member, ctx.limits);
  }
  return result;
}

function store(ctx: Context, args: Args, combine: Combine, event: string): Reply {
  const { db } = ctx;
  const destination = args.string();
  const result = combine(ctx, args.rest());
  if (result.size > 0) {
    result.compact(ctx.limits);
    db.set(destination, result);
    db.changed(event, destination);
  } else if (db.has(destination) && db.delete(destination)) {
    db.changed('del', destination);
  }
  return result.size;
}

const MAX_KEYS = 2 ** 63;

function intersectionSize(ctx: Context, args: Args): Reply {
  const { keys, limit } = readCounting(args);
  return intersection(ctx, lookUpAll(ctx, keys), limit).size;
}

function unionSize(ctx: Context, args: Args): Reply {
  const { keys, limit, about } = readCounting(args, true);
  const sets = lookUpAll(ctx, keys);
  const seen = about ? HyperLogLog.empty() : new Set<string>();
  for (const set of sets) {
    for (const member of set?.members() ?? []) {
      if (seen instanceof Set && seen.size >= limit) return limit;
      seen.add(member);
    }
  }
  return seen instanceof Set ? seen.size : Math.min(Number(seen.count()), limit);
}

interface Counting {
  readonly keys: readonly string[];
  /** Infinity where there is none. */
  readonly limit: number;
  /** An estimate will do. */
  readonly about: boolean;
}

function readCounting(args: Args, mayEstimate = false): Counting {
  const numkeys = args.range(1, MAX_KEYS, 'ERR numkeys should be greater than 0');
  if (numkeys > args.left) {
    throw redisError("ERR Number of keys can't be greater than number of args");
  }
  const keys = args.take(numkeys);
  let limit = 0;
  let about = false;
  while (!args.done) {
    if (mayEstimate && args.token('APPROX')) about = true;
    else if (args.left < 2 || !args.token('LIMIT')) throw syntaxError();
    else limit = args.range(0, MAX_KEYS, "ERR LIMIT can't be negative");
  }
  return { keys, limit: limit || Infinity, about };
}
