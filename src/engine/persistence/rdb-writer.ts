import { lzfCompress } from '../bytes/lzf.ts';
import { parseSafeInteger } from '../bytes/numbers.ts';

/** Lengths above this are written with eight bytes. */
const MAX_UINT32 = 2 ** 32 - 1;
/** Shorter strings are not worth compressing. */
const MIN_COMPRESSED_BYTES = 20;
const FLUSH_BYTES = 65_536;

/** Writes the elements of the RDB format: numbers, lengths, strings. Bytes gather in memory. */
export class RdbWriter {
  readonly #chunks: string[] = [];
  #bytes = '';
  #written = 0;

  constructor(
    /** rdbcompression. */
    readonly compresses = true,
  ) {}

  /** How many bytes there are so far. */
  get length(): number {
    return this.#written + this.#bytes.length;
  }

  /** Everything written so far, or since the last `take`. */
  finish(): string {
    return this.#chunks.join('') + this.#bytes;
  }

  /** The same, which is forgotten then. */
  take(): string {
    const bytes = this.finish();
    this.#chunks.length = 0;
    this.#bytes = '';
    this.#written = 0;
    return bytes;
  }

  raw(bytes: string): void {
    this.#bytes += bytes;
    if (this.#bytes.length < FLUSH_BYTES) return;
    this.#chunks.push(this.#bytes);
    this.#written += this.#bytes.length;
    this.#bytes = '';
  }

  byte(value: number): void {
    this.raw(String.fromCharCode(value));
  }

  /** A length or a count: one, two, five or nine bytes. */
  size(value: number | bigint): void {
    if (value < 1 << 6) this.byte(Number(value));
    else if (value < 1 << 14) this.raw(bigEndian(Number(value) | 0x4000, 2));
    else if (value <= MAX_UINT32) this.raw(`\x80${bigEndian(Number(value), 4)}`);
    else this.raw(`\x81${uint64BigEndian(BigInt(value))}`);
  }

  /** A string: as an integer if it is one of 32 bits, compressed if that is shorter. */
  string(bytes: string): void {
    const integer = bytes.length <= 11 ? encodeInteger(bytes) : undefined;
    if (integer !== undefined) {
      this.raw(integer);
      return;
    }
    if (this.compresses && bytes.length > MIN_COMPRESSED_BYTES) {
      const compressed = lzfCompress(bytes, bytes.length - 4);
      if (compressed !== undefined) {
        this.byte(0xc3);
        this.size(compressed.length);
        this.size(bytes.length);
        this.raw(compressed);
        return;
      }
    }
    this.size(bytes.length);
    this.raw(bytes);
  }

  double(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    this.raw(uint64(view.getBigUint64(0, true)));
  }

  /** An instant or another integer of 64 bits. */
  uint64(value: number | bigint): void {
    this.raw(uint64(BigInt.asUintN(64, BigInt(value))));
  }
}

/** The lowest `count` bytes of an integer below 2^32 or above -2^31, the lowest first. */
export function littleEndian(value: number, count: number): string {
  let bytes = '';
  for (let i = 0; i < count; i++) bytes += String.fromCharCode((value >> (8 * i)) & 0xff);
  return bytes;
}

/** The eight bytes of an unsigned integer, the lowest first. */
export function uint64(value: bigint): string {
  const low = Number(value & 0xffffffffn) | 0;
  return littleEndian(low, 4) + littleEndian(Number(value >> 32n) | 0, 4);
}

/** The eight bytes of an unsigned integer, the highest first. */
export const uint64BigEndian = (value: bigint): string =>
  bigEndian(Number(value >> 32n), 4) + bigEndian(Number(value & 0xffffffffn), 4);

const bigEndian = (value: number, count: number): string =>
  [...littleEndian(value | 0, count)].reverse().join('');

/** An integer of 8, 16 or 32 bits in place of its digits. */
function encodeInteger(bytes: string): string | undefined {
  const value = parseSafeInteger(bytes);
  if (value === undefined) return undefined;
  if (value >= -(2 ** 7) && value < 2 ** 7) return `\xc0${littleEndian(value, 1)}`;
  if (value >= -(2 ** 15) && value < 2 ** 15) return `\xc1${littleEndian(value, 2)}`;
  return value >= -(2 ** 31) && value < 2 ** 31 ? `\xc2${littleEndian(value, 4)}` : undefined;
}
