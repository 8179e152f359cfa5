/**
 * The lab's time in a program's own worker. What the page has last heard of it is carried on at the
 * lab's pace, so that a program sleeps, and tells the time, as the servers do that it talks to.
 */
import type { World } from '../wire/link.ts';

export interface Reading {
  /** The lab's time, ms since 1970 ... */
  readonly nowMs: number;
  /** ... at this moment of real time. */
  readonly at: number;
  /** Lab seconds per real second. */
  readonly rate: number;
}

export const readingOf = (world: Pick<World, 'now' | 'state'>): Reading => ({
  nowMs: world.now(),
  at: realNow(),
  rate: world.state.rate,
});

/** The lab's time now, ms since 1970. */
export const labNow = ({ nowMs, at, rate }: Reading): number => nowMs + (realNow() - at) * rate;

/** Real ms since 1970: the same in every worker, other than `performance.now()`. */
const realNow = (): number => performance.timeOrigin + performance.now();

/** A reading in shared memory, for a worker that cannot be sent messages while it waits. */
export class SharedReading {
  readonly memory: SharedArrayBuffer;
  /** Odd while the numbers are being written. */
  readonly #version: Int32Array;
  readonly #numbers: Float64Array;

  constructor(memory = new SharedArrayBuffer(32)) {
    this.memory = memory;
    this.#version = new Int32Array(memory, 0, 1);
    this.#numbers = new Float64Array(memory, 8, 3);
  }

  write({ nowMs, at, rate }: Reading): void {
    Atomics.add(this.#version, 0, 1);
    this.#numbers.set([nowMs, at, rate]);
    Atomics.add(this.#version, 0, 1);
  }

  read(): Reading {
    for (;;) {
      const version = Atomics.load(this.#version, 0);
      const [nowMs = 0, at = 0, rate = 1] = this.#numbers;
      if (version % 2 === 0 && version === Atomics.load(this.#version, 0)) {
        return { nowMs, at, rate };
      }
    }
  }
}
