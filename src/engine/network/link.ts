import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What one direction between two hosts is like. */
export interface LinkQuality {
  /** How long everything takes, in ms. */
  readonly latencyMs: number;
  /** How much goes through, in bytes per ms. */
  readonly bytesPerMs: number;
  /** The share of packets that are lost and sent again, 0 to 1. */
  readonly loss: number;
}

export const perfect: LinkQuality = { latencyMs: 0, bytesPerMs: Number.POSITIVE_INFINITY, loss: 0 };

/** How long TCP waits before it sends a lost packet again; twice as long each further time. */
const RETRANSMISSION_MS = 200;
const MAX_RETRANSMISSIONS = 8;
const MILLION = 1_000_000;

/**
 * One direction between two hosts. Nothing that TCP carries is lost on it: what a bad line swallows
 * arrives late, and what a cut holds back arrives when it is healed.
 */
export class Link {
  quality = perfect;
  isCut = false;
  /** Bytes that were sent over it so far. */
  carried = 0;
  /** What was sent while it is cut, in order. */
  #held: (() => void)[] = [];
  #busyUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random | undefined,
  ) {}

  heal(): void {
    this.isCut = false;
    for (const send of this.#held.splice(0)) send();
  }

  /** Has something sent when the link is whole again. */
  hold(send: () => void): void {
    this.#held.push(send);
  }

  /** When so many bytes, sent now, arrive. */
  arrivalOf(bytes: number): number {
    this.carried += bytes;
    const { latencyMs, bytesPerMs, loss } = this.quality;
    const { now } = this.clock;
    if (bytesPerMs !== Number.POSITIVE_INFINITY) {
      this.#busyUntil = Math.max(this.#busyUntil, now) + bytes / bytesPerMs;
    }
    const sent = Math.max(this.#busyUntil, now);
    return sent + latencyMs + (loss > 0 ? this.#retransmissions(loss) : 0);
  }

  #retransmissions(loss: number): number {
    let delay = 0;
    for (let i = 0; i < MAX_RETRANSMISSIONS && this.#isLost(loss); i++) {
      delay += RETRANSMISSION_MS * 2 ** i;
    }
    return delay;
  }

  #isLost(loss: number): boolean {
    return this.random !== undefined && this.random.below(MILLION) < loss * MILLION;
  }
}
