/**
 * What the vectors of a field are: how many numbers, how they are spelled, how far apart they are.
 * https://redis.io/docs/latest/develop/ai/search-and-query/vectors/
 */
import { toUint8 } from '../../bytes/bytes.ts';
import { parseDouble, parseInteger } from '../../bytes/numbers.ts';
import { notSimulated, type RedisError } from '../../errors.ts';
import { badArguments, NOT_GIVEN, OUT_OF_BOUNDS, WRONG_TYPE } from './errors.ts';
import type { Options } from './options.ts';

export type Metric = 'L2' | 'IP' | 'COSINE';
export type NumberType = 'FLOAT32' | 'FLOAT64';

export interface VectorShape {
  readonly algorithm: 'FLAT' | 'HNSW';
  readonly type: NumberType;
  readonly dimension: number;
  readonly metric: Metric;
  /** HNSW: told by FT.INFO; every vector is compared all the same. */
  readonly links: number;
  readonly efConstruction: number;
  readonly efRuntime: number;
}

export type Numbers = Float32Array | Float64Array;

export const blobSize = ({ type, dimension }: VectorShape): number =>
  dimension * (type === 'FLOAT32' ? 4 : 8);

/** The numbers that bytes spell, or undefined when there are not as many as there must be. */
export function readVector(blob: string, shape: VectorShape): Numbers | undefined {
  if (blob.length !== blobSize(shape)) return undefined;
  const { buffer } = toUint8(blob);
  return shape.type === 'FLOAT32' ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** How far two vectors are apart: less is nearer. */
export function distanceOf(metric: Metric, a: Numbers, b: Numbers): number {
  let [squares, product, normA, normB] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    squares += (x - y) * (x - y);
    product += x * y;
    normA += x * x;
    normB += y * y;
  }
  if (metric === 'L2') return Math.fround(squares);
  if (metric === 'IP') return Math.fround(1 - product);
  return Math.fround(1 - product / Math.sqrt(normA * normB));
}

type Draft = { -readonly [Key in keyof VectorShape]?: VectorShape[Key] };

/** Reads what follows VECTOR: an algorithm, a number of words, and these. */
export function readVectorShape(options: Options): VectorShape {
  const algorithm = options.value('vector similarity algorithm').toUpperCase();
  if (algorithm === 'SVS-VAMANA') throw notSimulated('SVS-VAMANA', 'build its graph');
  if (algorithm !== 'FLAT' && algorithm !== 'HNSW') {
    throw badArguments('Bad arguments for vector similarity algorithm: Unknown argument');
  }
  const count = options.count('vector similarity number of parameters');
  if (options.argv.length - options.at < count) {
    throw badArguments('Bad arguments for vector similarity: not enough arguments');
  }
  const draft: Draft = { algorithm };
  const end = options.at + count;
  while (options.at < end) {
    const key = options.next();
    if (options.at >= end) throw refused(algorithm, key, NOT_GIVEN);
    readParameter(draft, algorithm, key, options.next());
  }
  return whole(draft, algorithm);
}

const refused = (algorithm: string, key: string, why: string): RedisError =>
  badArguments(`Bad arguments for vector similarity ${algorithm} index \`${key}\`: ${why}`);

const unknown = (algorithm: string, key: string): RedisError =>
  refused(algorithm, key, 'Unknown argument');

function readParameter(draft: Draft, algorithm: string, key: string, value: string): void {
  const whole = () => readWhole(algorithm, key, value);
  const name = key.toUpperCase();
  const isGraph = algorithm === 'HNSW';
  if (name === 'TYPE') draft.type = readType(algorithm, key, value);
  else if (name === 'DIM') {
    draft.dimension = whole();
    if (draft.dimension === 0) throw refused(algorithm, key, OUT_OF_BOUNDS);
  } else if (name === 'DISTANCE_METRIC') {
    const metric = value.toUpperCase();
    if (metric !== 'L2' && metric !== 'IP' && metric !== 'COSINE') throw unknown(algorithm, key);
    draft.metric = metric;
  } else if (name === 'INITIAL_CAP' || (name === 'BLOCK_SIZE' && !isGraph)) whole();
  else if (name === 'M' && isGraph) draft.links = whole();
  else if (name === 'EF_CONSTRUCTION' && isGraph) draft.efConstruction = whole();
  else if (name === 'EF_RUNTIME' && isGraph) draft.efRuntime = whole();
  else if (name === 'EPSILON' && isGraph) {
    if (parseDouble(value) === undefined) throw refused(algorithm, key, WRONG_TYPE);
  } else throw badArguments(`Bad arguments for algorithm ${algorithm}: ${key}`);
}

function readWhole(algorithm: string, key: string, value: string): number {
  const number = parseInteger(value);
  if (number === undefined) throw refused(algorithm, key, WRONG_TYPE);
  if (number < 0n) throw refused(algorithm, key, OUT_OF_BOUNDS);
  return Number(number);
}

const OTHER_TYPES: readonly string[] = ['FLOAT16', 'BFLOAT16', 'INT8', 'UINT8'];

function readType(algorithm: string, key: string, value: string): NumberType {
  const type = value.toUpperCase();
  if (OTHER_TYPES.includes(type)) throw notSimulated(`vectors of ${type}`, 'index them');
  if (type !== 'FLOAT32' && type !== 'FLOAT64') throw unknown(algorithm, key);
  return type;
}

function whole(draft: Draft, algorithm: 'FLAT' | 'HNSW'): VectorShape {
  const { type, dimension, metric } = draft;
  const missing = (what: string) =>
    badArguments(
      `Missing mandatory parameter: cannot create ${algorithm} index without specifying ${what} argument`,
    );
  if (type === undefined) throw missing('TYPE');
  if (dimension === undefined) throw missing('DIM');
  if (metric === undefined) throw missing('DISTANCE_METRIC');
  const { links = 16, efConstruction = 200, efRuntime = 10 } = draft;
  return { algorithm, type, dimension, metric, links, efConstruction, efRuntime };
}
