/**
 * Streams in RDB form: their nodes, each a listpack under the id of its first entry; their counters;
 * and their groups with all that is pending.
 */
import { parseInteger } from '../bytes/numbers.ts';
import {
  makeId,
  msOf,
  type StreamEntry,
  type StreamId,
  StreamValue,
  sequenceOf,
} from '../values/stream.ts';
import { ConsumerGroup, deliveriesOf, entriesUpTo, type Pending } from '../values/stream-group.ts';
import { readListpack, writeListpack } from './listpack.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import { type RdbWriter, uint64BigEndian } from './rdb-writer.ts';

/** Bits of an entry's flags. */
const DELETED = 1;
const SAME_FIELDS = 2;

/** How entries_read says that nobody knows it. */
const UNKNOWN = 2n ** 64n - 1n;

/**
 * Who owes what nobody owes. Entries that XNACK gave back are unknown to the format of Redis 7.0; an
 * owner without a name keeps them pending, and idle since ever, for a server that reads them.
 */
const NOBODY = '';

/**
 * Writes a stream as Redis 7.0 does. That format has no place for what a stream knows of entries that
 * may be added once only.
 */
export function writeStream(writer: RdbWriter, stream: StreamValue): void {
  const nodes = stream.nodes();
  writer.size(nodes.length);
  for (const { entries } of nodes) {
    writer.string(rawId((entries[0] as StreamEntry).id));
    writer.string(writeListpack(packEntries(entries)));
  }
  writer.size(stream.size);
  for (const id of [stream.lastId, stream.first?.id ?? 0n, stream.maxDeletedId]) {
    writeId(writer, id);
  }
  writer.size(stream.entriesAdded);
  writer.size(stream.groups.size);
  for (const [name, group] of byName(stream.groups)) writeGroup(writer, name, group);
}

/** Reads a stream: of Redis 5 (1), 7.0 (2) or 7.2 (3). */
export function readStream(reader: RdbReader, version: 1 | 2 | 3): StreamValue {
  const stream = new StreamValue();
  const nodes = reader.size();
  let highest: StreamId = -1n;
  for (let i = 0; i < nodes; i++) highest = readNode(reader, stream, highest);
  const size = reader.size();
  stream.lastId = readId(reader);
  if (size !== stream.size || stream.lastId < highest) throw new RdbError('inconsistent stream');
  stream.entriesAdded = BigInt(stream.size);
  if (version > 1) {
    readId(reader); // the first entry's, which is known
    stream.maxDeletedId = readId(reader);
    stream.entriesAdded = reader.bigSize();
  }
  const groups = reader.size();
  for (let i = 0; i < groups; i++) readGroup(reader, stream, version);
  return stream;
}

/**
 * The elements of a node: how many entries, how many deleted ones, and the fields of the first, which
 * the others refer to if theirs are the same.
 */
function packEntries(entries: readonly StreamEntry[]): string[] {
  const master = entries[0] as StreamEntry;
  const names = fieldNames(master);
  const elements = [String(entries.length), '0', String(names.length), ...names, '0'];
  for (const { id, fields } of entries) {
    const isSame =
      fields.length === names.length * 2 && names.every((name, i) => name === fields[i * 2]);
    const payload = isSame
      ? fields.filter((_, i) => i % 2 === 1)
      : [String(fields.length / 2), ...fields];
    elements.push(
      String(isSame ? SAME_FIELDS : 0),
      String(msOf(id) - msOf(master.id)),
      String(BigInt.asIntN(64, sequenceOf(id) - sequenceOf(master.id))),
      ...payload,
      String(payload.length + 3),
    );
  }
  return elements;
}

function writeGroup(writer: RdbWriter, name: string, group: ConsumerGroup): void {
  const pending = [...group.pendingFrom(0n)];
  writer.string(name);
  writeId(writer, group.lastId);
  writer.size(group.entriesRead ?? UNKNOWN);
  writer.size(pending.length);
  for (const [id, each] of pending) {
    writer.raw(rawId(id));
    writer.uint64(each.deliveredAt);
    writer.size(deliveriesOf(each));
  }
  const owed = new Map<string, StreamId[]>([...group.consumers.keys()].map((each) => [each, []]));
  for (const [id, { consumer }] of pending) {
    const owner = consumer?.name ?? NOBODY;
    const ids = owed.get(owner);
    if (ids) ids.push(id);
    else owed.set(owner, [id]);
  }
  writer.size(owed.size);
  for (const [consumerName, ids] of byName(owed)) {
    writer.string(consumerName);
    writer.uint64(group.consumers.get(consumerName)?.seenAt ?? 0);
    writer.size(ids.length);
    for (const id of ids) writer.raw(rawId(id));
  }
}

