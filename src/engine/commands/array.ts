import {
  mustBePositive,
  noSuchKey,
  notSimulated,
  redisError,
  syntaxError,
  wrongArity,
} from '../errors.ts';
import { mapOf, type Reply } from '../resp/reply.ts';
import { type ArrayValue, MAX_INDEX, SLICE_SIZE } from '../values/array.ts';
import type { Args } from './args.ts';
import { arrayFor, badIndex, indexReply, readIndex, readRange, written } from './array-args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Arrays: values by index, rings, and where the next one goes. https://redis.io/docs/latest/commands/?group=array */

const row = { group: 'array', since: '8.8.0' } as const;
const reading = { ...row, flags: ['readonly', 'fast'], keyUse: ['RO access'] } as const;
const writing = { ...row, flags: ['write', 'denyoom', 'fast'], keyUse: ['RW update'] } as const;

/** Replies are not longer than this. */
const MOST_ITEMS = 1_000_000n;

export const arrayCommands = [
  command('ARSET key index:int value [value ...]', {
    ...writing,
    summary: 'Sets values from an index on. Returns how many places were empty.',
    complexity: 'O(N) where N is the number of values.',
    run(ctx, args) {
      const key = args.string();
      const index = readIndex(args);
      const values = args.rest();
      if (index + BigInt(values.length) - 1n > MAX_INDEX) throw badIndex();
      const pairs = values.map((value, i) => [index + BigInt(i), value] as const);
      return setAll(ctx, key, pairs, 'arset');
    },
  }),
  command('ARMSET key index:int value [index:int value ...]', {
    ...writing,
    summary: 'Sets values at any indexes. Returns how many places were empty.',
    complexity: 'O(N) where N is the number of values.',
    run(ctx, args) {
      const key = args.string();
      if (args.left % 2 !== 0) throw wrongArity('armset');
      const pairs: [bigint, string][] = [];
      while (!args.done) pairs.push([readIndex(args), args.string()]);
      return setAll(ctx, key, pairs, 'armset');
    },
  }),
  command('ARGET key index:int', {
    ...reading,
    summary: 'Returns the value at an index.',
    complexity: 'O(1)',
    run({ db }, args) {
      const [key, index] = [args.string(), readIndex(args)];
      return db.get(key, 'array')?.get(index) ?? null;
    },
  }),
  command('ARMGET key index:int [index:int ...]', {
    ...reading,
    summary: 'Returns the values at several indexes.',
    complexity: 'O(N) where N is the number of indexes.',
    run({ db }, args) {
      const key = args.string();
      const indexes = readIndexes(args);
      const array = db.get(key, 'array');
      return indexes.map((index) => array?.get(index) ?? null);
    },
  }),
  command('ARGETRANGE key start:int end:int', {
    ...reading,
    flags: ['readonly'],
    summary: 'Returns what is at every index of a range, holes included.',
    complexity: 'O(N) where N is the length of the range.',
    run: getRange,
  }),
  command('ARDEL key index:int [index:int ...]', {
    ...row,
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    summary: 'Deletes elements by their indexes. Returns how many there were.',
    complexity: 'O(N) where N is the number of indexes.',
    run(ctx, args) {
      const key = args.string();
      const indexes = readIndexes(args);
      const remove = (array: ArrayValue) => indexes.filter((index) => array.delete(index)).length;
      return deleted(ctx, key, remove, 'ardel');
    },
  }),
  command('ARDELRANGE key start:int end:int [start:int end:int ...]', {
    ...row,
    flags: ['write'],
    keyUse: ['RW delete'],
    summary: 'Deletes the elements of ranges. Returns how many there were.',
    complexity: 'O(N) where N is the number of elements in the ranges.',
    run(ctx, args) {
      const key = args.string();
      if (args.left % 2 !== 0) throw wrongArity('ardelrange');
      const ranges = [readRange(args)];
      while (!args.done) ranges.push(readRange(args));
      const remove = (array: ArrayValue) =>
        ranges.reduce((sum, { low, high }) => sum + array.deleteRange(low, high), 0);
      return deleted(ctx, key, remove, 'ardelrange');
    },
  }),
  command('ARLEN key', {
    ...reading,
    summary: 'Returns the highest index in use and one more.',
    complexity: 'O(1)',
    run: ({ db }, args) => indexReply(db.get(args.string(), 'array')?.length ?? 0n),
  }),
  command('ARCOUNT key', {
    ...reading,
    summary: 'Returns the number of elements.',
    complexity: 'O(1)',
    run: ({ db }, args) => db.get(args.string(), 'array')?.size ?? 0,
  }),
  command('ARINSERT key value [value ...]', {
    ...writing,
    summary: 'Sets values where the next one goes. Returns the index of the last.',
    complexity: 'O(N) where N is the number of values.',
    run(ctx, args) {
      const key = args.string();
      const array = arrayFor(ctx, key);
      const values = args.rest();
      if (array.next + BigInt(values.length) - 1n > MAX_INDEX) {
        throw redisError('ERR insert index overflow');
      }
      for (const value of values) array.set(array.next++, value);
      written(ctx, key, array, 'arinsert');
      return indexReply(array.next - 1n);
    },
  }),
  command('ARRING key size:int value [value ...]', {
    ...writing,
    flags: ['write', 'denyoom'],
    summary: 'Sets values in a ring of a size, over the oldest. Returns the index of the last.',
    complexity: 'O(N) where N is the number of values; the size more where that changes.',
    run: insertInRing,
  }),
  command('ARNEXT key', {
    ...reading,
    summary: 'Returns where the next value is inserted.',
    complexity: 'O(1)',
    run({ db }, args) {
      const next = db.get(args.string(), 'array')?.next ?? 0n;
      return next > MAX_INDEX ? null : indexReply(next);
    },
  }),
  command('ARSEEK key index:int', {
    ...row,
    flags: ['write', 'fast'],
    keyUse: ['RW update'],
    summary: 'Sets where the next value is inserted.',
    complexity: 'O(1)',
    run({ db }, args) {
      const [key, index] = [args.string(), readIndex(args, MAX_INDEX + 1n)];
      const array = db.get(key, 'array');
      if (!array) return 0;
      array.next = index;
      db.changed('arseek', key);
      return 1;
    },
  }),
  command('ARLASTITEMS key count:int [REV]', {
    ...reading,
    flags: ['readonly'],
    summary: 'Returns the values that were inserted last, the oldest of them first.',
    complexity: 'O(N) where N is the number of values returned.',
    run: lastItems,
  }),
  command('ARINFO key [FULL]', {
    ...reading,
    flags: ['readonly'],
    summary: 'Tells how an array is kept.',
    complexity: 'O(1), or O(N) with FULL where N is the number of slices.',
    run: describe,
  }),
];

