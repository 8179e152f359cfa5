import { parseScoreBound } from '../bytes/numbers.ts';
import { redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import {
  type LexBound,
  type RankRange,
  type Scored,
  SortedSetValue,
} from '../values/sorted-set.ts';
import { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { scoredReply } from './sorted-set.ts';

/** Ranges of sorted sets by rank, by score and by name. https://redis.io/docs/latest/commands/zrange/ */

const reading = {
  group: 'sorted-set',
  complexity: 'O(log(N)+M) where N is the size of the sorted set and M that of the range.',
  flags: ['readonly'],
  keyUse: ['RO access'],
} as const;

const counting = { ...reading, complexity: 'O(log(N))', flags: ['readonly', 'fast'] } as const;
const removing = { ...reading, flags: ['write'], keyUse: ['RW delete'] } as const;
const LIMIT = '[LIMIT offset:int count:int]';
const MODES = '[BYSCORE | BYLEX] [REV]';

export const sortedSetRangeCommands = [
  command(`ZRANGE key start stop ${MODES} ${LIMIT} [WITHSCORES]`, {
    ...reading,
    summary: 'Returns the members of a range of ranks, scores or names, in either direction.',
    since: '1.2.0',
    history: [['6.2.0', 'Added REV, BYSCORE, BYLEX and LIMIT.']],
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'any' })),
  }),
  command(`ZRANGESTORE dst:key src:key min max ${MODES} ${LIMIT}`, {
    readsKeys: true,
    ...reading,
    summary: 'Stores the members of a range in another key.',
    since: '6.2.0',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update', 'RO access'],
    run: rangeStore,
  }),
  command('ZREVRANGE key start:int stop:int [WITHSCORES]', {
    ...reading,
    summary: 'Returns the members of a range of ranks, highest score first.',
    since: '1.2.0',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `REV` argument' },
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'rank', reverse: true })),
  }),
  command(`ZRANGEBYSCORE key min:double max:double [WITHSCORES] ${LIMIT}`, {
    ...reading,
    summary: 'Returns the members within a range of scores.',
    since: '1.0.5',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `BYSCORE` argument' },
    history: [['2.0.0', 'Added WITHSCORES.']],
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'score' })),
  }),
  command(`ZREVRANGEBYSCORE key max:double min:double [WITHSCORES] ${LIMIT}`, {
    ...reading,
    summary: 'Returns the members within a range of scores, highest first.',
    since: '2.2.0',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `REV` and `BYSCORE` arguments' },
    history: [['2.1.6', '`min` and `max` can be exclusive.']],
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'score', reverse: true })),
  }),
  command(`ZRANGEBYLEX key min max ${LIMIT}`, {
    ...reading,
    summary: 'Returns the members within a range of names, where all scores are the same.',
    since: '2.8.9',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `BYLEX` argument' },
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'lex' })),
  }),
  command(`ZREVRANGEBYLEX key max min ${LIMIT}`, {
    ...reading,
    summary: 'Returns the members within a range of names, last first.',
    since: '2.8.9',
    deprecated: { since: '6.2.0', instead: '`ZRANGE` with the `REV` and `BYLEX` arguments' },
    run: (ctx, args) => range(ctx, args.string(), readRange(args, { by: 'lex', reverse: true })),
  }),
  command('ZCOUNT key min:double max:double', {
    ...counting,
    summary: 'Counts the members within a range of scores.',
    since: '2.0.0',
    run: (ctx, args) => count(ctx, args.string(), scoreRange(args.string(), args.string())),
  }),
  command('ZLEXCOUNT key min max', {
    ...counting,
    summary: 'Counts the members within a range of names.',
    since: '2.8.9',
    run: (ctx, args) => count(ctx, args.string(), lexRange(args.string(), args.string(), false)),
  }),
  command('ZREMRANGEBYRANK key start:int stop:int', {
    ...removing,
    summary: 'Removes the members within a range of ranks.',
    since: '2.0.0',
    run: (ctx, args) =>
      remove(ctx, args.string(), rankRange(args.index(), args.index(), false), 'zremrangebyrank'),
  }),
  command('ZREMRANGEBYSCORE key min:double max:double', {
    ...removing,
    summary: 'Removes the members within a range of scores.',
    since: '1.2.0',
    run: (ctx, args) =>
      remove(ctx, args.string(), scoreRange(args.string(), args.string()), 'zremrangebyscore'),
  }),
  command('ZREMRANGEBYLEX key min max', {
    ...removing,
    summary: 'Removes the members within a range of names.',
    since: '2.8.9',
    run: (ctx, args) =>
      remove(ctx, args.string(), lexRange(args.string(), args.string(), false), 'zremrangebylex'),
  }),
];

/** Finds the ranks, ascending, that a range covers in a sorted set. */
type FindRanks = (zset: SortedSetValue) => RankRange;

interface Range {
  readonly find: FindRanks;
  readonly reverse: boolean;
  readonly offset: number;
  /** Negative is no limit. */
  readonly count: number;
  readonly withScores: boolean;
}

interface RangeForm {
  /** What the command ranges over; `any` is told by the options. */
  readonly by: 'rank' | 'score' | 'lex' | 'any';
  readonly reverse?: boolean;
  /** ZRANGESTORE knows no WITHSCORES. */
  readonly stores?: boolean;
}

interface RangeOptions {
  by: 'rank' | 'score' | 'lex' | undefined;
  reverse: boolean;
  limit: readonly [offset: number, count: number] | undefined;
  withScores: boolean;
}

