/**
 * How large Redis's hash tables would be, which only DEBUG HTSTATS shows: keys are kept otherwise here.
 * A table has as many buckets as the next power of two; it grows when a key finds it full, and shrinks
 * in the background when it is nearly empty. Neither is wanted while a child process writes a file.
 */
import type { Database } from '../keyspace/database.ts';
import { bucketsFor } from '../keyspace/memory.ts';

interface Host {
  readonly databases: readonly Database[];
  readonly persistence: { readonly isBusy: boolean };
}

interface Tables {
  keys: number;
  expiries: number;
}

/** Buckets of the smallest table. */
const SMALLEST = bucketsFor(0);
/** A table that is less full than this shrinks. Per cent. */
const MIN_FILL = 10;
/** While resizing is not wanted, a table still grows when it holds so many times its buckets. */
const FORCED_RATIO = 5;

export class HashTables {
  /** DEBUG DICT-RESIZING. */
  isAllowed = true;
  readonly #sizes = new WeakMap<Database, Tables>();

  constructor(private readonly host: Host) {}

  /** The background work: what has become too large for what it holds shrinks. */
  tick(): void {
    for (const db of this.host.databases) {
      const tables = this.#grown(db);
      if (!this.isAllowed || this.host.persistence.isBusy) continue;
      tables.keys = shrunk(tables.keys, db.size);
      tables.expiries = shrunk(tables.expiries, db.expiring);
    }
  }

  /** What DEBUG HTSTATS says of a database. */
  describe(db: Database): string {
    const { keys, expiries } = this.#grown(db);
    const main = describeTable(keys, db.size);
    return `[Dictionary HT]\n${main}[Expires HT]\n${describeTable(expiries, db.expiring)}`;
  }

  #grown(db: Database): Tables {
    const tables = this.#sizes.get(db) ?? { keys: SMALLEST, expiries: SMALLEST };
    this.#sizes.set(db, tables);
    const ratio = this.isAllowed && !this.host.persistence.isBusy ? 1 : FORCED_RATIO;
    tables.keys = grown(tables.keys, db.size, ratio);
    tables.expiries = grown(tables.expiries, db.expiring, ratio);
    return tables;
  }
}

/** What DEBUG HTSTATS-KEY says of a value of so many elements in a hash table. */
export const describeValueTable = (count: number): string =>
  describeTable(bucketsFor(count), count);

function describeTable(buckets: number, count: number): string {
  if (count === 0) return '';
  return `Hash table 0 stats (main hash table):\n table size: ${buckets}\n number of elements: ${count}\n`;
}

const grown = (buckets: number, count: number, ratio: number): number =>
  count > buckets * ratio ? bucketsFor(count) : buckets;

const shrunk = (buckets: number, count: number): number =>
  buckets > SMALLEST && count * 100 < buckets * MIN_FILL ? bucketsFor(count) : buckets;
