import { murmur64 } from '../bytes/murmur.ts';

/**
 * HyperLogLog: 16384 registers, each the longest run of zeros seen among the hashes that chose it,
 * kept in a string. Sparse strings are run lengths, dense ones six bits a register.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/hyperloglogs/
 */

export const REGISTERS = 16_384;
const REGISTER_BITS = 14;
const HASH_BITS = 64 - REGISTER_BITS;
const SEED = 0xadc83b19;
const HEADER_BYTES = 16;
const DENSE_BYTES = HEADER_BYTES + (REGISTERS * 6) / 8;
/** A run of values in a sparse string can say no more than this. */
const SPARSE_MAX_VALUE = 32;

export class HyperLogLog {
  readonly registers: Uint8Array;
  dense: boolean;
  /** The last estimate, as the header keeps it: with STALE set when a register has changed since. */
  #estimate: bigint;

  private constructor(registers: Uint8Array, dense: boolean, estimate: bigint) {
    this.registers = registers;
    this.dense = dense;
    this.#estimate = estimate;
  }

  static empty(): HyperLogLog {
    return new HyperLogLog(new Uint8Array(REGISTERS), false, 0n);
  }

  /** Reads the string form. Undefined when it has no valid header; 'corrupt' when its runs are wrong. */
  static parse(bytes: string): HyperLogLog | 'corrupt' | undefined {
    const encoding = bytes.charCodeAt(4);
    if (bytes.length < HEADER_BYTES || !bytes.startsWith('HYLL') || encoding > 1) return undefined;
    if (encoding === 0 && bytes.length !== DENSE_BYTES) return undefined;
    const registers = encoding === 0 ? readDense(bytes) : readSparse(bytes);
    if (!registers) return 'corrupt';
    return new HyperLogLog(registers, encoding === 0, readEstimate(bytes));
  }

  /** Counts an element. Returns whether a register changed. */
  add(element: string): boolean {
    const { index, zeros } = positionOf(element);
    if ((this.registers[index] ?? 0) >= zeros) return false;
    this.registers[index] = zeros;
    this.invalidate();
    if (zeros > SPARSE_MAX_VALUE) this.dense = true;
    return true;
  }

  /** Takes the larger of each pair of registers. */
  merge(other: HyperLogLog): void {
    other.registers.forEach((value, i) => {
      if (value > (this.registers[i] ?? 0)) this.registers[i] = value;
    });
    if (other.dense) this.dense = true;
    this.invalidate();
  }

  /** Whether the kept estimate still holds. */
  get isEstimated(): boolean {
    return this.#estimate < STALE;
  }

  /** The kept estimate does not hold any more. */
  invalidate(): void {
    this.#estimate |= STALE;
  }

  /** The estimated number of distinct elements, which is then kept in the header. */
  count(): bigint {
    if (!this.isEstimated) this.#estimate = estimate(this.registers);
    return this.#estimate;
  }

  /** The string form; a sparse one that is longer than `sparseMaxBytes` becomes dense for good. */
  print(sparseMaxBytes: number): string {
    if (!this.dense) {
      const runs = writeSparse(this.registers);
      if (runs !== undefined && runs.length + HEADER_BYTES <= sparseMaxBytes) {
        return this.#header() + runs;
      }
      this.dense = true;
    }
    return this.#header() + writeDense(this.registers);
  }

  #header(): string {
    let cache = '';
    let rest = this.#estimate;
    for (let i = 0; i < 8; i++, rest >>= 8n) cache += String.fromCharCode(Number(rest & 0xffn));
    return `HYLL${this.dense ? '\x00' : '\x01'}\0\0\0${cache}`;
  }
}

/** The highest bit of the estimate in the header. */
const STALE = 1n << 63n;

function readEstimate(bytes: string): bigint {
  let estimate = 0n;
  for (let i = 15; i >= 8; i--) estimate = (estimate << 8n) | BigInt(bytes.charCodeAt(i));
  return estimate;
}

