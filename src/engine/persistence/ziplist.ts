/**
 * The blocks of Redis before 7.0, which are still read: ziplists and zipmaps; and intsets, which are
 * also written.
 */
import { parseInteger } from '../bytes/numbers.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import { littleEndian, uint64 } from './rdb-writer.ts';

/** A length that does not fit its byte and follows in four. */
const LONG = 254;

/** The elements of a ziplist, where each entry begins with the length of the one before. */
export function readZiplist(block: string): string[] {
  const reader = new RdbReader(block);
  if (reader.uint(4) !== block.length) throw new RdbError('ziplist of another length');
  const tail = reader.uint(4);
  const count = reader.uint(2);
  const elements: string[] = [];
  let start = reader.at;
  let previous = 0;
  while (reader.left > 1) {
    const entry = reader.at;
    const before = reader.byte();
    if ((before === LONG ? reader.uint(4) : before) !== previous) {
      throw new RdbError('ziplist with a wrong back length');
    }
    elements.push(readZiplistEntry(reader));
    previous = reader.at - entry;
    start = entry;
  }
  const isWhole = reader.byte() === 0xff && start === tail;
  if (!isWhole || (count !== 65_535 && count !== elements.length)) {
    throw new RdbError('ziplist with a wrong tail or count');
  }
  return elements;
}

/** Fields and values in turns, of the oldest form of small hashes. */
export function readZipmap(block: string): string[] {
  const reader = new RdbReader(block);
  reader.byte();
  const elements: string[] = [];
  for (;;) {
    const fieldLength = zipmapLength(reader);
    if (fieldLength === undefined) break;
    elements.push(reader.take(fieldLength));
    const valueLength = zipmapLength(reader);
    if (valueLength === undefined) throw new RdbError('zipmap with a field and no value');
    const unused = reader.byte();
    elements.push(reader.take(valueLength));
    reader.take(unused);
  }
  if (reader.left > 0) throw new RdbError('zipmap of another length');
  return elements;
}

/** The members of an intset, in ascending order. */
export function readIntset(block: string): string[] {
  const reader = new RdbReader(block);
  const width = reader.uint(4);
  const count = reader.uint(4);
  if (width !== 2 && width !== 4 && width !== 8) throw new RdbError('intset of unknown width');
  if (count * width !== reader.left) throw new RdbError('intset of another length');
  const members: bigint[] = [];
  while (members.length < count) {
    const member = width === 8 ? reader.int64() : BigInt(reader.int(width));
    const last = members.at(-1);
    if (last !== undefined && last >= member) throw new RdbError('intset out of order');
    members.push(member);
  }
  return members.map(String);
}

/** The block of these integers, which are in ascending order: all as wide as the widest. */
export function writeIntset(members: readonly string[]): string {
  const values = members.map((member) => parseInteger(member) as bigint);
  const [low = 0n, high = 0n] = [values[0], values.at(-1)];
  const fits = (bits: bigint) => low >= -(1n << (bits - 1n)) && high < 1n << (bits - 1n);
  const width = fits(16n) ? 2 : fits(32n) ? 4 : 8;
  let block = littleEndian(width, 4) + littleEndian(values.length, 4);
  for (const value of values) {
    block += width === 8 ? uint64(BigInt.asUintN(64, value)) : littleEndian(Number(value), width);
  }
  return block;
}

function readZiplistEntry(reader: RdbReader): string {
  const first = reader.byte();
  if (first < 0x40) return reader.take(first);
  if (first < 0x80) return reader.take(((first & 0x3f) << 8) | reader.byte());
  if (first === 0x80) return reader.take(reader.uintBigEndian(4));
  if (first > 0xf0 && first < 0xfe) return String(first - 0xf1);
  switch (first) {
    case 0xfe:
      return String(reader.int(1));
    case 0xc0:
      return String(reader.int(2));
    case 0xf0:
      return String(reader.int(3));
    case 0xd0:
      return String(reader.int(4));
    case 0xe0:
      return String(reader.int64());
    default:
      throw new RdbError(`unknown ziplist entry ${first}`);
  }
}

/** A length in a zipmap, or undefined at its end. */
function zipmapLength(reader: RdbReader): number | undefined {
  const first = reader.byte();
  if (first === 255) return undefined;
  return first === LONG ? reader.uint(4) : first;
}
