/** The shortest commands that make what is there: a base file where aof-use-rdb-preamble is off. */
import { printDouble } from '../bytes/numbers.ts';
import type { Value, Values } from '../keyspace/value.ts';
import { encodeCommand } from '../resp/encode.ts';
import type { BloomFilter } from '../values/bloom-filter.ts';
import type { CuckooFilter } from '../values/cuckoo-filter.ts';
import type { ModuleType } from '../values/module-value.ts';
import { printId, type StreamId, type StreamValue } from '../values/stream.ts';
import { deliveriesOf, type Pending } from '../values/stream-group.ts';
import { restore } from '../values/vector.ts';
import type { VectorSetValue } from '../values/vector-set.ts';
import { writePayload } from './payload.ts';
import type { DatabaseFacts, DataFile } from './rdb-file-write.ts';

/** So many elements at most go into one command. */
const ITEMS_PER_COMMAND = 64;

/** A file of such commands. */
export class CommandFileWriter implements DataFile {
  length = 0;
  #chunks: string[] = [];
  #db = -1;

  /** `stamp` is what the file begins with; `functions` are texts of libraries. */
  constructor(
    private readonly stamp: string,
    private readonly functions: readonly string[],
    /** The commands that make indexes, which follow the keys. */
    private readonly indexes: readonly (readonly string[])[] = [],
  ) {}

  begin(): void {
    this.#raw(this.stamp);
    for (const code of this.functions) this.#write(['FUNCTION', 'LOAD', code]);
  }

  database({ index }: DatabaseFacts): void {
    this.#select(index);
  }

  key(db: number, key: string, value: Value, expiry: number | undefined): void {
    if (db !== this.#db) this.#select(db);
    for (const argv of commandsFor(key, value)) this.#write(argv);
    if (expiry !== undefined) this.#write(['PEXPIREAT', key, String(expiry)]);
  }

  end(): void {
    if (this.indexes.length === 0) return;
    this.#select(0);
    for (const argv of this.indexes) this.#write(argv);
  }

  take(): string {
    const bytes = this.#chunks.join('');
    this.#chunks = [];
    this.length = 0;
    return bytes;
  }

  #select(db: number): void {
    this.#db = db;
    this.#write(['SELECT', String(db)]);
  }

  #write(argv: readonly string[]): void {
    this.#raw(encodeCommand(argv));
  }

  #raw(bytes: string): void {
    this.#chunks.push(bytes);
    this.length += bytes.length;
  }
}

function* commandsFor(key: string, value: Value): Generator<string[]> {
  switch (value.type) {
    case 'string':
      yield ['SET', key, value.bytes];
      break;
    case 'list':
      yield* inChunks(['RPUSH', key], value, (element) => [element]);
      break;
    case 'set':
      yield* inChunks(['SADD', key], value, (member) => [member]);
      break;
    case 'hash':
      yield* inChunks(['HMSET', key], value, (pair) => pair);
      for (const [field] of value.expiring > 0 ? value : []) {
        const at = value.expiryOf(field);
        if (at !== undefined) yield ['HPEXPIREAT', key, String(at), 'FIELDS', '1', field];
      }
      break;
    case 'zset':
      yield* inChunks(['ZADD', key], value, ({ member, score }) => [printDouble(score), member]);
      break;
    case 'stream':
      yield* streamCommands(key, value);
      break;
    case 'array':
      yield* inChunks(['ARMSET', key], value.entries(), ([index, each]) => [String(index), each]);
      if (value.next > 0n) yield ['ARSEEK', key, String(value.next)];
      break;
    case 'vectorset':
      yield* vectorSetCommands(key, value);
      break;
    default:
      yield* moduleCommands(key, value);
  }
}

function* moduleCommands(key: string, value: Values[ModuleType]): Generator<string[]> {
  switch (value.type) {
    case 'ReJSON-RL':
      yield ['JSON.SET', key, '.', value.save()];
      break;
    case 'MBbloom--':
      yield* filterCommands('BF.LOADCHUNK', key, value);
      break;
    case 'MBbloomCF':
      yield* filterCommands('CF.LOADCHUNK', key, value);
      break;
    default:
      yield ['RESTORE', key, '0', writePayload(value, false)];
  }
}

