import type { RedisError } from '../errors.ts';
import { isError, type Reply } from '../resp/reply.ts';
import { Histogram } from './histogram.ts';

/** What INFO commandstats says of one command. */
export interface CommandStats {
  calls: number;
  /** Microseconds in all. */
  usec: number;
  /** Refused before they ran: arity, ACL, OOM, … */
  rejected: number;
  /** Ran and answered an error. */
  failed: number;
  /** How long each call took; made with latency-tracking on, at the first call. */
  histogram?: Histogram;
}

/** So many calls of a command took so many microseconds each. */
export function addTime(
  stats: CommandStats,
  usec: number,
  times: number,
  keepsDurations: boolean,
): void {
  stats.usec += usec * times;
  if (!keepsDurations) return;
  stats.histogram ??= new Histogram();
  stats.histogram.add(usec, times);
}

/** The counters of INFO stats, commandstats and errorstats; CONFIG RESETSTAT starts them anew. */
export class Stats {
  commandsProcessed = 0;
  connectionsReceived = 0;
  rejectedConnections = 0;
  reads = 0;
  writes = 0;
  netInputBytes = 0;
  netOutputBytes = 0;
  expiredKeys = 0;
  /** Fields of hashes. */
  expiredSubkeys = 0;
  evictedKeys = 0;
  evictedClients = 0;
  keyspaceHits = 0;
  keyspaceMisses = 0;
  errorReplies = 0;
  readonly commands = new Map<string, CommandStats>();
  /** How often each error code was answered. */
  readonly errors = new Map<string, number>();

  /** The counters of a command, made on its first use. */
  of(command: string): CommandStats {
    const known = this.commands.get(command);
    if (known) return known;
    const fresh: CommandStats = { calls: 0, usec: 0, rejected: 0, failed: 0 };
    this.commands.set(command, fresh);
    return fresh;
  }

  /** A command has run; `addTime` then says how long, to the counters that are returned. */
  count(command: string, reply: Reply): CommandStats {
    this.commandsProcessed++;
    const own = this.of(command);
    own.calls++;
    if (isError(reply)) {
      own.failed++;
      this.countError(reply);
    }
    return own;
  }

  countError(error: RedisError): void {
    this.errorReplies++;
    this.errors.set(error.code, (this.errors.get(error.code) ?? 0) + 1);
  }
}
