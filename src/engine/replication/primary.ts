import { encodeCommand } from '../resp/encode.ts';
import type { History } from './history.ts';
import type { ReplicationClient, ReplicationHost } from './host.ts';
import { Replica } from './replica.ts';

/**
 * The side of a server that others copy: it gives each replica a snapshot of the data and then every
 * write, or only the writes that it has missed.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
 */
export class Primary {
  readonly replicas = new Set<Replica>();
  /** Since when there has been no replica. Ms since 1970. */
  lonelySince: number;
  fullSyncs = 0;
  partialSyncs = 0;
  failedPartialSyncs = 0;
  /** The database that the last command of the stream spoke of; -1 makes the next one say its own. */
  db = -1;

  constructor(
    private readonly host: ReplicationHost,
    private readonly history: History,
  ) {
    this.lonelySince = host.clock.now;
  }

  /** Replicas that follow the stream by now. */
  get online(): Replica[] {
    return [...this.replicas].filter(({ state }) => state === 'online');
  }

  /** Whether anybody, now or later, wants the stream. */
  get isFollowed(): boolean {
    return this.history.backlog !== undefined;
  }

  /** How many replicas have acknowledged something lately, as min-replicas-max-lag says. */
  get goodReplicas(): number {
    const maxLag = Number(this.host.config.text('min-replicas-max-lag'));
    return this.online.filter((replica) => this.lagOf(replica) <= maxLag).length;
  }

  /** Seconds since a replica has acknowledged something. */
  lagOf({ ackAt }: Replica): number {
    return Math.floor(this.host.clock.now / 1000) - Math.floor(ackAt / 1000);
  }

  /** Notes a write for the stream; -1 is no database in particular. */
  feed(db: number, argv: readonly string[]): void {
    if (!this.isFollowed) return;
    if (db >= 0 && db !== this.db) {
      this.send(encodeCommand(['SELECT', String(db)]));
      this.db = db;
    }
    this.send(encodeCommand(argv));
  }

  /** CONFIG RESETSTAT: the counters of INFO stats begin anew. */
  resetCounts(): void {
    this.fullSyncs = 0;
    this.partialSyncs = 0;
    this.failedPartialSyncs = 0;
  }

  /** A part of the stream, to whoever follows it. */
  send(bytes: string): void {
    this.history.append(bytes);
    for (const replica of this.replicas) {
      replica.feed(bytes);
      this.#limit(replica);
    }
  }

  /** Lets go of replicas that have had too much to read for too long. */
  limitAll(): void {
    for (const replica of [...this.replicas]) this.#limit(replica);
  }

  /** PSYNC from a client: continues where it was if that can be, or else starts from a snapshot. */
  synchronize(client: ReplicationClient, id: string, offset: number): void {
    const replica = this.replicaOf(client);
    this.host.log('notice', `Replica ${replica.name} asks for synchronization`);
    if (this.#continue(replica, id, offset)) {
      this.partialSyncs++;
      return;
    }
    if (!id.startsWith('?')) this.failedPartialSyncs++;
    this.#startOver(replica);
  }

  /** SYNC, as replicas before Redis 2.8 say it. */
  synchronizeOld(client: ReplicationClient): void {
    const replica = this.replicaOf(client);
    this.host.log('notice', `Replica ${replica.name} asks for synchronization`);
    replica.isOld = true;
    this.#startOver(replica);
  }

  replicaOf(client: ReplicationClient): Replica {
    client.replica ??= new Replica(client);
    return client.replica;
  }

  /** A replica says how much of the stream it has, and how much of that in its file. */
  acknowledge(replica: Replica, offset: number, fileOffset: number): void {
    replica.ackOffset = Math.max(replica.ackOffset, offset);
    replica.fileOffset = Math.max(replica.fileOffset, fileOffset);
    replica.ackAt = this.host.clock.now;
    if (!replica.startsOnAck || replica.state !== 'online') return;
    replica.startStream();
    this.host.log('notice', `Synchronization with replica ${replica.name} succeeded`);
  }

