import { toUint8 } from '../bytes/bytes.ts';
import { parseDouble } from '../bytes/numbers.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { VectorSetValue } from '../values/vector-set.ts';
import type { Args } from './args.ts';

/** Reading vectors as VADD and VSIM take them. https://redis.io/docs/latest/commands/vadd/ */

/** How vectors are written in syntax lines. */
export const VECTOR = 'FP32 vector | VALUES num:int value:double [value:double ...]';

/** What all rows of this type have in common: they are those of a module. */
export const vectorRow = {
  group: 'module',
  module: 'vectorset',
  keyUse: ['RW access update'],
} as const;

const BYTES_PER_FLOAT = 4;

const badVector = () => redisError('ERR invalid vector specification');

/** `FP32 blob` or `VALUES n component…`. Throws when it is neither, or not whole. */
export function readVector(args: Args): number[] {
  const form = args.oneOf('FP32', 'VALUES');
  if (!form || args.done) throw badVector();
  return form === 'FP32' ? readFloats(args.string()) : readValues(args);
}

function readFloats(blob: string): number[] {
  if (blob.length === 0 || blob.length % BYTES_PER_FLOAT !== 0) throw badVector();
  const view = new DataView(toUint8(blob).buffer);
  const length = blob.length / BYTES_PER_FLOAT;
  return Array.from({ length }, (_, i) => view.getFloat32(i * BYTES_PER_FLOAT, true));
}

function readValues(args: Args): number[] {
  const count = args.index(badVector);
  if (count < 1 || count > args.left) throw badVector();
  return args.take(count).map((text) => {
    const value = parseDouble(text);
    if (value === undefined || Number.isNaN(value)) throw badVector();
    return value;
  });
}

/** A whole number from 1 up to `most`; anything else is `ERR invalid NAME`. */
export function readPositive(args: Args, name: string, most = Infinity, least = 1): number {
  const error = () => redisError(`ERR invalid ${name}`);
  const value = args.index(error);
  if (value < least || value > most) throw error();
  return value;
}

export const dimensionMismatch = (got: number, { shape }: VectorSetValue): RedisError =>
  redisError(`ERR Vector dimension mismatch - got ${got} but set has ${shape.dimension}`);
