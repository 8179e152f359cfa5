/** What a cluster node needs of the server that it is part of. */
import type { Database } from '../keyspace/database.ts';
import type { Dial } from '../network/network.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** The server's part in replication, as the cluster steers it. */
export interface ClusterReplication {
  /** Bytes of the stream of writes: sent by a primary, processed by a replica. */
  readonly offset: number;
  /** Whether it has a primary to follow. */
  readonly isReplica: boolean;
  /** How long ago a replica last heard from its primary, or lost it. Milliseconds. */
  readonly silenceMs: number;
  follow(host: string, port: number): void;
  /** Becomes a primary, keeping the data. */
  promote(): void;
}

export interface ClusterHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: { text(directive: string): string };
  readonly disk: {
    read(path: string): string | undefined;
    write(path: string, bytes: string, isDurable?: boolean): void;
  };
  readonly db: Database;
  readonly replication: ClusterReplication;
  /** Connects to another node. */
  readonly dial: Dial;
  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void;
  /** Deletes a key that has gone to another node, and says so to replicas and the AOF. */
  dropKey(key: string): void;
  /** Deletes everything. */
  flushAll(): void;
  /** Holds writes back until then, or lets them go. */
  pauseWrites(untilMs: number): void;
  resumeWrites(): void;
  /** Delivers a message of another node to the clients here. */
  deliver(kind: 'channel' | 'shard channel', channel: string, message: string): void;
  /** The shard channels that somebody here listens to. */
  shardChannels(): Iterable<string>;
  /** Ends all subscriptions to a shard channel. */
  endShardChannel(channel: string): void;
  /** Ends the waits of clients whose keys are served elsewhere by now. */
  redirectBlocked(): void;
  /** Sends replies that events other than commands have caused. */
  flush(): void;
}
