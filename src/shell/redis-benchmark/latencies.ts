/** How long requests took, in ms, told apart by microseconds. */
export class Latencies {
  readonly #sorted: Float64Array;

  constructor(samples: readonly number[]) {
    this.#sorted = Float64Array.from(samples).sort();
  }

  get count(): number {
    return this.#sorted.length;
  }

  get average(): number {
    return this.#sorted.reduce((sum, ms) => sum + ms, 0) / Math.max(this.count, 1);
  }

  /** The duration within which so many per cent of all were answered. */
  percentile(percent: number): number {
    const index = Math.ceil((percent / 100) * this.count) - 1;
    return this.#sorted[Math.min(Math.max(index, 0), this.count - 1)] ?? 0;
  }

  /** How many took no longer than so many ms. */
  within(ms: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Percentiles that halve what is left each time, until nothing is. */
  byPercentile(): { percent: number; ms: number; count: number }[] {
    const steps = [];
    for (let left = 100, percent = 0; ; left /= 2, percent = 100 - left) {
      const done = this.count === 0 || left * this.count < 100;
      const at = done ? 100 : percent;
      const ms = this.percentile(at);
      steps.push({ percent: at, ms, count: this.within(ms) });
      if (done) return steps;
    }
  }

  /** How many were answered by each tenth of a ms, from 2.1 ms on by each whole one. */
  cumulative(): { percent: number; ms: number; count: number }[] {
    const steps = [];
    let before = -1;
    for (let ms = 0.103; ; ms = ms < 2.1 ? ms + 0.1 : Math.floor(ms) + 1.103) {
      const count = this.within(ms);
      if (count > before)
        steps.push({ percent: (100 * count) / Math.max(this.count, 1), ms, count });
      before = count;
      if (count >= this.count) return steps;
    }
  }
}
