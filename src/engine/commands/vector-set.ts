import { redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Bool, Double, MapReply, mapOf, type Reply, Status } from '../resp/reply.ts';
import { bytesOf, project, type Quantisation, quantise, restore } from '../values/vector.ts';
import { MAX_LEVEL, VectorSetValue } from '../values/vector-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { sample } from './sample.ts';
import { dimensionMismatch, readPositive, readVector, VECTOR, vectorRow } from './vector-args.ts';

/** Vector sets: elements, their vectors and attributes. https://redis.io/docs/latest/develop/data-types/vector-sets/ */

const DEFAULT_LINKS = 16;
const LEAST_LINKS = 4;
const MOST_LINKS = 4096;
const MOST_EFFORT = 1_000_000;
/** Of the elements of a level one in so many is also on the next. */
const NEXT_LEVEL = 4;

export const vectorSetCommands = [
  command(
    `VADD key [REDUCE dim:int] <${VECTOR}> element [CAS] [NOQUANT | Q8 | BIN]
     [EF build-exploration-factor:int] [SETATTR attributes] [M numlinks:int]`,
    {
      ...vectorRow,
      summary: 'Adds an element with its vector to a vector set, or gives it another vector.',
      since: '8.0.0',
      complexity: 'O(log N) for each element, where N is the number of elements.',
      flags: ['write', 'denyoom', 'module'],
      override: { arity: -5 },
      run: add,
    },
  ),
  command('VREM key element', {
    ...vectorRow,
    summary: 'Removes an element from a vector set.',
    since: '8.0.0',
    complexity: 'O(log N) where N is the number of elements.',
    flags: ['write', 'module'],
    run({ db }, args) {
      const key = args.string();
      const set = db.get(key, 'vectorset');
      if (!set?.delete(args.string())) return new Bool(false);
      if (set.size === 0) db.delete(key);
      db.changed('vrem', key);
      return new Bool(true);
    },
  }),
  command('VSETATTR key element json', {
    ...vectorRow,
    summary: 'Sets the attributes of an element; an empty text takes them away.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['write', 'module', 'fast'],
    run({ db }, args) {
      const key = args.string();
      const member = db.get(key, 'vectorset')?.get(args.string());
      if (!member) return new Bool(false);
      member.attributes = args.string() || undefined;
      db.changed('vsetattr', key);
      return new Bool(true);
    },
  }),
  command('VGETATTR key element', {
    ...vectorRow,
    summary: 'Returns the attributes of an element.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run: ({ db }, args) =>
      db.get(args.string(), 'vectorset')?.get(args.string())?.attributes ?? null,
  }),
  command('VCARD key', {
    ...vectorRow,
    summary: 'Returns the number of elements of a vector set.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run: ({ db }, args) => db.get(args.string(), 'vectorset')?.size ?? 0,
  }),
  command('VDIM key', {
    ...vectorRow,
    summary: 'Returns how many components the vectors of a vector set have.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run({ db }, args) {
      const set = db.get(args.string(), 'vectorset');
      if (!set) throw redisError('ERR key does not exist');
      return set.shape.dimension;
    },
  }),
  command('VEMB key element [RAW]', {
    ...vectorRow,
    summary: 'Returns the vector of an element, as far as it is still known.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run: embedding,
  }),
  command('VINFO key', {
    ...vectorRow,
    summary: 'Tells how a vector set is made.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run: ({ db }, args) => describe(db.get(args.string(), 'vectorset')),
  }),
  command('VISMEMBER key element', {
    ...vectorRow,
    summary: 'Tells whether a vector set has an element.',
    since: '8.2.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module'],
    run: ({ db }, args) =>
      new Bool(db.get(args.string(), 'vectorset')?.get(args.string()) !== undefined),
  }),
  command('VRANDMEMBER key [count:int]', {
    ...vectorRow,
    summary: 'Returns elements by chance: different ones, or for a negative count any.',
    since: '8.0.0',
    complexity: 'O(N) where N is the number of elements returned.',
    flags: ['readonly', 'module'],
    run: randomMembers,
  }),
];

interface Addition {
  readonly reduceTo: number | undefined;
  readonly components: readonly number[];
  readonly element: string;
  quantisation: Quantisation;
  links: number;
  attributes: string | undefined;
}

function add(ctx: Context, args: Args): Reply {
  const key = args.string();
  const addition = readAddition(args);
  const present = ctx.db.get(key, 'vectorset');
  if (present) checkShape(present, addition);
  const set = present ?? create(ctx.db, addition);
  if (!present) ctx.db.set(key, set);
  const isNew = put(ctx, set, addition);
  ctx.db.changed('vadd', key);
  return new Bool(isNew);
}

function readAddition(args: Args): Addition {
  const reduceTo = args.token('REDUCE') ? readReduction(args) : undefined;
  const components = readVector(args);
  if (args.done) throw wrongArity('VADD');
  const addition: Addition = {
    reduceTo,
    components,
    element: args.string(),
    quantisation: 'int8',
    links: DEFAULT_LINKS,
    attributes: undefined,
  };
  while (!args.done) readOption(args, addition);
  return addition;
}

