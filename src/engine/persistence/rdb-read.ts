import { parseDouble, parseSafeInteger } from '../bytes/numbers.ts';
import type { Limits } from '../commands/context.ts';
import type { Value } from '../keyspace/value.ts';
import { HashValue, LATEST_FIELD_EXPIRY } from '../values/hash.ts';
import { ListValue } from '../values/list.ts';
import { SetValue } from '../values/set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import { StringValue } from '../values/string.ts';
import { readListpack } from './listpack.ts';
import { readModuleValue } from './rdb-module.ts';
import type { RdbReader } from './rdb-reader.ts';
import { readStream } from './rdb-stream.ts';
import { RdbError, RdbType } from './rdb-types.ts';
import { NodeKind } from './rdb-write.ts';
import { readIntset, readZiplist, readZipmap } from './ziplist.ts';

/** Reads the value that follows the number of its form. */
type Read = (reader: RdbReader, limits: Limits) => Value;

/**
 * Reads a value of any form that Redis has written since 2.6. `limits` decide its encoding here; a
 * block stays one however long its elements are, as in Redis. Throws an RdbError on anything else:
 * unlike Redis, whose checks of blocks are optional, this never believes what it reads.
 */
export function readValue(type: number, reader: RdbReader, limits: Limits): Value {
  const read = readers.get(type);
  if (!read) throw new RdbError(`unknown type ${type}`);
  return read(reader, limits);
}

const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [RdbType.string, (reader) => new StringValue(reader.string())],
  [RdbType.list, readPlainList],
  [RdbType.set, (reader, limits) => setOf(readStrings(reader, 1), limits)],
  [RdbType.zsetText, (reader, limits) => readPlainZset(reader, limits, readScoreText)],
  [RdbType.hash, (reader, limits) => hashOf(readStrings(reader, 2), limits)],
  [RdbType.zset, (reader, limits) => readPlainZset(reader, limits, () => reader.double())],
  [RdbType.module, (reader) => readModuleValue(reader)],
  [RdbType.hashZipmap, (reader, limits) => hashOf(readZipmap(reader.string()), limits)],
  [RdbType.listZiplist, (reader, limits) => listOf([readZiplist(reader.string())], limits)],
  [RdbType.setIntset, (reader, limits) => setOf(readIntset(reader.string()), limits)],
  [RdbType.zsetZiplist, (reader, limits) => zsetOf(readZiplist(reader.string()), limits)],
  [RdbType.hashZiplist, (reader, limits) => hashOf(readZiplist(reader.string()), ofAny(limits))],
  [RdbType.listQuicklistOfZiplists, readListOfZiplists],
  [RdbType.stream, (reader) => readStream(reader, 1)],
  [RdbType.hashListpack, (reader, limits) => hashOf(readListpack(reader.string()), ofAny(limits))],
  [RdbType.zsetListpack, (reader, limits) => zsetOf(readListpack(reader.string()), limits)],
  [RdbType.listQuicklist, readQuicklist],
  [RdbType.stream2, (reader) => readStream(reader, 2)],
  [RdbType.setListpack, (reader, limits) => packedSetOf(readListpack(reader.string()), limits)],
  [RdbType.stream3, (reader) => readStream(reader, 3)],
  [RdbType.hashExpiring, readExpiringHash],
  [RdbType.hashExpiringListpack, readExpiringListpack],
]);

/** A block is not unpacked because of long elements, only because of too many. */
const ofAny = (limits: Limits): Limits => ({
  ...limits,
  hashMaxListpackValue: Infinity,
  setMaxListpackValue: Infinity,
});

/** A count, and `perElement` times so many strings. */
function* readStrings(reader: RdbReader, perElement: number): Generator<string> {
  const count = reader.size() * perElement;
  for (let i = 0; i < count; i++) yield reader.string();
}

function readPlainList(reader: RdbReader, limits: Limits): ListValue {
  const list = new ListValue();
  for (const element of readStrings(reader, 1)) list.push('tail', [element], limits);
  return notEmpty(list);
}

function readQuicklist(reader: RdbReader, limits: Limits): ListValue {
  const count = reader.size();
  const nodes: string[][] = [];
  for (let i = 0; i < count; i++) {
    const kind = reader.size();
    if (kind !== NodeKind.plain && kind !== NodeKind.packed) {
      throw new RdbError(`unknown list node ${kind}`);
    }
    const block = reader.string();
    nodes.push(kind === NodeKind.plain ? [block] : readListpack(block));
  }
  return listOf(nodes, limits);
}

function readListOfZiplists(reader: RdbReader, limits: Limits): ListValue {
  return listOf(
    [...readStrings(reader, 1)].map((block) => readZiplist(block)),
    limits,
  );
}

const listOf = (nodes: readonly string[][], limits: Limits): ListValue =>
  notEmpty(
    ListValue.ofNodes(
      nodes.filter(({ length }) => length > 0),
      limits,
    ),
  );