/** A filter as it is dumped: what it is like, then what it holds, piece by piece. */
function* filterCommands(
  name: string,
  key: string,
  filter: BloomFilter | CuckooFilter,
): Generator<string[]> {
  yield [name, key, '1', filter.header()];
  for (let part = filter.chunk(1); part; part = filter.chunk(part.next)) {
    yield [name, key, String(part.next), part.data];
  }
}

/** Quantised vectors come back nearly, not exactly, as they were. */
function* vectorSetCommands(key: string, set: VectorSetValue): Generator<string[]> {
  const { quantisation, links } = set.shape;
  const how = { f32: 'NOQUANT', int8: 'Q8', bin: 'BIN' }[quantisation];
  for (const [name, { vector, attributes }] of set.entries()) {
    const components = restore(vector).map(String);
    const about = attributes === undefined ? [] : ['SETATTR', attributes];
    const options = [how, 'M', String(links), ...about];
    yield ['VADD', key, 'VALUES', String(components.length), ...components, name, ...options];
  }
}

function* inChunks<T>(
  start: readonly string[],
  items: { [Symbol.iterator](): Iterator<T> },
  args: (item: T) => readonly string[],
): Generator<string[]> {
  let argv = [...start];
  let count = 0;
  for (const item of { [Symbol.iterator]: () => items[Symbol.iterator]() }) {
    argv.push(...args(item));
    if (++count % ITEMS_PER_COMMAND > 0) continue;
    yield argv;
    argv = [...start];
  }
  if (argv.length > start.length) yield argv;
}

function* streamCommands(key: string, stream: StreamValue): Generator<string[]> {
  for (const { entries } of stream.nodes()) {
    for (const { id, fields } of entries) yield ['XADD', key, printId(id), ...fields];
  }
  // A stream without entries comes to be by one that is trimmed at once.
  if (stream.size === 0) yield ['XADD', key, 'MAXLEN', '0', '0-1', 'x', 'y'];
  yield* idempotenceCommands(key, stream);
  const counters = ['ENTRIESADDED', String(stream.entriesAdded)];
  const deleted = ['MAXDELETEDID', printId(stream.maxDeletedId)];
  yield ['XSETID', key, printId(stream.lastId), ...counters, ...deleted];
  for (const [name, group] of stream.groups) {
    const read = ['ENTRIESREAD', String(group.entriesRead ?? -1)];
    yield ['XGROUP', 'CREATE', key, name, printId(group.lastId), ...read];
    for (const consumer of group.consumers.keys()) {
      yield ['XGROUP', 'CREATECONSUMER', key, name, consumer];
    }
    for (const [id, each] of group.claimable()) yield pendingCommand(key, name, id, each);
  }
}

/** What is owed, or was given back. */
function pendingCommand(key: string, group: string, id: StreamId, pending: Pending): string[] {
  const { consumer, deliveredAt } = pending;
  const retries = ['RETRYCOUNT', String(deliveriesOf(pending))];
  if (!consumer) return ['XNACK', key, group, 'FAIL', 'IDS', '1', printId(id), ...retries, 'FORCE'];
  const about = ['TIME', String(deliveredAt), ...retries, 'JUSTID', 'FORCE'];
  return ['XCLAIM', key, group, consumer.name, '0', printId(id), ...about];
}

function* idempotenceCommands(key: string, { idempotence }: StreamValue): Generator<string[]> {
  if (!idempotence) return;
  const duration = ['IDMP-DURATION', String(idempotence.durationSeconds)];
  yield ['XCFGSET', key, ...duration, 'IDMP-MAXSIZE', String(idempotence.maxSize)];
  for (const [producer, id, entry] of idempotence.entries()) {
    yield ['XIDMPRECORD', key, producer, id, printId(entry)];
  }
}
