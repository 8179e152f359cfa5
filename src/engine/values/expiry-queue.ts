/**
 * Names with the instants at which they end, the earliest at hand: the fields of a hash that expire,
 * and the hashes that have such fields. Setting, changing and taking one away are O(log N).
 */
export class ExpiryQueue {
  readonly #instants = new Map<string, number>();
  /** A heap of what was ever set; what the map says otherwise is passed over when it comes up. */
  #heap: Entry[] = [];

  get size(): number {
    return this.#instants.size;
  }

  /** When a name ends, in ms since 1970; undefined is never. */
  get(name: string): number | undefined {
    return this.#instants.get(name);
  }

  set(name: string, at: number): void {
    if (this.#instants.get(name) === at) return;
    this.#instants.set(name, at);
    this.#push({ name, at });
    if (this.#heap.length > 2 * this.size + SPARE) this.#rebuild();
  }

  delete(name: string): boolean {
    return this.#instants.delete(name);
  }

  /** The name that ends first, or undefined when there is none. */
  get first(): Entry | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#instants.get(top.name) === top.at) return top;
      this.#pop();
    }
    return undefined;
  }

  /** Every name with its end, in no particular order. */
  [Symbol.iterator](): Iterator<[name: string, at: number]> {
    return this.#instants[Symbol.iterator]();
  }

  #rebuild(): void {
    this.#heap = [];
    for (const [name, at] of this.#instants) this.#push({ name, at });
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as Entry).at <= entry.at) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the top away: the last entry sinks from there to its place. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    const { length } = heap;
    if (length === 0) return;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < length && (heap[right] as Entry).at < (heap[child] as Entry).at) child = right;
      if ((heap[child] as Entry).at >= last.at) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}

export interface Entry {
  readonly name: string;
  /** Ms since 1970. */
  readonly at: number;
}

/** Entries beyond those in use that are not worth a new heap. */
const SPARE = 64;
