import { cString, redisError } from '../errors.ts';
import { MAX_ID, MIN_ID, makeId, type StreamId } from '../values/stream.ts';

/** Reading stream ids. https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */

const MAX_PART = 2n ** 64n - 1n;
const MAX_ID_BYTES = 127;

export const badId = () => redisError('ERR Invalid stream ID specified as stream command argument');

/** Reads a part as C's strtoull() does: blanks and a sign before it pass, and a minus wraps around. */
function readPart(text: string): bigint | undefined {
  const [, sign, digits] = /^[ \t-\r]*([+-]?)(\d+)$/.exec(cString(text)) ?? [];
  if (digits === undefined) return undefined;
  const value = BigInt(digits);
  if (value > MAX_PART) return undefined;
  return sign === '-' ? BigInt.asUintN(64, -value) : value;
}

/** `ms-seq`, or `ms` with this sequence number. Throws when it is no id. */
export function readId(text: string, missingSequence = 0n): StreamId {
  if (text.length > MAX_ID_BYTES) throw badId();
  const dash = text.indexOf('-');
  const high = readPart(dash < 0 ? text : text.slice(0, dash));
  const low = dash < 0 ? missingSequence : readPart(text.slice(dash + 1));
  if (high === undefined || low === undefined) throw badId();
  return makeId(high, low);
}

/** The id that XADD is asked to use: given, or with a part left to the server. */
export type WantedId =
  | { readonly kind: 'auto' }
  | { readonly kind: 'sequence'; readonly ms: bigint }
  | { readonly kind: 'given'; readonly id: StreamId };

export function readWantedId(text: string): WantedId {
  if (text === '*') return { kind: 'auto' };
  if (!text.endsWith('-*')) return { kind: 'given', id: readId(text) };
  const ms = readPart(text.slice(0, -2));
  if (ms === undefined) throw badId();
  return { kind: 'sequence', ms };
}

/** The lower end of a range: `-`, an id, an incomplete one, or `(` before one to leave it out. */
export function readStart(text: string): StreamId {
  if (text === '-') return MIN_ID;
  if (text === '+') return MAX_ID;
  if (!text.startsWith('(')) return readId(text, 0n);
  const id = readId(text.slice(1), 0n);
  if (id === MAX_ID) throw redisError('ERR invalid start ID for the interval');
  return id + 1n;
}

/** The upper end of a range: `+`, an id, an incomplete one, or `(` before one to leave it out. */
export function readEnd(text: string): StreamId {
  if (text === '-') return MIN_ID;
  if (text === '+') return MAX_ID;
  if (!text.startsWith('(')) return readId(text, MAX_PART);
  const id = readId(text.slice(1), MAX_PART);
  if (id === MIN_ID) throw redisError('ERR invalid end ID for the interval');
  return id - 1n;
}
