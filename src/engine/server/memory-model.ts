import type { Database } from '../keyspace/database.ts';
import { DICT_ENTRY, tableBytes } from '../keyspace/memory.ts';
import type { Client } from './client.ts';
import { bytesOf } from './client-list.ts';

/** What a redis-server 7.0 uses before it holds anything. Bytes. */
const STARTUP = 876_272;
/** The head of a value. */
const OBJECT = 16;

interface Host {
  readonly databases: readonly Database[];
  readonly clients: ReadonlyMap<number, Client>;
  readonly now: number;
  readonly running: Client | undefined;
}

/**
 * What the server would use of memory if it were a Redis process: the keys by keyspace/memory.ts, the
 * clients by their buffers, and what any server uses to begin with. Nothing is fragmented here.
 */
export class MemoryModel {
  readonly startup = STARTUP;
  #peak = STARTUP;

  constructor(private readonly host: Host) {}

  /** All of it, in bytes. */
  get used(): number {
    const used = STARTUP + this.clients + this.keys;
    this.#peak = Math.max(this.#peak, used);
    return used;
  }

  /** The most that was used whenever somebody asked. */
  get peak(): number {
    return Math.max(this.#peak, this.used);
  }

  resetPeak(): void {
    this.#peak = 0;
  }

  get clients(): number {
    let bytes = 0;
    for (const client of this.host.clients.values()) bytes += bytesOf(this.host, client);
    return bytes;
  }

  get keys(): number {
    return this.host.databases.reduce((bytes, db) => bytes + db.usedBytes, 0);
  }

  /** Of each database that holds anything: what its tables take beside the contents of keys. */
  get tables(): { readonly index: number; readonly main: number; readonly expires: number }[] {
    return this.host.databases
      .filter(({ size }) => size > 0)
      .map(({ index, size, expiring }) => ({
        index,
        main: size * (DICT_ENTRY + OBJECT) + tableBytes(size),
        expires: expiring * DICT_ENTRY + tableBytes(expiring),
      }));
  }

  /** All that is not contents of keys. */
  get overhead(): number {
    const tables = this.tables.reduce((sum, { main, expires }) => sum + main + expires, 0);
    return STARTUP + this.clients + tables;
  }

  get keyCount(): number {
    return this.host.databases.reduce((sum, { size }) => sum + size, 0);
  }
}
