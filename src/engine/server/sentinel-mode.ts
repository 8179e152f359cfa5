/** Where Redis Sentinel meets the server that is one: its conf file, its log, who listens to events. */
import type { Dial } from '../network/network.ts';
import { type Disk, DiskError } from '../persistence/disk.ts';
import type { Resolve } from '../sentinel/address.ts';
import type { SentinelConf } from '../sentinel/conf.ts';
import type { ConfLine, EventLevel, SentinelHost } from '../sentinel/host.ts';
import { Sentinel } from '../sentinel/sentinel.ts';
import { sentinelLineKinds } from '../sentinel/write.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Acl } from './acl.ts';
import type { Config } from './config.ts';
import { rewriteConf } from './config-rewrite.ts';
import type { Log } from './persisting.ts';

interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly config: Config;
  readonly acl: Acl;
  readonly disk: Disk;
  readonly configFile: string | undefined;
  readonly log: Log;
  readonly pubsub: { publish(channel: string, message: string): number };
  readonly turns: { readonly isTaken: boolean };
  readonly output: { flush(): void };
  shutDown(): void;
}

/** Makes the server a Sentinel, which begins to watch. */
export const sentinelOf = (host: Host, conf: SentinelConf, resolve: Resolve = () => undefined) =>
  new Sentinel(new SentinelServer(host, resolve), conf);

class SentinelServer implements SentinelHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;

  constructor(
    private readonly host: Host,
    readonly resolve: Resolve,
  ) {
    this.clock = host.clock;
    this.random = host.random.fork('sentinel');
    this.dial = host.dial;
  }

  get port(): number {
    return Number(this.host.config.text('port'));
  }

  get password(): string {
    return this.host.config.text('requirepass');
  }

  event(level: EventLevel, channel: string, payload: string): void {
    const { host } = this;
    host.log(level, `${channel} ${payload}`);
    host.pubsub.publish(channel, payload);
    if (!host.turns.isTaken) host.output.flush();
  }

  log(level: EventLevel, message: string): void {
    this.host.log(level, message);
  }

  save(lines: readonly ConfLine[]): string | undefined {
    const { disk, configFile, config, acl } = this.host;
    if (configFile === undefined) return 'No such file or directory';
    const users = config.text('aclfile') === '' ? acl.users.map(String) : [];
    const own = { kinds: sentinelLineKinds, lines };
    try {
      const text = rewriteConf(disk.read(configFile) ?? '', config, users, false, own);
      disk.write(configFile, text);
      return undefined;
    } catch (error) {
      if (error instanceof DiskError) return error.message;
      throw error;
    }
  }

  crash(): void {
    this.host.log('warning', 'Sentinel CRASH because of SENTINEL simulate-failure');
    this.host.shutDown();
  }
}
