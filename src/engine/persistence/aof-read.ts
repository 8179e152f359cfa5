/** The commands of an append-only file, as it is read when a server starts. */
import { RdbError } from './rdb-types.ts';

export interface AofContents {
  readonly commands: readonly (readonly string[])[];
  /** Up to where the file is whole. What follows, if anything, was never finished. */
  readonly end: number;
}

/**
 * Reads the commands from an offset on, up to the end or to where the file breaks off in the middle of
 * a command or a transaction. Throws an RdbError on what no broken-off file can hold.
 */
export function readAof(bytes: string, from = 0): AofContents {
  const reader = new AofReader(bytes, from);
  const commands: string[][] = [];
  let transaction: string[][] | undefined;
  let end = from;
  for (let argv = reader.next(); argv; argv = reader.next()) {
    const name = argv[0]?.toUpperCase();
    if (name === 'MULTI') transaction = [];
    else if (transaction && name !== 'EXEC') transaction.push(argv);
    else if (transaction) {
      for (const each of transaction) commands.push(each);
      transaction = undefined;
    } else commands.push(argv);
    if (!transaction) end = reader.at;
  }
  if (!transaction && reader.isAtEnd) end = bytes.length;
  return { commands, end };
}

class AofReader {
  at: number;

  constructor(
    private readonly bytes: string,
    from: number,
  ) {
    this.at = from;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** The next command, or undefined where the file ends or breaks off. */
  next(): string[] | undefined {
    let at = this.at;
    while (this.bytes[at] === '#') {
      const line = this.bytes.indexOf('\n', at);
      if (line < 0) return undefined;
      at = line + 1;
    }
    if (at === this.bytes.length) {
      this.at = at;
      return undefined;
    }
    const header = this.#number(at, '*', 1);
    if (!header) return undefined;
    at = header.next;
    const argv: string[] = [];
    while (argv.length < header.value) {
      const length = this.#number(at, '$', 0);
      if (!length) return undefined;
      const end = length.next + length.value;
      if (end + 2 > this.bytes.length) return undefined;
      argv.push(this.bytes.slice(length.next, end));
      if (this.bytes.slice(end, end + 2) !== '\r\n') throw new RdbError(BAD_FORMAT);
      at = end + 2;
    }
    this.at = at;
    return argv;
  }

  /** A line of a mark and a number, or undefined if the file ends before the line does. */
  #number(at: number, mark: string, min: number) {
    const end = this.bytes.indexOf('\r\n', at);
    if (at >= this.bytes.length) return undefined;
    if (this.bytes[at] !== mark) throw new RdbError(BAD_FORMAT);
    if (end < 0 && this.bytes.length - at < LONGEST_LINE) return undefined;
    const digits = this.bytes.slice(at + 1, end);
    if (end < 0 || end - at > LONGEST_LINE || !/^\d+$/.test(digits) || Number(digits) < min) {
      throw new RdbError(BAD_FORMAT);
    }
    return { value: Number(digits), next: end + 2 };
  }
}

const LONGEST_LINE = 128;

const BAD_FORMAT =
  'Bad file format reading the append only file: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>';
