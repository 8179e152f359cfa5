import { wrongType } from '../errors.ts';
import type { Random } from '../time/random.ts';
import { Dict } from '../values/dict.ts';
import { ExpiryQueue } from '../values/expiry-queue.ts';
import type { HashValue } from '../values/hash.ts';
import type { Beside, GoneFields } from './changes.ts';
import { Frozen, type Keep } from './frozen.ts';
import { Ledger } from './ledger.ts';
import { DICT_ENTRY, keyBytes, tableBytes } from './memory.ts';
import type { Type, Value, Values } from './value.ts';

/** What a database tells the server, and what it asks of it. */
export interface DatabaseHost {
  /** The instant at which the running command sees the world, in ms since 1970. */
  readonly now: number;
  /** False on a replica, which waits for its primary to delete what has expired. */
  readonly deletesExpired: boolean;
  /** While a file is read nothing expires: a later command of the file will say so. */
  readonly isLoading?: boolean;
  /** A key was written: WATCH, client tracking, keyspace events and the dirty counter hang on it. */
  changed(db: Database, event: string, key: string): void;
  /** As changed, but of what stands beside the value; see Database.changedBeside. */
  changedBeside(db: Database, key: string, beside: Beside): void;
  /** A key reached the end of its life and has been deleted. */
  expired(db: Database, key: string): void;
  /** Fields of a hash reached the end of their life and have been deleted, and with the last the key. */
  fieldsExpired(db: Database, key: string, gone: GoneFields): void;
  /** Everything was deleted at once. */
  flushed?(db: Database): void;
  /** A command looked at a value, which counts for eviction. */
  used(value: Value): void;
  /** A key was written that was not there. */
  created(db: Database, key: string): void;
  /** A key was looked up on behalf of a command. */
  lookedUp(db: Database, key: string, found: boolean): void;
}

/** So many keys are measured when somebody asks, and each time that nobody does. */
const MEASURED_AT_ONCE = 5000;
const MEASURED_IN_BACKGROUND = 20_000;

/**
 * One numbered database: keys, their values and expiries. The only place that changes them. Expired
 * keys are never visible.
 */
export class Database {
  #values = new Dict<Value>();
  #expiries = new Dict<number>();
  /** The hashes with fields that expire, by when the first did when they were noted. */
  #fieldExpiries = new ExpiryQueue();
  /** Undefined until somebody asks for `usedBytes`: bookkeeping costs time on every write. */
  #ledger: Ledger | undefined;
  /** Whoever reads it as it was, while there is somebody. */
  #frozen: Frozen | undefined;
  /** Hears of every key that comes and goes, where the keys of each slot are counted. */
  slotKeys: KeyIndex | undefined;

  constructor(
    /** Its number; SWAPDB gives it another. */
    public index: number,
    private readonly host: DatabaseHost,
  ) {}

  get size(): number {
    return this.#values.size;
  }

  /** How many keys have an expiry. */
  get expiring(): number {
    return this.#expiries.size;
  }

  /** How many hashes have fields that expire. */
  get expiringHashes(): number {
    return this.#fieldExpiries.size;
  }

  /** What everything here would take in Redis's memory, in bytes. */
  get usedBytes(): number {
    this.#ledger ??= new Ledger(this.#values);
    const keys = this.#ledger.total(MEASURED_AT_ONCE);
    return keys + tableBytes(this.size) + DICT_ENTRY * this.expiring + tableBytes(this.expiring);
  }

