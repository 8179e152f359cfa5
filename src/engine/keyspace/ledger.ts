import { keyBytes } from './memory.ts';
import type { Value } from './value.ts';

/**
 * The bytes of all keys of a database, kept up to date without measuring on every write: what was
 * written since the last question is only noted, and measured when somebody asks.
 */
export class Ledger {
  #total = 0;
  readonly #stale = new Set<string>();

  /** Starts with everything that is there already. */
  constructor(entries: Iterable<readonly [key: string, value: Value]>) {
    for (const [key, value] of entries) {
      value.accountedBytes = keyBytes(key, value);
      this.#total += value.accountedBytes;
    }
  }

  /** A key was set, or its value changed. */
  note(key: string): void {
    this.#stale.add(key);
  }

  /** A value is no longer that of a key. */
  remove(value: Value): void {
    this.#total -= value.accountedBytes;
    value.accountedBytes = 0;
  }

  /** The sum, by what `find` finds for the keys that were noted. */
  total(find: (key: string) => Value | undefined): number {
    for (const key of this.#stale) {
      const value = find(key);
      if (!value) continue;
      const bytes = keyBytes(key, value);
      this.#total += bytes - value.accountedBytes;
      value.accountedBytes = bytes;
    }
    this.#stale.clear();
    return this.#total;
  }
}
