/**
 * What keys would take in the memory of a Redis process: MEMORY USAGE, INFO memory and maxmemory go
 * by it. Nothing is allocated that way here; the sizes of Redis's structures (7.0, 64 bit, jemalloc)
 * are added up as Redis adds them up itself, samples of large collections included.
 * https://redis.io/docs/latest/commands/memory-usage/
 */
import { isInteger } from '../bytes/numbers.ts';
import type { ArrayValue } from '../values/array.ts';
import type { HashValue } from '../values/hash.ts';
import type { ListValue } from '../values/list.ts';
import type { ModuleValue } from '../values/module-value.ts';
import type { SetValue } from '../values/set.ts';
import type { SortedSetValue } from '../values/sorted-set.ts';
import type { StreamValue } from '../values/stream.ts';
import type { StringValue } from '../values/string.ts';
import type { VectorSetValue } from '../values/vector-set.ts';
import type { Value } from './value.ts';

/** How many elements of a collection are measured unless told otherwise. */
export const DEFAULT_SAMPLES = 5;

/**
 * The bytes that a key takes: its name, its entry in the dictionary, its value. 0 samples is all.
 * What is extrapolated from samples loses its fraction.
 */
export const keyBytes = (key: string, value: Value, samples = DEFAULT_SAMPLES): number =>
  DICT_ENTRY +
  sdsBytes(key.length) +
  Math.floor(valueBytes(value, samples === 0 ? Infinity : samples));

/** How many buckets the table of a dictionary has for so many entries: a power of two, 4 or more. */
export const bucketsFor = (entries: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(entries, 4)));

/** The bytes of a dictionary's tables for so many entries, without the entries. */
export const tableBytes = (entries: number): number =>
  entries === 0 ? 0 : 8 * bucketsFor(entries);

/**
 * The tables of a collection. One that has outgrown its table moves to the next a few elements at a
 * time, with every operation, and has both until all have moved; `pace` says how many move for each
 * element that is added. A small one that was packed before gets room for all at once.
 */
function ownTables(entries: number, pace: number, packedUpTo: number): number {
  const before = 2 ** Math.floor(Math.log2(Math.max(entries - 1, 1)));
  const isMoving = before > packedUpTo && entries - before < before / pace;
  return tableBytes(entries) + (isMoving ? 8 * before : 0);
}

/** A step moves one slot that is not empty, and passes over the empty ones. */
const STEP = 1.58;

/** A dictionary's entry: two pointers and a link. */
export const DICT_ENTRY = 24;

