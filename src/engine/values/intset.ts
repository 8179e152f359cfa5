/** A set of 64-bit integers in ascending order: how Redis keeps a small set of nothing but numbers. */
import { parseInteger, parseSafeInteger } from '../bytes/numbers.ts';

/** A bigint only where a number is not exact. The two compare with one another. */
type Int64 = number | bigint;

export class Intset {
  readonly #values: Int64[];

  constructor(values: readonly Int64[] = []) {
    this.#values = [...values];
  }

  get size(): number {
    return this.#values.length;
  }

  /** The size of Redis's block: all elements as wide as the widest, after a header of 8 bytes. */
  get bytes(): number {
    const low = this.#values[0] ?? 0;
    const high = this.#values.at(-1) ?? 0;
    const fits = (bits: number) => low >= -(2 ** (bits - 1)) && high < 2 ** (bits - 1);
    const width = fits(16) ? 2 : fits(32) ? 4 : 8;
    return 8 + width * this.size;
  }

  has(member: string): boolean {
    const value = toInt64(member);
    return value !== undefined && this.#values[this.#lowerBound(value)] === value;
  }

  /** Adds an integer. Returns whether it is new. */
  add(member: string): boolean {
    const value = toInt64(member);
    if (value === undefined) throw new TypeError(`not an integer: ${member}`);
    const at = this.#lowerBound(value);
    if (this.#values[at] === value) return false;
    this.#values.splice(at, 0, value);
    return true;
  }

  delete(member: string): boolean {
    const value = toInt64(member);
    if (value === undefined) return false;
    const at = this.#lowerBound(value);
    if (this.#values[at] !== value) return false;
    this.#values.splice(at, 1);
    return true;
  }

  at(index: number): string {
    return String(this.#values[index]);
  }

  members(): string[] {
    return this.#values.map(String);
  }

  copy(): Intset {
    return new Intset(this.#values);
  }

  /** How many values are below `value`, which is where it is or belongs. */
  #lowerBound(value: Int64): number {
    let low = 0;
    let high = this.#values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle] as Int64) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const toInt64 = (member: string): Int64 | undefined =>
  parseSafeInteger(member) ?? parseInteger(member);