  /** A client has gone. */
  forget(client: ReplicationClient): void {
    const { replica } = client;
    if (!replica || !this.replicas.delete(replica)) return;
    this.host.log('warning', `Connection with replica ${replica.name} lost.`);
    if (this.replicas.size === 0) this.lonelySince = this.host.clock.now;
  }

  /** Ends the connections of all replicas: they have to ask again. */
  disconnectAll(): void {
    for (const { client } of [...this.replicas]) client.close();
  }

  /** Begins a snapshot for those who wait for one, if it is time. */
  startDueSnapshot(): void {
    const waiting = [...this.replicas].filter(({ state }) => state === 'waiting to start');
    if (waiting.length === 0 || this.host.isSaving) return;
    const { config, clock } = this.host;
    const most = Number(config.text('repl-diskless-sync-max-replicas'));
    const delayMs = Number(config.text('repl-diskless-sync-delay')) * 1000;
    const longest = Math.max(...waiting.map(({ waitingSince }) => clock.now - waitingSince));
    const isFull = most > 0 && waiting.length >= most;
    if (config.text('repl-diskless-sync') === 'yes' && !isFull && longest < delayMs) return;
    this.#startSnapshot(waiting);
  }

  /** Creates the backlog: from now on the stream is kept. */
  keep(): void {
    this.history.keep(Number(this.host.config.text('repl-backlog-size')));
  }

