/** Where the cluster meets the server: what it finds there, and what it does to it. */
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterHost, ClusterReplication } from '../cluster/host.ts';
import { BUS_PORT_OFFSET } from '../cluster/node.ts';
import { NodesConfError } from '../cluster/nodes-conf.ts';
import { refuseWaiting } from '../cluster/redirect.ts';
import { SlotKeys } from '../cluster/slot-keys.ts';
import type { Database } from '../keyspace/database.ts';
import type { Dial } from '../network/network.ts';
import type { Disk } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
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

/** The server's part in a cluster, if it is to have one. Throws a LoadError on a broken nodes.conf. */
export function clusterOf(host: Host, replication: ClusterReplication): Cluster | undefined {
  const { config } = host;
  if (config.text('cluster-enabled') !== 'yes') return undefined;
  const port = Number(config.text('port'));
  const busPort = Number(config.text('cluster-port')) || port + BUS_PORT_OFFSET;
  const keys = new SlotKeys();
  (host.databases[0] as Database).slotKeys = keys;
  try {
    return new Cluster(new ClusterServer(host, replication), keys, { port, busPort });
  } catch (error) {
    if (error instanceof NodesConfError) throw new LoadError(error.message);
    throw error;
  }
}

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
