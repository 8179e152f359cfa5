/** The commands of count-min sketches. https://redis.io/docs/latest/commands/?group=cms */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { CountMinSketch, MAX_COUNT, type Weighted } from '../values/count-min-sketch.ts';
import { infoReply, readFraction, rowsOf, wordAt } from './sketch-common.ts';

const { read, readFast, write, writeFast } = rowsOf('cms', '2.0.0');

export const countMinCommands = [
  command('CMS.INITBYDIM key width:int depth:int', {
    ...writeFast,
    summary: 'Creates a count-min sketch with so many rows of so many counters.',
    complexity: 'O(1)',
    run: ({ db }, args) => {
      const key = freeKey(db, args);
      const width = readSize(args.string(), 'width');
      create(db, key, width, readSize(args.string(), 'depth'));
      return ok;
    },
  }),
  command('CMS.INITBYPROB key error:double probability:double', {
    ...writeFast,
    summary: 'Creates a count-min sketch that errs by so much at most, with this probability.',
    complexity: 'O(1)',
    run: initByProbability,
  }),
  command('CMS.INCRBY key item increment:int [item increment:int ...]', {
    ...write,
    summary: 'Adds to the counts of items, and returns them.',
    complexity: 'O(n) where n is the number of items.',
    run: increment,
  }),
  command('CMS.QUERY key item [item ...]', {
    ...read,
    summary: 'Returns the counts of items, which may be too large but never too small.',
    complexity: 'O(n) where n is the number of items.',
    run: ({ db }, args) => {
      const sketch = needSketch(db, args.string());
      return args.rest().map((item) => sketch.count(item));
    },
  }),
  command(
    'CMS.MERGE key numKeys:int source:key [source:key ...] [WEIGHTS weight:double [weight:double ...]]',
    {
      ...write,
      summary: 'Makes a sketch the weighted sum of others of the same size.',
      complexity: 'O(n) where n is the number of sketches.',
      // The module names no key but the first.
      override: {
        ...write.override,
        arity: -4,
        keys: [{ begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } }],
      },
      run: merge,
    },
  ),
  command('CMS.INFO key', {
    ...readFast,
    summary: 'Tells how large a count-min sketch is, and the sum of all that was added.',
    complexity: 'O(1)',
    tips: ['dont_cache'],
    run: ({ db }, args) => {
      const { width, depth, total } = needSketch(db, args.string());
      return infoReply({ width, depth, count: total });
    },
  }),
];

const MAX_SIZE = 2n ** 63n - 1n;

const cmsError = (message: string) => redisError(`CMS: ${message}`);

function needSketch(db: Database, key: string): CountMinSketch {
  const sketch = db.get(key, 'CMSk-TYPE');
  if (!sketch) throw cmsError('key does not exist');
  return sketch;
}

/** The key that is to get a sketch; there must be nothing of any type. */
function freeKey(db: Database, args: Args): string {
  const key = args.string();
  if (db.has(key)) throw cmsError('key already exists');
  return key;
}

function readSize(text: string, name: string): bigint {
  const size = parseInteger(text);
  if (size === undefined || size < 1n) throw cmsError(`invalid ${name}`);
  return size;
}

function initByProbability({ db }: Context, args: Args): Reply {
  const key = freeKey(db, args);
  const error = readFraction(args.string());
  if (error === undefined) throw cmsError('invalid overestimation value');
  const probability = readFraction(args.string());
  if (probability === undefined) throw cmsError('invalid prob value');
  const width = Math.ceil(2 / error);
  const depth = Math.ceil(Math.fround(log10(probability) / log10(0.5)));
  // A sketch has at least one row, and not more counters than can be told apart.
  if (depth < 1 || width > Number(MAX_SIZE)) throw cmsError('invalid init arguments');
  create(db, key, BigInt(width), BigInt(depth));
  return ok;
}

/** The module reckons with numbers of 32 bits here. */
const log10 = (value: number): number => Math.fround(Math.log10(Math.fround(value)));

function create(db: Database, key: string, width: bigint, depth: bigint): void {
  if (width * depth > MAX_SIZE) throw cmsError('invalid init arguments');
  const sketch = CountMinSketch.create(Number(width), Number(depth));
  if (!sketch) throw cmsError('Insufficient memory to create the key');
  db.set(key, sketch);
  db.changed('cms.init', key);
}

/** All numbers are read before the first counts. */
function increment({ db }: Context, args: Args): Reply {
  if (args.left % 2 === 0) throw wrongArity('cms.incrby');
  const key = args.string();
  const sketch = needSketch(db, key);
  const pairs: [item: string, by: bigint][] = [];
  while (!args.done) {
    const item = args.string();
    const by = args.int(() => cmsError('Cannot parse number'));
    if (by < 0n) throw cmsError('Number cannot be negative');
    pairs.push([item, by]);
  }
  const counts = pairs.map(([item, by]) => sketch.add(item, by));
  db.changed('cms.incrby', key);
  return counts.map((count) => (count === MAX_COUNT ? cmsError('INCRBY overflow') : count));
}

function merge({ db }: Context, args: Args): Reply {
  const key = args.string();
  const sketch = needSketch(db, key);
  const count = args.int(() => cmsError('invalid numkeys'));
  if (count <= 0n) throw cmsError('Number of keys must be positive');
  const { sources, weights } = readSources(args.rest(), Number(count));
  const parts = sources.map((source, i): Weighted => {
    const found = needSketch(db, source);
    const isLike = found.width === sketch.width && found.depth === sketch.depth;
    if (!isLike) throw cmsError('width/depth is not equal');
    return { sketch: found, weight: weights[i] ?? 1n };
  });
  if (!sketch.merge(parts)) throw cmsError('MERGE overflow');
  db.changed('cms.merge', key);
  return ok;
}

function readSources(rest: readonly string[], count: number) {
  const at = wordAt(rest, 'WEIGHTS');
  if (at < 0 && rest.length !== count) throw cmsError('wrong number of keys');
  if (at >= 0 && (at !== count || rest.length !== 2 * count + 1)) {
    throw cmsError('wrong number of keys/weights');
  }
  const weights = rest.slice(count + 1).map((text) => {
    const weight = parseInteger(text);
    if (weight === undefined) throw cmsError('invalid weight value');
    return weight;
  });
  return { sources: rest.slice(0, count), weights };
}