  /** Ends the connection of a replica that does not read fast enough. */
  #limit(replica: Replica): void {
    const { outputLimit, clock, config } = this.host;
    const { hardBytes, softBytes, softSeconds } = outputLimit;
    const bytes = replica.held + replica.client.unsent;
    // What the backlog has anyway costs nothing more.
    const least = Number(config.text('repl-backlog-size'));
    const isOver = hardBytes > 0 && bytes >= Math.max(hardBytes, least);
    if (softBytes > 0 && bytes >= Math.max(softBytes, least)) replica.overSince ??= clock.now;
    else replica.overSince = undefined;
    const since = replica.overSince;
    const isOverForLong = since !== undefined && clock.now - since > softSeconds * 1000;
    if (!isOver && !isOverForLong) return;
    const who = this.host.describe(replica.client);
    this.host.log(
      'warning',
      `Client ${who} scheduled to be closed ASAP for overcoming of output buffer limits.`,
    );
    replica.client.close();
  }

  #continue(replica: Replica, id: string, offset: number): boolean {
    const { history } = this;
    const asked = id.toLowerCase();
    const isSecond = asked === history.secondId && offset <= history.secondOffset;
    if (asked !== history.id && !isSecond) {
      this.#explainRefusal(replica, id, offset);
      return false;
    }
    const missed = history.backlog?.from(offset);
    if (missed === undefined) {
      this.host.log(
        'notice',
        `Unable to partial resync with replica ${replica.name} for lack of backlog (Replica request was: ${offset}).`,
      );
      if (offset > history.offset) {
        this.host.log(
          'warning',
          `Warning: replica ${replica.name} tried to PSYNC with an offset that is greater than the master replication offset.`,
        );
      }
      return false;
    }
    this.#putOnline(replica);
    replica.client.feed(replica.knowsPsync2 ? `+CONTINUE ${history.id}\r\n` : '+CONTINUE\r\n');
    replica.client.feed(missed);
    this.host.log(
      'notice',
      `Partial resynchronization request from ${replica.name} accepted. Sending ${missed.length} bytes of backlog starting from offset ${offset}.`,
    );
    return true;
  }

  #explainRefusal(replica: Replica, id: string, offset: number): void {
    const { history, host } = this;
    if (id.startsWith('?')) {
      host.log('notice', `Full resync requested by replica ${replica.name}`);
    } else if (id.toLowerCase() === history.secondId) {
      host.log(
        'notice',
        `Partial resynchronization not accepted: Requested offset for second ID was ${offset}, but I can reply up to ${history.secondOffset}`,
      );
    } else {
      host.log(
        'notice',
        `Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '${id}', my replication IDs are '${history.id}' and '${history.secondId}')`,
      );
    }
  }

  /** A snapshot: that which is being taken, if it will do, or one that begins now or soon. */
  #startOver(replica: Replica): void {
    const { host, history } = this;
    this.fullSyncs++;
    replica.state = 'waiting to start';
    replica.waitingSince = host.clock.now;
    this.replicas.add(replica);
    if (this.replicas.size === 1 && !history.backlog) {
      history.rename();
      history.forgetSecond();
      this.keep();
      host.log(
        'notice',
        `Replication backlog created, my new replication IDs are '${history.id}' and '${history.secondId}'`,
      );
    }
    const other = [...this.replicas].find(({ state }) => state === 'waiting for snapshot');
    if (other?.isDiskBased && !replica.wantsOnlyFunctions) this.#join(replica, other);
    else if (other) {
      host.log('notice', 'Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC');
    } else this.#startSoon(replica);
  }

  #join(replica: Replica, other: Replica): void {
    replica.copyHeld(other);
    this.#promise(replica, this.history.offset - other.held, true);
    this.host.log('notice', 'Waiting for end of BGSAVE for SYNC');
  }

  #startSoon(replica: Replica): void {
    const { host } = this;
    const mayDelay = replica.readsEof && Number(host.config.text('repl-diskless-sync-delay')) > 0;
    if (host.config.text('repl-diskless-sync') === 'yes' && mayDelay) {
      host.log('notice', 'Delay next BGSAVE for diskless SYNC');
    } else if (host.isSaving) {
      host.log(
        'notice',
        'No BGSAVE in progress, but another BG operation is active. BGSAVE for replication delayed',
      );
    } else this.#startSnapshot([replica]);
  }

  #startSnapshot(waiting: readonly Replica[]): void {
    const { host, history } = this;
    const functionsOnly = waiting[0]?.wantsOnlyFunctions === true;
    const wants = waiting.filter(({ wantsOnlyFunctions }) => wantsOnlyFunctions === functionsOnly);
    const allReadEof = wants.every(({ readsEof }) => readsEof);
    const toSockets =
      (host.config.text('repl-diskless-sync') === 'yes' || functionsOnly) && allReadEof;
    const target = toSockets ? 'replicas sockets' : 'disk';
    host.log('notice', `Starting BGSAVE for SYNC with target: ${target}`);
    for (const replica of wants) this.#promise(replica, history.offset, !toSockets);
    this.db = -1;
    host.snapshot(toSockets ? 'replicas' : 'disk', (bytes) => {
      const here = [...this.replicas].filter(({ state }) => state === 'waiting for snapshot');
      for (const replica of here) this.#deliver(replica, bytes);
      host.flush();
      this.startDueSnapshot();
    });
  }

  /** Tells a replica which history it will get, and from where. */
  #promise(replica: Replica, offset: number, isDiskBased: boolean): void {
    replica.state = 'waiting for snapshot';
    replica.isDiskBased = isDiskBased;
    if (replica.isOld) return;
    replica.client.feed(`+FULLRESYNC ${this.history.id} ${offset}\r\n`);
  }

  #deliver(replica: Replica, bytes: string | undefined): void {
    const { host } = this;
    if (bytes === undefined) {
      host.log('warning', 'SYNC failed. BGSAVE child returned an error');
      replica.client.close();
      return;
    }
    if (replica.isDiskBased) {
      replica.client.feed(`$${bytes.length}\r\n${bytes}`);
      this.#putOnline(replica);
      host.log('notice', `Synchronization with replica ${replica.name} succeeded`);
      replica.startStream();
    } else {
      const mark = host.random.hex(40);
      replica.client.feed(`$EOF:${mark}\r\n${bytes}${mark}`);
      host.log(
        'notice',
        `Streamed RDB transfer with replica ${replica.name} succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming`,
      );
      this.#putOnline(replica);
      replica.startsOnAck = true;
    }
    if (replica.wantsOnlyRdb) {
      host.log(
        'notice',
        `RDB transfer completed, rdb only replica (${replica.name}) should be disconnected asap`,
      );
    }
  }

  #putOnline(replica: Replica): void {
    replica.state = 'online';
    replica.ackAt = this.host.clock.now;
    this.replicas.add(replica);
  }
}