function readIndexes(args: Args): bigint[] {
  const indexes: bigint[] = [];
  while (!args.done) indexes.push(readIndex(args));
  return indexes;
}

type Pair = readonly [index: bigint, value: string];

function setAll(ctx: Context, key: string, pairs: readonly Pair[], event: string): number {
  const array = arrayFor(ctx, key);
  const fresh = pairs.filter(([index, value]) => array.set(index, value)).length;
  written(ctx, key, array, event);
  return fresh;
}

function deleted(
  { db }: Context,
  key: string,
  remove: (array: ArrayValue) => number,
  event: string,
): number {
  const array = db.get(key, 'array');
  const count = array ? remove(array) : 0;
  if (array && count > 0) db.changedCollection(event, key, array.size);
  return count;
}

function getRange({ db }: Context, args: Args): Reply {
  const key = args.string();
  const { low, high, descending } = readRange(args);
  if (high - low >= MOST_ITEMS) throw redisError('ERR range exceeds maximum of 1000000 items');
  const array = db.get(key, 'array');
  const count = Number(high - low) + 1;
  return Array.from({ length: count }, (_, i) => {
    const index = descending ? high - BigInt(i) : low + BigInt(i);
    return array?.get(index) ?? null;
  });
}

function insertInRing(ctx: Context, args: Args): Reply {
  const key = args.string();
  const size = args.int();
  if (size <= 0n) throw mustBePositive();
  const array = arrayFor(ctx, key);
  array.resizeRing(size);
  for (const value of args.rest()) {
    const index = array.next % size;
    array.set(index, value);
    array.next = index + 1n;
  }
  written(ctx, key, array, 'arring');
  return array.next - 1n;
}

function lastItems({ db }: Context, args: Args): Reply {
  const key = args.string();
  const count = args.int();
  if (count < 0n) throw mustBePositive();
  if (count > MOST_ITEMS) throw redisError('ERR count exceeds maximum of 1000000 items');
  const isReversed = !args.done && args.token('REV');
  args.end();
  const items: Reply[] = [];
  for (const item of db.get(key, 'array')?.newest() ?? []) {
    if (BigInt(items.length) === count) break;
    items.push(item ?? null);
  }
  return isReversed ? items : items.reverse();
}

/** Where so many slices would be, Redis keeps them in a directory of directories. */
const FLAT_SLICES = 2048n;

function describe({ db }: Context, args: Args): Reply {
  const key = args.string();
  const isFull = !args.done && args.token('FULL');
  if (!args.done) throw syntaxError();
  const array = db.get(key, 'array');
  if (!array) throw noSuchKey();
  if (isFull) throw notSimulated('ARINFO FULL', 'also tell how full the slices are');
  const { size, length, next, sliceCount } = array;
  const slices = (length + SLICE_SIZE - 1n) / SLICE_SIZE;
  if (slices > FLAT_SLICES) throw notSimulated('ARINFO of so wide an array', 'tell of directories');
  return mapOf({
    count: size,
    len: length,
    'next-insert-index': next > MAX_INDEX ? 0 : next,
    slices: sliceCount,
    'directory-size': 2n ** BigInt((slices - 1n).toString(2).length) / (slices > 1n ? 1n : 2n),
    'super-dir-entries': 0,
    'slice-size': SLICE_SIZE,
  });
}
