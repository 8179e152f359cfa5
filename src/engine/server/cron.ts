import type { Database } from '../keyspace/database.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { type ClientLimitsHost, closeIdle, closeSlow, evictClients } from './client-limits.ts';
import type { Rates } from './rates.ts';
import type { Settings } from './settings.ts';
import type { Stats } from './stats.ts';

/** What the background work needs of its server. */
interface CronHost extends ClientLimitsHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly databases: readonly Database[];
  readonly deletesExpired: boolean;
  /** Microseconds of real time, or always 0. */
  stopwatch(): number;
  readonly isDown: boolean;
  readonly halts: ClientLimitsHost['halts'] & { readonly isAsleep: boolean };
  readonly scripts: { readonly isRunning: boolean };
  readonly persistence: { tick(): void };
  readonly hashTables: { tick(): void };
  readonly rates: Rates;
  readonly stats: Stats;
  now: number;
  readonly output: { flush(): void };
}

/** Keys looked at per database and round, as Redis's ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP. */
const SAMPLE = 20;
/** More than this share of a sample had expired: look again at once. Per cent. */
const ACCEPTABLE_STALE = 10;
/** Rounds per database and run, so that a wave of expiries is spread over several runs. */
const MAX_ROUNDS = 500;
/**
 * So long may a run take on all databases together, where time is real: with the tables that a key too
 * few makes smaller, which takes three times as long, it keeps nobody waiting for 50 ms. Microseconds.
 */
const MAX_RUN_USEC = 10_000;
/** What a run has left to do goes on so much later, if not the next run comes before. */
const PAUSE_MS = 50;
/** The fields of hashes that one run deletes at most, per database. */
const MAX_FIELDS = 10_000;

/** The work that a server does by itself, `hz` times a second. */
export function startCron(server: CronHost): void {
  server.clock.schedule(1000 / server.settings.hz, () => {
    server.now = server.clock.now;
    if (server.isDown) return;
    if (server.halts.isAsleep || server.settings.pausesCron) return startCron(server);
    if (!expireActively(server) && 1000 / server.settings.hz > PAUSE_MS) expireMoreLater(server);
    if (!server.scripts.isRunning) server.persistence.tick();
    closeIdle(server);
    closeSlow(server);
    evictClients(server);
    for (const db of server.databases) db.measure();
    server.hashTables.tick();
    server.rates.sample(server.stats, server.now);
    server.output.flush();
    startCron(server);
  });
}

/**
 * Deletes keys, and fields of hashes, that have expired and that nobody has looked at since. False when
 * time was up before that was done.
 */
function expireActively(server: CronHost): boolean {
  // A script that takes long is paused in the middle; nothing may change behind its back.
  const mayExpire = server.deletesExpired && !server.scripts.isRunning;
  if (!server.settings.activeExpire || !mayExpire) return true;
  const end = server.stopwatch() + MAX_RUN_USEC;
  for (const db of server.databases) {
    for (let round = 0; round < MAX_ROUNDS && db.expiring > 0; round++) {
      if (server.stopwatch() > end) return false;
      const { sampled, expired } = db.expireSample(SAMPLE, server.random);
      if (expired * 100 <= sampled * ACCEPTABLE_STALE) break;
    }
    db.expireFields(MAX_FIELDS);
  }
  return true;
}

function expireMoreLater(server: CronHost): void {
  server.clock.schedule(PAUSE_MS, () => {
    server.now = server.clock.now;
    if (server.isDown || server.halts.isAsleep || server.settings.pausesCron) return;
    expireActively(server);
    server.output.flush();
  });
}
