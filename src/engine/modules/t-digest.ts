/** The commands of t-digests. https://redis.io/docs/latest/commands/?group=tdigest */
import { parseDouble } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { type RedisError, redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { TDigest } from '../values/t-digest.ts';
import { doubleReply } from './replies.ts';
import { infoReply, rowsOf, wordAt } from './sketch-common.ts';

const { read, readFast, write, writeFast } = rowsOf('tdigest', '2.4.0');

const EACH = 'O(N) where N is the number of values asked for.';

export const tDigestCommands = [
  command('TDIGEST.CREATE key [COMPRESSION compression:int]', {
    ...writeFast,
    summary: 'Creates a t-digest.',
    complexity: 'O(1)',
    run: create,
  }),
  command('TDIGEST.RESET key', {
    ...writeFast,
    summary: 'Takes all numbers out of a t-digest.',
    complexity: 'O(1)',
    run: ({ db }, args) => {
      const key = args.string();
      needDigest(db, key).reset();
      db.changed('tdigest.reset', key);
      return ok;
    },
  }),
  command('TDIGEST.ADD key value:double [value:double ...]', {
    ...write,
    summary: 'Adds numbers to a t-digest.',
    complexity: 'O(N) where N is the number of numbers.',
    run: add,
  }),
  command(
    `TDIGEST.MERGE destination-key:key numkeys:int source-key:key [source-key:key ...]
     [COMPRESSION compression:int] [OVERRIDE]`,
    {
      ...write,
      keyUse: ['RW', 'RO'],
      summary: 'Puts what several t-digests hold into one.',
      complexity: 'O(N*K) where N is the number of centroids and K that of digests.',
      run: merge,
    },
  ),
  command('TDIGEST.MIN key', {
    ...readFast,
    summary: 'Returns the least number of a t-digest.',
    complexity: 'O(1)',
    run: ({ db }, args) => {
      const { size, min } = needDigest(db, args.string());
      return doubleReply(size === 0 ? NaN : min);
    },
  }),
  command('TDIGEST.MAX key', {
    ...readFast,
    summary: 'Returns the greatest number of a t-digest.',
    complexity: 'O(1)',
    run: ({ db }, args) => {
      const { size, max } = needDigest(db, args.string());
      return doubleReply(size === 0 ? NaN : max);
    },
  }),
  command('TDIGEST.QUANTILE key quantile:double [quantile:double ...]', {
    ...readFast,
    summary: 'Returns about the numbers below which these fractions of all lie.',
    complexity: EACH,
    run: quantiles,
  }),
  command('TDIGEST.CDF key value:double [value:double ...]', {
    ...readFast,
    summary: 'Returns about which fractions of all numbers are smaller than these.',
    complexity: EACH,
    run: ({ db }, args) => {
      const digest = needDigest(db, args.string());
      const values = readNumbers(args, () => tdError('error parsing cdf'));
      return values.map((value) => doubleReply(digest.cdf(value)));
    },
  }),
  command('TDIGEST.RANK key value:double [value:double ...]', {
    ...readFast,
    summary: 'Returns about how many numbers are smaller than these.',
    complexity: EACH,
    run: (ctx, args) => ranks(ctx, args, rankOf),
  }),
  command('TDIGEST.REVRANK key value:double [value:double ...]', {
    ...readFast,
    summary: 'Returns about how many numbers are greater than these.',
    complexity: EACH,
    run: (ctx, args) => ranks(ctx, args, reverseRankOf),
  }),
  command('TDIGEST.BYRANK key rank:double [rank:double ...]', {
    ...readFast,
    summary: 'Returns about the numbers than which so many are smaller.',
    complexity: EACH,
    run: (ctx, args) => byRank(ctx, args, false),
  }),
  command('TDIGEST.BYREVRANK key reverse_rank:double [reverse_rank:double ...]', {
    ...readFast,
    summary: 'Returns about the numbers than which so many are greater.',
    complexity: EACH,
    run: (ctx, args) => byRank(ctx, args, true),
  }),
  command('TDIGEST.TRIMMED_MEAN key low_cut_quantile:double high_cut_quantile:double', {
    ...read,
    summary: 'Returns about the mean of the numbers between two quantiles.',
    complexity: 'O(N) where N is the number of centroids.',
    run: trimmedMean,
  }),
  command('TDIGEST.INFO key', {
    ...readFast,
    summary: 'Tells how a t-digest is made, and what it holds.',
    complexity: 'O(1)',
    tips: ['dont_cache'],
    run: info,
  }),
];

const DEFAULT_COMPRESSION = 100;

const tdError = (message: string) => redisError(`ERR T-Digest: ${message}`);
const noDigest = () => tdError('key does not exist');
const overflow = () => tdError('overflow detected');

function needDigest(db: Database, key: string): TDigest {
  const digest = db.get(key, 'TDIS-TYPE');
  if (!digest) throw noDigest();
  return digest;
}

function readNumbers(args: Args, error: () => RedisError): number[] {
  return args.rest().map((text) => {
    const value = parseDouble(text);
    if (value === undefined) throw error();
    return value;
  });
}

function create({ db }: Context, args: Args): Reply {
  if (args.left !== 1 && args.left !== 3) throw wrongArity('tdigest.create');
  const key = args.string();
  if (db.get(key, 'TDIS-TYPE')) throw tdError('key already exists');
  const digest = TDigest.create(args.done ? DEFAULT_COMPRESSION : readOnlyOption(args));
  if (!digest) throw tdError('allocation failed');
  db.set(key, digest);
  db.changed('tdigest.create', key);
  return ok;
}

/** The word may stand in either place; the number is looked for in the second. */
function readOnlyOption(args: Args): number {
  const [word = '', number = ''] = args.rest();
  if (wordAt([word, number], 'COMPRESSION') < 0) throw tdError('wrong keyword');
  return readCompression(number);
}

function readCompression(text: string): number {
  const compression = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (!(Math.abs(compression) < 2 ** 63)) throw tdError('error parsing compression parameter');
  if (compression > 0) return compression;
  throw tdError('compression parameter needs to be a positive integer');
}

function add({ db }: Context, args: Args): Reply {
  const key = args.string();
  const digest = needDigest(db, key);
  const values = readNumbers(args, () => tdError('error parsing val parameter'));
  if (!values.every(Number.isFinite)) throw tdError('val parameter needs to be a finite number');
  const isDone = values.every((value) => digest.add(value));
  db.changed('tdigest.add', key);
  if (!isDone) throw overflow();
  return ok;
}

function merge({ db }: Context, args: Args): Reply {
  const key = args.string();
  const present = db.get(key, 'TDIS-TYPE');
  const count = args.int(() => tdError('error parsing numkeys'));
  if (count <= 0n) throw tdError('numkeys needs to be a positive integer');
  if (count > args.left) throw wrongArity('tdigest.merge');
  const names = args.take(Number(count));
  const { compression, isOverriding } = readMerging(args.rest());
  const sources = names.map((name) => needDigest(db, name));
  const most = Math.max(...sources.map((source) => source.compression));
  const inherited = isOverriding ? most : (present?.compression ?? most);
  const merged = TDigest.create(compression ?? inherited);
  if (!merged) throw tdError('allocation of destination digest failed');
  for (const source of isOverriding || !present ? sources : [present, ...sources]) {
    if (!merged.merge(source)) throw overflow();
  }
  db.set(key, merged);
  db.changed('tdigest.merge', key);
  return ok;
}

function readMerging(rest: readonly string[]) {
  const at = wordAt(rest, 'COMPRESSION');
  if (at >= 0 && at + 1 === rest.length) throw wrongArity('tdigest.merge');
  const compression = at < 0 ? undefined : readCompression(rest[at + 1] as string);
  const isOverriding = wordAt(rest, 'OVERRIDE') >= 0;
  const isOdd = rest.length > 0 && compression === undefined && !isOverriding;
  if (isOdd) throw tdError('wrong keyword');
  return { compression, isOverriding };
}

function quantiles({ db }: Context, args: Args): Reply {
  const digest = needDigest(db, args.string());
  const fractions = args.rest().map((text) => {
    const fraction = parseDouble(text);
    if (fraction === undefined) throw tdError('error parsing quantile');
    if (fraction < 0 || fraction > 1) throw tdError('quantile should be in [0,1]');
    return fraction;
  });
  return fractions.map((fraction) => doubleReply(digest.quantile(fraction)));
}

function ranks(
  { db }: Context,
  args: Args,
  rank: (digest: TDigest, value: number) => number,
): Reply {
  const digest = needDigest(db, args.string());
  const values = readNumbers(args, () => tdError('error parsing value'));
  return values.map((value) => (digest.size === 0 ? -2 : rank(digest, value)));
}

/** Half a number counts as none. */
function rankOf(digest: TDigest, value: number): number {
  if (value < digest.min) return -1;
  return value > digest.max ? digest.size : Math.ceil(digest.cdf(value) * digest.size - 0.5);
}

function reverseRankOf(digest: TDigest, value: number): number {
  if (value > digest.max) return -1;
  if (value < digest.min) return digest.size;
  return digest.size - Math.floor(digest.cdf(value) * digest.size + 0.5);
}

function byRank({ db }: Context, args: Args, isReverse: boolean): Reply {
  const digest = needDigest(db, args.string());
  const wanted: number[] = [];
  while (!args.done) {
    const rank = args.index(() => tdError('error parsing rank'));
    if (rank < 0) throw tdError('rank needs to be non negative');
    wanted.push(rank);
  }
  return wanted.map((rank) => doubleReply(valueAt(digest, rank, isReverse)));
}

function valueAt(digest: TDigest, rank: number, isReverse: boolean): number {
  const { size } = digest;
  if (size === 0) return NaN;
  if (rank === 0) return isReverse ? digest.max : digest.min;
  if (rank >= size) return isReverse ? -Infinity : Infinity;
  return digest.quantile((isReverse ? size - rank - 1 : rank) / size);
}

function trimmedMean({ db }: Context, args: Args): Reply {
  const digest = needDigest(db, args.string());
  const low = args.double(() => tdError('error parsing low_cut_percentile'));
  const high = args.double(() => tdError('error parsing high_cut_percentile'));
  const isIn = (cut: number) => cut >= 0 && cut <= 1;
  if (!isIn(low) || !isIn(high)) {
    throw tdError('low_cut_percentile and high_cut_percentile should be in [0,1]');
  }
  if (low >= high) throw tdError('low_cut_percentile should be lower than high_cut_percentile');
  return doubleReply(digest.trimmedMean(low, high));
}

function info({ db }: Context, args: Args): Reply {
  const digest = needDigest(db, args.string());
  const { mergedNodes, unmergedNodes, mergedWeight, unmergedWeight } = digest.state;
  return infoReply({
    Compression: digest.compression,
    Capacity: digest.capacity,
    'Merged nodes': mergedNodes,
    'Unmerged nodes': unmergedNodes,
    'Merged weight': mergedWeight,
    'Unmerged weight': unmergedWeight,
    Observations: digest.size,
    'Total compressions': digest.compressions,
    'Memory usage': digest.bytes,
  });
}
