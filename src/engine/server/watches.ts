import type { Database } from '../keyspace/database.ts';
import type { Client } from './client.ts';

interface Watch {
  readonly db: Database;
  readonly key: string;
  /** The key had already expired when it was watched, so its deletion is no news. */
  readonly wasExpired: boolean;
}

/** Which client watches which key: WATCH's optimistic lock. */
export class Watches {
  /** Watchers by `db:key`. */
  readonly #watchers = new Map<string, Set<Client>>();
  readonly #watched = new Map<Client, Map<string, Watch>>();

  constructor(private readonly clockOf: () => number) {}

  add(client: Client, db: Database, key: string): void {
    const id = idOf(db, key);
    const watched = this.#watched.get(client) ?? new Map<string, Watch>();
    if (watched.has(id)) return;
    const at = db.expiryOf(key);
    watched.set(id, { db, key, wasExpired: at !== undefined && at <= this.clockOf() });
    this.#watched.set(client, watched);
    const watchers = this.#watchers.get(id);
    if (watchers) watchers.add(client);
    else this.#watchers.set(id, new Set([client]));
  }

  /** Forgets what a client watches, and that it was touched. */
  clear(client: Client): void {
    client.watchBroken = false;
    const watched = this.#watched.get(client);
    if (!watched) return;
    this.#watched.delete(client);
    for (const id of watched.keys()) {
      const watchers = this.#watchers.get(id);
      watchers?.delete(client);
      if (watchers?.size === 0) this.#watchers.delete(id);
    }
  }

  /** How many keys a client watches, as CLIENT LIST's `watch`. */
  count(client: Client): number {
    return this.#watched.get(client)?.size ?? 0;
  }

  /** A key was written: whoever watches it will have EXEC answer nil. */
  touch(db: Database, key: string): void {
    if (this.#watchers.size === 0) return;
    const id = idOf(db, key);
    for (const client of this.#watchers.get(id) ?? []) {
      const watch = this.#watched.get(client)?.get(id);
      if (watch?.wasExpired && !db.has(key)) continue;
      client.watchBroken = true;
    }
  }

  /** Every watched key of a database that `exists` tells of is touched: FLUSHDB, SWAPDB. */
  touchAll(db: Database, exists: (key: string) => boolean): void {
    for (const [client, watched] of this.#watched) {
      for (const watch of watched.values()) {
        if (watch.db === db && exists(watch.key)) client.watchBroken = true;
      }
    }
  }

  /** Whether a watched key has expired since, even if nobody has looked at it. */
  anyExpired(client: Client): boolean {
    for (const { db, key, wasExpired } of this.#watched.get(client)?.values() ?? []) {
      const at = db.expiryOf(key);
      if (!wasExpired && at !== undefined && at <= this.clockOf()) return true;
    }
    return false;
  }
}

const idOf = (db: Database, key: string) => `${db.index}:${key}`;