  /** What a key and its expiry take, beside the tables. */
  bytesOf(key: string): number {
    const value = this.#values.get(key);
    if (!value) return 0;
    return keyBytes(key, value) + (this.#expiries.has(key) ? DICT_ENTRY : 0);
  }

  /** The background work: measures more of the keys whose bytes nobody knows, once anybody asked. */
  measure(): void {
    if (this.#ledger?.isComplete === false) this.#ledger.total(MEASURED_IN_BACKGROUND);
  }

  /** The value at `key` for a command, or undefined. Throws WRONGTYPE if it holds another type. */
  get<T extends Type>(key: string, type: T): Values[T] | undefined {
    const value = this.lookUp(key);
    if (value !== undefined && value.type !== type) throw wrongType();
    return value as Values[T] | undefined;
  }

  /** The value at `key` whatever its type, for a command: counts as a use of the key. */
  lookUp(key: string): Value | undefined {
    const value = this.peek(key);
    this.host.lookedUp(this, key, value !== undefined);
    if (value !== undefined) this.host.used(value);
    return value;
  }

  /** The value at `key` for a command that only looks whether and what it is: no use of the key. */
  inspect(key: string): Value | undefined {
    const value = this.peek(key);
    this.host.lookedUp(this, key, value !== undefined);
    return value;
  }

  /** The value at `key` without anybody noticing: for the machinery itself. */
  peek(key: string): Value | undefined {
    if (this.#expiries.size > 0 && this.#expireIfDue(key)) return undefined;
    // Whoever looks may change what is there.
    this.#frozen?.touch(key);
    return this.#values.get(key);
  }

  /** What is kept for `key`, though it may have expired: DEBUG does not delete what it looks at. */
  stored(key: string): Value | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.peek(key) !== undefined;
  }

  /** The hash at `key` for a command that reads all of it: without the fields that have expired. */
  wholeHash(key: string): HashValue | undefined {
    return this.get(key, 'hash')?.liveAt(this.fieldNow);
  }

  /** The instant by which fields have expired: none have while a file is read. */
  get fieldNow(): number {
    return this.host.isLoading ? -Infinity : this.host.now;
  }

  /**
   * The hash at `key` for a command that looks at these fields, or at any: looking at one that has
   * expired deletes it, and with the last the key.
   */
  hashWith(key: string, fields?: readonly string[]): HashValue | undefined {
    const hash = this.get(key, 'hash');
    return hash && this.withoutExpired(key, hash, fields);
  }

  /** The same for a hash that was looked up already. */
  withoutExpired(key: string, hash: HashValue, fields?: readonly string[]): HashValue | undefined {
    const now = this.fieldNow;
    if ((hash.nextExpiry ?? Infinity) > now) return hash;
    if (!this.host.deletesExpired) return hash.liveAt(now);
    const looksAt = fields && new Set(fields);
    const expired = looksAt
      ? [...looksAt].filter((field) => hash.hasExpired(field, now) && hash.delete(field))
      : hash.takeExpired(now, Infinity);
    if (expired.length === 0) return hash;
    this.#fieldsGone(key, hash, expired);
    return hash.size === 0 ? undefined : hash;
  }

  /**
   * Deletes a field that has expired for a command that may set it again: the hash stays, even an
   * empty one, and the command tells of it. Returns whether it did.
   */
  replaceExpired(key: string, hash: HashValue, field: string): boolean {
    if (!this.host.deletesExpired || !hash.hasExpired(field, this.fieldNow)) return false;
    hash.delete(field);
    this.host.fieldsExpired(this, key, { fields: [field], withKey: false, isTold: true });
    return true;
  }

  /** Notes a hash some of whose fields have got an expiry. */
  noteFieldExpiries(key: string, hash: HashValue): void {
    const at = hash.nextExpiry;
    if (at !== undefined) this.#fieldExpiries.set(key, at);
  }

  /** Deletes up to `limit` fields that are due, hash by hash. Returns how many. */
  expireFields(limit: number): number {
    let expired = 0;
    for (let due = this.#dueHash(); due && expired < limit; due = this.#dueHash()) {
      this.#frozen?.touch(due.key);
      const fields = due.hash.takeExpired(this.host.now, limit - expired);
      expired += fields.length;
      this.#fieldExpiries.delete(due.key);
      this.noteFieldExpiries(due.key, due.hash);
      if (fields.length > 0) this.#fieldsGone(due.key, due.hash, fields);
    }
    return expired;
  }

  /** Stores a value. Drops the key's expiry unless `keepTtl`. */
  set(key: string, value: Value, options?: { keepTtl: boolean }): void {
    // What has expired ends before anything takes its place.
    if (this.#expiries.size > 0) this.#expireIfDue(key);
    this.#frozen?.touch(key);
    value.lastUsed = this.host.now;
    if (this.#ledger) this.#account(this.#ledger, key, value);
    if (this.#values.set(key, value)) {
      this.slotKeys?.add(key);
      this.host.created(this, key);
    }
    if (options?.keepTtl !== true && this.#expiries.size > 0) this.#expiries.delete(key);
    if (this.#fieldExpiries.size > 0) this.#fieldExpiries.delete(key);
    if (value.type === 'hash') this.noteFieldExpiries(key, value);
  }

  /** Deletes a key and its expiry; the caller says what happened with `changed`. */
  delete(key: string): boolean {
    this.#frozen?.deleting(key);
    if (this.#expiries.size > 0) this.#expiries.delete(key);
    if (this.#fieldExpiries.size > 0) this.#fieldExpiries.delete(key);
    const old = this.#ledger && this.#values.get(key);
    if (old) this.#ledger?.remove(old);
    const existed = this.#values.delete(key);
    if (existed) this.slotKeys?.remove(key);
    return existed;
  }

  /** Records a write to `key`; `event` is the name of its keyspace event. */
  changed(event: string, key: string): void {
    this.#ledger?.note(key);
    this.host.changed(this, event, key);
  }

  /**
   * Records a write to what stands beside the value, as the groups of a stream: replicas are told of it;
   * WATCH and the caches of clients are not.
   */
  changedBeside(key: string, beside: Beside = {}): void {
    this.#ledger?.note(key);
    this.host.changedBeside(this, key, beside);
  }

  /** Records a write that may have emptied a collection, which then vanishes: a second event. */
  changedCollection(event: string, key: string, size: number): void {
    this.changed(event, key);
    if (size === 0 && this.delete(key)) this.changed('del', key);
  }

  /** When `key` expires, in ms since 1970, or undefined. */
  expiryOf(key: string): number | undefined {
    return this.#expiries.get(key);
  }

  /** Makes an existing key expire at this instant, in ms since 1970. */
  expireAt(key: string, atMs: number): void {
    this.#frozen?.touch(key);
    this.#expiries.set(key, atMs);
  }

  /** Takes the expiry away. False when there was none. */
  persist(key: string): boolean {
    this.#frozen?.touch(key);
    return this.#expiries.delete(key);
  }

  /** A live key by chance, or undefined in an empty database. */
  randomKey(random: Random): string | undefined {
    for (let tries = 0; this.size > 0; tries++) {
      const key = this.#values.keyAt(random.below(this.size));
      // As Redis: a replica keeps what has expired, and must not search for ever.
      if (this.peek(key) !== undefined || tries > 100) return key;
    }
    return undefined;
  }

  /** A key by chance, or one of those with an expiry; expired ones included. */
  sampleKey(random: Random, expiring: boolean): string | undefined {
    return (expiring ? this.#expiries : this.#values).random(random);
  }

  /** The same with its value, which it takes no search to find where any key will do. */
  sample(random: Random, expiring: boolean): readonly [key: string, value: Value] | undefined {
    const from = expiring ? this.#expiries : this.#values;
    if (from.size === 0) return undefined;
    const at = random.below(from.size);
    const key = from.keyAt(at);
    return [key, expiring ? (this.#values.get(key) as Value) : this.#values.valueAt(at)];
  }

  /** The value at a key, even if it has expired. */
  raw(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Visits keys from `cursor` as SCAN does, expired ones included. Returns the next cursor. */
  scan(cursor: number, count: number, visit: (key: string, value: Value) => void): number {
    return this.#values.scan(cursor, count, visit);
  }

  /** Every key with its value, expired ones included, in no particular order. */
  *entries(): Iterable<[string, Value]> {
    for (let i = 0; i < this.#values.size; i++) {
      yield [this.#values.keyAt(i), this.#values.valueAt(i)];
    }
  }

  /** Up to `count` keys that are due, sampled as the active expire cycle does; deletes them. */
  expireSample(count: number, random: Random): { sampled: number; expired: number } {
    const sampled = Math.min(count, this.#expiries.size);
    let expired = 0;
    for (let i = 0; i < sampled && this.#expiries.size > 0; i++) {
      const key = this.#expiries.keyAt(random.below(this.#expiries.size));
      if (this.#expireIfDue(key)) expired++;
    }
    return { sampled, expired };
  }

  /** The mean remaining life of a sample of expiring keys, in ms, as INFO's avg_ttl. */
  averageTtlMs(random: Random): number {
    const samples = Math.min(20, this.#expiries.size);
    let sum = 0;
    for (let i = 0; i < samples; i++) {
      const at = this.#expiries.valueAt(random.below(this.#expiries.size));
      sum += Math.max(at - this.host.now, 0);
    }
    return samples === 0 ? 0 : Math.floor(sum / samples);
  }

  /**
   * Lets somebody read all keys as they are now, while the server goes on; one at a time. `keep` is
   * called during its steps, and whenever a key changes. To be ended with `thaw`.
   */
  freeze(keep: Keep): Frozen {
    this.#frozen = new Frozen(this.index, this.#values, this.#expiries, keep);
    return this.#frozen;
  }

  thaw(): void {
    this.#frozen = undefined;
  }

  /** Removes everything. Returns the number of keys that were there. */
  flush(): number {
    const { size } = this;
    this.slotKeys?.clear();
    this.#values = new Dict();
    this.#expiries = new Dict();
    this.#fieldExpiries = new ExpiryQueue();
    this.#ledger = undefined;
    // What is frozen keeps the old ones, which nobody changes any more.
    this.#frozen = undefined;
    this.host.flushed?.(this);
    return size;
  }

  /** Exchanges contents with another database (SWAPDB). */
  swap(other: Database): void {
    [this.#values, other.#values] = [other.#values, this.#values];
    [this.#expiries, other.#expiries] = [other.#expiries, this.#expiries];
    [this.#fieldExpiries, other.#fieldExpiries] = [other.#fieldExpiries, this.#fieldExpiries];
    [this.#ledger, other.#ledger] = [other.#ledger, this.#ledger];
    [this.#frozen, other.#frozen] = [other.#frozen, this.#frozen];
  }

  #account(ledger: Ledger, key: string, value: Value): void {
    const old = this.#values.get(key);
    if (old && old !== value) ledger.remove(old);
    ledger.note(key);
  }

  #dueHash(): { readonly key: string; readonly hash: HashValue } | undefined {
    const next = this.#fieldExpiries.first;
    if (!next || next.at > this.host.now) return undefined;
    return { key: next.name, hash: this.#values.get(next.name) as HashValue };
  }

  #fieldsGone(key: string, hash: HashValue, fields: readonly string[]): void {
    const withKey = hash.size === 0;
    if (withKey) this.delete(key);
    else this.#ledger?.note(key);
    this.host.fieldsExpired(this, key, { fields, withKey, isTold: false });
  }

  /** Whether the key has expired; deletes it unless this is a replica. */
  #expireIfDue(key: string): boolean {
    const at = this.#expiries.get(key);
    if (at === undefined || at > this.host.now || this.host.isLoading) return false;
    if (!this.host.deletesExpired) return true;
    this.delete(key);
    this.host.expired(this, key);
    return true;
  }
}

/** What wants to know which keys there are; see SlotKeys. */
interface KeyIndex {
  add(key: string): void;
  remove(key: string): void;
  clear(): void;
}
