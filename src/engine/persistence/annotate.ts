/**
 * What the bytes of a file mean, one after the other: how the Files panel explains a dump.rdb or an
 * append-only file. The notes of a file cover all of its bytes, in order, without a gap.
 */
import { utf8Decode } from '../bytes/bytes.ts';
import { quote } from '../resp/print.ts';
import type { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';

/** What a run of bytes is in the file. */
export type Part = 'frame' | 'opcode' | 'size' | 'key' | 'data' | 'check' | 'broken';

export interface Note {
  /** The offset of the first byte, and how many they are. */
  readonly at: number;
  readonly length: number;
  readonly part: Part;
  /** 0: of the file. 1: of a key. 2: within a value. */
  readonly depth: number;
  /** What they say, for people. */
  readonly says: string;
}

/** More notes than this are not made of one file; what is left is one last note. */
const MOST_NOTES = 100_000;

/** Gathers notes while a reader goes through a file. */
export class Annotator {
  readonly notes: Note[] = [];
  depth = 0;

  constructor(readonly reader: RdbReader) {}

  /** Reads something, and notes what its bytes say. */
  note<T>(part: Part, read: (reader: RdbReader) => T, says: string | ((value: T) => string)): T {
    const { reader, depth } = this;
    const { at } = reader;
    const value = read(reader);
    const length = reader.at - at;
    if (this.notes.length >= MOST_NOTES) throw new TooMany();
    if (length > 0) {
      const text = typeof says === 'string' ? says : says(value);
      this.notes.push({ at, length, part, depth, says: text });
    }
    return value;
  }

  /** What is noted in here lies one level deeper. */
  within<T>(task: () => T): T {
    this.depth++;
    try {
      return task();
    } finally {
      this.depth--;
    }
  }

  /** Carries a reading out; where it fails, all that is left is noted as what cannot be read. */
  attempt(read: () => void): readonly Note[] {
    try {
      read();
      if (this.reader.left > 0) this.#leave('what follows belongs to nothing');
    } catch (error) {
      if (error instanceof TooMany) this.#leave('the file has more parts than are explained here');
      else if (error instanceof RdbError) this.#leave(`cannot be read: ${error.message}`);
      else throw error;
    }
    return this.notes;
  }

  #leave(says: string): void {
    const { notes, reader } = this;
    const last = notes.at(-1);
    const at = last ? last.at + last.length : 0;
    const length = reader.end - at;
    if (length > 0) notes.push({ at, length, part: 'broken', depth: 0, says });
  }
}

class TooMany extends Error {
  override readonly name = 'TooMany';
}

/** More characters of a string are not quoted in a note. */
const QUOTED_AT_MOST = 60;

/** Bytes as they are quoted in a sentence. */
export function quoted(bytes: string): string {
  const text = utf8Decode(bytes);
  const isPlain = !/[\p{C}\ufffd]/u.test(text);
  if (isPlain && text.length <= QUOTED_AT_MOST) return `“${text}”`;
  if (isPlain) return `“${text.slice(0, QUOTED_AT_MOST)}…”`;
  const start = quote(bytes.slice(0, QUOTED_AT_MOST / 2));
  return bytes.length > QUOTED_AT_MOST / 2 ? `${start}…` : start;
}

/** `1 entry`, `2 entries`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A time in ms since 1970, as it is read. */
export function dateOf(ms: number): string {
  const day = 86_400_000;
  const days = Math.floor(ms / day);
  if (!Number.isSafeInteger(ms) || Math.abs(days) > 3_000_000) return `${ms} ms since 1970`;
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const rest = ms - days * day;
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60];
  const seconds = `${pad(Math.floor(rest / 1000) % 60)}.${pad(rest % 1000, 3)}`;
  return `${civilDate(days)} ${clock.map((each) => pad(each)).join(':')}:${seconds} UTC`;
}

/** The date so many days after 1970-01-01, by the Gregorian calendar's 400-year era. */
function civilDate(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524);
  const yearOfEra = Math.floor((dayOfEra - leaps - Math.floor(dayOfEra / 146_096)) / 365);
  const before = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - before;
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
