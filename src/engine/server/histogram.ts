/** Between these a duration is told apart; what is beyond counts as the nearest. Nanoseconds. */
const MIN = 1;
const MAX = 1_000_000_000;
/** Two significant digits need 256 steps between a power of two and the next. */
const STEPS = 256;
const HALF = STEPS / 2;
const COUNTERS = 24 * HALF;

/**
 * How long a command took, each time it ran, to about one per cent: a high dynamic range histogram,
 * as Redis keeps one for each command. https://redis.io/docs/latest/commands/latency-histogram/
 */
export class Histogram {
  readonly #counts = new Uint32Array(COUNTERS);
  total = 0;

  add(usec: number, times = 1): void {
    const value = Math.min(Math.max(Math.round(usec * 1000), MIN), MAX);
    const index = indexOf(value);
    this.#counts[index] = (this.#counts[index] as number) + times;
    this.total += times;
  }

  /** The duration that so many per cent of all stayed within, in microseconds. */
  percentile(percent: number): number {
    const wanted = Math.max(Math.floor((percent / 100) * this.total + 0.5), 1);
    let seen = 0;
    for (let i = 0; i < COUNTERS; i++) {
      seen += this.#counts[i] as number;
      if (seen >= wanted) return (percent === 0 ? lowest(i) : highest(i)) / 1000;
    }
    return 0;
  }

  /**
   * How many took no longer than each of some durations, which double from 1 microsecond on. Those
   * that add nothing are left out.
   */
  doubling(): [usec: number, count: number][] {
    const steps: [number, number][] = [];
    let index = 0;
    let seen = 0;
    let told = 0;
    for (let limit = FIRST_DOUBLING; told < this.total; limit *= 2) {
      const last = highest(indexOf(limit));
      for (; index < COUNTERS && highest(index) <= last; index++)
        seen += this.#counts[index] as number;
      if (seen > told) steps.push([Math.floor(last / 1000), seen]);
      told = seen;
    }
    return steps;
  }
}

const FIRST_DOUBLING = 1024;

/** How many times the value must be halved to have a step of its own. */
const halvings = (value: number): number => Math.max(24 - Math.clz32(value), 0);

function indexOf(value: number): number {
  const shift = halvings(value);
  return shift * HALF + (value >> shift);
}

const shiftOf = (index: number): number => Math.max((index >> 7) - 1, 0);

const lowest = (index: number): number => {
  const shift = shiftOf(index);
  return (index - shift * HALF) * 2 ** shift;
};

const highest = (index: number): number => lowest(index) + 2 ** shiftOf(index) - 1;
