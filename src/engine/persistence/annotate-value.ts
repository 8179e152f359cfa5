/**
 * Explains the values of an RDB file: how strings are written, and what is in the blocks that small
 * collections are (listpacks, intsets).
 */
import { type Annotator, counted, dateOf, type Part, quoted } from './annotate.ts';
import { backLength, readEntry, readListpack } from './listpack.ts';
import type { RdbReader } from './rdb-reader.ts';
import { RdbError, RdbType } from './rdb-types.ts';
import { NodeKind } from './rdb-write.ts';
import { readIntset, readZiplist, readZipmap } from './ziplist.ts';

/** A form of a value: what it is called, and how its bytes are explained. */
export interface Form {
  readonly words: string;
  explain(annotator: Annotator): void;
}

/** Notes a string: its length or its form, and its bytes. */
export function annotateString(
  annotator: Annotator,
  part: Part,
  says: (text: string) => string,
): string {
  const { reader } = annotator;
  const form = shortFormOf(reader);
  if (form !== undefined) {
    return annotator.note(
      part,
      () => reader.string(),
      (text) => `${says(text)}, ${form}`,
    );
  }
  const length = annotateLength(annotator, '');
  return annotator.note(part, () => reader.take(length), says);
}

/** Notes a count or a size. */
export const annotateSize = (annotator: Annotator, says: (size: number) => string): number =>
  annotator.note('size', (reader) => reader.size(), says);

/** Notes a listpack, entry by entry unless it is compressed; the kinds name the entries in turn. */
export const annotateListpack = (annotator: Annotator, kinds: readonly string[]): void =>
  annotateBlock(annotator, 'listpack', readListpack, () => insideListpack(annotator, kinds));

/** The forms that values have; those of streams are in annotate-stream.ts. */
export const forms: ReadonlyMap<number, Form> = new Map<number, Form>([
  [
    RdbType.string,
    {
      words: 'a string',
      explain: (annotator) => void annotateString(annotator, 'data', (text) => quoted(text)),
    },
  ],
  [RdbType.list, form('a list, element by element', (each) => strings(each, 'element'))],
  [RdbType.set, form('a set (hash table)', (each) => strings(each, 'member'))],
  [RdbType.hash, form('a hash (hash table)', (each) => strings(each, 'field', 'value'))],
  [RdbType.zset, form('a sorted set (skip list)', scored)],
  [RdbType.setIntset, form('a set (intset)', intset)],
  [RdbType.hashListpack, packed('a hash', 'field', 'value')],
  [RdbType.zsetListpack, packed('a sorted set', 'member', 'score')],
  [RdbType.setListpack, packed('a set', 'member')],
  [RdbType.listQuicklist, form('a list (quicklist)', quicklist)],
  [RdbType.hashExpiring, form('a hash (hash table) whose fields may expire', expiringHash)],
  [RdbType.hashExpiringListpack, form('a hash (listpack) whose fields may expire', expiringPack)],
  [RdbType.listZiplist, older('a list', readZiplist)],
  [RdbType.hashZiplist, older('a hash', readZiplist)],
  [RdbType.zsetZiplist, older('a sorted set', readZiplist)],
  [RdbType.hashZipmap, older('a hash', readZipmap)],
]);

function form(words: string, explain: Form['explain']): Form {
  return { words, explain };
}

function packed(words: string, ...kinds: readonly string[]): Form {
  return form(`${words} (listpack)`, (annotator) => annotateListpack(annotator, kinds));
}

/** A block as Redis wrote it before 7.0: explained as a whole. */
function older(words: string, read: (block: string) => readonly string[]): Form {
  return form(`${words} (a block of Redis before 7.0)`, (annotator) =>
    annotateBlock(annotator, 'block', read, (length) => {
      annotator.note(
        'data',
        (reader) => reader.take(length),
        (bytes) => preview(read(bytes)),
      );
    }),
  );
}

/** So many strings of each kind, in turns. */
function strings(annotator: Annotator, ...kinds: readonly string[]): void {
  const size = annotateSize(annotator, (count) => counted(count, kinds.join(' and ')));
  annotator.within(() => {
    for (let i = 0; i < size; i++) {
      for (const kind of kinds) {
        annotateString(annotator, 'data', (text) => `${kind} ${quoted(text)}`);
      }
    }
  });
}

function scored(annotator: Annotator): void {
  const size = annotateSize(annotator, (count) => `${counted(count, 'member')}, highest first`);
  annotator.within(() => {
    for (let i = 0; i < size; i++) {
      annotateString(annotator, 'data', (text) => `member ${quoted(text)}`);
      annotator.note(
        'data',
        (reader) => reader.double(),
        (score) => `its score ${score}, a double of 64 bits`,
      );
    }
  });
}

function quicklist(annotator: Annotator): void {
  const size = annotateSize(annotator, (count) => counted(count, 'node'));
  for (let i = 0; i < size; i++) {
    const kind = annotateSize(annotator, (number) =>
      number === NodeKind.plain ? 'a node of one large element (1)' : 'a node that is packed (2)',
    );
    if (kind === NodeKind.plain) {
      annotateString(annotator, 'data', (text) => `element ${quoted(text)}`);
    } else annotateListpack(annotator, ['element']);
  }
}