function readRange(args: Args, form: RangeForm): Range {
  const bounds = [args.string(), args.string()] as const;
  const options = readRangeOptions(args, form);
  const by = options.by ?? 'rank';
  // By rank, LIMIT is an error, but for one that limits nothing.
  const [, limited = -1] = options.limit ?? [];
  const [offset, howMany] = (by !== 'rank' && options.limit) || [0, -1];
  if (limited !== -1 && by === 'rank') {
    throw redisError(
      'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  }
  if (options.withScores && by === 'lex') {
    throw redisError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  const { reverse, withScores } = options;
  // By rank, start and stop count in the direction of the range; otherwise the maximum comes first.
  const [min, max] = reverse && by !== 'rank' ? [bounds[1], bounds[0]] : bounds;
  return { find: finders[by](min, max, reverse), reverse, withScores, offset, count: howMany };
}

function readRangeOptions(args: Args, { by, reverse, stores }: RangeForm): RangeOptions {
  const any = by === 'any';
  const options: RangeOptions = {
    by: any ? undefined : by,
    reverse: reverse ?? false,
    limit: undefined,
    withScores: false,
  };
  while (!args.done) {
    if (!stores && args.token('WITHSCORES')) options.withScores = true;
    else if (args.left > 2 && args.token('LIMIT')) options.limit = [args.index(), args.index()];
    else if (any && !options.reverse && args.token('REV')) options.reverse = true;
    else if (any && !options.by && args.token('BYSCORE')) options.by = 'score';
    else if (any && !options.by && args.token('BYLEX')) options.by = 'lex';
    else throw syntaxError();
  }
  return options;
}

const finders: Record<
  'rank' | 'score' | 'lex',
  (min: string, max: string, reverse: boolean) => FindRanks
> = {
  rank: (start, stop, reverse) => rankRange(readRank(start), readRank(stop), reverse),
  score: scoreRange,
  lex: lexRange,
};

const readRank = (text: string): number => new Args([text], 0).index();

/** Inclusive ranks that count from the end when negative; from the top when reversed. */
function rankRange(start: number, stop: number, reverse: boolean): FindRanks {
  return ({ size }) => {
    const first = Math.max(start < 0 ? size + start : start, 0);
    const last = Math.min(stop < 0 ? size + stop : stop, size - 1);
    if (first > last) return { from: 0, to: 0 };
    return reverse ? { from: size - 1 - last, to: size - first } : { from: first, to: last + 1 };
  };
}

function scoreRange(minText: string, maxText: string): FindRanks {
  const min = scoreBound(minText);
  const max = scoreBound(maxText);
  return (zset) =>
    zset.ranksByScore({
      min: min.score,
      max: max.score,
      minExclusive: min.exclusive,
      maxExclusive: max.exclusive,
    });
}

function scoreBound(text: string): { score: number; exclusive: boolean } {
  const exclusive = text.startsWith('(');
  const score = parseScoreBound(exclusive ? text.slice(1) : text);
  if (score === undefined) throw redisError('ERR min or max is not a float');
  return { score, exclusive };
}

function lexRange(minText: string, maxText: string, reverse: boolean): FindRanks {
  const [min, max] = [lexBound(minText), lexBound(maxText)];
  return (zset) => zset.ranksByLex({ min, max }, reverse);
}

function lexBound(text: string): LexBound {
  if (text === '-' || text === '+') return text;
  if (text[0] === '(' || text[0] === '[') {
    return { member: text.slice(1), exclusive: text[0] === '(' };
  }
  throw redisError('ERR min or max not valid string range item');
}

function select(zset: SortedSetValue | undefined, range: Range): Scored[] {
  if (!zset) return [];
  const { from, to } = range.find(zset);
  const { offset, count: limit, reverse } = range;
  if (offset < 0 || from + offset >= to) return [];
  const length = limit < 0 ? to - from - offset : Math.min(limit, to - from - offset);
  const start = reverse ? to - offset - length : from + offset;
  return zset.range({ from: start, to: start + length }, reverse);
}

function range({ db }: Context, key: string, wanted: Range): Reply {
  const found = select(db.get(key, 'zset'), wanted);
  return wanted.withScores ? scoredReply(found) : found.map(({ member }) => member);
}

function rangeStore(ctx: Context, args: Args): Reply {
  const { db, limits } = ctx;
  const destination = args.string();
  const source = args.string();
  const wanted = readRange(args, { by: 'any', stores: true });
  const result = new SortedSetValue();
  for (const { member, score } of select(db.get(source, 'zset'), wanted)) {
    result.add(member, score, limits);
  }
  return storeResult(ctx, destination, result, 'zrangestore');
}

/** Stores what a command has computed; an empty result deletes the key. */
export function storeResult(
  { db, limits }: Context,
  key: string,
  result: SortedSetValue,
  event: string,
): Reply {
  if (result.size > 0) {
    result.compact(limits);
    db.set(key, result);
    db.changed(event, key);
  } else if (db.has(key) && db.delete(key)) {
    db.changed('del', key);
  }
  return result.size;
}

function count({ db }: Context, key: string, find: FindRanks): Reply {
  const zset = db.get(key, 'zset');
  if (!zset) return 0;
  const { from, to } = find(zset);
  return to - from;
}

function remove({ db }: Context, key: string, find: FindRanks, event: string): Reply {
  const zset = db.get(key, 'zset');
  if (!zset) return 0;
  const removed = zset.removeRange(find(zset)).length;
  if (removed > 0) db.changedCollection(event, key, zset.size);
  return removed;
}