/** What the allocator sets aside for so many bytes: the next of its size classes. */
export function allocated(bytes: number): number {
  if (bytes <= 8) return 8;
  if (bytes <= 128) return Math.ceil(bytes / 16) * 16;
  // Four classes for each doubling.
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

const ROBJ = 16;
/** What stands around a listpack of fields that expire. */
const LISTPACK_EX = 32;
/** What a field in a table takes more when it expires. */
const FIELD_EXPIRY = 16;
const DICT = 56;
const QUICKLIST = 40;
const QUICKLIST_NODE = 32;
const ZSET = 16;
const SKIPLIST = 32;
const SKIPLIST_HEADER = allocated(24 + 32 * 16);
/** A node has one level in 3 of 4 cases, two in 3 of 16, and so on. */
const SKIPLIST_NODE = 53;

/** A string with its header, whose size depends on the length. */
function sdsBytes(length: number): number {
  const header = length < 32 ? 1 : length < 256 ? 3 : length < 65_536 ? 5 : 9;
  return allocated(header + length + 1);
}

function valueBytes(value: Value, samples: number): number {
  switch (value.type) {
    case 'string':
      return stringBytes(value);
    case 'list':
      return listBytes(value, samples);
    case 'set':
      return setBytes(value, samples);
    case 'hash':
      return hashBytes(value, samples);
    case 'zset':
      return sortedSetBytes(value, samples);
    case 'stream':
      return streamBytes(value, samples);
    case 'array':
      return arrayBytes(value, samples);
    case 'vectorset':
      return vectorSetBytes(value);
    default:
      return ROBJ + (value satisfies ModuleValue).bytes;
  }
}

function stringBytes(value: StringValue): number {
  if (value.encoding === 'int') return ROBJ;
  if (value.encoding === 'embstr') return allocated(ROBJ + 3 + value.length + 1);
  // A string that was set as a whole is always at least of the second kind.
  return ROBJ + Math.max(sdsBytes(value.length), allocated(3 + value.length + 1));
}

function listBytes(list: ListValue, samples: number): number {
  const measured: number[] = [];
  let nodes = 0;
  for (const { bytes } of list.nodes()) {
    if (nodes++ < samples) measured.push(QUICKLIST_NODE + allocated(bytes));
  }
  if (list.encoding === 'listpack') return ROBJ + (measured[0] ?? QUICKLIST_NODE) - QUICKLIST_NODE;
  return ROBJ + QUICKLIST + mean(measured) * nodes;
}

function setBytes(set: SetValue, samples: number): number {
  if (set.packedBytes !== undefined) return ROBJ + allocated(set.packedBytes);
  const measured = spread(set.members(), samples).map(
    (member) => DICT_ENTRY + sdsBytes(member.length),
  );
  return (
    ROBJ +
    DICT +
    ownTables(set.size, STEP, isInteger(set.memberAt(0)) ? 512 : 64) +
    mean(measured) * set.size
  );
}

function hashBytes(hash: HashValue, samples: number): number {
  const room = hash.encoding === 'listpackex' ? LISTPACK_EX : 0;
  if (hash.packedBytes !== undefined) return ROBJ + room + allocated(hash.packedBytes);
  const values = spread(hash.values(), samples);
  const measured = spread(hash.fields(), samples).map(
    (field, i) => DICT_ENTRY + sdsBytes(field.length) + sdsBytes((values[i] as string).length),
  );
  const fields = mean(measured) * hash.size + FIELD_EXPIRY * hash.expiring;
  return ROBJ + DICT + ownTables(hash.size, 2 * STEP, 512) + fields;
}

function sortedSetBytes(set: SortedSetValue, samples: number): number {
  if (set.packedBytes !== undefined) return ROBJ + allocated(set.packedBytes);
  const measured = first(set, samples).map(
    ({ member }) => DICT_ENTRY + SKIPLIST_NODE + sdsBytes(member.length),
  );
  const fixed = ROBJ + ZSET + SKIPLIST + SKIPLIST_HEADER + DICT;
  return Math.round(fixed + ownTables(set.size, 2 * STEP, 128) + mean(measured) * set.size);
}

const STREAM = 80;
const STREAM_ID = 16;
const STREAM_GROUP = 40;
const STREAM_CONSUMER = 24;
const STREAM_PENDING = 24;
/** A node of a radix tree, with pointers to children as Redis assumes them. */
const RADIX_NODE = 4 + 8 * 30;
/** The newest block of a stream is made as large as it may become. */
const STREAM_BLOCK = 4096;

const radixBytes = (elements: number): number => {
  // Ids begin alike: one node leads to where they part, then one or two to each leaf.
  const nodes = elements < 2 ? elements + 1 : 2 * elements;
  return elements * STREAM_ID + nodes * RADIX_NODE;
};

function streamBytes(stream: StreamValue, samples: number): number {
  const blocks = [...stream.blocks()];
  const last = blocks.pop();
  const full = mean(blocks.slice(0, samples).map(allocated)) * blocks.length;
  const newest = last === undefined ? 0 : allocated(Math.max(last, STREAM_BLOCK));
  let bytes = ROBJ + STREAM + radixBytes(stream.nodeCount) + full + newest;
  for (const group of stream.groups.values()) {
    const pending = group.pendingCount;
    bytes += STREAM_GROUP + radixBytes(pending) + STREAM_PENDING * pending;
    for (const consumer of group.consumers.values()) {
      bytes += STREAM_CONSUMER + consumer.name.length + radixBytes(consumer.pending);
    }
  }
  return Math.round(bytes);
}

const ARRAY = 96;
const ARRAY_SLICE = 48;

/** Numbers and short texts are kept in a pointer's place; longer ones beside it. */
function arrayBytes(array: ArrayValue, samples: number): number {
  const measured = first(array.entries(), samples).map(([, value]) =>
    value.length < 8 || isInteger(value) ? 8 : 8 + sdsBytes(value.length),
  );
  return Math.round(ROBJ + ARRAY + ARRAY_SLICE * array.sliceCount + mean(measured) * array.size);
}

const VECTOR_SET = 1780;
/** An element of a vector set without its links and its vector. */
const VECTOR_NODE = 392;

function vectorSetBytes(set: VectorSetValue): number {
  const { links } = set.shape;
  const vector = set.size === 0 ? 0 : (set.get(set.nameAt(0))?.vector.data.byteLength ?? 0);
  // Twice as many links on the lowest level; every fourth element is on the next, and so on.
  const node = VECTOR_NODE + 8 * links * (2 + 1 / 3) + vector;
  return Math.round(VECTOR_SET + set.size * node);
}

/** Some items from all over an array: a dictionary has no order that a sample could follow. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (count >= items.length) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i * items.length) / count)] as T,
  );
}

function first<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length >= count) break;
    taken.push(item);
  }
  return taken;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
