import { fromUint8, toUint8 } from './bytes.ts';

/**
 * LZF, the fast compression of strings in RDB files. Compressed bytes are a row of runs: up to 32
 * literal bytes, or a reference to 3 to 264 bytes that came at most 8192 bytes before.
 * http://oldhome.schmorp.de/marc/liblzf.html
 */

const MAX_LITERALS = 32;
const MAX_OFFSET = 8192;
const MAX_MATCH = 264;
/** Three bytes become at most so many. */
const MAX_EXPANSION = 88;
const HASH_SIZE = 65536;

/** Where each hash of three bytes was seen last, as a position that no two calls share. */
const seen = new Float64Array(HASH_SIZE);
let nextBase = 1;

/** The compressed bytes, or undefined if they would be more than `maxLength`. */
export function lzfCompress(bytes: string, maxLength: number): string | undefined {
  const from = toUint8(bytes);
  const run = new Output(maxLength);
  const base = nextBase;
  nextBase += from.length;
  const last = from.length - 2;
  let at = 0;
  while (at < last) {
    const slot = hash(from, at);
    const match = (seen[slot] as number) - base;
    seen[slot] = base + at;
    if (!isMatch(from, match, at)) {
      if (!run.literal(from[at++] as number)) return undefined;
      continue;
    }
    const length = matchLength(from, match, at);
    if (!run.reference(at - match - 1, length)) return undefined;
    at += length;
    if (at >= last) break;
    for (let behind = at - 2; behind < at; behind++) seen[hash(from, behind)] = base + behind;
  }
  return run.finish(from.subarray(at));
}

/** What was compressed, or undefined unless it is exactly `length` bytes. */
export function lzfDecompress(compressed: string, length: number): string | undefined {
  if (length > compressed.length * MAX_EXPANSION) return undefined;
  const from = toUint8(compressed);
  const to = new Uint8Array(length);
  let at = 0;
  let end = 0;
  while (at < from.length) {
    const control = from[at++] as number;
    if (control < MAX_LITERALS) {
      const next = at + control + 1;
      if (next > from.length || end + control + 1 > length) return undefined;
      to.set(from.subarray(at, next), end);
      end += control + 1;
      at = next;
      continue;
    }
    let count = (control >> 5) + 2;
    if (count === 9) count += from[at++] ?? 0;
    const low = from[at++];
    const start = end - ((control & 31) << 8) - (low ?? 0) - 1;
    if (low === undefined || start < 0 || end + count > length) return undefined;
    // Byte by byte: what is copied may be what this very reference has just written.
    for (let i = 0; i < count; i++) to[end++] = to[start + i] as number;
  }
  return end === length ? fromUint8(to) : undefined;
}

/** The compressed bytes as they grow: a run of literals is headed by their number less one. */
class Output {
  readonly #bytes: Uint8Array;
  readonly #max: number;
  #literals = 0;
  /** Room for the head of the next run is kept. */
  #end = 1;

  constructor(maxLength: number) {
    this.#bytes = new Uint8Array(maxLength + MAX_LITERALS);
    this.#max = maxLength;
  }

  literal(byte: number): boolean {
    if (this.#end >= this.#max) return false;
    this.#append(byte);
    return true;
  }

  reference(offset: number, length: number): boolean {
    const start = this.#literals === 0 ? this.#end - 1 : this.#end;
    if (start + 4 >= this.#max) return false;
    this.#endRun();
    const count = length - 2;
    const bytes = this.#bytes;
    bytes[this.#end++] = (offset >> 8) + (Math.min(count, 7) << 5);
    if (count >= 7) bytes[this.#end++] = count - 7;
    bytes[this.#end++] = offset;
    this.#end++;
    return true;
  }

  finish(rest: Uint8Array): string | undefined {
    if (this.#end + 3 > this.#max) return undefined;
    for (const byte of rest) this.#append(byte);
    this.#endRun();
    return fromUint8(this.#bytes.subarray(0, this.#end));
  }

  #append(byte: number): void {
    this.#bytes[this.#end++] = byte;
    if (++this.#literals < MAX_LITERALS) return;
    this.#endRun();
    this.#end++;
  }

  /** Writes the head of the run; without literals there is none. */
  #endRun(): void {
    if (this.#literals === 0) this.#end--;
    else this.#bytes[this.#end - this.#literals - 1] = this.#literals - 1;
    this.#literals = 0;
  }
}

/** The hash that liblzf uses, so that the same references are found. */
function hash(from: Uint8Array, at: number): number {
  const three =
    ((from[at] as number) << 16) | ((from[at + 1] as number) << 8) | (from[at + 2] as number);
  return ((three >> 8) - three * 5) & (HASH_SIZE - 1);
}

/** As in liblzf, what stands at the very start is never referred to. */
const isMatch = (from: Uint8Array, match: number, at: number): boolean =>
  match > 0 &&
  at - match <= MAX_OFFSET &&
  from[match] === from[at] &&
  from[match + 1] === from[at + 1] &&
  from[match + 2] === from[at + 2];

/**
 * How far the bytes agree. As in liblzf, a match must not reach into the last two bytes; but when it
 * has room for more than 16, the first 19 are compared without looking.
 */
function matchLength(from: Uint8Array, match: number, at: number): number {
  const room = Math.min(from.length - at - 2, MAX_MATCH);
  const max = Math.max(room, room > 16 ? 19 : 3);
  let length = 3;
  while (length < max && from[match + length] === from[at + length]) length++;
  return length;
}
