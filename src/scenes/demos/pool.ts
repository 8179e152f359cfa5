/**
 * A pool of connections and the requests that come to it. The connections are real ones, and the
 * server really keeps each of them busy; the time is the lab's, which goes from one event to the
 * next, so that a run gives the same numbers on any machine.
 */
import { luckFrom } from './luck.ts';

/** A connection of the pool. */
export interface Wire {
  readonly isOpen: boolean;
  /** Settles when the server has begun; what it gives, when it is done, so many ms later. */
  work(ms: number): Promise<{ done: Promise<unknown> }>;
}

/** The server as a pool sees it. */
export interface Backend {
  open(): Promise<Wire>;
  advance(ms: number): Promise<void>;
}

/** Never more connections than its size; the last one given back is lent first. */
export class Pool {
  readonly size: number;
  /** Of all that were ever opened. */
  opened = 0;
  readonly #backend: Backend;
  #idle: Wire[] = [];
  #lent = 0;

  constructor(backend: Backend, size: number) {
    this.#backend = backend;
    this.size = size;
  }

  get lent(): number {
    return this.#lent;
  }

  /** Without those that the server has closed meanwhile. */
  get idle(): number {
    this.#idle = this.#idle.filter(({ isOpen }) => isOpen);
    return this.#idle.length;
  }

  get isExhausted(): boolean {
    return this.#lent === this.size;
  }

  /**
   * Lends a connection, and says whether it had to be opened. Not for an exhausted pool. Rejects when
   * the server does not take another one; then none is lent.
   */
  async take(): Promise<{ wire: Wire; isNew: boolean }> {
    const idle = this.idle > 0 ? this.#idle.pop() : undefined;
    const wire = idle ?? (await this.#open());
    this.#lent++;
    return { wire, isNew: !idle };
  }

  give(wire: Wire): void {
    this.#lent--;
    this.#idle.push(wire);
  }

  /** Opens all there may be, before anybody asks. */
  async warm(): Promise<void> {
    while (this.idle + this.lent < this.size) {
      this.#idle.push(await this.#open());
    }
  }

  async #open(): Promise<Wire> {
    const wire = await this.#backend.open();
    this.opened++;
    return wire;
  }
}

/** Turns requests away at once while the pool is known to be exhausted, and tries again later. */
export class Breaker {
  static readonly FAILURES = 5;
  static readonly OPEN_MS = 500;
  #failures = 0;
  #openUntilMs = 0;

  isOpen(nowMs: number): boolean {
    return nowMs < this.#openUntilMs;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(nowMs: number): void {
    this.#failures++;
    if (this.#failures >= Breaker.FAILURES) this.#openUntilMs = nowMs + Breaker.OPEN_MS;
  }
}

export interface Load {
  /** Requests a second; they come by chance, as visitors do. */
  readonly perSecond: number;
  readonly seconds: number;
  /** How long the server keeps a request's connection. */
  readonly serviceMs: number;
  /** How long the request's journeys take, there and back. */
  readonly journeysMs: number;
  /** What opening a connection adds. */
  readonly connectMs: number;
  /** How long a request waits for a connection before it gives up. */
  readonly patienceMs: number;
  readonly seed?: number;
  readonly breaker?: Breaker;
}

export interface Served {
  /** How long each request waited that got a connection, and for one to be opened; ascending, ms. */
  readonly waitsMs: readonly number[];
  readonly gaveUp: number;
  /** By the breaker, without waiting. */
  readonly turnedAway: number;
  /** By the server, which took no other connection. */
  readonly refused: number;
  readonly mostLent: number;
  /** By time, of all the time that it took. */
  readonly meanLent: number;
  /** Lent at the end of each tenth of a second in which requests came, and who waited. */
  readonly slices: readonly { readonly lent: number; readonly waiting: number }[];
}

export const SLICE_MS = 100;

/** Sends this load to the pool, and waits until the last request is over. */
export function serve(backend: Backend, pool: Pool, load: Load): Promise<Served> {
  return new Serving(backend, pool, load).run();
}

/** The value below which that share of them lies; 0 where there are none. */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;

/** A lent connection, until when, and what settles then. */
interface Lease {
  readonly untilMs: number;
  readonly wire: Wire;
  readonly done: Promise<unknown>;
}

class Serving {
  readonly #backend: Backend;
  readonly #pool: Pool;
  readonly #load: Load;
  readonly #arrivals: number[];
  readonly #leases: Lease[] = [];
  /** When each of those who wait came, first come first. */
  readonly #waiting: number[] = [];
  readonly #waitsMs: number[] = [];
  readonly #slices: { lent: number; waiting: number }[] = [];
  #nowMs = 0;
  #gaveUp = 0;
  #turnedAway = 0;
  #refused = 0;
  #mostLent = 0;
  #lentMs = 0;