function readReduction(args: Args): number {
  if (args.left < 2) throw wrongArity('VADD');
  const invalid = 'ERR invalid vector specification';
  return args.range(1, 2 ** 31, invalid);
}

function readOption(args: Args, addition: Addition): void {
  if (args.token('CAS')) return;
  if (args.token('NOQUANT')) addition.quantisation = 'f32';
  else if (args.token('BIN')) addition.quantisation = 'bin';
  else if (args.token('Q8')) addition.quantisation = 'int8';
  else if (args.left > 1 && args.token('EF')) readPositive(args, 'EF', MOST_EFFORT);
  else if (args.left > 1 && args.token('M')) {
    addition.links = readPositive(args, 'M', MOST_LINKS, LEAST_LINKS);
  } else if (args.left > 1 && args.token('SETATTR')) addition.attributes = args.string();
  else throw redisError('ERR invalid option after element');
}

function checkShape(set: VectorSetValue, { reduceTo, components, ...wanted }: Addition): void {
  const { quantisation, links, dimension, inputDimension } = set.shape;
  if (wanted.quantisation !== quantisation) {
    throw redisError('ERR asked quantization mismatch with existing vector set');
  }
  if (wanted.links !== links) {
    throw redisError('ERR asked M value mismatch with existing vector set');
  }
  const got = components.length;
  if (inputDimension === 0) {
    if (got !== dimension) throw dimensionMismatch(got, set);
    if (reduceTo === undefined) return;
    throw redisError('ERR cannot add projection to existing set without projection');
  }
  if (reduceTo !== dimension) throw dimensionMismatch(got, set);
  if (got === inputDimension) return;
  throw redisError(
    `ERR Input dimension mismatch for projection - got ${got} but projection expects ${inputDimension}`,
  );
}

function create(db: Database, { reduceTo, components, quantisation, links }: Addition) {
  const dimension = reduceTo ?? components.length;
  const inputDimension = reduceTo === undefined ? 0 : components.length;
  return new VectorSetValue({ quantisation, dimension, inputDimension, links }, nextUid(db));
}

/** How many vector sets were ever made in a database: the newest one's number. */
const made = new WeakMap<Database, number>();

function nextUid(db: Database): number {
  const uid = made.get(db) ?? 0;
  made.set(db, uid + 1);
  return uid;
}

function put({ random }: Context, set: VectorSetValue, addition: Addition): boolean {
  const { element, attributes, reduceTo, components } = addition;
  const kept = reduceTo === undefined ? components : project(components, reduceTo);
  const before = set.get(element);
  let level = 0;
  while (level < MAX_LEVEL && random.below(NEXT_LEVEL) === 0) level++;
  return set.set(element, {
    vector: quantise(kept, set.shape.quantisation),
    level,
    attributes: attributes === undefined ? before?.attributes : attributes || undefined,
  });
}

/** A number as modules print it: in as few digits as say which one it is. */
export const single = (value: number): Double => new Double(value, String(value));

function embedding({ db }: Context, args: Args): Reply {
  const [key, element] = [args.string(), args.string()];
  const isRaw = !args.done && args.token('RAW') && args.done;
  if (!args.done) throw redisError('ERR invalid option');
  const member = db.get(key, 'vectorset')?.get(element);
  if (!member) return null;
  const { vector } = member;
  if (!isRaw) return restore(vector).map(single);
  const { quantisation, norm, range } = vector;
  const scale = quantisation === 'int8' ? [single(range)] : [];
  return [new Status(quantisation), bytesOf(vector), single(norm), ...scale];
}

function describe(set: VectorSetValue | undefined): Reply {
  if (!set) return null;
  const { quantisation, dimension, inputDimension, links } = set.shape;
  const facts = mapOf({
    'quant-type': new Status(quantisation),
    'hnsw-m': links,
    'vector-dim': dimension,
    'projection-input-dim': inputDimension,
    size: set.size,
    'max-level': set.maxLevel,
    'attributes-count': set.attributed,
    'vset-uid': set.uid,
    'hnsw-max-node-uid': set.insertions,
  });
  return new MapReply(facts.entries.map(([name, fact]) => [new Status(name as string), fact]));
}

function randomMembers({ db, random }: Context, args: Args): Reply {
  const key = args.string();
  if (args.left > 1) throw wrongArity('VRANDMEMBER');
  const isMany = !args.done;
  const error = () => redisError('ERR COUNT value is not an integer');
  const count = isMany ? args.index(error) : 1;
  const set = db.get(key, 'vectorset');
  if (!set) return isMany ? [] : null;
  const names = sample(random, set.size, count).map((index) => set.nameAt(index));
  return isMany ? names : (names[0] ?? null);
}
