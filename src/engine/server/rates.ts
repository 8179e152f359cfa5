import type { Stats } from './stats.ts';

/** So many measurements are averaged, as in Redis: 1.6 seconds. */
const SAMPLES = 16;
const INTERVAL_MS = 100;

const measures = {
  commands: (stats: Stats) => stats.commandsProcessed,
  input: (stats: Stats) => stats.netInputBytes,
  output: (stats: Stats) => stats.netOutputBytes,
};
type Measure = keyof typeof measures;

/** How much happens per second just now: INFO's instantaneous_… */
export class Rates {
  readonly #samples: { readonly at: number; readonly stats: Record<Measure, number> }[] = [];

  /** Measures, if the last time is long enough ago. */
  sample(stats: Stats, now: number): void {
    const last = this.#samples.at(-1);
    if (last && now - last.at < INTERVAL_MS) return;
    const { commands, input, output } = measures;
    this.#samples.push({
      at: now,
      stats: { commands: commands(stats), input: input(stats), output: output(stats) },
    });
    if (this.#samples.length > SAMPLES + 1) this.#samples.shift();
  }

  perSecond(measure: Measure): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || first === last) return 0;
    const more = last.stats[measure] - first.stats[measure];
    // CONFIG RESETSTAT begins anew.
    return Math.max((more * 1000) / (last.at - first.at), 0);
  }
}
