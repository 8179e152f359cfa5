import { Used } from './used.ts';

/**
 * An array: strings at indexes from 0 to 2^64-2, with holes between that cost nothing. Elements lie
 * in slices of 4096 neighbours. https://redis.io/docs/latest/develop/data-types/arrays/
 */

const SLICE_BITS = 12n;
export const SLICE_SIZE = 1n << SLICE_BITS;
/** The highest index of an element. */
export const MAX_INDEX = 2n ** 64n - 2n;

export class ArrayValue extends Used {
  readonly type = 'array';
  readonly encoding = 'sliced-array';
  /** Where the next value is inserted; past MAX_INDEX there is no room. */
  next = 0n;
  #size = 0;
  /** Elements by their place in a slice, slices by their number. */
  readonly #slices = new Map<number, Map<number, string>>();
  /** The numbers of all slices, ascending; undefined when that must be found again. */
  #order: number[] | undefined = [];

  /** How many elements there are. */
  get size(): number {
    return this.#size;
  }

  get sliceCount(): number {
    return this.#slices.size;
  }

  /** The highest index in use and one more. */
  get length(): bigint {
    const last = this.#ordered().at(-1);
    if (last === undefined) return 0n;
    const places = [...(this.#slices.get(last) ?? []).keys()];
    return (
      indexAt(
        last,
        places.reduce((a, b) => Math.max(a, b)),
      ) + 1n
    );
  }

  get(index: bigint): string | undefined {
    return this.#slices.get(sliceOf(index))?.get(placeOf(index));
  }

  /** Returns whether nothing was there. */
  set(index: bigint, value: string): boolean {
    const number = sliceOf(index);
    let slice = this.#slices.get(number);
    if (!slice) {
      slice = new Map();
      this.#slices.set(number, slice);
      this.#order = undefined;
    }
    const before = slice.size;
    slice.set(placeOf(index), value);
    this.#size += slice.size - before;
    return slice.size > before;
  }

  delete(index: bigint): boolean {
    const number = sliceOf(index);
    const slice = this.#slices.get(number);
    if (!slice?.delete(placeOf(index))) return false;
    this.#size--;
    if (slice.size === 0) {
      this.#slices.delete(number);
      this.#order = undefined;
    }
    return true;
  }

  /** Deletes what is from `low` to `high`. Returns how many elements that were. */
  deleteRange(low: bigint, high: bigint): number {
    const indexes = [...this.between(low, high)].map(([index]) => index);
    return indexes.filter((index) => this.delete(index)).length;
  }

  /** Elements from `low` to `high`, both inclusive, ascending or descending. */
  *between(low: bigint, high: bigint, descending = false): Generator<[bigint, string]> {
    const [first, last] = [sliceOf(low), sliceOf(high)];
    const numbers = this.#ordered().filter((number) => number >= first && number <= last);
    for (const number of descending ? numbers.reverse() : numbers) {
      const places = [...(this.#slices.get(number) ?? [])].sort(([a], [b]) => a - b);
      for (const [place, value] of descending ? places.reverse() : places) {
        const index = indexAt(number, place);
        if (index >= low && index <= high) yield [index, value];
      }
    }
  }

  /** All elements, ascending. */
  entries(): Generator<[bigint, string]> {
    return this.between(0n, MAX_INDEX);
  }

  copy(): ArrayValue {
    const copy = new ArrayValue();
    for (const [index, value] of this.entries()) copy.set(index, value);
    copy.next = this.next;
    return copy;
  }

  /**
   * The newest elements, newest first, holes as undefined: back from the last insertion, and from the
   * end of the array on when its beginning is reached.
   */
  *newest(): Generator<string | undefined> {
    const { length } = this;
    const last = this.next === 0n || this.next > length ? length - 1n : this.next - 1n;
    for (let i = 0n; i < length; i++) yield this.get((last - i + length) % length);
  }

  /**
   * Makes it a ring of this size before the next insertion: what a smaller or larger one held is
   * put in order from 0 on, as far back as there is no hole, and what has no room goes.
   */
  resizeRing(size: bigint): void {
    const { length, next } = this;
    const isWrapped = next > 0n && next < length;
    if (length <= size && !(length < size && isWrapped)) return;
    if (next === 0n || next > length) {
      this.deleteRange(size, MAX_INDEX);
      return;
    }
    const kept: string[] = [];
    for (const value of this.newest()) {
      if (value === undefined || BigInt(kept.length) === size) break;
      kept.push(value);
    }
    this.deleteRange(0n, MAX_INDEX);
    kept.reverse().forEach((value, i) => {
      this.set(BigInt(i), value);
    });
    this.next = BigInt(kept.length);
  }

  #ordered(): number[] {
    this.#order ??= [...this.#slices.keys()].sort((a, b) => a - b);
    return this.#order;
  }
}

const sliceOf = (index: bigint): number => Number(index >> SLICE_BITS);
const placeOf = (index: bigint): number => Number(index & (SLICE_SIZE - 1n));
const indexAt = (slice: number, place: number): bigint =>
  (BigInt(slice) << SLICE_BITS) + BigInt(place);