  constructor(backend: Backend, pool: Pool, load: Load) {
    this.#backend = backend;
    this.#pool = pool;
    this.#load = load;
    this.#arrivals = arrivalsOf(load);
  }

  async run(): Promise<Served> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await this.#goTo(next);
      await this.#takeBack();
      this.#letIn(next);
      await this.#lend();
      this.#loseImpatient();
    }
    return {
      waitsMs: this.#waitsMs.sort((a, b) => a - b),
      gaveUp: this.#gaveUp,
      turnedAway: this.#turnedAway,
      refused: this.#refused,
      mostLent: this.#mostLent,
      meanLent: this.#nowMs === 0 ? 0 : this.#lentMs / this.#nowMs,
      slices: this.#slices,
    };
  }

  /** When something happens next; undefined when nothing does. */
  #next(): number | undefined {
    const [arrival, waiting] = [this.#arrivals[0], this.#waiting[0]];
    const times = this.#leases.map(({ untilMs }) => untilMs);
    if (arrival !== undefined) times.push(arrival);
    if (waiting !== undefined) times.push(waiting + this.#load.patienceMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #goTo(ms: number): Promise<void> {
    const { lent } = this.#pool;
    const end = Math.min(ms, this.#load.seconds * 1000);
    while ((this.#slices.length + 1) * SLICE_MS <= end) {
      this.#slices.push({ lent, waiting: this.#waiting.length });
    }
    this.#lentMs += lent * (ms - this.#nowMs);
    if (ms > this.#nowMs) await this.#backend.advance(ms - this.#nowMs);
    this.#nowMs = ms;
  }

  async #takeBack(): Promise<void> {
    for (const lease of this.#leases.filter(({ untilMs }) => untilMs <= this.#nowMs)) {
      await lease.done;
      this.#leases.splice(this.#leases.indexOf(lease), 1);
      this.#pool.give(lease.wire);
    }
  }

  #letIn(ms: number): void {
    for (; this.#arrivals[0] === ms; this.#arrivals.shift()) {
      if (this.#load.breaker?.isOpen(ms)) this.#turnedAway++;
      else this.#waiting.push(ms);
    }
  }

  async #lend(): Promise<void> {
    const { serviceMs, journeysMs, connectMs } = this.#load;
    while (this.#waiting.length > 0 && !this.#pool.isExhausted) {
      const cameMs = this.#waiting.shift() ?? this.#nowMs;
      const taken = await this.#pool.take().catch(() => undefined);
      if (!taken) {
        this.#refused++;
        this.#load.breaker?.failed(this.#nowMs);
        continue;
      }
      const { wire, isNew } = taken;
      this.#load.breaker?.succeeded();
      const openingMs = isNew ? connectMs : 0;
      this.#waitsMs.push(this.#nowMs - cameMs + openingMs);
      const untilMs = this.#nowMs + openingMs + serviceMs + journeysMs;
      this.#leases.push({ untilMs, wire, ...(await wire.work(serviceMs)) });
    }
    this.#mostLent = Math.max(this.#mostLent, this.#pool.lent);
  }

  #loseImpatient(): void {
    const { patienceMs } = this.#load;
    while ((this.#waiting[0] ?? Number.POSITIVE_INFINITY) + patienceMs <= this.#nowMs) {
      this.#waiting.shift();
      this.#gaveUp++;
      this.#load.breaker?.failed(this.#nowMs);
    }
  }
}

/** Whole ms, ascending. */
function arrivalsOf({ perSecond, seconds, seed = 1 }: Load): number[] {
  const luck = luckFrom(seed);
  const times: number[] = [];
  const nextMs = () => (-Math.log(1 - luck()) / perSecond) * 1000;
  for (let at = nextMs(); at < seconds * 1000; at += nextMs()) times.push(Math.floor(at));
  return times;
}
