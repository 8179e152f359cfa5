/**
 * When a small collection, which Redis packs into one block of memory, becomes a large one. The
 * values of this folder are not stored that way; they say which encoding Redis would use, because
 * learners see it (OBJECT ENCODING, memory) and because it decides the order of elements.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/memory-optimization/
 */
import { parseInteger, parseSafeInteger } from '../bytes/numbers.ts';

/** The settings of redis.conf that decide it; each name is the setting's own. */
export interface EncodingLimits {
  /** Positive: elements in a node; negative: -1 to -5 for 4, 8, 16, 32 or 64 KB in a node. */
  readonly listMaxListpackSize: number;
  readonly hashMaxListpackEntries: number;
  readonly hashMaxListpackValue: number;
  readonly setMaxIntsetEntries: number;
  /** 0 is Redis before 7.2, where a set that is no intset is a hashtable. */
  readonly setMaxListpackEntries: number;
  readonly setMaxListpackValue: number;
  readonly zsetMaxListpackEntries: number;
  readonly zsetMaxListpackValue: number;
}

export const defaultLimits: EncodingLimits = {
  listMaxListpackSize: -2,
  hashMaxListpackEntries: 512,
  hashMaxListpackValue: 64,
  setMaxIntsetEntries: 512,
  setMaxListpackEntries: 128,
  setMaxListpackValue: 64,
  zsetMaxListpackEntries: 128,
  zsetMaxListpackValue: 64,
};

/** The bytes of a listpack around its entries. */
export const LISTPACK_OVERHEAD_BYTES = 7;

/** The bytes that a string takes in a listpack: its header, itself, and its length once more. */
export function listpackEntryBytes(bytes: string): number {
  const body = integerBodyBytes(bytes) ?? stringBodyBytes(bytes.length);
  return body + lengthBytes(body);
}

/** Integers are packed in one to nine bytes. */
function integerBodyBytes(bytes: string): number | undefined {
  const first = bytes.charCodeAt(0);
  // Most strings are no numbers by their first letter already.
  if (bytes.length > 20 || first > NINE || first < MINUS) return undefined;
  const value = parseSafeInteger(bytes);
  if (value === undefined) return parseInteger(bytes) === undefined ? undefined : 9;
  if (value >= 0 && value < 128) return 1;
  if (value >= -4096 && value < 4096) return 2;
  if (value >= -(2 ** 15) && value < 2 ** 15) return 3;
  if (value >= -(2 ** 23) && value < 2 ** 23) return 4;
  return value >= -(2 ** 31) && value < 2 ** 31 ? 5 : 9;
}

function stringBodyBytes(length: number): number {
  if (length < 64) return 1 + length;
  return length < 4096 ? 2 + length : 5 + length;
}

/** Seven bits of the length go into each byte. */
function lengthBytes(body: number): number {
  if (body <= 127) return 1;
  if (body < 16383) return 2;
  if (body < 2097151) return 3;
  return body < 268435455 ? 4 : 5;
}

const MINUS = '-'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);