function expiringHash(annotator: Annotator): void {
  const first = firstExpiry(annotator);
  const size = annotateSize(annotator, (count) => counted(count, 'field'));
  annotator.within(() => {
    for (let i = 0; i < size; i++) {
      annotateSize(annotator, (ttl) =>
        ttl === 0 ? 'it does not expire' : `it expires at ${dateOf(first + ttl - 1)}`,
      );
      annotateString(annotator, 'data', (text) => `field ${quoted(text)}`);
      annotateString(annotator, 'data', (text) => `value ${quoted(text)}`);
    }
  });
}

function expiringPack(annotator: Annotator): void {
  firstExpiry(annotator);
  annotateListpack(annotator, ['field', 'value', 'expiry in ms since 1970, or 0 for none:']);
}

const firstExpiry = (annotator: Annotator): number =>
  annotator.note(
    'data',
    (reader) => Number(reader.uint64()),
    (ms) => `the first of its fields expires at ${dateOf(ms)}`,
  );

/** Notes a block that is stored as a string; `inside` gets its length, unless it is compressed. */
function annotateBlock(
  annotator: Annotator,
  name: string,
  read: (block: string) => readonly string[],
  inside: (length: number) => void,
): void {
  const { reader } = annotator;
  const packedBy = shortFormOf(reader);
  if (packedBy === undefined) {
    const length = annotateLength(annotator, `, a ${name}`);
    annotator.within(() => inside(length));
    return;
  }
  annotator.note(
    'data',
    () => reader.string(),
    (bytes) => `a ${name} of ${bytes.length} bytes, ${packedBy}. ${preview(read(bytes))}`,
  );
}

function insideListpack(annotator: Annotator, kinds: readonly string[]): void {
  const { reader } = annotator;
  annotator.note(
    'size',
    () => reader.uint(4),
    (bytes) => `all of the listpack: ${counted(bytes, 'byte')}, the lowest first`,
  );
  annotator.note(
    'size',
    () => reader.uint(2),
    (count) => (count === 65_535 ? 'too many entries to be counted here' : counts(count)),
  );
  for (let i = 0; peek(reader) !== 0xff; i++) {
    const kind = kinds[i % kinds.length] ?? '';
    annotator.note('data', readWholeEntry, (entry) => `${kind} ${entryInWords(entry)}`);
  }
  annotator.note('frame', () => reader.byte(), 'end of the listpack');
}

const counts = (count: number) => counted(count, 'entry', 'entries');

interface Entry {
  readonly element: string;
  readonly form: number;
  readonly back: number;
}

function readWholeEntry(reader: RdbReader): Entry {
  const { at } = reader;
  const form = peek(reader);
  const element = readEntry(reader);
  const length = reader.at - at;
  reader.take(backLength(length).length);
  return { element, form, back: length };
}

function entryInWords({ element, form, back }: Entry): string {
  const isText = (form >= 0x80 && form < 0xc0) || (form >= 0xe0 && form <= 0xf0);
  const how = isText ? 'text' : 'integer';
  return `${quoted(element)}: ${how} (0x${form.toString(16)}); last the entry’s length, ${back}`;
}

function intset(annotator: Annotator): void {
  annotateBlock(annotator, 'intset', readIntset, () => {
    const { reader } = annotator;
    const width = annotator.note(
      'size',
      () => reader.uint(4),
      (bytes) => `${counted(bytes, 'byte')} for each integer`,
    );
    const says = (count: number) => `${counted(count, 'integer')}, sorted`;
    const count = annotator.note('size', () => reader.uint(4), says);
    const read = () => (width === 8 ? reader.int64() : reader.int(width));
    for (let i = 0; i < count; i++) annotator.note('data', read, (member) => `member ${member}`);
  });
}

function annotateLength(annotator: Annotator, what: string): number {
  const { reader } = annotator;
  const length = annotateSize(
    annotator,
    (size) => `${counted(size, 'byte follows', 'bytes follow')}${what}`,
  );
  if (length > reader.left) throw new RdbError('unexpected end');
  return length;
}

/** How the string that follows is shortened; undefined when a length and its bytes follow. */
function shortFormOf(reader: RdbReader): string | undefined {
  const first = peek(reader);
  if (first < 0xc0) return undefined;
  if (first !== 0xc3) return `an integer in ${8 << (first & 3)} bits (0x${first.toString(16)})`;
  return 'compressed by LZF (0xc3, both lengths, the compressed bytes)';
}

function preview(elements: readonly string[]): string {
  const shown = elements.slice(0, 8).map(quoted).join(', ');
  return `In it: ${shown}${elements.length > 8 ? `, and ${elements.length - 8} more` : ''}`;
}

function peek(reader: RdbReader): number {
  if (reader.left === 0) throw new RdbError('unexpected end');
  return reader.bytes.charCodeAt(reader.at);
}
