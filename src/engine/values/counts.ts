/**
 * Counts in a row with their running totals (a Fenwick tree): which chunk holds the element of rank
 * r, and how many elements stand before a chunk, both in O(log N) while single counts change.
 */
export class Counts {
  readonly #counts: number[] = [];
  /** From 1: entry i is the sum of the counts that end at i and are as many as i's lowest bit. */
  #sums: number[] = [0];

  add(index: number, change: number): void {
    this.#counts[index] = (this.#counts[index] as number) + change;
    const sums = this.#sums;
    for (let i = index + 1; i < sums.length; i += i & -i) sums[i] = (sums[i] as number) + change;
  }

  /** Replaces `deleteCount` counts from `index` on by others, in O(N). */
  splice(index: number, deleteCount: number, ...counts: number[]): void {
    this.#counts.splice(index, deleteCount, ...counts);
    const sums = [0, ...this.#counts];
    for (let i = 1; i < sums.length; i++) {
      const parent = i + (i & -i);
      if (parent < sums.length) sums[parent] = (sums[parent] as number) + (sums[i] as number);
    }
    this.#sums = sums;
  }

  /** The sum of all counts before `index`. */
  before(index: number): number {
    let sum = 0;
    for (let i = index; i > 0; i -= i & -i) sum += this.#sums[i] as number;
    return sum;
  }

  /** The index of the count that the element of rank `rank` falls into, and its rank in there. */
  find(rank: number): { index: number; offset: number } {
    const sums = this.#sums;
    let index = 0;
    let offset = rank;
    for (let step = highestBit(sums.length - 1); step > 0; step >>= 1) {
      const sum = sums[index + step];
      if (sum === undefined || sum > offset) continue;
      index += step;
      offset -= sum;
    }
    return { index, offset };
  }
}

const highestBit = (n: number): number => (n === 0 ? 0 : 2 ** (31 - Math.clz32(n)));
