/**
 * The value of a hash: fields and their values, in the order of insertion while it is small.
 * https://redis.io/docs/latest/develop/data-types/hashes/
 */
import type { Random } from '../time/random.ts';
import { Dict } from './dict.ts';
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';
import { Used } from './used.ts';

export class HashValue extends Used {
  readonly type = 'hash';
  readonly #fields = new Dict<string>();
  #isListpack = true;

  get encoding(): 'listpack' | 'hashtable' {
    return this.#isListpack ? 'listpack' : 'hashtable';
  }

  /** The number of fields. */
  get size(): number {
    return this.#fields.size;
  }

  /** The bytes of the listpack, or undefined for a hashtable. */
  get packedBytes(): number | undefined {
    if (!this.#isListpack) return undefined;
    let bytes = LISTPACK_OVERHEAD_BYTES;
    for (const [field, value] of this)
      bytes += listpackEntryBytes(field) + listpackEntryBytes(value);
    return bytes;
  }

  has(field: string): boolean {
    return this.#fields.has(field);
  }

  get(field: string): string | undefined {
    return this.#fields.get(field);
  }

  /** Sets a field. Returns whether it is new. */
  set(field: string, value: string, limits: EncodingLimits): boolean {
    const isNew = this.#fields.set(field, value);
    if (this.#isListpack) this.#convertIfLarge(field, value, limits);
    return isNew;
  }

  /** Deletes a field. Returns whether it was there. A hashtable never becomes a listpack again. */
  delete(field: string): boolean {
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
    return copy;
  }

  #convertIfLarge(field: string, value: string, limits: EncodingLimits): void {
    this.#isListpack =
      this.size <= limits.hashMaxListpackEntries &&
      field.length <= limits.hashMaxListpackValue &&
      value.length <= limits.hashMaxListpackValue;
  }
}
