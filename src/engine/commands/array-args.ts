import { notSimulated, redisError } from '../errors.ts';
import { ArrayValue, MAX_INDEX } from '../values/array.ts';
import type { Args } from './args.ts';
import type { Context } from './context.ts';

/** Reading indexes of arrays. https://redis.io/docs/latest/develop/data-types/arrays/ */

export const badIndex = () => redisError('ERR invalid array index');

/** An index; `most` is beyond the last element's where only a place is meant. */
export function readIndex(args: Args, most = MAX_INDEX): bigint {
  const text = args.string();
  if (!/^(0|[1-9]\d{0,19})$/.test(text)) throw badIndex();
  const index = BigInt(text);
  if (index > most) throw badIndex();
  return index;
}

/** An index in a reply, where integers have 63 bits and a sign. */
export function indexReply(index: bigint): bigint {
  if (index < 2n ** 63n) return index;
  throw notSimulated('a reply with an index beyond 2^63-1', 'give it');
}

export interface Range {
  readonly low: bigint;
  readonly high: bigint;
  /** The start was behind the end. */
  readonly descending: boolean;
}

export function readRange(args: Args): Range {
  return rangeOf(readIndex(args), readIndex(args));
}

export const rangeOf = (start: bigint, end: bigint): Range =>
  start <= end
    ? { low: start, high: end, descending: false }
    : { low: end, high: start, descending: true };

/** The array at a key for a write: made when there is none, once something is in it. */
export function arrayFor({ db }: Context, key: string): ArrayValue {
  return db.get(key, 'array') ?? new ArrayValue();
}

/** Stores an array that may be new, and tells of the write. */
export function written({ db }: Context, key: string, array: ArrayValue, event: string): void {
  if (!db.has(key)) db.set(key, array);
  db.changed(event, key);
}
