import type { Dict } from '../values/dict.ts';
import { keyBytes } from './memory.ts';
import type { Value } from './value.ts';

/**
 * The bytes of all keys of a database, kept up to date without measuring on every write: what was
 * written since the last question is only noted, and measured when somebody asks. Where that is very
 * much, some is measured each time, and the rest counts as much as what is known.
 */
export class Ledger {
  #total = 0;
  /** Keys that are in the total. */
  #measured = 0;
  /** Of the keys that were there at the start, so many have not been looked at. */
  #left: number;
  readonly #stale = new Set<string>();

  constructor(private readonly values: Dict<Value>) {
    this.#left = values.size;
  }

  /** A key was set, or its value changed. */
  note(key: string): void {
    this.#stale.add(key);
  }

  /** A value is no longer that of a key. */
  remove(value: Value): void {
    if (value.accountedBytes > 0) this.#measured--;
    this.#total -= value.accountedBytes;
    value.accountedBytes = 0;
  }

  /** The sum, of which at most so many keys are measured now. */
  total(limit: number): number {
    this.#measureStale(limit);
    this.#walk(limit);
    const unmeasured = Math.max(this.values.size - this.#measured, 0);
    if (unmeasured === 0 || this.#measured === 0) return this.#total;
    return Math.round(this.#total * (1 + unmeasured / this.#measured));
  }

  /** Everything is measured. */
  get isComplete(): boolean {
    return this.#left === 0 && this.#stale.size === 0;
  }

  #measureStale(limit: number): void {
    let count = 0;
    for (const key of this.#stale) {
      if (count++ >= limit) return;
      this.#stale.delete(key);
      const value = this.values.get(key);
      if (value) this.#measure(key, value);
    }
  }

  /** Downwards: what is deleted meanwhile moves an entry that was looked at to a lower index. */
  #walk(limit: number): void {
    this.#left = Math.min(this.#left, this.values.size);
    for (let count = 0; count < limit && this.#left > 0; count++) {
      this.#left--;
      const value = this.values.valueAt(this.#left);
      if (value.accountedBytes === 0) this.#measure(this.values.keyAt(this.#left), value);
    }
  }

  #measure(key: string, value: Value): void {
    const bytes = keyBytes(key, value);
    if (value.accountedBytes === 0) this.#measured++;
    this.#total += bytes - value.accountedBytes;
    value.accountedBytes = bytes;
  }
}
