/** What a redis-server says of itself when it starts, and when it is asked for its version. */
import type { ConfigTexts } from './config.ts';
import type { Log } from './persisting.ts';
import { REDIS_VERSION } from './version.ts';

/** `redis-server --version`. */
export const versionLine = `Redis server v=${REDIS_VERSION} sha=00000000:0 malloc=libc bits=64 build=keyspace`;

/** The first lines of a log; without any words on its command line a server warns of it. */
export function greet(log: Log, pid: number, isConfigured: boolean): void {
  log('warning', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  log(
    'warning',
    `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${pid}, just started`,
  );
  log(
    'warning',
    isConfigured
      ? 'Configuration loaded'
      : 'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
  );
}

export type Mode = 'cluster' | 'sentinel' | 'standalone';

export const modeOf = (config: ConfigTexts): Mode =>
  config['cluster-enabled'] === 'yes' ? 'cluster' : 'standalone';

/** What follows where there is no logo. */
export function tellMode(log: Log, port: number, mode: Mode): void {
  log('notice', `Running mode=${mode}, port=${port}.`);
}

/** Why a Sentinel does not start without a file. */
export const NEEDS_FILE = 'Sentinel needs config file on disk to save state. Exiting...';

/** The last line of a log. */
export const tellEnd = (log: Log, isSentinel: boolean): void =>
  log('warning', `${isSentinel ? 'Sentinel' : 'Redis'} is now ready to exit, bye bye...`);

/** A port that cannot be listened at, and why: the server ends. `kind` is TCP, TLS or Cluster. */
export function tellNotListening(log: Log, port: number, kind: string, reason: string): void {
  log(
    'warning',
    `Warning: Could not create server TCP listening socket *:${port}: bind: ${reason}`,
  );
  log('warning', `Failed listening on port ${port} (${kind}), aborting.`);
}
