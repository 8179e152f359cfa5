/**
 * Writes RDB files: a header, facts about the server that writes it, every key of every database, and
 * a checksum. https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import { crc64 } from '../bytes/crc64.ts';
import type { Database } from '../keyspace/database.ts';
import type { Value } from '../keyspace/value.ts';
import type { StreamPlace } from './host.ts';
import { writeIndexes } from './rdb-indexes.ts';
import { isOwn, writeOwn } from './rdb-own.ts';
import { NEWEST_RDB_VERSION, Opcode, RDB_VERSION } from './rdb-types.ts';
import { formOf } from './rdb-write.ts';
import { RdbWriter, uint64 } from './rdb-writer.ts';

/** What is said beside the keys, and how. */
export interface RdbOptions {
  readonly now: number;
  /** The server's own version. */
  readonly version: string;
  readonly usedMemory: number;
  /** rdbcompression and rdbchecksum. */
  readonly compresses: boolean;
  readonly checksums: boolean;
  /** maxmemory-policy, which decides whether use or frequency of keys is kept. */
  readonly policy: string;
  /** Texts of libraries of functions. */
  readonly functions?: readonly string[];
  /** The commands that make the indexes of the search module. */
  readonly indexes?: readonly (readonly string[])[];
  /** Where in a replication stream the data is. */
  readonly place?: StreamPlace | undefined;
  /** It is the beginning of an append-only file. */
  readonly isAofBase: boolean;
  /** There may be values that older versions of the format have no form for. */
  readonly needsNewest: boolean;
}

/** What is said of a database before its keys. */
export interface DatabaseFacts {
  readonly index: number;
  readonly size: number;
  readonly expiring: number;
}

/** A file of all data that is written piece by piece: begin, databases, their keys, end. */
export interface DataFile {
  /** How many bytes wait to be taken. */
  readonly length: number;
  begin(): void;
  /** What follows is of this database. */
  database(facts: DatabaseFacts): void;
  /** A key of any database: those of one need not stand together. */
  key(db: number, key: string, value: Value, expiry: number | undefined): void;
  end(): void;
  /** The bytes that were written since the last call. */
  take(): string;
}

/** The bytes of an RDB file of these databases. */
export const writeRdb = (databases: readonly Database[], options: RdbOptions): string =>
  writeData(databases, new RdbFileWriter(options));

/** Writes a file of these databases at once. */
export function writeData(databases: readonly Database[], file: DataFile): string {
  file.begin();
  for (const db of databases) {
    if (db.size === 0) continue;
    file.database(db);
    for (const [key, value] of db.entries()) file.key(db.index, key, value, db.expiryOf(key));
  }
  file.end();
  return file.take();
}

export class RdbFileWriter implements DataFile {
  readonly #writer: RdbWriter;
  #db = -1;
  #checksum = 0n;
  #taken = '';

  constructor(private readonly options: RdbOptions) {
    this.#writer = new RdbWriter(options.compresses);
  }

  get length(): number {
    return this.#writer.length;
  }

  begin(): void {
    const { options } = this;
    const version = options.needsNewest ? NEWEST_RDB_VERSION : RDB_VERSION;
    this.#writer.raw(`REDIS${String(version).padStart(4, '0')}`);
    this.#aux('redis-ver', options.version);
    this.#aux('redis-bits', '64');
    this.#aux('ctime', String(Math.floor(options.now / 1000)));
    this.#aux('used-mem', String(options.usedMemory));
    if (options.place) {
      const { id, offset, db } = options.place;
      this.#aux('repl-stream-db', String(db));
      this.#aux('repl-id', id);
      this.#aux('repl-offset', String(offset));
    }
    this.#aux('aof-base', options.isAofBase ? '1' : '0');
    const { indexes = [] } = options;
    if (indexes.length > 0) this.#aux(...writeIndexes(indexes));
    for (const code of options.functions ?? []) {
      this.#writer.byte(Opcode.function);
      this.#writer.string(code);
    }
  }

  database({ index, size, expiring }: DatabaseFacts): void {
    this.#select(index);
    this.#writer.byte(Opcode.resizeDb);
    this.#writer.size(size);
    this.#writer.size(expiring);
  }

  key(db: number, key: string, value: Value, expiry: number | undefined): void {
    if (db !== this.#db) this.#select(db);
    const writer = this.#writer;
    if (isOwn(value)) {
      this.#aux(...writeOwn({ key, value, expiry }));
      return;
    }
    if (expiry !== undefined) {
      writer.byte(Opcode.expiryMs);
      writer.uint64(expiry);
    }
    this.#use(value);
    const { type, write } = formOf(value);
    writer.byte(type);
    writer.string(key);
    write(writer);
  }

  end(): void {
    this.#writer.byte(Opcode.end);
    const bytes = this.take();
    this.#taken = bytes + (this.options.checksums ? uint64(this.#checksum) : '\0'.repeat(8));
  }

  take(): string {
    const bytes = this.#writer.take();
    if (this.options.checksums) this.#checksum = crc64(bytes, this.#checksum);
    const all = this.#taken + bytes;
    this.#taken = '';
    return all;
  }

  /** When the value was used last, or how often, where that decides what is evicted. */
  #use(value: Value): void {
    const { policy, now } = this.options;
    const writer = this.#writer;
    if (policy.includes('lru')) {
      writer.byte(Opcode.idle);
      writer.size(Math.max(Math.floor((now - value.lastUsed) / 1000), 0));
    } else if (policy.includes('lfu')) {
      writer.byte(Opcode.frequency);
      writer.byte(value.frequency);
    }
  }

  #select(index: number): void {
    this.#db = index;
    this.#writer.byte(Opcode.selectDb);
    this.#writer.size(index);
  }

  /** Something that a server may know, and otherwise passes over. */
  #aux(name: string, field: string): void {
    this.#writer.byte(Opcode.aux);
    this.#writer.string(name);
    this.#writer.string(field);
  }
}
