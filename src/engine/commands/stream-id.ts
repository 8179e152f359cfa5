import { redisError } from '../errors.ts';
import { MAX_ID, MIN_ID, makeId, type StreamId } from '../values/stream.ts';

/** Reading stream ids. https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */

const MAX_PART = 2n ** 64n - 1n;

export const badId = () => redisError('ERR Invalid stream ID specified as stream command argument');

function readPart(text: string): bigint | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_PART ? value : undefined;
}

/** `ms-seq`, or `ms` with this sequence number. Throws when it is no id. */
export function readId(text: string, missingSequence = 0n): StreamId {
  const [ms = '', sequence, more] = text.split('-');
  const [high, low] = [readPart(ms), sequence === undefined ? missingSequence : readPart(sequence)];
  if (high === undefined || low === undefined || more !== undefined) throw badId();
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
