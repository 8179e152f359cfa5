/** A set of documents by their ids, a bit for each: quick to fill in any order, and to walk in theirs. */

/** The end of every walk. */
export const END = Infinity;

export class IdSet {
  readonly #bits: Int32Array;
  #size = 0;

  /** For ids up to `last`. */
  constructor(last: number, ids: Iterable<number> = []) {
    this.#bits = new Int32Array((last >>> 5) + 1);
    for (const id of ids) this.add(id);
  }

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  add(id: number): void {
    const at = id >>> 5;
    const before = this.#bits[at] as number;
    const after = before | (1 << (id & 31));
    if (after === before) return;
    this.#bits[at] = after;
    this.#size++;
  }

  /** The first one of at least this id; END when there is none. */
  from(id: number): number {
    const bits = this.#bits;
    for (let at = id >>> 5, mask = -1 << (id & 31); at < bits.length; at++, mask = -1) {
      const rest = (bits[at] as number) & mask;
      if (rest !== 0) return at * 32 + 31 - Math.clz32(rest & -rest);
    }
    return END;
  }
}
