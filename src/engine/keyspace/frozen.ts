import type { Dict } from '../values/dict.ts';
import type { Value } from './value.ts';

/** Receives each key as it was when a database was frozen. */
export type Keep = (key: string, value: Value, expiry: number | undefined) => void;

/**
 * A database as it is at one instant, handed over key by key while the server goes on: what a fork
 * gives to Redis. The walk goes downwards through the dictionary; a key that is about to change before
 * the walk has come to it is handed over first. As with SCAN's cursor, what has not been visited lies
 * below the walk: an insertion appends, and a deletion moves the last entry to a lower index, which is
 * then remembered.
 */
export class Frozen {
  readonly size: number;
  readonly expiring: number;
  /** So many indexes have not been visited. */
  #left: number;
  /** Keys below the walk that were handed over, or are not of that instant. */
  readonly #done = new Set<string>();

  constructor(
    /** The number that the database had. */
    readonly index: number,
    private readonly values: Dict<Value>,
    private readonly expiries: Dict<number>,
    private readonly keep: Keep,
  ) {
    this.size = values.size;
    this.expiring = expiries.size;
    this.#left = values.size;
  }

  /** To be called before a key, or the value at it, changes. */
  touch(key: string): void {
    const at = this.values.indexOf(key);
    if (at < 0 || at >= this.#left || this.#done.has(key)) return;
    this.#done.add(key);
    this.#handOver(at);
  }

  /** To be called before a key is deleted. */
  deleting(key: string): void {
    const at = this.values.indexOf(key);
    if (at < 0) return;
    this.touch(key);
    const last = this.values.size - 1;
    if (this.#left > last) this.#left = last;
    else if (at < this.#left) this.#done.add(this.values.keyAt(last));
    if (at < this.#left || at === last) this.#done.delete(key);
  }

  /** Hands over the next key, if it has not been. False when there are none left. */
  step(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    if (!this.#done.delete(this.values.keyAt(this.#left))) this.#handOver(this.#left);
    return true;
  }

  #handOver(at: number): void {
    const key = this.values.keyAt(at);
    this.keep(key, this.values.valueAt(at), this.expiries.get(key));
  }
}
