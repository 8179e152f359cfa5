import { Failover } from './failover.ts';
import { History } from './history.ts';
import type { ReplicationClient, ReplicationHost } from './host.ts';
import { Primary } from './primary.ts';
import { type Bookmark, type LinkOwner, PrimaryLink } from './primary-link.ts';
import { Waiters } from './waiters.ts';

const CRON_MS = 1000;

/**
 * A server's part in replication. There is one stream of writes, with a name and an offset. A primary
 * writes it, and gives it to its replicas (primary.ts); a replica reads it from its primary
 * (primary-link.ts), carries it out, and passes it on to replicas of its own. Who loses the stream
 * asks to go on where it was, and gets a snapshot of everything when that is too long ago.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
 */
export class Replication implements LinkOwner {
  readonly history: History;
  readonly primary: Primary;
  readonly failover: Failover;
  readonly waiters: Waiters;
  /** To our primary, if we are a replica. */
  link: PrimaryLink | undefined;
  bookmark: Bookmark | undefined;
  #loops = 0;
  #fileOffset = -1;
  /** Replicas are to say at once how far they are. */
  #wantsAcks = false;

  constructor(private readonly host: ReplicationHost) {
    this.history = new History(host.random);
    this.primary = new Primary(host, this.history);
    this.failover = new Failover(host, this);
    this.waiters = new Waiters(host, this);
    this.#followConfig();
    host.config.onChange('repl-backlog-size', (size) => {
      this.history.backlog?.resize(Number(size));
      return undefined;
    });
    host.clock.schedule(1, () => this.#tick());
  }

  get isReplica(): boolean {
    return this.link !== undefined;
  }

  /** The data is the primary's, as far as one can know. */
  get isLinkUp(): boolean {
    return this.link?.state === 'connected';
  }

  get historyId(): string {
    return this.history.id;
  }

  /** Bytes of the stream: written by a primary, carried out by a replica. */
  get offset(): number {
    return this.link?.stream?.offset ?? this.history.offset;
  }

  /** How much of the stream is safe in the append-only file; -1 without one. */
  get fileOffset(): number {
    const { file } = this.host;
    if (file !== 'behind') this.#fileOffset = file === 'none' ? -1 : this.offset;
    return this.#fileOffset;
  }

  get isTakingOver(): boolean {
    return this.failover.state === 'failover-in-progress';
  }

  /** Fewer replicas than min-replicas-to-write asks for have said something lately. */
  get lacksReplicas(): boolean {
    const { config } = this.host;
    const wanted = Number(config.text('min-replicas-to-write'));
    if (wanted === 0 || this.isReplica) return false;
    if (Number(config.text('min-replicas-max-lag')) === 0) return false;
    return this.primary.goodReplicas < wanted;
  }

  /** How long ago a replica last heard of its primary, or lost it. Milliseconds. */
  get silenceMs(): number {
    const { link } = this;
    if (!link) return 0;
    return this.host.clock.now - (this.isLinkUp ? link.lastReadAt : link.downSince);
  }

  /** Hears of every write of this server, in order. */
  readonly feed = (db: number, argv: readonly string[]): void => this.primary.feed(db, argv);

  /** Where the data is in the stream, if anybody could go on from there. */
  get place(): Bookmark | undefined {
    const { history, link, primary } = this;
    const { id, offset } = history;
    if (!link) return history.backlog && { id, offset, db: Math.max(primary.db, 0) };
    const db = link.client?.db ?? this.bookmark?.db;
    return db === undefined ? undefined : { id, offset, db };
  }

  /**
   * The data that the server starts with is from this place. A replica may go on from there; a primary
   * begins a history of its own, and lets its replicas go on from there.
   */
  resume({ id, offset, db }: Bookmark, isReplica: boolean): void {
    const { history, primary, host } = this;
    history.offset = offset;
    if (isReplica) {
      history.id = id;
      this.#bookmarkMyself(db);
      return;
    }
    history.secondId = id;
    history.secondOffset = offset + 1;
    primary.keep();
    primary.lonelySince = host.clock.now;
    this.followed();
  }

  /** REPLICAOF: becomes a replica of that server; the data is kept until the link is there. */
  follow(host: string, port: number): void {
    const before = this.link;
    before?.close();
    this.host.disconnectBlocked();
    if (!before) this.#bookmarkMyself();
    const link = new PrimaryLink(this.host, this, { host, port });
    this.link = link;
    link.downSince = before?.downSince ?? 0;
    this.#noteInConfig(`${host} ${port}`);
    this.followed();
    link.connect();
  }

  /** REPLICAOF NO ONE: becomes a primary, with the data that there is. */
  promote(): void {
    if (!this.link) return;
    const { history, primary, host } = this;
    this.link.close();
    this.link = undefined;
    this.bookmark = undefined;
    this.#noteInConfig('');
    history.shift();
    host.log(
      'warning',
      `Setting secondary replication ID to ${history.secondId}, valid up to offset: ${history.secondOffset}. New replication ID is ${history.id}`,
    );
    primary.disconnectAll();
    primary.db = -1;
    primary.lonelySince = host.clock.now;
    primary.keep();
    this.followed();
  }

  continued(id: string | undefined): void {
    const { history, host } = this;
    if (id !== undefined) {
      history.shift(id);
      host.log('warning', `Master replication ID changed to ${id}`);
      this.primary.disconnectAll();
    }
    this.primary.keep();
  }

  takenOver(): void {
    this.failover.clear();
  }

  failedToTakeOver(): void {
    this.failover.abort('Failover target rejected psync request');
  }

  replaceData(snapshot: string, id: string, offset: number): boolean {
    const { host, history } = this;
    this.primary.disconnectAll();
    if (this.bookmark) host.log('notice', 'Discarding previously cached master state.');
    this.bookmark = undefined;
    host.log('notice', 'MASTER <-> REPLICA sync: Flushing old data');
    host.log('notice', 'MASTER <-> REPLICA sync: Loading DB in memory');
    if (!host.load(snapshot)) return false;
    history.adopt(id, offset);
    this.primary.keep();
    return true;
  }

  /** Writes are listened to only while somebody may want them. */
  followed(): void {
    this.host.tell(this.primary.isFollowed && !this.isReplica ? this.feed : undefined);
  }

  passOn(bytes: string): void {
    this.primary.send(bytes);
  }

  /** A client has gone: perhaps a replica, perhaps our primary. */
  forget(client: ReplicationClient): void {
    this.primary.forget(client);
    this.waiters.forget(client);
    if (this.link && this.link.client === client && !this.host.isDown) this.link.drop();
  }

  /** A command of a client is over. */
  ran(client: ReplicationClient): void {
    client.stream?.ran(client.pendingInput, client.transaction !== undefined);
    client.writeOffset = this.history.offset;
  }

  /** Has all replicas say how far they are, before long. */
  requestAcks(): void {
    this.#wantsAcks = true;
  }

  /** Before what was written is sent: what was asked for of the replicas, and who is done waiting. */
  beforeSending(): void {
    this.failover.check();
    // What is safe now may be followed by more when a replica is to say how much is.
    void this.fileOffset;
    this.waiters.serve();
    if (!this.#wantsAcks || this.host.isPaused || this.isReplica) return;
    this.#wantsAcks = false;
    if (this.primary.replicas.size > 0) this.primary.feed(-1, ['REPLCONF', 'GETACK', '*']);
  }

  /** For CONFIG REWRITE; in a cluster, its own file says who follows whom. */
  #noteInConfig(replicaof: string): void {
    const { config } = this.host;
    if (config.text('cluster-enabled') !== 'yes') config.start('replicaof', replicaof);
  }

  /** The configuration says whose replica it is when it starts. */
  #followConfig(): void {
    const text = this.host.config.text('replicaof');
    if (text === '') return;
    const [host = '', port = ''] = text.split(' ');
    this.link = new PrimaryLink(this.host, this, { host, port: Number(port) });
  }

