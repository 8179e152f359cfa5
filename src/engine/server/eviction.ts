import type { Command } from '../commands/command.ts';
import { outOfMemory, type RedisError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Evictor } from '../keyspace/eviction.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Client } from './client.ts';
import type { Config } from './config.ts';
import { runsInTransaction } from './guards.ts';
import type { Settings } from './settings.ts';

/** What making room needs of the server. */
interface EvictionHost {
  readonly databases: readonly Database[];
  readonly random: Random;
  readonly settings: Settings;
  readonly config: Pick<Config, 'text' | 'onChange'>;
  readonly replication: { readonly isReplica: boolean };
  readonly clock: Clock;
  readonly isDown: boolean;
  now: number;
  readonly memory: { readonly used: number };
  readonly scripts: { readonly isRunning: boolean };
  readonly output: { replied(): void };
  evicted(db: Database, key: string): void;
}

/** A wave of evictions is spread over commands and time, so that none of them takes long. */
const MAX_AT_ONCE = 200;
/** So long after that many the next are evicted, if no command comes before. */
const PAUSE_MS = 5;

/** maxmemory: makes room before a command runs, and refuses what would use more when it cannot. */
export class MemoryLimit {
  readonly #evictor: Evictor;
  /** What was found when the running script began: within a script nothing is evicted. */
  #wasFull = false;
  #isGoingOn = false;

  constructor(private readonly host: EvictionHost) {
    this.#evictor = new Evictor(host);
    host.config.onChange('maxmemory', () => {
      this.#goOnAfter(0);
      return undefined;
    });
  }

  /** Makes room. Returns why the command may not run all the same. */
  refuse(command: Command<never>, client: Client): RedisError | undefined {
    if (!this.#isLimited) return undefined;
    this.#wasFull = !this.#makeRoom();
    // Who tracks what was evicted hears of it before the reply.
    this.host.output.replied();
    return this.#wasFull && usesMemory(command, client) ? outOfMemory() : undefined;
  }

  /** Why a script that may write does not start: there is no room. */
  refuseScript(): RedisError | undefined {
    return this.host.settings.maxmemory > 0 && this.#wasFull ? outOfMemory() : undefined;
  }

  /** Whether a command that a script calls may not run, for lack of memory. */
  refuseInScript(command: Command<never>): RedisError | undefined {
    if (this.host.settings.maxmemory === 0 || !this.#wasFull) return undefined;
    return command.flags.has('denyoom') ? outOfMemory() : undefined;
  }

  /** A replica has what its primary has, however much that is. */
  get #isLimited(): boolean {
    const { settings, replication, config } = this.host;
    if (settings.maxmemory === 0) return false;
    return !replication.isReplica || config.text('replica-ignore-maxmemory') === 'no';
  }

  #goOnAfter(ms: number): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    this.host.clock.schedule(ms, () => {
      this.#isGoingOn = false;
      this.host.now = this.host.clock.now;
      if (!this.host.isDown && this.#isLimited) this.#makeRoom();
    });
  }

  /** Evicts until there is room. False when there is none and nothing more may go. */
  #makeRoom(): boolean {
    const { memory, settings, scripts } = this.host;
    let surplus = memory.used - settings.maxmemory;
    if (surplus <= 0) return true;
    // A script that is paused in the middle must find its keys again.
    if (scripts.isRunning) return false;
    for (let evictions = 0; surplus > 0; evictions++) {
      if (evictions === MAX_AT_ONCE) {
        this.#goOnAfter(PAUSE_MS);
        return true;
      }
      const victim = this.#evictor.next();
      if (!victim) return false;
      surplus -= victim.db.bytesOf(victim.key);
      victim.db.delete(victim.key);
      this.host.evicted(victim.db, victim.key);
    }
    return true;
  }
}

/** A queue grows with every command; EXEC uses memory when one of the queued commands does. */
function usesMemory(command: Command<never>, { transaction }: Client): boolean {
  if (command.flags.has('denyoom')) return true;
  if (!transaction) return false;
  if (command.name !== 'exec') return !runsInTransaction.has(command.name);
  return transaction.queue.some((queued) => queued.command.flags.has('denyoom'));
}
