import { printDouble } from '../bytes/numbers.ts';
import { redisError, syntaxError, wrongArity } from '../errors.ts';
import { Double, nullArray, Pairs, type Reply } from '../resp/reply.ts';
import { type Scored, SortedSetValue } from '../values/sorted-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { checkDoubledCount, sample } from './sample.ts';
import { readCursor, readScanOptions } from './scan.ts';

/** Sorted sets: members, scores and ranks. https://redis.io/docs/latest/commands/?group=sorted-set */

const asking = {
  group: 'sorted-set',
  flags: ['readonly', 'fast'],
  keyUse: ['RO access'],
} as const;

const ranking = {
  since: '2.0.0',
  complexity: 'O(log(N))',
  history: [['7.2.0', 'Added WITHSCORE.']],
  optionsSince: { WITHSCORE: '7.2.0' },
} as const;

export const sortedSetCommands = [
  command(
    'ZADD key [NX | XX] [GT | LT] [CH] [INCR] score:double member [score:double member ...]',
    {
      summary: 'Adds members with their scores, or changes the scores of those that are there.',
      since: '1.2.0',
      group: 'sorted-set',
      complexity: 'O(log(N)) for each member, where N is the size of the sorted set.',
      flags: ['write', 'denyoom', 'fast'],
      keyUse: ['RW update'],
      history: [
        ['2.4.0', 'Accepts several members.'],
        ['3.0.2', 'Added XX, NX, CH and INCR.'],
        ['6.2.0', 'Added GT and LT.'],
      ],
      run: (ctx, args) => addScored(ctx, args.string(), args),
    },
  ),
  command('ZINCRBY key increment:double member', {
    summary: 'Adds a number to the score of a member, which counts as 0 when missing.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity: 'O(log(N)) where N is the size of the sorted set.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW access update'],
    run(ctx, args) {
      const key = args.string();
      const score = args.double();
      return add(ctx, key, { options: increasing, pairs: [{ score, member: args.string() }] });
    },
  }),
  command('ZREM key member [member ...]', {
    summary: 'Removes members. Deletes the sorted set with its last member.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity: 'O(M*log(N)) where N is the size of the sorted set and M the number removed.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    run({ db }, args) {
      const key = args.string();
      const zset = db.get(key, 'zset');
      if (!zset) return 0;
      const removed = args.rest().filter((member) => zset.delete(member)).length;
      if (removed > 0) db.changedCollection('zrem', key, zset.size);
      return removed;
    },
  }),
  command('ZCARD key', {
    ...asking,
    keyUse: ['RO'],
    summary: 'Returns the number of members.',
    since: '1.2.0',
    complexity: 'O(1)',
    run: ({ db }, args) => db.get(args.string(), 'zset')?.size ?? 0,
  }),
  command('ZSCORE key member', {
    ...asking,
    summary: 'Returns the score of a member.',
    since: '1.2.0',
    complexity: 'O(1)',
    run: ({ db }, args) => scoreReply(db.get(args.string(), 'zset'), args.string()),
  }),
  command('ZMSCORE key member [member ...]', {
    ...asking,
    summary: 'Returns the scores of several members, nil for those that are not there.',
    since: '6.2.0',
    complexity: 'O(N) where N is the number of members being requested.',
    run({ db }, args) {
      const zset = db.get(args.string(), 'zset');
      return args.rest().map((member) => scoreReply(zset, member));
    },
  }),
  command('ZRANK key member [WITHSCORE]', {
    ...asking,
    ...ranking,
    summary: 'Returns the place of a member by ascending score, counted from 0.',
    run: (ctx, args) => rankOf(ctx, args, 'zrank', (rank) => rank),
  }),
  command('ZREVRANK key member [WITHSCORE]', {
    ...asking,
    ...ranking,
    summary: 'Returns the place of a member by descending score, counted from 0.',
    run: (ctx, args) => rankOf(ctx, args, 'zrevrank', (rank, size) => size - 1 - rank),
  }),
  command('ZRANDMEMBER key [count:int [WITHSCORES]]', {
    summary: 'Returns members picked by chance; a negative count allows repetitions.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity: 'O(N) where N is the number of members returned',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    run: randomMembers,
  }),
  command('ZSCAN key cursor:int [MATCH pattern:pattern] [COUNT count:int]', {
    summary: 'Iterates over members and their scores, a few at a time.',
    since: '2.8.0',
    group: 'sorted-set',
    complexity: 'O(1) for every call, O(N) for a complete iteration over N members.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    run: scan,
  }),
];

/** ZADD's work from its options on; GEOADD is ZADD with computed scores. */
export const addScored = (ctx: Context, key: string, args: Args): Reply =>
  add(ctx, key, readAdd(args));

interface AddOptions {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
  readonly countsChanges: boolean;
  readonly increment: boolean;
}

