/**
 * Reads RDB files: a header, facts about the server that wrote it, every key of every database, and a
 * checksum. https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import { crc64 } from '../bytes/crc64.ts';
import type { Limits } from '../commands/context.ts';
import type { Value } from '../keyspace/value.ts';
import { readOwn } from './rdb-own.ts';
import { EmptyValue, readValue } from './rdb-read.ts';
import { RdbReader } from './rdb-reader.ts';
import { NEWEST_RDB_VERSION, Opcode, RdbError } from './rdb-types.ts';

/** A key as a file has it. */
export interface RdbEntry {
  readonly db: number;
  readonly key: string;
  readonly value: Value;
  /** When it expires, in ms since 1970. */
  readonly expiry: number | undefined;
  readonly idleSeconds: number | undefined;
  readonly frequency: number | undefined;
}

export interface RdbContents {
  readonly entries: readonly RdbEntry[];
  /** Lua libraries of functions. */
  readonly functions: readonly string[];
  /** What is said of the file itself: auxiliary fields by their names. */
  readonly facts: ReadonlyMap<string, string>;
  /** Where the file ends and, in an append-only file, commands follow. */
  readonly end: number;
}

/**
 * Reads a file, or the one that an append-only file begins with. Throws an RdbError, with Redis's
 * text where it has one, on a file that is not whole: there is no half of it.
 */
export function readRdb(bytes: string, limits: Limits, checksums = true): RdbContents {
  if (!bytes.startsWith('REDIS')) throw new RdbError('Wrong signature trying to load DB from file');
  const version = /^\d{4}$/.test(bytes.slice(5, 9)) ? Number(bytes.slice(5, 9)) : 0;
  if (version < 1 || version > NEWEST_RDB_VERSION) {
    throw new RdbError(`Can't handle RDB format version ${version}`);
  }
  const reader = new RdbReader(bytes, 9);
  const file = new RdbFile(reader, limits);
  file.read();
  if (version >= 5) verify(bytes, reader, checksums);
  const { entries, functions, facts } = file;
  return { entries, functions, facts, end: reader.at };
}

/** Before the checksum stands everything that it is of; 0 means that there is none. */
function verify(bytes: string, reader: RdbReader, checksums: boolean): void {
  const { at } = reader;
  const told = reader.uint64();
  if (!checksums || told === 0n) return;
  const computed = crc64(bytes.slice(0, at));
  if (computed === told) return;
  const [a, b] = [computed, told].map((sum) => sum.toString(16));
  throw new RdbError(`Wrong RDB checksum expected: (${a}) but got (${b}). Aborting now.`);
}

/** What stands between header and checksum, as it is read. */
class RdbFile {
  readonly entries: RdbEntry[] = [];
  readonly functions: string[] = [];
  readonly facts = new Map<string, string>();
  readonly #seen = new Map<number, Set<string>>();
  #db = 0;
  #expiry: number | undefined;
  #idleSeconds: number | undefined;
  #frequency: number | undefined;

  constructor(
    private readonly reader: RdbReader,
    private readonly limits: Limits,
  ) {}

  read(): void {
    for (let code = this.reader.byte(); code !== Opcode.end; code = this.reader.byte()) {
      if (code < Opcode.slotInfo) this.#readKey(code);
      else this.#readOther(code);
    }
  }

  #readKey(type: number): void {
    const { reader } = this;
    const key = reader.string();
    const about = {
      db: this.#db,
      key,
      expiry: this.#expiry,
      idleSeconds: this.#idleSeconds,
      frequency: this.#frequency,
    };
    this.#expiry = undefined;
    this.#idleSeconds = undefined;
    this.#frequency = undefined;
    try {
      this.entries.push({ ...about, value: readValue(type, reader, this.limits) });
    } catch (error) {
      // Redis skips these with a word in its log.
      if (!(error instanceof EmptyValue)) throw error;
      return;
    }
    const seen = this.#seen.get(this.#db) ?? new Set();
    if (seen.has(key)) throw new RdbError(`RDB has duplicated key '${key}' in DB ${this.#db}`);
    this.#seen.set(this.#db, seen.add(key));
  }

  #readAux(name: string, field: string): void {
    const own = readOwn(name, field);
    const about = { db: this.#db, idleSeconds: undefined, frequency: undefined };
    if (own) this.entries.push({ ...about, ...own });
    else this.facts.set(name, field);
  }

  #readOther(code: number): void {
    const { reader } = this;
    switch (code) {
      case Opcode.selectDb:
        this.#db = reader.size();
        break;
      case Opcode.resizeDb:
        reader.size();
        reader.size();
        break;
      case Opcode.aux:
        this.#readAux(reader.string(), reader.string());
        break;
      case Opcode.expiryMs:
        this.#expiry = Number(reader.int64());
        break;
      case Opcode.expirySeconds:
        this.#expiry = reader.int(4) * 1000;
        break;
      case Opcode.idle:
        this.#idleSeconds = reader.size();
        break;
      case Opcode.frequency:
        this.#frequency = reader.byte();
        break;
      case Opcode.function:
        this.functions.push(reader.string());
        break;
      case Opcode.slotInfo:
        for (let i = 0; i < 3; i++) reader.size();
        break;
      default:
        throw new RdbError('The RDB file contains data of a module that is not here');
    }
  }
}
