/** Where the cluster meets the server: its host, and what commands are asked before they run. */
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterHost, ClusterReplication } from '../cluster/host.ts';
import { judge, mayRedirect, type Refusal, refuseWaiting } from '../cluster/redirect.ts';
import { SlotKeys } from '../cluster/slot-keys.ts';
import type { Command } from '../commands/command.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Dial } from '../network/network.ts';
import type { Disk } from '../persistence/disk.ts';
import { Push } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Blocking } from './blocking.ts';
import type { Client } from './client.ts';
import type { Config } from './config.ts';
import type { Halts } from './halts.ts';
import type { Output } from './output.ts';
import type { Log } from './persisting.ts';
import type { Propagation } from './propagation.ts';
import type { PubSub } from './pubsub.ts';

interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly disk: Disk;
  readonly databases: readonly Database[];
  readonly clients: ReadonlyMap<number, Client>;
  readonly pubsub: PubSub;
  readonly halts: Halts;
  readonly output: Output;
  readonly blocking: Blocking;
  readonly propagation: Propagation;
  readonly dial: Dial;
  readonly log: Log;
  changed(db: Database, event: string, key: string): void;
}

/** The server's part in a cluster, if it is to have one. Throws a NodesConfError. */
export function clusterOf(host: Host, replication: ClusterReplication): Cluster | undefined {
  const { config } = host;
  if (config.text('cluster-enabled') !== 'yes') return undefined;
  const port = Number(config.text('port'));
  const busPort = Number(config.text('cluster-port')) || port + BUS_PORT_OFFSET;
  const keys = new SlotKeys();
  (host.databases[0] as Database).slotKeys = keys;
  return new Cluster(new ClusterServer(host, replication), keys, { port, busPort });
}

/** Of a server that knows nothing of replication. */
export const standsAlone: ClusterReplication = {
  offset: 0,
  isFollowing: false,
  silenceMs: 0,
  follow() {},
  promote() {},
};

const BUS_PORT_OFFSET = 10_000;

class ClusterServer implements ClusterHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly disk: Disk;
  readonly dial: Dial;
  readonly log: Log;

  constructor(
    private readonly host: Host,
    readonly replication: ClusterReplication,
  ) {
    this.clock = host.clock;
    this.random = host.random.fork('cluster');
    this.config = host.config;
    this.disk = host.disk;
    this.dial = host.dial;
    this.log = host.log;
  }

  get db(): Database {
    return this.host.databases[0] as Database;
  }

  dropKey(key: string): void {
    const { host, db } = this;
    if (!db.delete(key)) return;
    host.changed(db, 'del', key);
    host.propagation.add(db.index, ['DEL', key]);
    host.propagation.settle();
  }

  flushAll(): void {
    for (const db of this.host.databases) db.flush();
  }

  pauseWrites(untilMs: number): void {
    this.host.halts.pause(untilMs - this.clock.now, 'write');
  }

  resumeWrites(): void {
    this.host.halts.unpause();
  }

  deliver(kind: 'channel' | 'shard channel', channel: string, message: string): void {
    const { pubsub } = this.host;
    if (kind === 'channel') pubsub.publish(channel, message);
    else pubsub.publishToShard(channel, message);
  }

  shardChannels(): Iterable<string> {
    return this.host.pubsub.shardChannels.keys();
  }

  endShardChannel(channel: string): void {
    const { shardChannels } = this.host.pubsub;
    for (const client of shardChannels.get(channel) ?? []) {
      client.shardChannels.delete(channel);
      client.push(new Push(['sunsubscribe', channel, client.shardChannels.size]));
    }
    shardChannels.delete(channel);
  }

  redirectBlocked(): void {
    const { clients, blocking, cluster } = this.host as Host & { readonly cluster?: Cluster };
    if (!cluster || blocking.size === 0) return;
    for (const client of [...clients.values()]) {
      if (!client.blocked) continue;
      const { call, wait } = client.blocked;
      const { isReadOnly } = client;
      const how = { isReadOnly, isWrite: call.command.isWrite };
      const error = refuseWaiting(cluster.state, wait.keys, how);
      if (error) blocking.unblock(client, error);
    }
  }

  flush(): void {
    this.host.output.flush();
  }
}

interface Attempt {
  readonly command: Command<never>;
  readonly argv: readonly string[];
  readonly client: Client;
}

/** Why this node does not run a command of a client: where its keys are, or why nobody has them. */
export function redirect(cluster: Cluster, attempt: Attempt): RedisError | undefined {
  const { command, argv, client } = attempt;
  if (!mayRedirect(command)) return undefined;
  const calls = command.name === 'exec' ? client.transaction?.queue : [{ command, argv }];
  if (!calls) return undefined;
  return judge(cluster.state, { calls, client }).error?.error;
}

/** What scripts are told of a command that is not for this node. */
const scriptTexts: Partial<Record<Refusal['kind'], string>> = {
  'read only':
    'ERR Script attempted to execute a write command while the cluster is down and readonly',
  down: 'ERR Script attempted to execute a command while the cluster is down',
};

/**
 * The same for a command that a script calls in the name of `client`. `allowed` is the slot that the
 * script may use, if it is bound to one.
 */
export function redirectInScript(
  cluster: Cluster,
  { command, argv, client }: Attempt,
  bound: { slot: number | undefined } | undefined,
): RedisError | undefined {
  if (!mayRedirect(command)) return undefined;
  const { slot, error } = judge(cluster.state, { calls: [{ command, argv }], client });
  if (error) {
    const text = scriptTexts[error.kind];
    return redisError(text ?? 'ERR Script attempted to access a non local key in a cluster node');
  }
  if (!bound || slot === undefined) return undefined;
  bound.slot ??= slot;
  if (bound.slot === slot) return undefined;
  return redisError('ERR Script attempted to access keys that do not hash to the same slot');
}

type Rule = (argv: readonly string[]) => RedisError | undefined;

const never =
  (text: string): Rule =>
  () =>
    redisError(`ERR ${text}`);

const sortRule: Rule = (argv) => {
  for (let i = 2; i + 1 < argv.length; i++) {
    const word = argv[i]?.toUpperCase();
    const pattern = argv[i + 1] as string;
    if (word === 'LIMIT') i += 2;
    else if (word === 'BY' && pattern.includes('*')) {
      return redisError('ERR BY option of SORT denied in Cluster mode.');
    } else if (word === 'GET') {
      return redisError('ERR GET option of SORT denied in Cluster mode.');
    } else if (word === 'BY' || word === 'STORE') i++;
  }
  return undefined;
};

/** What a cluster does not do at all: it has one database, and chooses its primaries itself. */
const rules: Readonly<Record<string, Rule>> = {
  select: (argv) =>
    /^0+$|^-?[^\d]|^$/.test(argv[1] ?? '')
      ? undefined
      : redisError('ERR SELECT is not allowed in cluster mode'),
  move: never('MOVE is not allowed in cluster mode'),
  swapdb: never('SWAPDB is not allowed in cluster mode'),
  copy: (argv) =>
    argv[3]?.toUpperCase() === 'DB' && argv[4] !== '0'
      ? redisError('ERR Copying to another database is not allowed in cluster mode')
      : undefined,
  sort: sortRule,
  sort_ro: sortRule,
  replicaof: never('REPLICAOF not allowed in cluster mode.'),
  slaveof: never('REPLICAOF not allowed in cluster mode.'),
  failover: never('FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.'),
};

/** Why a command is not for a cluster at all. */
export const refuseInCluster = (
  command: Command<never>,
  argv: readonly string[],
): RedisError | undefined => rules[command.name]?.(argv);
