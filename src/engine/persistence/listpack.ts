/**
 * Listpacks: rows of strings and integers in one block, each entry followed by its own length so
 * that the block can be walked from both ends.
 * https://github.com/antirez/listpack/blob/master/listpack.md
 */
import { parseInteger, parseSafeInteger } from '../bytes/numbers.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import { littleEndian, uint64 } from './rdb-writer.ts';

const HEADER_BYTES = 6;
/** A header can count so many; from there on the entries must be walked. */
const UNCOUNTED = 65_535;
const END = '\xff';

/** The block of these elements; those that spell an integer are stored as one. */
export function writeListpack(elements: Iterable<string>): string {
  let body = '';
  let count = 0;
  for (const element of elements) {
    const entry = encodeIntegerEntry(element) ?? encodeStringEntry(element);
    body += entry + backLength(entry.length);
    count++;
  }
  const bytes = HEADER_BYTES + body.length + 1;
  return littleEndian(bytes | 0, 4) + littleEndian(Math.min(count, UNCOUNTED), 2) + body + END;
}

/** The elements of a block. Throws an RdbError on anything that is no listpack. */
export function readListpack(block: string): string[] {
  const reader = new RdbReader(block);
  if (reader.uint(4) !== block.length) throw new RdbError('listpack of another length');
  const count = reader.uint(2);
  const elements: string[] = [];
  while (reader.left > 1) {
    const start = reader.at;
    elements.push(readEntry(reader));
    const back = backLength(reader.at - start);
    if (reader.take(back.length) !== back) throw new RdbError('listpack with a wrong back length');
  }
  if (reader.byte() !== 0xff) throw new RdbError('listpack without an end');
  if (count !== UNCOUNTED && count !== elements.length) {
    throw new RdbError('listpack with a wrong count');
  }
  return elements;
}

function encodeIntegerEntry(element: string): string | undefined {
  if (element.length > 20) return undefined;
  const value = parseSafeInteger(element);
  if (value === undefined) {
    const large = parseInteger(element);
    return large === undefined ? undefined : `\xf4${uint64(BigInt.asUintN(64, large))}`;
  }
  if (value >= 0 && value < 128) return String.fromCharCode(value);
  if (value >= -4096 && value < 4096) {
    const bits = value & 0x1fff;
    return String.fromCharCode(0xc0 | (bits >> 8), bits & 0xff);
  }
  if (value >= -(2 ** 15) && value < 2 ** 15) return `\xf1${littleEndian(value, 2)}`;
  if (value >= -(2 ** 23) && value < 2 ** 23) return `\xf2${littleEndian(value, 3)}`;
  if (value >= -(2 ** 31) && value < 2 ** 31) return `\xf3${littleEndian(value, 4)}`;
  return `\xf4${uint64(BigInt.asUintN(64, BigInt(value)))}`;
}

function encodeStringEntry(element: string): string {
  const { length } = element;
  if (length < 64) return String.fromCharCode(0x80 | length) + element;
  if (length < 4096) return String.fromCharCode(0xe0 | (length >> 8), length & 0xff) + element;
  return `\xf0${littleEndian(length, 4)}${element}`;
}

/** An entry's length behind it, to be read backwards: seven bits in each byte, all but the first marked. */
export function backLength(length: number): string {
  if (length <= 127) return String.fromCharCode(length);
  const count = length < 16_383 ? 2 : length < 2_097_151 ? 3 : length < 268_435_455 ? 4 : 5;
  let bytes = '';
  for (let i = count - 1; i >= 0; i--) {
    const bits = Math.floor(length / 2 ** (7 * i)) & 127;
    bytes += String.fromCharCode(i === count - 1 ? bits : bits | 128);
  }
  return bytes;
}

/** The element that an entry holds; its length follows. */
export function readEntry(reader: RdbReader): string {
  const first = reader.byte();
  if (first < 0x80) return String(first);
  if (first < 0xc0) return reader.take(first & 0x3f);
  if (first < 0xe0) {
    const bits = ((first & 0x1f) << 8) | reader.byte();
    return String(bits < 4096 ? bits : bits - 8192);
  }
  if (first < 0xf0) return reader.take(((first & 0x0f) << 8) | reader.byte());
  if (first === 0xf0) return reader.take(reader.uint(4));
  if (first === 0xf4) return String(reader.int64());
  const width = first - 0xef;
  if (width < 2 || width > 4) throw new RdbError(`unknown listpack entry ${first}`);
  return String(reader.int(width));
}
