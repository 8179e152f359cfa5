import { SLOT_COUNT, slotOf } from '../bytes/crc16.ts';

interface Entry {
  readonly key: string;
  older: Entry | undefined;
  newer: Entry | undefined;
}

/**
 * The keys of each slot, the newest first: counted and listed without looking at any other key.
 * Costs one entry for each key, so only a server with cluster-enabled has it.
 */
export class SlotKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #newest = new Map<number, Entry>();
  readonly #counts = new Uint32Array(SLOT_COUNT);

  /** Notes a key that was not there. */
  add(key: string): void {
    const slot = slotOf(key);
    const newest = this.#newest.get(slot);
    const entry: Entry = { key, older: newest, newer: undefined };
    if (newest) newest.newer = entry;
    this.#newest.set(slot, entry);
    this.#entries.set(key, entry);
    this.#counts[slot] = this.count(slot) + 1;
  }

  remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const slot = slotOf(key);
    const { older, newer } = entry;
    if (older) older.newer = newer;
    if (newer) newer.older = older;
    else if (older) this.#newest.set(slot, older);
    else this.#newest.delete(slot);
    this.#entries.delete(key);
    this.#counts[slot] = this.count(slot) - 1;
  }

  clear(): void {
    this.#entries.clear();
    this.#newest.clear();
    this.#counts.fill(0);
  }

  count(slot: number): number {
    return this.#counts[slot] as number;
  }

  /** Up to `limit` keys of a slot. */
  keys(slot: number, limit: number): string[] {
    const keys: string[] = [];
    let entry = this.#newest.get(slot);
    while (entry && keys.length < limit) {
      keys.push(entry.key);
      entry = entry.older;
    }
    return keys;
  }
}
