/**
 * A region of an Active-Active database as a process: an endpoint for clients, a server on the same
 * host that holds what the region shows, and a link to every other region. Operations wait for a
 * link that is cut, and are sent when it is mended.
 */
import { notSimulated, RedisError } from '../../engine/errors.ts';
import { ok, type Reply } from '../../engine/resp/reply.ts';
import { Client } from '../../wire/client.ts';
import type { OpsHost } from '../host.ts';
import { type Operation, Region, type Seen } from './crdt.ts';
import { engineCommands } from './engine-commands.ts';
import { type Draft, writeNames, writeOf } from './region-commands.ts';
import { serveResp } from './resp-service.ts';

/** What an endpoint answers to ACTIVE-ACTIVE STATUS, as JSON. */
export interface RegionStatus {
  readonly region: string;
  readonly seen: Seen;
  /** How many operations each other region has not confirmed, by its address. */
  readonly waiting: Readonly<Record<string, number>>;
}

export interface RegionOptions {
  readonly port: number;
  /** The other regions' endpoints, "host:port". */
  readonly peers: readonly string[];
}

/** How long until a region that did not answer is asked again, ms. */
const RETRY_MS = 500;

/** Starts a region on a host. Returns how to stop it, or undefined when the port is taken. */
export function startRegion(host: OpsHost, options: RegionOptions): (() => void) | undefined {
  const server = new RegionServer(host, options);
  const stop = host.listen(options.port, serveResp(server.handle));
  if (!stop) return undefined;
  return () => {
    stop();
    server.stop();
  };
}

class RegionServer {
  readonly #host: OpsHost;
  readonly #region: Region;
  readonly #engine: Client;
  readonly #links: readonly Link[];

  constructor(host: OpsHost, { peers }: RegionOptions) {
    this.#host = host;
    this.#region = new Region(host.name);
    this.#engine = new Client(host.dial, '127.0.0.1:6379');
    this.#links = peers.map((peer) => new Link(host, peer, this.#region));
  }

  readonly handle = async (argv: readonly string[]): Promise<Reply> => {
    const name = (argv[0] ?? '').toLowerCase();
    if (name === 'active-active') return this.#manage(argv[1]?.toLowerCase(), argv[2] ?? '');
    if (readNames.has(name)) return this.#engine.send(argv);
    this.#forgetExpired();
    const written = writeOf(this.#region, argv, this.#host.now());
    if (!written) {
      const known = [...writeNames, ...readNames].join(', ').toUpperCase();
      throw notSimulated(
        `${name.toUpperCase()} of an Active-Active database`,
        `know more: ${known}`,
      );
    }
    await this.#write(written.drafts, argv);
    return written.reply;
  };

  stop(): void {
    this.#engine.close();
    for (const link of this.#links) link.stop();
  }

  async #manage(what: string | undefined, argument: string): Promise<Reply> {
    switch (what) {
      case 'deliver': {
        this.#forgetExpired();
        await this.#receive(JSON.parse(argument) as Operation[]);
        return JSON.stringify(this.#region.seen);
      }
      case 'log':
        return JSON.stringify(this.#region.log);
      case 'status':
        return JSON.stringify(this.#status());
      default:
        return ok;
    }
  }

  #status(): RegionStatus {
    const waiting = this.#links.map((link) => [link.peer, link.waiting] as const);
    const { name: region, seen } = this.#region;
    return { region, seen, waiting: Object.fromEntries(waiting) };
  }

  async #write(drafts: readonly Draft[], argv: readonly string[]): Promise<void> {
    const commands = drafts.flatMap(({ key, changes }) => {
      const before = this.#region.view(key);
      this.#region.perform(key, changes, this.#host.now(), argv);
      return engineCommands(key, before, this.#region.view(key));
    });
    for (const link of this.#links) link.flush();
    await this.#tell(commands);
  }

  async #receive(operations: readonly Operation[]): Promise<void> {
    const keys = new Set(operations.map(({ key }) => key));
    const before = [...keys].map((key) => [key, this.#region.view(key)] as const);
    this.#region.receive(operations);
    const commands = before.flatMap(([key, view]) =>
      engineCommands(key, view, this.#region.view(key)),
    );
    for (const link of this.#links) link.flush();
    await this.#tell(commands);
  }

  async #tell(commands: readonly (readonly string[])[]): Promise<void> {
    for (const reply of await this.#engine.pipeline(commands)) {
      if (reply instanceof RedisError) throw reply;
    }
  }

  /** What the server has let expire is deleted here, too; what others do meanwhile stays. */
  #forgetExpired(): void {
    const now = this.#host.now();
    const keys = new Set(this.#region.log.map(({ key }) => key));
    for (const key of keys) {
      const until = this.#region.view(key)?.expiresAt;
      if (until === undefined || until > now) continue;
      this.#region.perform(key, this.#region.removeAll(key), now, ['DEL', key]);
    }
  }
}

/** The way to another region: one delivery at a time. */
class Link {
  readonly peer: string;
  readonly #host: OpsHost;
  readonly #region: Region;
  readonly #client: Client;
  #confirmed: Seen = {};
  #isBusy = false;
  #isStopped = false;

  constructor(host: OpsHost, peer: string, region: Region) {
    this.peer = peer;
    this.#host = host;
    this.#region = region;
    this.#client = new Client(host.dial, peer, { protocol: 2 });
  }

  get waiting(): number {
    return this.#region.missing(this.#confirmed).length;
  }

  /** Sends what the other region lacks, as far as is known. */
  flush(): void {
    const operations = this.#region.missing(this.#confirmed);
    if (this.#isBusy || this.#isStopped || operations.length === 0) return;
    this.#isBusy = true;
    this.#client.call('ACTIVE-ACTIVE', 'DELIVER', JSON.stringify(operations)).then(
      (reply) => {
        this.#confirmed = JSON.parse(String(reply)) as Seen;
        this.#isBusy = false;
        this.flush();
      },
      () => {
        this.#isBusy = false;
        if (!this.#isStopped) this.#host.after(RETRY_MS, () => this.flush());
      },
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#client.close();
  }
}

/** What the region's server answers by itself. */
const readNames: ReadonlySet<string> = new Set([
  ...['get', 'mget', 'strlen', 'exists', 'type', 'ttl', 'pttl', 'keys', 'scan', 'dbsize', 'object'],
  ...['smembers', 'sismember', 'smismember', 'scard', 'hget', 'hmget', 'hgetall', 'hkeys', 'hvals'],
  ...['hlen', 'hexists', 'zrange', 'zrevrange', 'zrangebyscore', 'zscore', 'zcard', 'zrank'],
  ...['zrevrank', 'zcount', 'info', 'command'],
]);
