/** Node's timers, in the lab's time: objects with `unref`, that keep a program alive. */
import { theLab } from './lab.ts';

const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;
/** Browsers and Node count the delay in 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

const armed = new Set<Timer>();

export class Timer {
  readonly #task: () => void;
  readonly #delay: number;
  readonly #repeats: boolean;
  #due = 0;
  #real: ReturnType<typeof setTimeout> | undefined;
  #refed = true;
  #closed = false;

  constructor(task: () => void, delay: unknown, repeats: boolean) {
    const ms = Number(delay);
    this.#task = task;
    this.#delay = ms >= 1 && ms <= LONGEST_MS ? ms : 1;
    this.#repeats = repeats;
    this.refresh();
  }

  refresh(): this {
    this.#due = theLab().now() + this.#delay;
    armed.add(this);
    if (this.#refed) theLab().hold(this);
    this.arm();
    return this;
  }

  /** Anew, when the lab's time has been changed. */
  arm(): void {
    realClearTimeout(this.#real);
    const { rate } = theLab();
    if (rate === 0) return;
    const left = (this.#due - theLab().now()) / rate;
    this.#real = realSetTimeout(() => this.#fire(), Math.min(Math.max(left, 0), LONGEST_MS));
  }

  ref(): this {
    this.#refed = true;
    if (armed.has(this)) theLab().hold(this);
    return this;
  }

  unref(): this {
    this.#refed = false;
    theLab().release(this);
    return this;
  }

  hasRef(): boolean {
    return this.#refed;
  }

  close(): this {
    this.#closed = true;
    realClearTimeout(this.#real);
    armed.delete(this);
    theLab().release(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    idOf.set(this, idOf.get(this) ?? idOf.size + 1);
    return idOf.get(this) ?? 0;
  }

  #fire(): void {
    // The lab is exact to the millisecond, browsers are not.
    if (theLab().now() < this.#due - 1) {
      this.arm();
      return;
    }
    armed.delete(this);
    try {
      this.#task();
    } finally {
      if (this.#repeats && !this.#closed) this.refresh();
      else if (!armed.has(this)) theLab().release(this);
    }
  }
}

const idOf = new Map<Timer, number>();

type Callback = (...args: unknown[]) => void;

export const nodeSetTimeout = (task: Callback, delay?: number, ...args: unknown[]): Timer =>
  new Timer(() => task(...args), delay, false);

export const nodeSetInterval = (task: Callback, delay?: number, ...args: unknown[]): Timer =>
  new Timer(() => task(...args), delay, true);

export function nodeClearTimer(timer: unknown): void {
  const found =
    timer instanceof Timer ? timer : [...idOf].find(([, id]) => id === Number(timer))?.[0];
  found?.close();
}

/** Runs before any timer, after what has been promised. */
export class Immediate {
  task: (() => void) | undefined;

  constructor(task: () => void) {
    this.task = task;
    theLab().hold(this);
    queue.push(this);
    channel.port2.postMessage(0);
  }

  ref(): this {
    theLab().hold(this);
    return this;
  }

  unref(): this {
    theLab().release(this);
    return this;
  }
}

const queue: Immediate[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => {
  const next = queue.shift();
  try {
    next?.task?.();
  } finally {
    if (next) theLab().release(next);
  }
};

export const nodeSetImmediate = (task: Callback, ...args: unknown[]): Immediate =>
  new Immediate(() => task(...args));

export function nodeClearImmediate(immediate: unknown): void {
  if (!(immediate instanceof Immediate)) return;
  immediate.task = undefined;
  theLab().release(immediate);
}

/** Timers follow the lab when its time is moved, or its pace. */
export function followLab(): void {
  theLab().onClock(() => {
    for (const timer of armed) timer.arm();
  });
}
