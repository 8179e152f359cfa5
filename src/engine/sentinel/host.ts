/** What a Sentinel needs of the process that it runs in. */
import type { Dial } from '../network/network.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Resolve } from './address.ts';

/** A line, and the kind of line whose place it takes: `sentinel monitor`. */
export interface ConfLine {
  readonly kind: string;
  readonly text: string;
}

export type EventLevel = 'warning' | 'notice' | 'verbose';

export interface SentinelHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly resolve: Resolve;
  /** Where it listens itself. */
  readonly port: number;
  /** What clients must say to it, as other Sentinels must: its own requirepass, or ''. */
  readonly password: string;
  /** Something happened: a line of the log, and a message on the channel of that name. */
  event(level: EventLevel, channel: string, payload: string): void;
  log(level: EventLevel, message: string): void;
  /** Writes what must not be forgotten into sentinel.conf. Returns why it could not. */
  save(lines: readonly ConfLine[]): string | undefined;
  /** The process ends, at once: SENTINEL SIMULATE-FAILURE. */
  crash(): void;
}
