/**
 * Values of Redis 8 whose form in RDB files is not known here. So that nothing is lost over a restart
 * and no file is broken, they are kept as auxiliary fields, which every redis-server passes over:
 * a server of ours that reads the file has them, a redis-server does not.
 */
import { toUint8 } from '../bytes/bytes.ts';
import type { Value } from '../keyspace/value.ts';
import { ArrayValue } from '../values/array.ts';
import { bytesOf, type Quantisation, type Vector } from '../values/vector.ts';
import { VectorSetValue } from '../values/vector-set.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import { RdbWriter } from './rdb-writer.ts';

export type OwnValue = Extract<Value, { type: 'array' | 'vectorset' }>;

export const isOwn = (value: Value): value is OwnValue =>
  value.type === 'array' || value.type === 'vectorset';

export interface OwnEntry {
  readonly key: string;
  readonly value: OwnValue;
  /** In ms since 1970. */
  readonly expiry: number | undefined;
}

const PREFIX = 'keyspace-';

/** The name and the content of the field that holds a key. */
export function writeOwn({ key, value, expiry }: OwnEntry): readonly [name: string, field: string] {
  const writer = new RdbWriter(false);
  writer.string(key);
  writer.uint64(expiry ?? 0);
  if (value.type === 'array') writeArray(writer, value);
  else writeVectorSet(writer, value);
  return [PREFIX + value.type, writer.finish()];
}

/** The key in an auxiliary field, or undefined when the field is about something else. */
export function readOwn(name: string, field: string): OwnEntry | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const reader = new RdbReader(field);
  const [key, expiry] = [reader.string(), Number(reader.int64())];
  const value = name === `${PREFIX}array` ? readArray(reader) : readVectorSet(reader);
  return { key, expiry: expiry === 0 ? undefined : expiry, value };
}

function writeArray(writer: RdbWriter, array: ArrayValue): void {
  writer.size(array.next);
  writer.size(array.size);
  for (const [index, value] of array.entries()) {
    writer.size(index);
    writer.string(value);
  }
}

function readArray(reader: RdbReader): ArrayValue {
  const array = new ArrayValue();
  const next = reader.bigSize();
  const size = reader.size();
  for (let i = 0; i < size; i++) array.set(reader.bigSize(), reader.string());
  array.next = next;
  return array;
}

function writeVectorSet(writer: RdbWriter, set: VectorSetValue): void {
  const { quantisation, dimension, inputDimension, links } = set.shape;
  writer.string(quantisation);
  for (const count of [dimension, inputDimension, links, set.uid, set.insertions, set.size]) {
    writer.size(count);
  }
  for (const [name, { vector, level, attributes }] of set.entries()) {
    writer.string(name);
    writer.string(bytesOf(vector));
    writer.double(vector.range);
    writer.double(vector.norm);
    writer.size(level);
    writer.string(attributes ?? '');
  }
}

function readVectorSet(reader: RdbReader): VectorSetValue {
  const quantisation = reader.string() as Quantisation;
  const [dimension = 0, inputDimension = 0, links = 0, uid = 0, insertions = 0, size = 0] =
    Array.from({ length: 6 }, () => reader.size());
  const set = new VectorSetValue({ quantisation, dimension, inputDimension, links }, uid);
  for (let i = 0; i < size; i++) {
    const name = reader.string();
    const data = dataOf(quantisation, reader.string());
    const [range, norm] = [reader.double(), reader.double()];
    const vector = { quantisation, dimension, data, range, norm };
    set.set(name, { vector, level: reader.size(), attributes: reader.string() || undefined });
  }
  set.insertions = insertions;
  return set;
}

function dataOf(quantisation: Quantisation, raw: string): Vector['data'] {
  const bytes = toUint8(raw);
  if (quantisation === 'bin') return bytes;
  if (quantisation === 'int8') return new Int8Array(bytes.buffer);
  if (raw.length % 4 !== 0) throw new RdbError('a vector is not whole');
  return new Float32Array(bytes.buffer);
}
