/**
 * The value of a set: members without order. Small sets have one all the same: numbers ascending,
 * others by insertion. https://redis.io/docs/latest/develop/data-types/sets/
 */
import { isInteger } from '../bytes/numbers.ts';
import type { Random } from '../time/random.ts';
import { Dict } from './dict.ts';
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';
import { Intset } from './intset.ts';
import { Used } from './used.ts';

export class SetValue extends Used {
  readonly type = 'set';
  #encoding: 'intset' | 'listpack' | 'hashtable' = 'intset';
  /** The members while the encoding is intset; otherwise empty. */
  #integers = new Intset();
  /** The members in the other encodings. */
  readonly #members = new Dict<true>();

  get encoding(): 'intset' | 'listpack' | 'hashtable' {
    return this.#encoding;
  }

  /** The number of members. */
  get size(): number {
    return this.#integers.size + this.#members.size;
  }

  /** The bytes of the intset or listpack, or undefined for a hashtable. */
  get packedBytes(): number | undefined {
    if (this.#encoding === 'hashtable') return undefined;
    if (this.#encoding === 'intset') return this.#integers.bytes;
    const sum = (bytes: number, member: string) => bytes + listpackEntryBytes(member);
    return this.members().reduce(sum, LISTPACK_OVERHEAD_BYTES);
  }

  has(member: string): boolean {
    return this.#encoding === 'intset' ? this.#integers.has(member) : this.#members.has(member);
  }

  /** Adds a member. Returns whether it is new. */
  add(member: string, limits: EncodingLimits): boolean {
    if (this.has(member)) return false;
    if (this.#encoding !== 'hashtable') this.#convertForGrowth(member, limits);
    return this.#encoding === 'intset'
      ? this.#integers.add(member)
      : this.#members.set(member, true);
  }

  /** Deletes a member. Returns whether it was there. No set converts back when it shrinks. */
  delete(member: string): boolean {
    if (this.#encoding === 'intset') return this.#integers.delete(member);
    if (this.#encoding === 'listpack') return this.#members.deleteInOrder(member);
    return this.#members.delete(member);
  }

  /** The member at an index below `size`. Indexes are those of iteration; any change moves them. */
  memberAt(index: number): string {
    return this.#encoding === 'intset' ? this.#integers.at(index) : this.#members.keyAt(index);
  }

  /** The members, as SMEMBERS lists them. Read-only, and valid until the next change. */
  members(): readonly string[] {
    return this.#encoding === 'intset' ? this.#integers.members() : this.#members.keys();
  }

  [Symbol.iterator](): Iterator<string> {
    return this.members()[Symbol.iterator]();
  }

  /** A member drawn with equal chances, or undefined in an empty set. */
  random(random: Random): string | undefined {
    return this.size === 0 ? undefined : this.memberAt(random.below(this.size));
  }

  /** One step of SSCAN; see `Dict.scan`. Intsets and listpacks are visited whole, in order. */
  scan(cursor: number, count: number, visit: (member: string) => void): number {
    if (this.#encoding === 'hashtable') return this.#members.scan(cursor, count, visit);
    for (const member of this.members()) visit(member);
    return 0;
  }

  /** Makes an intset of a small result of nothing but integers, as SINTERSTORE does since 7.2. */
  compact(limits: EncodingLimits): void {
    if (this.size > limits.setMaxIntsetEntries || !this.members().every(isInteger)) return;
    const members = [...this.members()];
    this.#members.clear();
    this.#encoding = 'intset';
    for (const member of members) this.#integers.add(member);
  }

  /** A set of its own with the same members and encoding. */
  copy(): SetValue {
    const copy = new SetValue();
    copy.#encoding = this.#encoding;
    copy.#integers = this.#integers.copy();
    for (const member of this.#members.keys()) copy.#members.set(member, true);
    return copy;
  }

  /** Makes room for a new member. */
  #convertForGrowth(member: string, limits: EncodingLimits): void {
    const fitsIntset = this.size < limits.setMaxIntsetEntries;
    const fitsListpack =
      this.size < limits.setMaxListpackEntries && member.length <= limits.setMaxListpackValue;
    if (this.#encoding === 'intset' && isInteger(member)) {
      if (fitsIntset) return;
      // An intset that grows too large skips the listpack; one that may not even begin does not.
      this.#convertTo(this.size === 0 && fitsListpack ? 'listpack' : 'hashtable');
    } else {
      this.#convertTo(fitsListpack ? 'listpack' : 'hashtable');
    }
  }

  #convertTo(encoding: 'listpack' | 'hashtable'): void {
    if (encoding === this.#encoding) return;
    for (const member of this.#integers.members()) this.#members.set(member, true);
    this.#integers = new Intset();
    this.#encoding = encoding;
  }
}
