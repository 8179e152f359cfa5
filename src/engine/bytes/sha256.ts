/** SHA-256, in which ACLs keep passwords. https://csrc.nist.gov/pubs/fips/180-4/upd1/final */
import { BLOCK_WORDS, paddedWords, rotateLeft, toHex } from './sha-blocks.ts';

/** The digest as 64 lower-case hexadecimal digits. */
export function sha256Hex(bytes: string): string {
  const words = paddedWords(bytes);
  const state = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  for (let at = 0; at < words.length; at += BLOCK_WORDS) {
    addBlock(state, words.subarray(at, at + BLOCK_WORDS));
  }
  return toHex(state);
}

const ROUNDS = 64;
const schedule = new Int32Array(ROUNDS);

/** The constants are the first bits behind the point of square and cube roots of primes. */
const fraction = (root: number): number => Math.floor((root % 1) * 2 ** 32) | 0;
const PRIMES = firstPrimes(ROUNDS);
const CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

function addBlock(state: Int32Array, block: Int32Array): void {
  const w = schedule;
  w.set(block);
  for (let i = BLOCK_WORDS; i < ROUNDS; i++) {
    w[i] =
      spread(at(w, i - 2), 17, 19, 10) +
      at(w, i - 7) +
      spread(at(w, i - 15), 7, 18, 3) +
      at(w, i - 16);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < ROUNDS; i++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const one = (h + rotations(e, 6, 11, 25) + choice + at(CONSTANTS, i) + at(w, i)) | 0;
    const two = (rotations(a, 2, 13, 22) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = at(state, i) + word;
  });
}

const rotateRight = (word: number, bits: number): number => rotateLeft(word, 32 - bits);

const rotations = (word: number, x: number, y: number, z: number): number =>
  rotateRight(word, x) ^ rotateRight(word, y) ^ rotateRight(word, z);

const spread = (word: number, x: number, y: number, shift: number): number =>
  rotateRight(word, x) ^ rotateRight(word, y) ^ (word >>> shift);

const at = (words: Int32Array, i: number): number => words[i] as number;

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  return primes;
}
