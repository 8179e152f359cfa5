/**
 * Explains a dump.rdb byte by byte.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import { crc64 } from '../bytes/crc64.ts';
import { Annotator, dateOf, type Note, quoted } from './annotate.ts';
import { streamForms } from './annotate-stream.ts';
import { annotateString, forms } from './annotate-value.ts';
import { RdbReader } from './rdb-reader.ts';
import { Opcode, RdbError } from './rdb-types.ts';

/** What the bytes of an RDB file mean; those that cannot be read are one last note. */
export function annotateRdb(bytes: string): readonly Note[] {
  const annotator = new Annotator(new RdbReader(bytes));
  return annotator.attempt(() => readFile(annotator));
}

/** Notes a whole RDB file, which may be the beginning of an append-only file. */
export function readFile(annotator: Annotator): void {
  const { reader } = annotator;
  const start = reader.at;
  annotator.note('frame', () => expectMagic(reader), 'the magic word of an RDB file');
  const version = annotator.note(
    'frame',
    () => Number(reader.take(4)),
    (number) => `version ${number} of the format, in decimal digits`,
  );
  for (;;) {
    annotator.depth = 0;
    const code = peek(reader);
    if (code === Opcode.end) break;
    if (code >= Opcode.slotInfo) readOpcode(annotator, code);
    else readKey(annotator, code);
  }
  annotator.note('opcode', () => reader.byte(), 'end of the keys: opcode 255');
  if (version >= 5) readChecksum(annotator, start);
}

function expectMagic(reader: RdbReader): void {
  if (reader.take(5) !== 'REDIS') throw new RdbError('it does not begin with REDIS');
}

function peek(reader: RdbReader): number {
  if (reader.left === 0) throw new RdbError('unexpected end');
  return reader.bytes.charCodeAt(reader.at);
}

function readKey(annotator: Annotator, type: number): void {
  const form = forms.get(type) ?? streamForms.get(type);
  if (!form) throw new RdbError(`values of type ${type} are not explained here`);
  const says = `a key and its value: type ${type}, ${form.words}`;
  annotator.note('opcode', (reader) => reader.byte(), says);
  annotator.within(() => {
    annotateString(annotator, 'key', (key) => `the key ${quoted(key)}`);
    form.explain(annotator);
  });
}

function readOpcode(annotator: Annotator, code: number): void {
  const read = opcodes.get(code);
  const { reader } = annotator;
  if (!read) throw new RdbError(`opcode ${code}: data of a module, or of a version not known here`);
  annotator.note('opcode', () => reader.byte(), `${read.says}: opcode ${code}`);
  annotator.within(() => read.body(annotator));
}

interface OpcodeReading {
  readonly says: string;
  body(annotator: Annotator): void;
}

const size = (annotator: Annotator, says: (value: number) => string) =>
  annotator.note('size', (reader) => reader.size(), says);

const opcodes: ReadonlyMap<number, OpcodeReading> = new Map<number, OpcodeReading>([
  [Opcode.aux, { says: 'an auxiliary field, a name and a value', body: readAux }],
  [
    Opcode.selectDb,
    {
      says: 'select a database',
      body: (annotator) => size(annotator, (db) => `the keys that follow are of database ${db}`),
    },
  ],
  [Opcode.resizeDb, { says: 'how large the tables will be', body: readSizes }],
  [
    Opcode.expiryMs,
    {
      says: 'the next key expires, in ms',
      body: (annotator) =>
        annotator.note(
          'data',
          (reader) => Number(reader.int64()),
          (ms) => `${ms} ms since 1970: ${dateOf(ms)}`,
        ),
    },
  ],
  [
    Opcode.expirySeconds,
    {
      says: 'the next key expires, in seconds',
      body: (annotator) =>
        annotator.note(
          'data',
          (reader) => reader.int(4),
          (at) => `${at} s since 1970: ${dateOf(at * 1000)}`,
        ),
    },
  ],
  [
    Opcode.idle,
    {
      says: 'how long nobody used the next key (LRU)',
      body: (annotator) => size(annotator, (seconds) => `${seconds} s`),
    },
  ],
  [
    Opcode.frequency,
    {
      says: 'how often the next key is used (LFU)',
      body: (annotator) =>
        annotator.note(
          'data',
          (reader) => reader.byte(),
          (count) => `its logarithmic counter is ${count} of 255`,
        ),
    },
  ],
  [
    Opcode.function,
    {
      says: 'a library of functions',
      body: (annotator) => annotateString(annotator, 'data', (code) => `its text: ${quoted(code)}`),
    },
  ],
  [Opcode.slotInfo, { says: 'how many keys a slot of the cluster has', body: readSlot }],
]);

const auxMeanings: ReadonlyMap<string, string> = new Map([
  ['redis-ver', 'the version of the server that wrote the file'],
  ['redis-bits', 'whether that server was a 64-bit program'],
  ['ctime', 'when it was written, in s since 1970'],
  ['used-mem', 'bytes of memory that the server used then'],
  ['aof-base', '1 when the file is the base of an append-only file'],
  ['aof-preamble', '1 when commands of an append-only file follow'],
  ['repl-stream-db', 'the database that the replication stream was in'],
  ['repl-id', 'the id of the replication history'],
  ['repl-offset', 'the offset in that history'],
]);

function readAux(annotator: Annotator): void {
  const name = annotateString(annotator, 'key', (field) => `the field’s name: ${quoted(field)}`);
  const meaning = auxMeanings.get(name) ?? 'a field that a server may pass over';
  const when = (value: string) => (name === 'ctime' ? ` (${dateOf(Number(value) * 1000)})` : '');
  annotateString(annotator, 'data', (value) => `${quoted(value)}: ${meaning}${when(value)}`);
}

function readSizes(annotator: Annotator): void {
  size(annotator, (keys) => `${keys} in the table of keys`);
  size(annotator, (keys) => `${keys} in the table of expiries`);
}

function readSlot(annotator: Annotator): void {
  size(annotator, (slot) => `slot ${slot}`);
  size(annotator, (keys) => `${keys} keys in it`);
  size(annotator, (keys) => `${keys} of them expire`);
}

function readChecksum(annotator: Annotator, start: number): void {
  const { reader } = annotator;
  const whole = reader.bytes.slice(start, reader.at);
  annotator.note('check', () => reader.uint64(), checksumInWords(whole));
}

const checksumInWords = (whole: string) => (sum: bigint) => {
  if (sum === 0n) return 'no checksum: rdbchecksum was off';
  const hex = sum.toString(16).padStart(16, '0');
  if (crc64(whole) === sum) return `CRC64 of all bytes before it, ${hex}: it is right`;
  return `CRC64 ${hex} is wrong: a server refuses to start with this file`;
};
