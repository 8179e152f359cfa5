/** The numbers of a field, by their size: which documents have one in a range. */

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

export class NumberIndex {
  readonly #values = new Map<number, readonly number[]>();
  /** Every number with its document, the smallest first, until something changes. */
  #sorted: readonly Entry[] | undefined;

  add(id: number, values: readonly number[]): void {
    this.#values.set(id, values);
    this.#sorted = undefined;
  }

  delete(id: number): void {
    if (this.#values.delete(id)) this.#sorted = undefined;
  }

  /** How many numbers there are. */
  get records(): number {
    return this.#entries().length;
  }

  /** The documents with a number in the range, by ascending ids. */
  within({ min, max, isMinOpen, isMaxOpen }: NumberRange): number[] {
    const entries = this.#entries();
    const from = firstFrom(entries, min, isMinOpen);
    const to = firstFrom(entries, max, !isMaxOpen);
    if (to <= from) return [];
    const ids = Uint32Array.from(
      { length: to - from },
      (_, i) => entries[from + i]?.id ?? 0,
    ).sort();
    return Array.from(ids).filter((id, i) => i === 0 || id !== ids[i - 1]);
  }

  #entries(): readonly Entry[] {
    if (this.#sorted) return this.#sorted;
    const entries: Entry[] = [];
    for (const [id, values] of this.#values) {
      for (const value of values) entries.push({ value, id });
    }
    this.#sorted = entries.sort((a, b) => a.value - b.value);
    return this.#sorted;
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
