/**
 * MurmurHash64A, the hash that HyperLogLog and the probabilistic filters count with, and MurmurHash2,
 * its sister of 32 bits, that the sketches use. https://en.wikipedia.org/wiki/MurmurHash
 */

const M = 0xc6a4a7935bd1e995n;
const R = 47n;
const MASK = 2n ** 64n - 1n;

export function murmur64(bytes: string, seed: number | bigint): bigint {
  const { length } = bytes;
  let hash = BigInt(seed) ^ ((BigInt(length) * M) & MASK);
  const whole = length - (length % 8);
  for (let at = 0; at < whole; at += 8) {
    let block = (littleEndian(bytes, at, 8) * M) & MASK;
    block = ((block ^ (block >> R)) * M) & MASK;
    hash = ((hash ^ block) * M) & MASK;
  }
  if (whole < length) hash = ((hash ^ littleEndian(bytes, whole, length - whole)) * M) & MASK;
  hash = ((hash ^ (hash >> R)) * M) & MASK;
  return hash ^ (hash >> R);
}

function littleEndian(bytes: string, at: number, count: number): bigint {
  let low = 0;
  let high = 0;
  for (let i = count - 1; i >= 4; i--) high = high * 256 + bytes.charCodeAt(at + i);
  for (let i = Math.min(count, 4) - 1; i >= 0; i--) low = low * 256 + bytes.charCodeAt(at + i);
  return (BigInt(high) << 32n) | BigInt(low);
}

const M32 = 0x5bd1e995;

/** From 0 to 2^32 - 1. */
export function murmur32(bytes: string, seed: number): number {
  const { length } = bytes;
  let hash = seed ^ length;
  const whole = length - (length % 4);
  for (let at = 0; at < whole; at += 4) {
    let block = Math.imul(word(bytes, at, 4), M32);
    block = Math.imul(block ^ (block >>> 24), M32);
    hash = Math.imul(hash, M32) ^ block;
  }
  if (whole < length) hash = Math.imul(hash ^ word(bytes, whole, length - whole), M32);
  hash = Math.imul(hash ^ (hash >>> 13), M32);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function word(bytes: string, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value |= bytes.charCodeAt(at + i) << (8 * i);
  return value;
}
