/** What a Sentinel needs of the process that it runs in. */
import type { Dial } from '../network/network.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

export interface SentinelHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  /** Where other Sentinels reach this one. */
  readonly ip: string;
  readonly port: number;
  /** Something happened: a line of the log, and a message on the channel of that name. */
  event(level: 'warning' | 'notice' | 'verbose', channel: string, payload: string): void;
  /** What must not be forgotten has changed. */
  save(): void;
}