function readNode(reader: RdbReader, stream: StreamValue, before: StreamId): StreamId {
  const key = reader.string();
  if (key.length !== 16) throw new RdbError('stream node without an id');
  const master = readRawId(new RdbReader(key));
  const { entries, added } = unpackEntries(readListpack(reader.string()), master);
  let highest = before;
  for (const { id } of entries) {
    if (id <= highest) throw new RdbError('stream ids out of order');
    highest = id;
  }
  if (entries.length > 0) stream.appendNode(entries, added);
  return highest;
}

function unpackEntries(elements: readonly string[], master: StreamId) {
  const cursor = new Elements(elements);
  const count = cursor.count();
  const added = count + cursor.count();
  const names = cursor.take(cursor.count());
  cursor.count();
  const entries: StreamEntry[] = [];
  for (let i = 0; i < added; i++) {
    const flags = cursor.count();
    const id = makeId(msOf(master) + cursor.integer(), sequenceOf(master) + cursor.integer());
    const isSame = (flags & SAME_FIELDS) > 0;
    const size = isSame ? names.length : cursor.count() * 2;
    const taken = cursor.take(size);
    if (cursor.count() !== size + (isSame ? 3 : 4)) throw new RdbError('inconsistent stream entry');
    if ((flags & DELETED) > 0) continue;
    entries.push({ id, fields: isSame ? names.flatMap((n, k) => [n, taken[k] ?? '']) : taken });
  }
  if (!cursor.done || entries.length !== count) throw new RdbError('inconsistent stream node');
  return { entries, added };
}

function readGroup(reader: RdbReader, stream: StreamValue, version: 1 | 2 | 3): void {
  const name = reader.string();
  const lastId = readId(reader);
  const read = version > 1 ? reader.bigSize() : entriesUpTo(stream, lastId);
  const group = new ConsumerGroup(lastId, read === UNKNOWN ? undefined : read);
  if (stream.groups.has(name)) throw new RdbError('duplicate consumer group');
  stream.groups.set(name, group);
  const unowned = readPending(reader);
  const consumers = reader.size();
  for (let i = 0; i < consumers; i++) readConsumer(reader, group, unowned, version);
  if (unowned.size > 0) throw new RdbError('pending entry without a consumer');
}

type Owed = Pick<Pending, 'deliveredAt' | 'deliveries'>;

function readPending(reader: RdbReader): Map<StreamId, Owed> {
  const pending = new Map<StreamId, Owed>();
  const count = reader.size();
  for (let i = 0; i < count; i++) {
    const id = readRawId(reader);
    if (pending.has(id)) throw new RdbError('duplicate pending entry');
    pending.set(id, { deliveredAt: Number(reader.int64()), deliveries: reader.size() });
  }
  return pending;
}

function readConsumer(
  reader: RdbReader,
  group: ConsumerGroup,
  unowned: Map<StreamId, Owed>,
  version: 1 | 2 | 3,
): void {
  const name = reader.string();
  if (group.consumers.has(name)) throw new RdbError('duplicate consumer');
  const seenAt = Number(reader.int64());
  const isNobody = name === NOBODY && seenAt === 0;
  const consumer = isNobody ? undefined : group.consumer(name, seenAt);
  // Older files do not tell when it last got something.
  const activeAt = version > 2 ? Number(reader.int64()) : seenAt;
  if (consumer && activeAt >= 0) consumer.activeAt = activeAt;
  const count = reader.size();
  for (let i = 0; i < count; i++) {
    const id = readRawId(reader);
    const owed = unowned.get(id);
    if (!owed) throw new RdbError('a consumer owes what is not pending');
    unowned.delete(id);
    if (consumer) group.deliver(id, consumer, owed.deliveredAt).deliveries = owed.deliveries;
    else group.release(id, owed.deliveries);
  }
}

/** The elements of a node, read in order. */
class Elements {
  #at = 0;

  constructor(private readonly elements: readonly string[]) {}

  get done(): boolean {
    return this.#at === this.elements.length;
  }

  integer(): bigint {
    const value = parseInteger(this.elements[this.#at++] ?? '');
    if (value === undefined) throw new RdbError('stream node without a number where one must be');
    return value;
  }

  count(): number {
    const value = Number(this.integer());
    if (value < 0) throw new RdbError('stream node with a negative count');
    return value;
  }

  take(count: number): readonly string[] {
    if (count > this.elements.length - this.#at) throw new RdbError('stream node too short');
    this.#at += count;
    return this.elements.slice(this.#at - count, this.#at);
  }
}

const fieldNames = ({ fields }: StreamEntry): string[] => fields.filter((_, i) => i % 2 === 0);

const byName = <V>(map: ReadonlyMap<string, V>): [string, V][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const rawId = (id: StreamId): string => uint64BigEndian(msOf(id)) + uint64BigEndian(sequenceOf(id));

const readRawId = (reader: RdbReader): StreamId =>
  makeId(reader.uint64BigEndian(), reader.uint64BigEndian());

function writeId(writer: RdbWriter, id: StreamId): void {
  writer.size(msOf(id));
  writer.size(sequenceOf(id));
}

const readId = (reader: RdbReader): StreamId => makeId(reader.bigSize(), reader.bigSize());
