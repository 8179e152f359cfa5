/** The numbers of a field, by their size: which documents have one in a range. */
import { IdSet } from './id-set.ts';

interface Entry {
  readonly value: number;
  readonly id: number;
}

/** What a range includes; an open end is not part of it. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isMinOpen: boolean;
  readonly isMaxOpen: boolean;
}

/** So many numbers may be new, and looked through one by one, or gone, before that is tidied up. */
const MANY = 1000;

export class NumberIndex {
  /** The numbers of documents that are there. */
  readonly #values = new Map<number, readonly number[]>();
  /** Numbers with their documents, the smallest first, and those that came since. */
  #sorted: readonly Entry[] = [];
  #fresh: Entry[] = [];
  /** How many of both are of documents that have gone. */
  #gone = 0;

  add(id: number, values: readonly number[]): void {
    this.#values.set(id, values);
    for (const value of values) this.#fresh.push({ value, id });
  }

  delete(id: number): void {
    this.#gone += this.#values.get(id)?.length ?? 0;
    this.#values.delete(id);
    if (this.#gone > MANY + this.records) this.#sweep();
  }

  /** How many numbers there are. */
  get records(): number {
    return this.#sorted.length + this.#fresh.length - this.#gone;
  }

  /** The documents with a number in the range; no id is above `lastId`. */
  within({ min, max, isMinOpen, isMaxOpen }: NumberRange, lastId: number): IdSet {
    if (this.#fresh.length > MANY) this.#sort();
    const sorted = this.#sorted;
    const found = new IdSet(lastId);
    const add = ({ id }: Entry) => {
      if (this.#gone === 0 || this.#values.has(id)) found.add(id);
    };
    const end = firstFrom(sorted, max, !isMaxOpen);
    for (let i = firstFrom(sorted, min, isMinOpen); i < end; i++) add(sorted[i] as Entry);
    for (const entry of this.#fresh) {
      const { value } = entry;
      const isBelow = isMinOpen ? value <= min : value < min;
      if (!isBelow && (isMaxOpen ? value < max : value <= max)) add(entry);
    }
    return found;
  }

  #sort(): void {
    this.#sweep();
    this.#sorted = [...this.#sorted, ...this.#fresh].sort((a, b) => a.value - b.value);
    this.#fresh = [];
  }

  /** Forgets the numbers of documents that have gone. */
  #sweep(): void {
    const isThere = ({ id }: Entry) => this.#values.has(id);
    this.#sorted = this.#sorted.filter(isThere);
    this.#fresh = this.#fresh.filter(isThere);
    this.#gone = 0;
  }
}

/** The first entry of at least this value, or beyond it. */
function firstFrom(entries: readonly Entry[], value: number, isBeyond: boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = (entries[middle] as Entry).value;
    if (there < value || (isBeyond && there === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
