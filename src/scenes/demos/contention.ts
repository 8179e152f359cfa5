/**
 * Many clients want one lock, each once. They take it, hold it and try again in the lab's time,
 * which goes from one event to the next, so that a run gives the same numbers on any machine.
 */
import { luckFrom } from './luck.ts';

/** How long to wait before the next try, in ms: after so many refusals, with luck from 0 to 1. */
export type Way = (refusals: number, luck: number) => number;

/** What a round trip takes: the least that lies between two tries. */
export const ROUND_TRIP_MS = 2;
const FIRST_MS = 10;
const MOST_MS = 400;

const doubled = (refusals: number) => Math.min(FIRST_MS * 2 ** (refusals - 1), MOST_MS);

export const ways = {
  'at once': () => ROUND_TRIP_MS,
  'every 40 ms': () => 40,
  backoff: doubled,
  'backoff with jitter': (refusals, luck) => ROUND_TRIP_MS + luck * doubled(refusals),
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof ways;
export const wayNames = Object.keys(ways) as WayName[];

/** The server as seen by one client after another. */
export interface Contested {
  /** Whether the client has got the lock. */
  take(client: number): Promise<boolean>;
  release(client: number): Promise<void>;
  advance(ms: number): Promise<void>;
}

export interface Contest {
  readonly clients: number;
  readonly holdMs: number;
  readonly way: Way;
  readonly seed?: number;
}

export interface ContestResult {
  readonly tries: number;
  /** When the last client got the lock, in ms since all began. */
  readonly lastMs: number;
  /** How many tries fell into each slice of `SLICE_MS`. */
  readonly slices: readonly number[];
}

export const SLICE_MS = 100;

interface Event {
  readonly atMs: number;
  readonly client: number;
  readonly releases: boolean;
  readonly refusals: number;
}

export async function contend(lock: Contested, contest: Contest): Promise<ContestResult> {
  const luck = luckFrom(contest.seed ?? 1);
  const events: Event[] = Array.from({ length: contest.clients }, (_, client) => {
    return { atMs: 0, client, releases: false, refusals: 0 };
  });
  const slices: number[] = [];
  let nowMs = 0;
  let lastMs = 0;
  for (let event = takeNext(events); event; event = takeNext(events)) {
    const { atMs, client } = event;
    if (atMs > nowMs) await lock.advance(atMs - nowMs);
    nowMs = atMs;
    if (event.releases) {
      await lock.release(client);
      continue;
    }
    const slice = Math.floor(atMs / SLICE_MS);
    while (slices.length <= slice) slices.push(0);
    slices[slice] = (slices[slice] ?? 0) + 1;
    if (await lock.take(client)) {
      lastMs = atMs;
      events.push({ ...event, atMs: atMs + contest.holdMs, releases: true });
    } else {
      const refusals = event.refusals + 1;
      const waitMs = Math.max(1, Math.round(contest.way(refusals, luck())));
      events.push({ ...event, atMs: atMs + waitMs, refusals });
    }
  }
  return { tries: slices.reduce((sum, count) => sum + count, 0), lastMs, slices };
}

/** Takes out what comes next; at the same moment a release comes first. */
function takeNext(events: Event[]): Event | undefined {
  let best = 0;
  for (let at = 1; at < events.length; at++) {
    const one = events[at];
    const other = events[best];
    if (!one || !other) continue;
    const sooner = one.atMs < other.atMs;
    if (sooner || (one.atMs === other.atMs && one.releases && !other.releases)) best = at;
  }
  return events.splice(best, 1)[0];
}
