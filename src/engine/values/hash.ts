/**
 * The value of a hash: fields and their values, in the order of insertion while it is small. A field
 * may expire; until somebody deletes it, it is still here and counts, and whoever reads asks
 * `hasExpired`. https://redis.io/docs/latest/develop/data-types/hashes/
 */
import type { Random } from '../time/random.ts';
import { Dict } from './dict.ts';
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { Used } from './used.ts';

export type HashEncoding =
  | 'listpack'
  | 'listpackex'
  | 'hashtable'
  | 'template-listpack'
  | 'template-array';

/** The last instant at which a field can expire, in ms since 1970. */
export const LATEST_FIELD_EXPIRY = 2 ** 46 - 1;

export class HashValue extends Used {
  readonly type = 'hash';
  readonly #fields = new Dict<string>();
  #isListpack = true;
  /** The fields that expire. Undefined until the first does; a listpack then has room for it. */
  #expiries: ExpiryQueue | undefined;

  /** Hashes that were imported share their fields, until those of one change. */
  #sharesFields = false;

  get encoding(): HashEncoding {
    if (this.#sharesFields) return this.#isListpack ? 'template-listpack' : 'template-array';
    if (!this.#isListpack) return 'hashtable';
    return this.#expiries ? 'listpackex' : 'listpack';
  }

  /** The number of fields. */
  get size(): number {
    return this.#fields.size;
  }

  /** The bytes of the listpack, or undefined for a hashtable. */
  get packedBytes(): number | undefined {
    if (!this.#isListpack) return undefined;
    let bytes = LISTPACK_OVERHEAD_BYTES;
    for (const [field, value] of this) {
      bytes += listpackEntryBytes(field) + listpackEntryBytes(value);
      if (this.#expiries) bytes += listpackEntryBytes(String(this.#expiries.get(field) ?? 0));
    }
    return bytes;
  }

  has(field: string): boolean {
    return this.#fields.has(field);
  }

  get(field: string): string | undefined {
    return this.#fields.get(field);
  }

  /** Sets a field, which then does not expire. Returns whether it is new. */
  set(field: string, value: string, limits: EncodingLimits): boolean {
    const isNew = this.setKeepingExpiry(field, value, limits);
    if (this.#expiries) this.persist(field);
    return isNew;
  }

  /** Sets a field without a change of its expiry. Returns whether it is new. */
  setKeepingExpiry(field: string, value: string, limits: EncodingLimits): boolean {
    const isNew = this.#fields.set(field, value);
    if (isNew) this.#sharesFields = false;
    if (this.#isListpack) this.#convertIfLarge(field, value, limits);
    return isNew;
  }

  /** How many fields expire. */
  get expiring(): number {
    return this.#expiries?.size ?? 0;
  }

  /** When the first field expires, in ms since 1970; undefined is never. */
  get nextExpiry(): number | undefined {
    return this.#expiries?.first?.at;
  }

  /** When a field expires, in ms since 1970; undefined is never. */
  expiryOf(field: string): number | undefined {
    return this.#expiries?.get(field);
  }

  hasExpired(field: string, now: number): boolean {
    const at = this.#expiries?.get(field);
    return at !== undefined && at <= now;
  }

  /** It was imported: from now on it shares its fields with others that have the same. */
  shareFields(): void {
    this.#sharesFields = true;
  }

  /** Makes room for expiries: a listpack is a larger one from now on. */
  makeExpirable(): ExpiryQueue {
    this.#sharesFields = false;
    this.#expiries ??= new ExpiryQueue();
    return this.#expiries;
  }

  /** Makes a field that is there expire at this instant, in ms since 1970. */
  expireAt(field: string, at: number): void {
    this.makeExpirable().set(field, at);
    if (this.#isListpack) this.#moveByExpiry(field, at);
  }

  /** Takes the expiry of a field away. Returns whether it had one. */
  persist(field: string): boolean {
    const had = this.#expiries?.delete(field) ?? false;
    if (had && this.#isListpack) this.#moveByExpiry(field, Infinity);
    return had;
  }

  /** Up to `limit` fields that have expired, the first first. */
  takeExpired(now: number, limit: number): string[] {
    const taken: string[] = [];
    while (taken.length < limit) {
      const next = this.#expiries?.first;
      if (!next || next.at > now) break;
      this.delete(next.name);
      taken.push(next.name);
    }
    return taken;
  }

  /** What can be seen of it: itself, or a copy without what has expired. */
  liveAt(now: number): HashValue {
    if ((this.nextExpiry ?? Infinity) > now) return this;
    const live = this.copy();
    live.takeExpired(now, Infinity);
    return live;
  }

  /** Deletes a field. Returns whether it was there. A hashtable never becomes a listpack again. */
  delete(field: string): boolean {
    this.#sharesFields = false;
    this.#expiries?.delete(field);
    return this.#isListpack ? this.#fields.deleteInOrder(field) : this.#fields.delete(field);
  }

  /** The fields, as HKEYS lists them. Read-only, and valid until the next change. */
  fields(): readonly string[] {
    return this.#fields.keys();
  }

  /** The values, in the order of their fields. Read-only, and valid until the next change. */
  values(): readonly string[] {
    return this.#fields.values();
  }

  [Symbol.iterator](): Iterator<[field: string, value: string]> {
    return this.#fields[Symbol.iterator]();
  }

  /** A field drawn with equal chances, or undefined in an empty hash. */
  random(random: Random): string | undefined {
    return this.#fields.random(random);
  }

  /** One step of HSCAN; see `Dict.scan`. A listpack is visited whole, in order. */
  scan(cursor: number, count: number, visit: (field: string, value: string) => void): number {
    if (!this.#isListpack) return this.#fields.scan(cursor, count, visit);
    for (const [field, value] of this) visit(field, value);
    return 0;
  }

  /** A hash of its own with the same content and encoding. */
  copy(): HashValue {
    const copy = new HashValue();
    for (const [field, value] of this) copy.#fields.set(field, value);
    copy.#isListpack = this.#isListpack;
    copy.#sharesFields = this.#sharesFields;
    if (this.#expiries) {
      copy.#expiries = new ExpiryQueue();
      for (const [field, at] of this.#expiries) copy.#expiries.set(field, at);
    }
    return copy;
  }

  /** In a listpack those that expire come first, the earliest foremost; among equals the newest. */
  #moveByExpiry(field: string, at: number): void {
    const value = this.#fields.get(field) as string;
    this.#fields.deleteInOrder(field);
    const others = this.#fields.keys();
    const index = others.findIndex((other) => (this.#expiries?.get(other) ?? Infinity) >= at);
    const isLast = index < 0 || at === Infinity;
    this.#fields.insertInOrder(isLast ? others.length : index, field, value);
  }

  #convertIfLarge(field: string, value: string, limits: EncodingLimits): void {
    this.#isListpack =
      this.size <= limits.hashMaxListpackEntries &&
      field.length <= limits.hashMaxListpackValue &&
      value.length <= limits.hashMaxListpackValue;
  }
}