interface Add {
  readonly options: AddOptions;
  readonly pairs: readonly Scored[];
}

const plainAdd: AddOptions = {
  nx: false,
  xx: false,
  gt: false,
  lt: false,
  countsChanges: false,
  increment: false,
};

const increasing: AddOptions = { ...plainAdd, increment: true };

function readAdd(args: Args): Add {
  const options = readAddOptions(args);
  const { nx, xx, gt, lt, increment } = options;
  if (args.left === 0 || args.left % 2 !== 0) throw syntaxError();
  if (nx && xx) {
    throw redisError('ERR XX and NX options at the same time are not compatible');
  }
  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    throw redisError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (increment && args.left > 2) {
    throw redisError('ERR INCR option supports a single increment-element pair');
  }
  const pairs: Scored[] = [];
  while (!args.done) pairs.push({ score: args.double(), member: args.string() });
  return { options, pairs };
}

function readAddOptions(args: Args): AddOptions {
  let options = plainAdd;
  for (;;) {
    if (args.token('NX')) options = { ...options, nx: true };
    else if (args.token('XX')) options = { ...options, xx: true };
    else if (args.token('GT')) options = { ...options, gt: true };
    else if (args.token('LT')) options = { ...options, lt: true };
    else if (args.token('CH')) options = { ...options, countsChanges: true };
    else if (args.token('INCR')) options = { ...options, increment: true };
    else return options;
  }
}

/** ZADD and ZINCRBY. With an increment the reply is the new score, nil when a condition forbade it. */
function add({ db, limits }: Context, key: string, { options, pairs }: Add): Reply {
  const present = db.get(key, 'zset');
  if (!present && options.xx) return options.increment ? null : 0;
  const zset = present ?? new SortedSetValue();
  if (!present) db.set(key, zset);
  const sizeBefore = zset.size;
  let changes = 0;
  let last: number | undefined;
  for (const { member, score } of pairs) {
    last = scoreToSet(options, zset.score(member), score);
    if (last !== undefined && zset.add(member, last, limits)) changes++;
  }
  if (zset.size === 0) db.delete(key);
  if (changes > 0) db.changed(options.increment ? 'zincr' : 'zadd', key);
  if (options.increment) return last === undefined ? null : new Double(last);
  return options.countsChanges ? changes : zset.size - sizeBefore;
}

/** The score that a member gets, or undefined when an option keeps it as it is. */
function scoreToSet(
  { nx, xx, gt, lt, increment }: AddOptions,
  old: number | undefined,
  given: number,
): number | undefined {
  if (old === undefined) return xx ? undefined : given;
  if (nx) return undefined;
  const score = increment ? old + given : given;
  if (Number.isNaN(score)) throw redisError('ERR resulting score is not a number (NaN)');
  if ((gt && score <= old) || (lt && score >= old)) return undefined;
  return score;
}

function scoreReply(zset: SortedSetValue | undefined, member: string): Reply {
  const score = zset?.score(member);
  return score === undefined ? null : new Double(score);
}

/** Members with their scores: flat in RESP2, pairs in RESP3. */
export const scoredReply = (scored: readonly Scored[]): Reply =>
  new Pairs(scored.map(({ member, score }) => [member, new Double(score)]));

function randomMembers({ db, random }: Context, args: Args): Reply {
  const key = args.string();
  if (args.done) return db.get(key, 'zset')?.random(random) ?? null;
  const count = args.negatable();
  const withScores = args.token('WITHSCORES');
  if (!args.done) throw syntaxError();
  if (withScores) checkDoubledCount(count);
  const zset = db.get(key, 'zset');
  if (!zset) return [];
  const picked = sample(random, zset.size, count).map(
    (rank) => zset.range({ from: rank, to: rank + 1 })[0] as Scored,
  );
  return withScores ? scoredReply(picked) : picked.map(({ member }) => member);
}

function scan({ db }: Context, args: Args): Reply {
  const key = args.string();
  const cursor = readCursor(args.string());
  const zset = db.get(key, 'zset');
  if (!zset) return ['0', []];
  const { count, accepts } = readScanOptions(args);
  const found: string[] = [];
  const next = zset.scan(cursor, count, (member, score) => {
    if (accepts(member)) found.push(member, printDouble(score));
  });
  return [String(next), found];
}

function rankOf(
  { db }: Context,
  args: Args,
  name: string,
  place: (rank: number, size: number) => number,
): Reply {
  const [key, member] = [args.string(), args.string()];
  if (args.left > 1) throw wrongArity(name);
  const withScore = args.token('WITHSCORE');
  args.end();
  const zset = db.get(key, 'zset');
  const rank = zset?.rank(member);
  if (!zset || rank === undefined) return withScore ? nullArray : null;
  const at = place(rank, zset.size);
  return withScore ? [at, scoreReply(zset, member)] : at;
}
