/** Explains an append-only file byte by byte: its commands, as a client would have sent them. */
import { Annotator, counted, dateOf, type Note, quoted } from './annotate.ts';
import { readFile } from './annotate-rdb.ts';
import { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';

/** What the bytes of a part of an append-only file mean; a base may begin as an RDB file. */
export function annotateAof(bytes: string): readonly Note[] {
  const annotator = new Annotator(new RdbReader(bytes));
  return annotator.attempt(() => {
    if (bytes.startsWith('REDIS')) readFile(annotator);
    while (annotator.reader.left > 0) {
      annotator.depth = 0;
      if (bytes[annotator.reader.at] === '#') readComment(annotator);
      else readCommand(annotator);
    }
  });
}

function readComment(annotator: Annotator): void {
  annotator.note('frame', readLine, (line) => {
    const [, seconds] = /^#TS:(\d+)$/.exec(line) ?? [];
    if (seconds === undefined) return 'a remark, which is passed over';
    return `a timestamp: what follows was written at ${dateOf(Number(seconds) * 1000)}`;
  });
}

function readCommand(annotator: Annotator): void {
  const argv = peekCommand(annotator.reader);
  const count = annotator.note(
    'opcode',
    (reader) => readCount(reader, '*'),
    (size) =>
      argv ? `${inWords(argv)}: an array of ${size}` : `a command of ${counted(size, 'word')}`,
  );
  annotator.within(() => {
    for (let i = 0; i < count; i++) {
      const part = i === 0 ? 'key' : 'data';
      annotator.note(part, readBulk, (text) => `${quoted(text)}, ${counted(text.length, 'byte')}`);
    }
  });
}

/** The words of the command that follows, or undefined where the file breaks off in it. */
function peekCommand({ bytes, at }: RdbReader): readonly string[] | undefined {
  const reader = new RdbReader(bytes, at);
  try {
    return Array.from({ length: Math.min(readCount(reader, '*'), 6) }, () => readBulk(reader));
  } catch (error) {
    if (error instanceof RdbError) return undefined;
    throw error;
  }
}

function inWords([name = '', ...args]: readonly string[]): string {
  const command = name.toUpperCase();
  if (command === 'SELECT') return `SELECT: what follows happens in database ${args[0] ?? ''}`;
  if (command === 'MULTI') return 'MULTI: up to EXEC all of it is replayed, or nothing';
  return [command, ...args.slice(0, 4).map(quoted)].join(' ');
}

function readBulk(reader: RdbReader): string {
  const text = reader.take(readCount(reader, '$'));
  if (reader.take(2) !== '\r\n') throw new RdbError('a string that does not end in \\r\\n');
  return text;
}

function readCount(reader: RdbReader, mark: string): number {
  const line = readLine(reader);
  if (line[0] !== mark || !/^.\d+$/.test(line))
    throw new RdbError(`no line that begins with ${mark}`);
  return Number(line.slice(1));
}

/** A line without its end. Throws where the file ends before the line does. */
function readLine(reader: RdbReader): string {
  const end = reader.bytes.indexOf('\n', reader.at);
  if (end < 0) throw new RdbError('the file breaks off; a server cuts off what was never finished');
  return reader.take(end + 1 - reader.at).replace(/\r?\n$/, '');
}
