/** The engine's only source of time. Milliseconds since the Unix epoch. */
export interface Clock {
  readonly now: number;
  /** Runs `task` once, `delayMs` from now. The returned function cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The clock of a machine. */
export interface MachineClock extends Clock {
  /** `now` in µs, never the same twice: on a machine, too, it takes a while to ask. */
  tellUsec(): number;
}

interface Timer {
  readonly due: number;
  /** Timers due at the same instant run in the order in which they were scheduled. */
  readonly order: number;
  readonly task: () => void;
  cancelled: boolean;
}

/**
 * Time that moves only when told to: tests, "skip 60 s" in a lesson, and the host's real-time driver
 * all call `advance`. A binary heap of timers, so that thousands of blocked clients stay cheap.
 */
export class VirtualClock implements MachineClock {
  readonly #heap: Timer[] = [];
  #scheduled = 0;
  #now: number;
  #toldUsec = 0;

  constructor(start = 0) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  tellUsec(): number {
    this.#toldUsec = Math.max(Math.floor(this.#now * 1000), this.#toldUsec + 1);
    return this.#toldUsec;
  }

  /** When the next timer is due, or undefined when nothing is planned. */
  get nextDue(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.due;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const due = this.#now + Math.max(delayMs, 0);
    const timer: Timer = { due, order: this.#scheduled++, task, cancelled: false };
    push(this.#heap, timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Moves time forward, running due timers in order, each at its own instant. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.nextDue; due !== undefined && due <= end; due = this.nextDue) {
      const timer = pop(this.#heap);
      // A timer set in the past of a clock that was advanced from within a task is due now.
      this.#now = Math.max(this.#now, due);
      timer.task();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Moves time forward and runs nothing: what is due by then runs late, with the next `advance`. */
  skip(ms: number): void {
    this.#now += ms;
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.cancelled) pop(this.#heap);
  }
}

const before = (a: Timer, b: Timer) => a.due < b.due || (a.due === b.due && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length;
  heap.push(timer);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Timer;
    if (!before(timer, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): Timer {
  const first = heap[0] as Timer;
  const last = heap.pop() as Timer;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
    if (!before(heap[child] as Timer, last)) break;
    heap[at] = heap[child] as Timer;
    at = child;
  }
  heap[at] = last;
  return first;
}
