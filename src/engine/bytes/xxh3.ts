/**
 * XXH3, 64 bits, without a seed: what DIGEST says of a string. Inputs of up to 16, 128 and 240 bytes
 * have ways of their own; longer ones go through eight lanes, a stripe of 64 bytes at a time.
 * https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
import { toUint8 } from './bytes.ts';

const MASK = 2n ** 64n - 1n;
const MASK_32 = 2n ** 32n - 1n;
const PRIME_32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const;
const PRIME_64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const PRIME_AVALANCHE = 0x165667919e3779f9n;
const PRIME_MIX = 0x9fb21c651e98df25n;

/** The secret of the specification, which everything is mixed with. */
const secret = view(
  Uint8Array.from(
    (
      'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
      'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
      'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb' +
      '170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'
    )
      .match(/../g)
      ?.map((hex) => Number.parseInt(hex, 16)) ?? [],
  ),
);

const STRIPE = 64;
const STRIPES_PER_BLOCK = 16;
const BLOCK = STRIPE * STRIPES_PER_BLOCK;

/** The hash of these bytes as sixteen hexadecimal digits. */
export function xxh3Hex(bytes: string): string {
  return hash(view(toUint8(bytes)))
    .toString(16)
    .padStart(16, '0');
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hash(input: DataView): bigint {
  const length = input.byteLength;
  if (length === 0) return avalanche64(key(56) ^ key(64));
  if (length <= 3) return hashFew(input);
  if (length <= 8) return hashUpTo8(input);
  if (length <= 16) return hashUpTo16(input);
  if (length <= 128) return hashUpTo128(input);
  return length <= 240 ? hashUpTo240(input) : hashLong(input);
}

const key = (at: number): bigint => secret.getBigUint64(at, true);
const word = (input: DataView, at: number): bigint => input.getBigUint64(at, true);
const half = (input: DataView, at: number): bigint => BigInt(input.getUint32(at, true));
const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;

function swap64(x: bigint): bigint {
  let swapped = 0n;
  for (let i = 0n; i < 64n; i += 8n) swapped = (swapped << 8n) | ((x >> i) & 0xffn);
  return swapped;
}

/** The product of two words, its halves folded into one. */
function fold(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

function avalanche64(x: bigint): bigint {
  let h = x ^ (x >> 33n);
  h = (h * PRIME_64[1]) & MASK;
  h ^= h >> 29n;
  h = (h * PRIME_64[2]) & MASK;
  return h ^ (h >> 32n);
}

function avalanche(x: bigint): bigint {
  let h = x & MASK;
  h ^= h >> 37n;
  h = (h * PRIME_AVALANCHE) & MASK;
  return h ^ (h >> 32n);
}

function hashFew(input: DataView): bigint {
  const length = input.byteLength;
  const [first, middle, last] = [0, length >> 1, length - 1].map((at) => input.getUint8(at));
  const combined = ((first ?? 0) << 16) | ((middle ?? 0) << 24) | (last ?? 0) | (length << 8);
  const flip = (key(0) & MASK_32) ^ (key(4) & MASK_32);
  return avalanche64(BigInt(combined >>> 0) ^ flip);
}

function hashUpTo8(input: DataView): bigint {
  const length = BigInt(input.byteLength);
  const mixed = half(input, input.byteLength - 4) + (half(input, 0) << 32n);
  let h = mixed ^ key(8) ^ key(16);
  h ^= rotate(h, 49n) ^ rotate(h, 24n);
  h = (h * PRIME_MIX) & MASK;
  h ^= (h >> 35n) + length;
  h = (h * PRIME_MIX) & MASK;
  return h ^ (h >> 28n);
}

function hashUpTo16(input: DataView): bigint {
  const length = input.byteLength;
  const low = word(input, 0) ^ key(24) ^ key(32);
  const high = word(input, length - 8) ^ key(40) ^ key(48);
  return avalanche(BigInt(length) + swap64(low) + high + fold(low, high));
}

const mix = (input: DataView, at: number, keyAt: number): bigint =>
  fold(word(input, at) ^ key(keyAt), word(input, at + 8) ^ key(keyAt + 8));

function hashUpTo128(input: DataView): bigint {
  const length = input.byteLength;
  let sum = BigInt(length) * PRIME_64[0];
  // From the middle outwards, as far as there is something.
  for (let i = Math.ceil(length / 32) - 1; i >= 0; i--) {
    sum += mix(input, 16 * i, 32 * i) + mix(input, length - 16 * (i + 1), 32 * i + 16);
  }
  return avalanche(sum);
}

function hashUpTo240(input: DataView): bigint {
  const length = input.byteLength;
  let sum = BigInt(length) * PRIME_64[0];
  for (let i = 0; i < 8; i++) sum += mix(input, 16 * i, 16 * i);
  sum = avalanche(sum);
  for (let i = 8; i < length >> 4; i++) sum += mix(input, 16 * i, 16 * (i - 8) + 3);
  return avalanche(sum + mix(input, length - 16, 119));
}

function hashLong(input: DataView): bigint {
  const length = input.byteLength;
  const lanes = [
    ...[PRIME_32[2], PRIME_64[0], PRIME_64[1], PRIME_64[2]],
    ...[PRIME_64[3], PRIME_32[1], PRIME_64[4], PRIME_32[0]],
  ];
  // The last stripe is always the last 64 bytes, wherever the one before ended.
  const stripes = Math.floor((length - 1) / STRIPE);
  for (let i = 0; i < stripes; i++) {
    const inBlock = i % STRIPES_PER_BLOCK;
    accumulate(lanes, input, i * STRIPE, 8 * inBlock);
    const isBlockEnd = inBlock === STRIPES_PER_BLOCK - 1;
    if (isBlockEnd && (i + 1) * STRIPE <= Math.floor((length - 1) / BLOCK) * BLOCK) scramble(lanes);
  }
  accumulate(lanes, input, length - STRIPE, 121);
  let sum = BigInt(length) * PRIME_64[0];
  for (let i = 0; i < 4; i++) {
    const [low, high] = [lanes[2 * i] as bigint, lanes[2 * i + 1] as bigint];
    sum += fold(low ^ key(11 + 16 * i), high ^ key(19 + 16 * i));
  }
  return avalanche(sum);
}

function accumulate(lanes: bigint[], input: DataView, at: number, keyAt: number): void {
  for (let i = 0; i < 8; i++) {
    const data = word(input, at + 8 * i);
    const keyed = data ^ key(keyAt + 8 * i);
    lanes[i ^ 1] = ((lanes[i ^ 1] as bigint) + data) & MASK;
    lanes[i] = ((lanes[i] as bigint) + (keyed & MASK_32) * (keyed >> 32n)) & MASK;
  }
}

function scramble(lanes: bigint[]): void {
  for (let i = 0; i < 8; i++) {
    const lane = lanes[i] as bigint;
    lanes[i] = ((lane ^ (lane >> 47n) ^ key(128 + 8 * i)) * PRIME_32[0]) & MASK;
  }
}
