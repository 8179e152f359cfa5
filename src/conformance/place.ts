import type { Door } from './rig.ts';

/** Fresh and empty servers of a lesson's lab. */
export interface Place {
  readonly door: Door;
  stop(): Promise<void>;
}
