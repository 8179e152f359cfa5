/**
 * Values in two tiers: as many of those used last as the budget allows are in RAM, the others in a
 * slower store. A read from there brings the value up, and the one unused for longest goes down.
 * The stores are servers; what one of them takes is a model, since all of this page is RAM.
 */

export interface Store {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  del(key: string): Promise<void>;
}

export type Tier = 'ram' | 'flash';

/** What a read is taken to cost, ms: over the network, and then from the disk, a few times slower. */
export const readMs: Readonly<Record<Tier, number>> = { ram: 0.3, flash: 1.2 };
/** A model of prices: what a GB costs in a month, in units of a GB on disk. */
export const priceOf: Readonly<Record<Tier, number>> = { ram: 10, flash: 1 };

export class Tiers {
  readonly #stores: Readonly<Record<Tier, Store>>;
  #budget: number;
  /** Keys in RAM, those used last at the end. */
  readonly #hot = new Set<string>();
  readonly hits: Record<Tier, number> = { ram: 0, flash: 0 };
  promoted = 0;
  demoted = 0;

  /** The budget is how many values may be in RAM, one or more. */
  constructor(stores: Readonly<Record<Tier, Store>>, budget: number) {
    this.#stores = stores;
    this.#budget = budget;
  }

  get hot(): number {
    return this.#hot.size;
  }

  async set(key: string, value: string): Promise<void> {
    if (!this.#hot.has(key)) await this.#stores.flash.del(key);
    await this.#keepInRam(key, value);
  }

  /** The tier that a value came from; undefined for a key that is in neither. */
  async get(key: string): Promise<{ readonly value: string; readonly tier: Tier } | undefined> {
    const tier = this.#hot.has(key) ? 'ram' : 'flash';
    const value = await this.#stores[tier].get(key);
    if (value === undefined) return undefined;
    this.hits[tier]++;
    if (tier === 'ram') this.#touch(key);
    else {
      this.promoted++;
      await this.#stores.flash.del(key);
      await this.#keepInRam(key, value);
    }
    return { value, tier };
  }

  /** Another budget, at once. */
  async resize(budget: number): Promise<void> {
    this.#budget = budget;
    await this.#demote();
  }

  forget(): void {
    this.hits.ram = 0;
    this.hits.flash = 0;
    this.promoted = 0;
    this.demoted = 0;
  }

  async #keepInRam(key: string, value: string): Promise<void> {
    await this.#stores.ram.set(key, value);
    this.#touch(key);
    await this.#demote();
  }

  #touch(key: string): void {
    this.#hot.delete(key);
    this.#hot.add(key);
  }

  async #demote(): Promise<void> {
    while (this.#hot.size > this.#budget) {
      const [coldest = ''] = this.#hot;
      this.#hot.delete(coldest);
      this.demoted++;
      const value = await this.#stores.ram.get(coldest);
      if (value === undefined) continue;
      await this.#stores.flash.set(coldest, value);
      await this.#stores.ram.del(coldest);
    }
  }
}
