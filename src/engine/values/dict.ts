/**
 * A dictionary from byte strings to values: the keyspace itself and every large collection. Beside
 * lookup by key it has what Redis needs and a `Map` lacks: a random entry in O(1) and an iteration
 * that survives changes between its steps, both from keeping the entries in a dense array.
 */
import type { Random } from '../time/random.ts';

export class Dict<V> {
  /** Where each key is. Few keys do without: to look at them all is faster, and half the memory. */
  #index: Map<string, number> | undefined;
  readonly #keys: string[] = [];
  readonly #values: V[] = [];

  get size(): number {
    return this.#keys.length;
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  get(key: string): V | undefined {
    const at = this.#find(key);
    return at === undefined ? undefined : this.#values[at];
  }

  /** Sets the value of `key`, in its old place if it has one. Returns whether the key is new. */
  set(key: string, value: V): boolean {
    const at = this.#find(key);
    if (at !== undefined) {
      this.#values[at] = value;
      return false;
    }
    this.#index?.set(key, this.#keys.length);
    this.#keys.push(key);
    this.#values.push(value);
    if (this.#keys.length > UNINDEXED_KEYS) this.#index ??= indexOf(this.#keys);
    return true;
  }

  /** Deletes `key`; the last entry takes its place. Returns whether it was there. */
  delete(key: string): boolean {
    const at = this.#find(key);
    if (at === undefined) return false;
    this.#index?.delete(key);
    const lastKey = this.#keys.pop() as string;
    const lastValue = this.#values.pop() as V;
    if (at < this.#keys.length) {
      this.#keys[at] = lastKey;
      this.#values[at] = lastValue;
      this.#index?.set(lastKey, at);
    }
    return true;
  }

  /** Like `delete`, but the others keep their order, in O(N): for small collections. */
  deleteInOrder(key: string): boolean {
    const at = this.#find(key);
    if (at === undefined) return false;
    this.#keys.splice(at, 1);
    this.#values.splice(at, 1);
    if (this.#index) this.#index = indexOf(this.#keys);
    return true;
  }

  /** Inserts a key that is not there at an index, in O(N): for small collections. */
  insertInOrder(index: number, key: string, value: V): void {
    this.#keys.splice(index, 0, key);
    this.#values.splice(index, 0, value);
    if (this.#index || this.#keys.length > UNINDEXED_KEYS) this.#index = indexOf(this.#keys);
  }

  clear(): void {
    this.#index = undefined;
    this.#keys.length = 0;
    this.#values.length = 0;
  }

  /** The index of a key; negative when it is not there. Any change may move it. */
  indexOf(key: string): number {
    return this.#find(key) ?? -1;
  }

  /** The key at an index below `size`. Indexes are those of iteration; any change may move them. */
  keyAt(index: number): string {
    return this.#keys[index] as string;
  }

  /** The value at an index below `size`. */
  valueAt(index: number): V {
    return this.#values[index] as V;
  }

  /** A key drawn with equal chances, or undefined when there is none. */
  random(random: Random): string | undefined {
    return this.size === 0 ? undefined : this.#keys[random.below(this.size)];
  }

  /** The keys, in the order of their indexes. Read-only, and valid until the next change. */
  keys(): readonly string[] {
    return this.#keys;
  }

  /** The values, in the order of their indexes. Read-only, and valid until the next change. */
  values(): readonly V[] {
    return this.#values;
  }

  *[Symbol.iterator](): Generator<[key: string, value: V]> {
    for (let i = 0; i < this.size; i++) yield [this.keyAt(i), this.valueAt(i)];
  }

  /**
   * One step of SCAN: visits about `count` entries and returns the cursor of the next step, 0 when
   * the iteration is complete. It begins with cursor 0. Nothing is remembered between the steps.
   *
   * The guarantee is SCAN's: an entry that is there from the first step to the last is visited at
   * least once. The cursor is the number of indexes not visited yet, and the walk goes downwards
   * from there. A deletion only ever moves an entry to a lower index, an insertion appends: so what
   * has not been visited stays below the cursor, and at worst an entry is visited twice.
   * https://redis.io/docs/latest/commands/scan/#scan-guarantees
   */
  scan(cursor: number, count: number, visit: (key: string, value: V) => void): number {
    const start = cursor === 0 ? this.size : Math.min(cursor, this.size);
    const end = Math.max(start - Math.max(count, 1), 0);
    for (let i = start - 1; i >= end; i--) {
      // A visitor may delete, as lazy expiry does.
      if (i < this.size) visit(this.keyAt(i), this.valueAt(i));
    }
    return end;
  }

  #find(key: string): number | undefined {
    if (this.#index) return this.#index.get(key);
    const at = this.#keys.indexOf(key);
    return at < 0 ? undefined : at;
  }
}

const UNINDEXED_KEYS = 8;

const indexOf = (keys: readonly string[]): Map<string, number> =>
  new Map(keys.map((key, i) => [key, i]));
