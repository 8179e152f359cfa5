import type { QueuedCommand } from './client.ts';
import type { Settings } from './settings.ts';
import { addTime, type CommandStats } from './stats.ts';

/** What timing needs of the server. */
interface LapHost {
  /** Microseconds from any fixed moment. */
  stopwatch(): number;
  /** Microseconds that commands took beyond what the stopwatch shows. */
  readonly simulatedUsec: number;
  /** Another command has called the one that runs. */
  readonly isNested: boolean;
  readonly settings: Settings;
}

/** Even one step for each argument takes a while when there are more than these. */
const MAX_ARGUMENTS = 8;
/** Who wants to hear of commands that take less than this needs to have each of them timed. */
const SHORT_USEC = 1000;

/**
 * How long commands take. One begins where another ended, so that one look at the stopwatch does for
 * each. Even that is a tenth of the time of a GET, and a third in a browser: of short commands in one
 * pipeline each is said to have taken the mean of those beside it, and the slow log has none of them.
 */
export class Laps {
  /** What the stopwatch showed last. */
  #at = 0;
  /** A pipeline runs, and somebody will call `end`. */
  #isOpen = false;
  /** The short commands since then: the counters of each, and how often it came in a row. */
  #short: { readonly stats: CommandStats; times: number }[] = [];
  #count = 0;

  constructor(private readonly host: LapHost) {}

  /** Commands begin to run. */
  start(): void {
    this.#at = this.#look();
    this.#isOpen = true;
  }

  /** They have run. */
  end(): void {
    this.#isOpen = false;
    this.split();
  }

  /**
   * Whether a command is short, shares its pipeline with others, and nobody asks how long it takes by
   * itself. What a transaction or script calls is within the time of that.
   */
  isShort({ command, argv }: QueuedCommand, client: { readonly pendingInput: number }): boolean {
    if (!command.isShort || !this.#isOpen || argv.length > MAX_ARGUMENTS) return false;
    if (this.host.isNested || (this.#count === 0 && client.pendingInput === 0)) return false;
    const { slowlogLogSlowerThan: slow, latencyMonitorThreshold } = this.host.settings;
    return latencyMonitorThreshold === 0 && (slow < 0 || slow >= SHORT_USEC);
  }

  /** A short command is over; what it took is added to its counters with the next `split`. */
  share(stats: CommandStats): void {
    this.#count++;
    const last = this.#short[this.#short.length - 1];
    if (last?.stats === stats) last.times++;
    else this.#short.push({ stats, times: 1 });
  }

  /** Where a command begins that takes a time of its own: behind all short ones. */
  split(): number {
    if (this.#count === 0) return this.#at;
    const usec = this.since(this.#at) / this.#count;
    const keepsDurations = this.host.settings.latencyTracking;
    for (const { stats, times } of this.#short) addTime(stats, usec, times, keepsDurations);
    this.#short = [];
    this.#count = 0;
    return this.#at;
  }

  /** Where it ends: how many microseconds after `start`. */
  since(start: number): number {
    this.#at = this.#look();
    return this.#at - start;
  }

  #look(): number {
    return this.host.stopwatch() + this.host.simulatedUsec;
  }
}