/** Which register an element goes to, and its run of zeros, counted from 1. */
export function positionOf(element: string): { index: number; zeros: number } {
  const hash = murmur64(element, SEED);
  const index = Number(hash & BigInt(REGISTERS - 1));
  let rest = (hash >> BigInt(REGISTER_BITS)) | (1n << BigInt(HASH_BITS));
  let zeros = 1;
  while ((rest & 1n) === 0n) {
    rest >>= 1n;
    zeros++;
  }
  return { index, zeros };
}

function readDense(bytes: string): Uint8Array {
  const registers = new Uint8Array(REGISTERS);
  for (let i = 0; i < REGISTERS; i++) {
    const bit = i * 6;
    const at = HEADER_BYTES + Math.floor(bit / 8);
    const pair =
      bytes.charCodeAt(at) | ((at + 1 < bytes.length ? bytes.charCodeAt(at + 1) : 0) << 8);
    registers[i] = (pair >> (bit % 8)) & 63;
  }
  return registers;
}

function writeDense(registers: Uint8Array): string {
  const out = new Uint8Array(DENSE_BYTES - HEADER_BYTES + 1);
  registers.forEach((value, i) => {
    const at = Math.floor((i * 6) / 8);
    const shifted = value << ((i * 6) % 8);
    out[at] = (out[at] ?? 0) | (shifted & 255);
    out[at + 1] = (out[at + 1] ?? 0) | (shifted >> 8);
  });
  let text = '';
  for (let i = 0; i < out.length - 1; i++) text += String.fromCharCode(out[i] ?? 0);
  return text;
}

/** Runs: `00nnnnnn` zeros, `01nnnnnn nnnnnnnn` many zeros, `1vvvvvnn` a few registers of one value. */
function readSparse(bytes: string): Uint8Array | undefined {
  const registers = new Uint8Array(REGISTERS);
  let index = 0;
  for (let at = HEADER_BYTES; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    if (byte >= 0x80) {
      const length = (byte & 3) + 1;
      if (index + length > REGISTERS) return undefined;
      registers.fill(((byte >> 2) & 31) + 1, index, index + length);
      index += length;
    } else if (byte >= 0x40) {
      index += (((byte & 63) << 8) | bytes.charCodeAt(++at)) + 1;
    } else {
      index += byte + 1;
    }
  }
  return index === REGISTERS ? registers : undefined;
}

/** Undefined when a value is too large for a sparse string. */
function writeSparse(registers: Uint8Array): string | undefined {
  let text = '';
  for (let index = 0; index < REGISTERS; ) {
    const value = registers[index] ?? 0;
    let end = index + 1;
    while (end < REGISTERS && registers[end] === value) end++;
    if (value > SPARSE_MAX_VALUE) return undefined;
    text += value === 0 ? zeroRun(end - index) : valueRun(value, end - index);
    index = end;
  }
  return text;
}

function zeroRun(length: number): string {
  const rest = length - 1;
  return length <= 64
    ? String.fromCharCode(rest)
    : String.fromCharCode(0x40 | (rest >> 8), rest & 255);
}

function valueRun(value: number, length: number): string {
  let text = '';
  for (let left = length; left > 0; left -= 4) {
    text += String.fromCharCode(0x80 | ((value - 1) << 2) | (Math.min(left, 4) - 1));
  }
  return text;
}

/** The estimator of Otmar Ertl (arXiv:1702.01284), which needs no correction at either end. */
function estimate(registers: Uint8Array): bigint {
  const histogram = new Uint32Array(64);
  for (const value of registers) histogram[value] = (histogram[value] ?? 0) + 1;
  const m = REGISTERS;
  let z = m * tau((m - (histogram[HASH_BITS + 1] ?? 0)) / m);
  for (let j = HASH_BITS; j >= 1; j--) z = (z + (histogram[j] ?? 0)) * 0.5;
  z += m * sigma((histogram[0] ?? 0) / m);
  const alpha = 0.7213475204444817;
  return BigInt(Math.round((alpha * m * m) / z));
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = Number.NaN; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = Number.NaN; before !== z; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}
