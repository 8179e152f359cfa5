import type { VirtualClock } from '../engine/time/clock.ts';

/**
 * Makes lab time follow real time. The engine has no timers: somebody must move its clock, before
 * every chunk of bytes (so that TTLs are right to the millisecond) and whenever a timer is due.
 */

/** Where real time comes from; tests pass their own. */
export interface RealTime {
  /** Milliseconds from any fixed moment, never going back. */
  now(): number;
  /** Calls once, after `ms`; returns how to cancel. */
  after(ms: number, task: () => void): () => void;
}

/** The platform's time. */
export const realTime: RealTime = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Brings a clock that was set to the time of day up to it again: what came in between, such as
 * loading a file, has taken its time. Rounded up, so that no deadline seems further away than it is.
 */
export function catchUp(clock: VirtualClock): void {
  clock.advance(Math.max(0, Date.now() + 1 - clock.now));
}

/** A laptop that slept for a night does not make its lab live through the night at once. */
const LONGEST_LEAP_MS = 60_000;
/** How long moving the clock may keep everybody else waiting, in real time. */
const PATIENCE_MS = { pacing: 8, asked: 1000 };
/** How long a host sleeps at most: 32-bit timers end at 24 days. */
const LONGEST_SLEEP_MS = 3_600_000;

export class Pacer {
  readonly #clock: VirtualClock;
  readonly #time: RealTime;
  readonly #moved: () => void;
  #rate = 0;
  /** Real time up to which lab time has been accounted for. */
  #accounted: number;
  /** The clock counts whole milliseconds; what was left over of the last one. */
  #remainder = 0;
  #cancel: (() => void) | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;

  /** A paused pacer. `moved` is called after each time the clock has been moved. */
  constructor(clock: VirtualClock, time: RealTime = realTime, moved: () => void = () => {}) {
    this.#clock = clock;
    this.#time = time;
    this.#moved = moved;
    this.#accounted = time.now();
  }

  get rate(): number {
    return this.#rate;
  }

  /** Lab seconds per real second; 0 pauses. */
  setRate(rate: number): void {
    this.sync();
    this.#rate = rate;
    this.#remainder = 0;
    this.#wakeAt = Number.NaN; // the same instant now comes sooner or later in real time
    this.plan();
  }

  /** Brings the lab to the present. Call it before anything is asked of the lab. */
  sync(): void {
    const now = this.#time.now();
    const elapsed = Math.min((now - this.#accounted) * this.#rate, LONGEST_LEAP_MS);
    this.#accounted = now;
    const total = elapsed + this.#remainder;
    const ms = Math.floor(total);
    this.#remainder = total - ms;
    if (ms > 0) this.#move(ms, PATIENCE_MS.pacing);
  }

  /** Moves the lab forward by itself, however it is paced. */
  advance(ms: number): void {
    this.step(ms, () => false);
  }

  /** The same, until `isOver` holds after a timer has run. */
  step(mostMs: number, isOver: () => boolean): void {
    this.#move(mostMs, PATIENCE_MS.asked, isOver);
    // What the leap has made late is done now: of a lab that stands still nobody moves the clock.
    this.#clock.advance(0);
  }

  /**
   * Runs timer after timer. When that takes too long in real time (a script that never ends, and
   * takes a slice of every millisecond), the rest of the time goes by at once and what was due in it
   * runs late: as on a real machine that is too busy.
   */
  #move(ms: number, patienceMs: number, isOver = () => false): void {
    const impatientAt = this.#time.now() + patienceMs;
    const end = this.#clock.now + ms;
    while (this.#clock.now < end && this.#time.now() <= impatientAt && !isOver()) {
      const due = Math.min(this.#clock.nextDue ?? end, end);
      this.#clock.advance(Math.max(due - this.#clock.now, 0));
    }
    if (!isOver()) this.#clock.skip(Math.max(end - this.#clock.now, 0));
    this.#moved();
  }

  /** Sleeps until the lab's next timer is due. Call it after anything that may have set one. */
  plan(): void {
    const due = this.#clock.nextDue;
    const wakeAt = due === undefined || this.#rate === 0 ? Number.POSITIVE_INFINITY : due;
    if (wakeAt === this.#wakeAt && this.#cancel) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wakeAt = wakeAt;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    const delay = Math.ceil((wakeAt - this.#clock.now - this.#remainder) / this.#rate);
    this.#cancel = this.#time.after(Math.min(Math.max(delay, 1), LONGEST_SLEEP_MS), () => {
      this.#cancel = undefined;
      this.sync();
      this.plan();
    });
  }

  /** Lets the lab stand still for good, or until `setRate`. */
  stop(): void {
    this.setRate(0);
  }
}
