import { crc64 } from '../bytes/crc64.ts';
import type { Limits } from '../commands/context.ts';
import type { Value } from '../keyspace/value.ts';
import { readValue } from './rdb-read.ts';
import { RdbReader } from './rdb-reader.ts';
import { NEWEST_RDB_VERSION } from './rdb-types.ts';
import { formOf, versionFor } from './rdb-write.ts';
import { littleEndian, RdbWriter, uint64 } from './rdb-writer.ts';

/**
 * What DUMP returns: the number of the value's form, the value, the RDB version, and a checksum of
 * all that. https://redis.io/docs/latest/commands/dump/
 */
export function writePayload(value: Value, compresses: boolean): string {
  const writer = new RdbWriter(compresses);
  const { type, write } = formOf(value);
  writer.byte(type);
  write(writer);
  writer.raw(littleEndian(versionFor(value), 2));
  const bytes = writer.finish();
  return bytes + uint64(crc64(bytes));
}

/** Whether a payload is of a version that can be read, and whole; or looks whole, unchecked. */
export function isIntact(payload: string, isUnchecked = false): boolean {
  const body = payload.length - FOOTER_BYTES;
  if (body < 0) return false;
  const footer = new RdbReader(payload, body);
  if (footer.uint(2) > NEWEST_RDB_VERSION) return false;
  return isUnchecked || footer.uint64() === crc64(payload.slice(0, -CHECKSUM_BYTES));
}

/**
 * The value in an intact payload. Throws an RdbError if it is none. What follows it is ignored; as in
 * Redis, one that lacks a few bytes finds them in the version and the checksum.
 */
export function readPayload(payload: string, limits: Limits): Value {
  const reader = new RdbReader(payload);
  return readValue(reader.byte(), reader, limits);
}

const CHECKSUM_BYTES = 8;
const FOOTER_BYTES = 10;
