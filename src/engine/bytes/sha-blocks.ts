/** What SHA-1 and SHA-256 have in common: padding, big-endian words, and the printed digest. */

/** The words of a block. */
export const BLOCK_WORDS = 16;

/** The message padded to whole blocks as FIPS 180-4 says, as big-endian 32-bit words. */
export function paddedWords(bytes: string): Int32Array {
  const { length } = bytes;
  const blocks = Math.ceil((length + 9) / 64);
  const words = new Int32Array(blocks * BLOCK_WORDS);
  const put = (at: number, byte: number): void => {
    words[at >> 2] = (words[at >> 2] as number) | (byte << (24 - 8 * (at & 3)));
  };
  for (let i = 0; i < length; i++) put(i, bytes.charCodeAt(i));
  put(length, 0x80);
  words[words.length - 2] = Math.floor(length / 2 ** 29);
  words[words.length - 1] = length << 3;
  return words;
}

/** Lower-case hexadecimal digits of some words. */
export const toHex = (words: Iterable<number>): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

export const rotateLeft = (word: number, bits: number): number =>
  (word << bits) | (word >>> (32 - bits));
