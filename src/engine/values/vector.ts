/**
 * Vectors as a vector set keeps them: of length one, and in as few bits as was asked for. Arithmetic is
 * that of single precision, so that scores come out as Redis's do, to about 1e-6.
 * https://redis.io/docs/latest/develop/data-types/vector-sets/performance/
 */
import { fromUint8 } from '../bytes/bytes.ts';

/** The names that VINFO prints: floats of 32 bits, integers of 8, signs alone. */
export type Quantisation = 'f32' | 'int8' | 'bin';

export interface Vector {
  readonly quantisation: Quantisation;
  readonly dimension: number;
  /** Floats; integers from -127 to 127; or signs, eight in a byte, in whole words of 64 bits. */
  readonly data: Float32Array | Int8Array | Uint8Array;
  /** The largest component of the unit vector, which is 127 in `int8`. */
  readonly range: number;
  /** The length before it was made one. */
  readonly norm: number;
}

const MAX_INT8 = 127;
const WORD_BITS = 64;
const { fround } = Math;

export function quantise(components: ArrayLike<number>, quantisation: Quantisation): Vector {
  const unit = Float32Array.from(components);
  const norm = normalise(unit);
  const dimension = unit.length;
  const range = unit.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  const about = { quantisation, dimension, norm, range: quantisation === 'int8' ? range : 0 };
  if (quantisation === 'f32') return { ...about, data: unit };
  if (quantisation === 'bin') return { ...about, data: signsOf(unit) };
  const scale = range === 0 ? 0 : fround(MAX_INT8 / range);
  return { ...about, data: Int8Array.from(unit, (each) => roundAway(fround(each * scale))) };
}

/** The components of a vector as far as they are still known, with its own length again. */
export function restore({ quantisation, dimension, data, range, norm }: Vector): number[] {
  if (quantisation === 'bin') {
    return Array.from({ length: dimension }, (_, i) => (isSet(data, i) ? 1 : -1));
  }
  if (quantisation === 'f32') return Array.from(data, (each) => fround(each * norm));
  return Array.from(data, (each) => fround(fround(fround(each * range) / MAX_INT8) * norm));
}

/** What a vector is kept as, byte by byte. */
export function bytesOf({ data }: Vector): string {
  return fromUint8(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** From 0, the same direction, to 2, the opposite one. */
export function distance(a: Vector, b: Vector): number {
  if (a.quantisation === 'bin') return fround((differingBits(a.data, b.data) * 2) / a.dimension);
  if (a.quantisation === 'f32') return fround(1 - dotOfFloats(a.data, b.data));
  if (a.range === 0 || b.range === 0) return 1;
  const step = fround(fround(a.range / MAX_INT8) * fround(b.range / MAX_INT8));
  const apart = fround(1 - fround(dotOfIntegers(a.data, b.data) * step));
  return Math.min(Math.max(apart, 0), 2);
}

/**
 * Fewer components, chosen so that what was alike stays alike: sums of all of them with signs that
 * are those of a Hadamard matrix.
 */
export function project(components: ArrayLike<number>, dimension: number): Float32Array {
  const scale = fround(1 / Math.sqrt(components.length));
  return Float32Array.from({ length: dimension }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < components.length; i++) {
      const weight = isOdd(row & i) ? -scale : scale;
      sum = fround(sum + fround(weight * fround(components[i] as number)));
    }
    return sum;
  });
}

/** Makes a vector's length one; returns what it was, or 1 where there is no direction. */
function normalise(unit: Float32Array): number {
  let sum = 0;
  for (const each of unit) sum = fround(sum + fround(each * each));
  const norm = fround(Math.sqrt(sum));
  if (norm === 0) return 1;
  for (let i = 0; i < unit.length; i++) unit[i] = (unit[i] as number) / norm;
  return norm;
}

/** As C's round(): halves go away from zero, which Math.round() does only above it. */
const roundAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

function signsOf(unit: Float32Array): Uint8Array {
  const signs = new Uint8Array((Math.ceil(unit.length / WORD_BITS) * WORD_BITS) / 8);
  unit.forEach((each, i) => {
    if (each > 0) signs[i >> 3] = (signs[i >> 3] as number) | (1 << (i & 7));
  });
  return signs;
}

const isSet = (bits: Vector['data'], i: number): boolean =>
  (((bits[i >> 3] as number) >> (i & 7)) & 1) === 1;

function dotOfFloats(a: Vector['data'], b: Vector['data']): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum = fround(sum + fround((a[i] as number) * (b[i] as number)));
  }
  return sum;
}

function dotOfIntegers(a: Vector['data'], b: Vector['data']): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function differingBits(a: Vector['data'], b: Vector['data']): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) count += bitCount((a[i] as number) ^ (b[i] as number));
  return count;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

const isOdd = (word: number): boolean => bitCount(word) % 2 === 1;
