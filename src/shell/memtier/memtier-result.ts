import type { MemtierOptions } from './options.ts';

/** What the requests of one kind came to. */
export class Tally {
  /** How long each took. */
  readonly ms: number[] = [];
  hits = 0;
  misses = 0;
  /** Sent and received. */
  bytes = 0;
}

export interface MemtierResult {
  readonly options: MemtierOptions;
  readonly seconds: number;
  readonly sets: Tally;
  readonly gets: Tally;
}
