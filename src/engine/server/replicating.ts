/** Where replication meets the server: what it finds there. */
import { redisError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Connection, Dial, Peer } from '../network/network.ts';
import type { Disk } from '../persistence/disk.ts';
import { LoadError, pathOf } from '../persistence/host.ts';
import type { Persistence } from '../persistence/persistence.ts';
import type {
  OutputLimit,
  PrimaryClient,
  ReplicationClient,
  ReplicationHost,
} from '../replication/host.ts';
import type { Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Blocking } from './blocking.ts';
import type { Client } from './client.ts';
import { type ClientListHost, describeClient } from './client-list.ts';
import type { Config } from './config.ts';
import type { Connections } from './connections.ts';
import type { Halts } from './halts.ts';
import type { Output } from './output.ts';
import type { Log } from './persisting.ts';
import type { Effects, Propagation } from './propagation.ts';
import type { Settings } from './settings.ts';
import type { Watches } from './watches.ts';

interface Host extends ClientListHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly settings: Settings;
  readonly dial: Dial;
  readonly log: Log;
  readonly clients: ReadonlyMap<number, Client>;
  readonly databases: readonly Database[];
  readonly connections: Connections;
  readonly persistence: Persistence;
  readonly disk: Disk;
  readonly blocking: Blocking;
  readonly halts: Halts;
  readonly watches: Watches;
  readonly output: Output;
  readonly propagation: Propagation;
  readonly tracking: { flushed(): void };
  readonly isDown: boolean;
  shutDown(): void;
}

/** How long it takes to send a snapshot at least, and how many bytes are made in a millisecond. */
const MIN_TRANSFER_MS = 20;
const BYTES_PER_MS = 100_000;

/** The server as its replication sees it. */
export class ReplicationServer implements ReplicationHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly dial: Dial;
  #effects: Effects | undefined;
  #isStreaming = false;

  constructor(private readonly host: Host) {
    this.clock = host.clock;
    this.random = host.random.fork('replication id');
    this.config = host.config;
    this.dial = host.dial;
  }

  get isDown(): boolean {
    return this.host.isDown;
  }

  get outputLimit(): OutputLimit {
    return this.host.settings.clientOutputBufferLimits.slave;
  }

  get isSaving(): boolean {
    return this.host.persistence.isBusy || this.#isStreaming;
  }

  get isPaused(): boolean {
    return this.host.halts.isPaused;
  }

  get file(): 'none' | 'behind' | 'durable' {
    const { aof } = this.host.persistence;
    if (!aof.isOn) return 'none';
    return aof.isDurable ? 'durable' : 'behind';
  }

  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void {
    this.host.log(level, message);
  }

  describe(client: { readonly id: number }): string {
    const found = this.host.clients.get(client.id);
    return found ? describeClient(this.host, found) : '';
  }

  tell(effects: Effects | undefined): void {
    if (effects === this.#effects) return;
    const { listeners } = this.host.propagation;
    if (this.#effects) listeners.delete(this.#effects);
    this.#effects = effects;
    if (effects) listeners.add(effects);
  }

  snapshot(target: 'disk' | 'replicas', done: (bytes: string | undefined) => void): void {
    if (target === 'replicas') {
      this.#stream(done);
      return;
    }
    const { persistence, disk, config } = this.host;
    const path = pathOf(this.host, config.text('dbfilename'));
    persistence.snapshots.start((isSaved) => done(isSaved ? disk.read(path) : undefined));
  }

  /** A snapshot that no file keeps. */
  #stream(done: (bytes: string) => void): void {
    const { clock, persistence } = this.host;
    const bytes = persistence.snapshots.bytes();
    this.#isStreaming = true;
    this.log('notice', 'Background RDB transfer started');
    clock.schedule(MIN_TRANSFER_MS + bytes.length / BYTES_PER_MS, () => {
      if (this.isDown) return;
      this.#isStreaming = false;
      this.log('notice', 'Background RDB transfer terminated with success');
      done(bytes);
    });
  }

  load(bytes: string): boolean {
    const { host } = this;
    for (const db of host.databases) host.watches.touchAll(db, () => true);
    host.tracking.flushed();
    try {
      host.persistence.replaceBy(bytes);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      this.#failToLoad(error);
      return false;
    }
    host.blocking.databasesChanged(...host.databases);
    return true;
  }

  /** Of what is a snapshot at all, a redis-server reads all or ends. */
  #failToLoad({ message }: LoadError): void {
    const { host } = this;
    const isShort = message === 'unexpected end';
    this.log(
      'warning',
      isShort ? 'Short read or OOM loading DB. Unrecoverable error, aborting now.' : message,
    );
    if (/^(Wrong signature|Can't handle RDB format)/.test(message)) return;
    const reason = isShort
      ? 'rdb.c:3249 -> Unexpected EOF reading RDB file'
      : 'rdb.c:3225 -> RDB CRC error';
    if (isShort || message.startsWith('Wrong RDB checksum')) {
      this.log('warning', `Internal error in RDB reading offset 0, function at ${reason}`);
    }
    host.shutDown();
  }

  adopt(connection: Connection, peer: Peer): PrimaryClient {
    return this.host.connections.adopt(connection, peer);
  }

  forget(client: PrimaryClient): void {
    client.close();
  }

  disconnectBlocked(): void {
    const { clients, blocking, halts } = this.host;
    for (const client of [...clients.values()]) {
      if (!client.blocked || halts.holds(client)) continue;
      client.closeAfterReply = true;
      blocking.unblock(
        client,
        redisError(
          'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
        ),
      );
    }
  }

  unblock(client: ReplicationClient, reply: Reply): void {
    const found = this.host.clients.get(client.id);
    if (found) this.host.blocking.unblock(found, reply);
  }

  pauseWrites(ms: number): void {
    this.host.halts.pause(ms, 'write');
  }

  resumeWrites(): void {
    this.host.halts.unpause();
  }

  flush(): void {
    this.host.output.flush();
  }
}
