/** Reads of values in two tiers: how many come from RAM, and how long they take by the model. */
import { priceOf, readMs, type Store, Tiers } from '../../ops/enterprise/tiers.ts';
import { luckFrom } from './luck.ts';
import type { DemoClient, Lab } from './stage.ts';

/** How many values there are. */
export const VALUES = 1000;
const READS = 2000;
/** The share of the reads that goes to the working set. */
const HOT_SHARE = 0.95;
/** A read comes every so many ms. */
const EVERY_MS = 0.9;

export interface TierReading {
  /** Share of the reads that RAM answered. */
  readonly hitShare: number;
  readonly promoted: number;
  readonly demoted: number;
  /** How many reads took up to that many ms, and more than the one before. */
  readonly histogram: readonly { readonly upToMs: number; readonly count: number }[];
  readonly medianMs: number;
  readonly p99Ms: number;
  /** The price of both tiers, as a share of that of RAM for all. */
  readonly cost: number;
}

/** Values on two servers, each of which stands for a tier. */
export class TieringRun {
  readonly #tiers: Tiers;
  readonly #clients: readonly [DemoClient, DemoClient];

  private constructor(stage: Lab) {
    const [ram, flash] = [stage.client('10.0.0.1:6379'), stage.client('10.0.0.2:6379')];
    this.#clients = [ram, flash];
    this.#tiers = new Tiers({ ram: storeOf(ram), flash: storeOf(flash) }, VALUES);
  }

  static async open(stage: Lab): Promise<TieringRun> {
    const run = new TieringRun(stage);
    for (let n = 0; n < VALUES; n++) await run.#tiers.set(keyOf(n), 'x'.repeat(100));
    return run;
  }

  /** Reads with that budget of values in RAM, of a working set of that many values. */
  async read(budget: number, workingSet: number): Promise<TierReading> {
    await this.#tiers.resize(budget);
    const draw = luckFrom(42);
    // Once to bring up what is used, once to measure.
    for (let n = 0; n < READS; n++) await this.#tiers.get(pick(draw, workingSet));
    this.#tiers.forget();
    const latencies: number[] = [];
    const device = { freeAt: 0 };
    for (let n = 0; n < READS; n++) {
      const found = await this.#tiers.get(pick(draw, workingSet));
      latencies.push(latencyOf(found?.tier === 'flash', n * EVERY_MS, device));
    }
    return this.#reading(latencies, budget);
  }

  #reading(latencies: readonly number[], budget: number): TierReading {
    const { hits, promoted, demoted } = this.#tiers;
    const sorted = latencies.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return {
      hitShare: hits.ram / READS,
      ...{ promoted, demoted, histogram: histogramOf(sorted) },
      ...{ medianMs: at(0.5), p99Ms: at(0.99), cost: costOf(budget) },
    };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

/** A read from the disk waits for those before it: the disk serves one at a time. */
export function latencyOf(isFlash: boolean, atMs: number, device: { freeAt: number }): number {
  if (!isFlash) return readMs.ram;
  device.freeAt = Math.max(device.freeAt, atMs) + readMs.flash;
  return device.freeAt - atMs + readMs.ram;
}

/** All values are on disk or in RAM; a value in RAM is not on disk. */
export const costOf = (budget: number): number =>
  (budget * priceOf.ram + (VALUES - budget) * priceOf.flash) / (VALUES * priceOf.ram);

const bounds = [0.5, 1, 2, 4, 8, 16, 32, Number.POSITIVE_INFINITY];

export const histogramOf = (latencies: readonly number[]) =>
  bounds.map((upToMs, index) => {
    const above = bounds[index - 1] ?? 0;
    return { upToMs, count: latencies.filter((ms) => ms > above && ms <= upToMs).length };
  });

const keyOf = (n: number) => `value:${n}`;

const pick = (draw: () => number, workingSet: number) =>
  keyOf(Math.floor(draw() * (draw() < HOT_SHARE ? workingSet : VALUES)));

const storeOf = (client: DemoClient): Store => ({
  async get(key) {
    const value = await client.ask('GET', key);
    return typeof value === 'string' ? value : undefined;
  },
  async set(key, value) {
    await client.ask('SET', key, value);
  },
  async del(key) {
    await client.ask('DEL', key);
  },
});
