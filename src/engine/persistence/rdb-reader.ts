import { own } from '../bytes/bytes.ts';
import { lzfDecompress } from '../bytes/lzf.ts';
import { RdbError } from './rdb-types.ts';

/**
 * Reads the elements of the RDB format: numbers, lengths, strings. Nothing is believed: a length that
 * is longer than what is left throws an RdbError before anything is allocated for it.
 */
export class RdbReader {
  #at: number;

  constructor(
    readonly bytes: string,
    from = 0,
    /** Where the reading must stop. */
    readonly end = bytes.length,
  ) {
    this.#at = from;
  }

  /** The offset of what is read next. */
  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.end - this.#at;
  }

  byte(): number {
    if (this.#at >= this.end) throw new RdbError('unexpected end');
    return this.bytes.charCodeAt(this.#at++);
  }

  /** So many bytes, in memory of their own. */
  take(length: number): string {
    if (length > this.left) throw new RdbError('unexpected end');
    const from = this.#at;
    this.#at += length;
    return own(this.bytes.slice(from, this.#at));
  }

  /** An unsigned integer of up to four bytes, the lowest first. */
  uint(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value += this.byte() * 2 ** (8 * i);
    return value;
  }

  /** A signed integer of up to four bytes, the lowest first. */
  int(count: number): number {
    const value = this.uint(count);
    return value < 2 ** (8 * count - 1) ? value : value - 2 ** (8 * count);
  }

  /** An unsigned integer of up to four bytes, the highest first. */
  uintBigEndian(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + this.byte();
    return value;
  }

  uint64(): bigint {
    const low = this.uint(4);
    return (BigInt(this.uint(4)) << 32n) | BigInt(low);
  }

  uint64BigEndian(): bigint {
    const high = this.uintBigEndian(4);
    return (BigInt(high) << 32n) | BigInt(this.uintBigEndian(4));
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  double(): number {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, this.uint64());
    return view.getFloat64(0);
  }

  /** A length or a count; one that no memory holds is given as a float. */
  size(): number {
    return Number(this.bigSize());
  }

  /** A length or a count of up to 64 bits. */
  bigSize(): bigint {
    const first = this.byte();
    const size = this.#size(first);
    if (size === undefined) throw new RdbError(`no length: ${first}`);
    return BigInt(size);
  }

  /** A string in any of its forms. */
  string(): string {
    const first = this.byte();
    const length = this.#size(first);
    if (length !== undefined) return this.take(Number(length));
    switch (first) {
      case 0xc0:
        return String(this.int(1));
      case 0xc1:
        return String(this.int(2));
      case 0xc2:
        return String(this.int(4));
      case 0xc3:
        return this.#compressed();
      default:
        throw new RdbError(`unknown string encoding ${first}`);
    }
  }

  #size(first: number): number | bigint | undefined {
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | this.byte();
    if (first === 0x80) return this.uintBigEndian(4);
    return first === 0x81 ? this.uint64BigEndian() : undefined;
  }

  #compressed(): string {
    const compressedLength = this.size();
    const length = this.size();
    const bytes = lzfDecompress(this.take(compressedLength), length);
    if (bytes === undefined) throw new RdbError('invalid LZF compressed string');
    return bytes;
  }
}