  /** What we have may be what our primary had: it is asked to go on from there. */
  #bookmarkMyself(db = Math.max(this.primary.db, 0)): void {
    this.host.log(
      'notice',
      'Before turning into a replica, using my own master parameters to synthesize a cached master: I may be able to synchronize with the new master with just a partial transfer.',
    );
    const { id, offset } = this.history;
    this.bookmark = { id, offset, db };
  }

  #tick(): void {
    const { host } = this;
    if (host.isDown) return;
    host.clock.schedule(CRON_MS, () => this.#tick());
    if (this.link) this.#tendLink(this.link);
    this.failover.check();
    this.#ping();
    this.#dropLate();
    this.primary.limitAll();
    this.#forgetBacklog();
    this.primary.startDueSnapshot();
    this.waiters.serve();
    host.flush();
    this.#loops++;
  }

  #tendLink(link: PrimaryLink): void {
    const { host } = this;
    const { config, clock } = host;
    const timeoutMs = Number(config.text('repl-timeout')) * 1000;
    const isLate = clock.now - link.lastReadAt > timeoutMs;
    if (isLate && (link.state === 'connecting' || link.state === 'handshake')) {
      host.log('warning', 'Timeout connecting to the MASTER...');
      link.startOver();
    } else if (isLate && link.state === 'transfer') {
      host.log(
        'warning',
        "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' parameter in redis.conf to a larger value.",
      );
      link.startOver();
    } else if (isLate && link.state === 'connected') {
      host.log('warning', 'MASTER timeout: no data nor ping received...');
      link.drop();
    }
    if (link.state === 'connect') link.connect();
    link.acknowledge();
  }

  /** The stream must not be silent for long, or replicas believe it broken. */
  #ping(): void {
    const { config } = this.host;
    const { replicas } = this.primary;
    const period = Number(config.text('repl-ping-replica-period'));
    const isHandingOver = this.failover.state !== 'no-failover' && this.host.isPaused;
    if (this.#loops % period === 0 && replicas.size > 0 && !this.isReplica && !isHandingOver) {
      this.primary.feed(-1, ['PING']);
    }
    for (const replica of replicas) {
      const isWaiting = replica.state === 'waiting to start' || replica.isDiskBased;
      if (replica.state !== 'online' && isWaiting) replica.client.feed('\n');
    }
  }

  /** Replicas that have acknowledged nothing for too long. */
  #dropLate(): void {
    const timeout = Number(this.host.config.text('repl-timeout'));
    for (const replica of this.primary.online) {
      if (replica.isOld || this.primary.lagOf(replica) <= timeout) continue;
      this.host.log('warning', `Disconnecting timedout replica (streaming sync): ${replica.name}`);
      replica.client.close();
    }
  }

  /** A primary without replicas keeps the end of its stream only for so long. */
  #forgetBacklog(): void {
    const { host, history, primary } = this;
    const ttl = Number(host.config.text('repl-backlog-ttl'));
    if (primary.replicas.size > 0 || ttl === 0 || !history.backlog || this.isReplica) return;
    const lonelySeconds = Math.floor((host.clock.now - primary.lonelySince) / 1000);
    if (lonelySeconds <= ttl) return;
    history.rename();
    history.forgetSecond();
    history.backlog = undefined;
    this.followed();
    host.log(
      'notice',
      `Replication backlog freed after ${ttl} seconds without connected replicas.`,
    );
  }
}
