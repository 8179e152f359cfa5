/**
 * Goes through an RDB file and says what it finds, as redis-check-rdb does: what there is up to the
 * first thing that is wrong. https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import { crc64 } from '../bytes/crc64.ts';
import type { Limits } from '../commands/context.ts';
import { EmptyValue, readValue } from './rdb-read.ts';
import { RdbReader } from './rdb-reader.ts';
import { NEWEST_RDB_VERSION, Opcode, RdbError } from './rdb-types.ts';

export interface RdbCheck {
  /** What is worth a line, each with the offset at which it was known. */
  readonly remarks: readonly RdbRemark[];
  /** What is wrong, if something is. */
  readonly problem: RdbProblem | undefined;
  readonly keys: number;
  readonly expires: number;
  readonly expired: number;
  /** Where the file ends and, in an append-only file, commands follow. */
  readonly end: number;
}

export interface RdbRemark {
  readonly offset: number;
  readonly text: string;
}

export interface RdbProblem extends RdbRemark {
  /** What was being done, in Redis's words. */
  readonly doing: string;
  readonly key: string | undefined;
  /** The number of the form of value, when one was being read. */
  readonly type: number | undefined;
}

const HEADER = 9;

/** Checks a file. `now` is the time, in ms since 1970, by which keys have expired. */
export function checkRdb(bytes: string, limits: Limits, now: number): RdbCheck {
  const check = new Check(bytes, limits, now);
  let problem: RdbProblem | undefined;
  try {
    check.run();
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    problem = check.problemOf(error.message);
  }
  const { remarks, keys, expires, expired, end } = check;
  return { remarks, problem, keys, expires, expired, end };
}

class Check {
  readonly remarks: RdbRemark[] = [];
  keys = 0;
  expires = 0;
  expired = 0;
  end = 0;
  readonly #reader: RdbReader;
  #doing = 'start';
  #key: string | undefined;
  // The real one has read no type yet, and says that it is 0.
  #type: number | undefined = 0;
  #expiry: number | undefined;

  constructor(
    private readonly bytes: string,
    private readonly limits: Limits,
    private readonly now: number,
  ) {
    this.#reader = new RdbReader(bytes);
  }

  run(): void {
    const header = this.#reader.take(HEADER);
    if (!header.startsWith('REDIS')) {
      throw new RdbError('Wrong signature trying to load DB from file');
    }
    const version = Number.parseInt(header.slice(5), 10) || 0;
    if (version < 1 || version > NEWEST_RDB_VERSION) {
      throw new RdbError(`Can't handle RDB format version ${version}`);
    }
    for (;;) {
      this.#doing = 'read-type';
      const code = this.#reader.byte();
      if (code === Opcode.end) break;
      if (code < Opcode.slotInfo) this.#readKey(code);
      else this.#readOther(code);
    }
    if (version >= 5) this.#verify();
    this.end = this.#reader.at;
  }

  problemOf(message: string): RdbProblem {
    const text = message === 'unexpected end' ? 'Unexpected EOF reading RDB file' : message;
    const at = { offset: this.#reader.at, doing: this.#doing };
    return { ...at, text, key: this.#key, type: this.#type };
  }

  #remark(text: string): void {
    this.remarks.push({ offset: this.#reader.at, text });
  }

  #verify(): void {
    const body = this.bytes.slice(0, this.#reader.at);
    this.#doing = 'check-sum';
    this.#type = undefined;
    const expected = this.#reader.uint64();
    if (expected === 0n) {
      this.#remark('RDB file was saved with checksum disabled: no check performed.');
    } else if (crc64(body) === expected) this.#remark('Checksum OK');
    else throw new RdbError('RDB CRC error');
  }

  #readKey(type: number): void {
    this.#type = type;
    this.#doing = 'read-key';
    this.#key = this.#reader.string();
    this.keys++;
    this.#doing = 'read-object-value';
    try {
      readValue(type, this.#reader, this.limits);
    } catch (error) {
      if (!(error instanceof EmptyValue)) throw error;
    }
    if (this.#expiry !== undefined) this.expires++;
    if (this.#expiry !== undefined && this.#expiry < this.now) this.expired++;
    this.#key = undefined;
    this.#type = undefined;
    this.#expiry = undefined;
  }

  #readOther(code: number): void {
    const reader = this.#reader;
    switch (code) {
      case Opcode.selectDb:
        this.#doing = 'read-len';
        this.#remark(`Selecting DB ID ${reader.size()}`);
        break;
      case Opcode.resizeDb:
        this.#doing = 'read-len';
        reader.size();
        reader.size();
        break;
      case Opcode.aux:
        this.#readAux();
        break;
      case Opcode.expiryMs:
        this.#doing = 'read-expire';
        this.#expiry = Number(reader.int64());
        break;
      case Opcode.expirySeconds:
        this.#doing = 'read-expire';
        this.#expiry = reader.int(4) * 1000;
        break;
      case Opcode.idle:
        reader.size();
        break;
      case Opcode.frequency:
        reader.byte();
        break;
      case Opcode.function:
        this.#doing = 'read-functions';
        this.#readLibrary();
        break;
      case Opcode.slotInfo:
        for (let i = 0; i < 3; i++) reader.size();
        break;
      default:
        throw new RdbError(`Invalid object type: ${code}`);
    }
  }

  #readAux(): void {
    this.#doing = 'read-aux';
    const name = this.#reader.string();
    const field = this.#reader.string();
    this.#remark(`AUX FIELD ${name} = '${field}'`);
  }

  #readLibrary(): void {
    const { at } = this.#reader;
    try {
      this.#reader.string();
    } catch (error) {
      if (error instanceof RdbError && this.#reader.at > at) {
        throw new RdbError('Failed loading library, Failed loading library payload');
      }
      throw error;
    }
  }
}
