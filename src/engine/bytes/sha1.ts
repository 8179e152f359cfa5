/** SHA-1, by which EVALSHA names scripts. https://csrc.nist.gov/pubs/fips/180-4/upd1/final */
import { BLOCK_WORDS, paddedWords, rotateLeft, toHex } from './sha-blocks.ts';

/** The digest as 40 lower-case hexadecimal digits. */
export const sha1Hex = (bytes: string): string => toHex(sha1(bytes));

/** The digest as five words. */
export function sha1(bytes: string): Int32Array<ArrayBuffer> {
  const words = paddedWords(bytes);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let at = 0; at < words.length; at += BLOCK_WORDS) {
    addBlock(state, words.subarray(at, at + BLOCK_WORDS));
  }
  return state;
}

const ROUNDS = 80;
const schedule = new Int32Array(ROUNDS);

function addBlock(state: Int32Array, block: Int32Array): void {
  const w = schedule;
  w.set(block);
  for (let i = BLOCK_WORDS; i < ROUNDS; i++) {
    w[i] = rotateLeft(at(w, i - 3) ^ at(w, i - 8) ^ at(w, i - 14) ^ at(w, i - 16), 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < ROUNDS; i++) {
    const next = (rotateLeft(a, 5) + mix(i, b, c, d) + e + at(w, i)) | 0;
    [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next];
  }
  [a, b, c, d, e].forEach((word, i) => {
    state[i] = at(state, i) + word;
  });
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

const at = (words: Int32Array, i: number): number => words[i] as number;
