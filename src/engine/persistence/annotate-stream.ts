/** Explains streams in an RDB file: their nodes, their counters, and their groups. */
import { type Annotator, counted, dateOf, quoted } from './annotate.ts';
import { annotateListpack, annotateSize, annotateString, type Form } from './annotate-value.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbType } from './rdb-types.ts';

export const streamForms: ReadonlyMap<number, Form> = new Map<number, Form>([
  [RdbType.stream, { words: 'a stream', explain: (each) => stream(each, 1) }],
  [RdbType.stream2, { words: 'a stream', explain: (each) => stream(each, 2) }],
  [RdbType.stream3, { words: 'a stream', explain: (each) => stream(each, 3) }],
]);

type Version = 1 | 2 | 3;

function stream(annotator: Annotator, version: Version): void {
  const nodes = annotateSize(annotator, (count) => counted(count, 'node'));
  for (let i = 0; i < nodes; i++) {
    annotateString(annotator, 'data', (raw) => `the node’s first ID: ${rawId(new RdbReader(raw))}`);
    annotateListpack(annotator, ['element']);
  }
  annotateSize(annotator, (count) => counted(count, 'entry', 'entries'));
  id(annotator, 'the last ID');
  if (version > 1) {
    id(annotator, 'the first ID');
    id(annotator, 'the highest deleted ID');
    annotateSize(annotator, (count) => `${counted(count, 'entry', 'entries')} ever added`);
  }
  const groups = annotateSize(annotator, (count) => counted(count, 'consumer group'));
  for (let i = 0; i < groups; i++) group(annotator, version);
}

function group(annotator: Annotator, version: Version): void {
  annotateString(annotator, 'data', (name) => `the group ${quoted(name)}`);
  annotator.within(() => {
    id(annotator, 'the last ID that was delivered');
    if (version > 1) {
      const says = (count: bigint) => (count >= 2n ** 63n ? 'unknown' : String(count));
      annotator.note(
        'size',
        (reader) => reader.bigSize(),
        (count) => `entries read: ${says(count)}`,
      );
    }
    const pending = annotateSize(annotator, (count) => `${count} pending`);
    for (let i = 0; i < pending; i++) {
      annotator.note('data', rawId, (each) => `${each} is pending`);
      time(annotator, 'it was delivered at');
      annotateSize(annotator, (count) => `delivered ${counted(count, 'time')}`);
    }
    const consumers = annotateSize(annotator, (count) => counted(count, 'consumer'));
    for (let i = 0; i < consumers; i++) consumer(annotator, version);
  });
}

function consumer(annotator: Annotator, version: Version): void {
  annotateString(annotator, 'data', (name) => `the consumer ${quoted(name)}`);
  time(annotator, 'it was last seen at');
  if (version > 2) time(annotator, 'it last got something at');
  const owed = annotateSize(annotator, (count) => `it owes ${count}`);
  for (let i = 0; i < owed; i++) annotator.note('data', rawId, (each) => `it owes ${each}`);
}

function time(annotator: Annotator, what: string): void {
  annotator.note(
    'data',
    (reader) => Number(reader.int64()),
    (ms) => `${what} ${dateOf(ms)}`,
  );
}

function id(annotator: Annotator, what: string): void {
  annotator.note(
    'data',
    (reader) => `${reader.bigSize()}-${reader.bigSize()}`,
    (each) => `${what}: ${each}`,
  );
}

const rawId = (reader: RdbReader): string =>
  `${reader.uint64BigEndian()}-${reader.uint64BigEndian()}`;