function setOf(members: Iterable<string>, limits: Limits): SetValue {
  const set = new SetValue();
  for (const member of members) {
    if (!set.add(member, limits)) throw new RdbError('duplicate set member');
  }
  return notEmpty(set);
}

/** A listpack of nothing but integers is no intset. */
const packedSetOf = (members: readonly string[], limits: Limits): SetValue =>
  setOf(members, { ...ofAny(limits), setMaxIntsetEntries: 0 });

/** A hash of fields and values in turns. */
function hashOf(elements: Iterable<string>, limits: Limits): HashValue {
  const hash = new HashValue();
  let field: string | undefined;
  for (const element of elements) {
    if (field === undefined) field = element;
    else {
      if (!hash.set(field, element, limits)) throw new RdbError('duplicate hash field');
      field = undefined;
    }
  }
  if (field !== undefined) throw new RdbError('hash field without a value');
  return notEmpty(hash);
}

/** Each field after its expiry, counted from the first of them; 0 is none. */
function readExpiringHash(reader: RdbReader, limits: Limits): HashValue {
  const first = Number(reader.uint64());
  const count = reader.size();
  const fields: ExpiringField[] = [];
  for (let i = 0; i < count; i++) {
    const ttl = reader.size();
    const at = ttl === 0 ? undefined : first + ttl - 1;
    fields.push({ field: reader.string(), value: reader.string(), at });
  }
  return expiringHashOf(fields, limits);
}

/** A block of field, value and expiry in turns; before it stands the first expiry once more. */
function readExpiringListpack(reader: RdbReader, limits: Limits): HashValue {
  reader.uint64();
  const elements = readListpack(reader.string());
  if (elements.length % 3 > 0) throw new RdbError('hash field without a value or an expiry');
  const fields: ExpiringField[] = [];
  for (let i = 0; i < elements.length; i += 3) {
    const [field = '', value = '', text = ''] = elements.slice(i, i + 3);
    const at = parseSafeInteger(text);
    if (at === undefined) throw new RdbError('expiry that is no number');
    fields.push({ field, value, at: at === 0 ? undefined : at });
  }
  return expiringHashOf(fields, ofAny(limits));
}

interface ExpiringField {
  readonly field: string;
  readonly value: string;
  readonly at: number | undefined;
}

function expiringHashOf(fields: readonly ExpiringField[], limits: Limits): HashValue {
  const hash = hashOf(
    fields.flatMap(({ field, value }) => [field, value]),
    limits,
  );
  hash.makeExpirable();
  // Among equals the newest comes first: from the end, so that all come to stand as they were.
  for (const { field, at } of fields.toReversed()) {
    if (at === undefined) continue;
    if (!(at > 0 && at <= LATEST_FIELD_EXPIRY)) throw new RdbError('expiry out of range');
    hash.expireAt(field, at);
  }
  return hash;
}

function readPlainZset(
  reader: RdbReader,
  limits: Limits,
  readScore: (reader: RdbReader) => number,
): SortedSetValue {
  const set = new SortedSetValue();
  set.unpack();
  const count = reader.size();
  for (let i = 0; i < count; i++) addMember(set, reader.string(), readScore(reader), limits);
  set.compact(limits);
  return notEmpty(set);
}

/** A sorted set of members and scores in turns, from a block. */
function zsetOf(elements: readonly string[], limits: Limits): SortedSetValue {
  if (elements.length % 2 > 0) throw new RdbError('member without a score');
  const set = new SortedSetValue();
  for (let i = 0; i < elements.length; i += 2) {
    const score = parseDouble(elements[i + 1] as string);
    if (score === undefined) throw new RdbError('invalid score');
    const anyLength = { ...limits, zsetMaxListpackValue: Infinity };
    addMember(set, elements[i] as string, score, anyLength);
  }
  return notEmpty(set);
}

function addMember(set: SortedSetValue, member: string, score: number, limits: Limits): void {
  if (Number.isNaN(score)) throw new RdbError('a score that is not a number');
  if (set.has(member)) throw new RdbError('duplicate sorted set member');
  set.add(member, score, limits);
}

/** A score in decimal after its length, or one of three that have no digits. */
function readScoreText(reader: RdbReader): number {
  const length = reader.byte();
  if (length === 253) return NaN;
  if (length >= 254) return length === 254 ? Infinity : -Infinity;
  const score = parseDouble(reader.take(length));
  if (score === undefined) throw new RdbError('invalid score');
  return score;
}

/** Redis has no empty collections, and so none are stored. */
function notEmpty<V extends { readonly size: number }>(value: V): V {
  if (value.size === 0) throw new EmptyValue('empty value');
  return value;
}

/** A collection without elements: an error in a payload, passed over in a file. */
export class EmptyValue extends RdbError {}
