/** The shortest commands that make what is there: a base file where aof-use-rdb-preamble is off. */
import { printDouble } from '../bytes/numbers.ts';
import type { Database } from '../keyspace/database.ts';
import type { Value } from '../keyspace/value.ts';
import { encodeCommand } from '../resp/encode.ts';
import { printId, type StreamId, type StreamValue } from '../values/stream.ts';
import { deliveriesOf, type Pending } from '../values/stream-group.ts';
import { restore } from '../values/vector.ts';
import type { VectorSetValue } from '../values/vector-set.ts';

/** So many elements at most go into one command. */
const ITEMS_PER_COMMAND = 64;

/** The bytes of these commands. */
export function writeCommands(
  databases: readonly Database[],
  functions: readonly string[],
): string {
  const chunks: string[] = [];
  const write = (...argv: string[]) => chunks.push(encodeCommand(argv));
  for (const db of databases) {
    if (db.size === 0) continue;
  for (const code of functions) write('FUNCTION', 'LOAD', code);
    write('SELECT', String(db.index));
    for (const [key, value] of db.entries()) {
      for (const argv of commandsFor(key, value)) write(...argv);
      const expiry = db.expiryOf(key);
      if (expiry !== undefined) write('PEXPIREAT', key, String(expiry));
    }
  }
  return chunks.join('');
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
      break;
    case 'zset':
      yield* inChunks(['ZADD', key], value, ({ member, score }) => [printDouble(score), member]);
      break;
    case 'stream':
      yield* streamCommands(key, value);
      break;
    case 'vectorset':
      yield* vectorSetCommands(key, value);
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
