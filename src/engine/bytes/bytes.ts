/**
 * A Redis string is any sequence of bytes. Everywhere in the engine it is a JavaScript string with
 * one character per byte (latin1): compact, hashable and comparable as it is. This file leads from
 * there to text (UTF-8) and to the `Uint8Array`s of sockets and files, and back.
 */

/** The bytes that spell `text` in UTF-8. A lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): string {
  if (isAscii(text)) return text;
  const buffer = new Uint8Array(text.length * 3);
  const { written } = encoder.encodeInto(text, buffer);
  return fromUint8(buffer.subarray(0, written));
}

/** The text that `bytes` spell in UTF-8; what is not UTF-8 shows as U+FFFD. */
export function utf8Decode(bytes: string): string {
  return isAscii(bytes) ? bytes : utf8.decode(toUint8(bytes));
}

/** The bytes of a byte string, in memory of their own. */
export function toUint8(bytes: string): Uint8Array {
  const { length } = bytes;
  const u8 = new Uint8Array(length);
  if (length >= NATIVE_ENCODE_BYTES && encoder.encodeInto(bytes, u8).read === length) return u8;
  for (let i = 0; i < length; i++) u8[i] = bytes.charCodeAt(i);
  return u8;
}

/** The byte string of some bytes. */
export function fromUint8(u8: Uint8Array): string {
  if (u8.length >= NATIVE_DECODE_BYTES && !hasC1(u8)) return latin1.decode(u8);
  let bytes = '';
  for (let at = 0; at < u8.length; at += CHUNK_BYTES) {
    // The type of apply() asks for an array; an array-like does.
    const chunk = u8.subarray(at, at + CHUNK_BYTES) as unknown as number[];
    bytes += String.fromCharCode.apply(null, chunk);
  }
  return bytes;
}

/** Negative, zero or positive as `a` sorts before, with or after `b` by memcmp(). */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The same bytes in memory of their own. V8 keeps a slice as a pointer into the string that it was
 * cut from: a key of 20 bytes would hold on to the whole 64 KB chunk that came from the socket.
 */
export function own(bytes: string): string {
  // Joining makes a new string, and taking the first character off again flattens it.
  return bytes.length < SHORTEST_SLICE ? bytes : ` ${bytes}`.slice(1);
}

/** V8 copies shorter slices than this. */
const SHORTEST_SLICE = 13;

/** From these lengths on the platform's converters are faster than a loop (measured on V8). */
const NATIVE_ENCODE_BYTES = 256;
const NATIVE_DECODE_BYTES = 16;

/** How many arguments a call may safely have. */
const CHUNK_BYTES = 8192;

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Whether a byte is in 0x80..0x9f, where "latin1" in the web's TextDecoder is windows-1252. */
function hasC1(u8: Uint8Array): boolean {
  for (let i = 0; i < u8.length; i++) if (((u8[i] as number) & 0xe0) === 0x80) return true;
  return false;
}
