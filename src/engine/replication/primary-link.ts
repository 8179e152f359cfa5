import type { Connection, Peer } from '../network/network.ts';
import { encodeCommand } from '../resp/encode.ts';
import { Handshake } from './handshake.ts';
import { NO_ID } from './history.ts';
import type { PrimaryClient, ReplicationHost } from './host.ts';
import { PrimaryStream } from './primary-stream.ts';
import { Transfer } from './transfer.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A place in a history, from which its stream can be read on. */
export interface Bookmark {
  readonly id: string;
  readonly offset: number;
  /** The database that the stream speaks of there. */
  readonly db: number;
}

/** What the link tells the server's replication. */
export interface LinkOwner {
  /** Where the data is, if it is from some history; PSYNC asks to go on from there. */
  bookmark: Bookmark | undefined;
  readonly historyId: string;
  /** How much of the stream is safe in our append-only file; -1 without one. */
  readonly fileOffset: number;
  /** The primary is asked to hand its role over to us. */
  readonly isTakingOver: boolean;
  /** The primary goes on where we were; its history may have got another name. */
  continued(id: string | undefined): void;
  /** The primary's answer to being asked to hand over: it has. */
  takenOver(): void;
  failedToTakeOver(): void;
  /** A snapshot has come and takes the place of all data. False when it is none. */
  replaceData(snapshot: string, id: string, offset: number): boolean;
  /** What the primary has sent and we have carried out. */
  passOn(bytes: string): void;
}

/** How long after a failed transfer another may follow at once. */
const START_OVER_MS = 1000;

export type LinkState = 'connect' | 'connecting' | 'handshake' | 'transfer' | 'connected';

/**
 * The connection of a replica to its primary, made anew whenever it breaks: introduces itself, asks to
 * go on where it was, else takes a snapshot, and then becomes a client whose commands run here.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#how-redis-replication-works
 */
export class PrimaryLink {
  state: LinkState = 'connect';
  /** Since when it has been down; 0 when it never was up. Ms since 1970. */
  downSince = 0;
  transfer: Transfer | undefined;
  client: PrimaryClient | undefined;
  #connection: Connection | undefined;
  #peer: Peer = { from: '', to: '' };
  #giveUp = () => {};
  #handshake: Handshake | undefined;
  #lastReadAt = 0;
  #line = '';
  /** The answer to PSYNC is awaited. */
  #hasAsked = false;
  /** The history that the snapshot on its way belongs to. */
  #promised: { readonly id: string; readonly offset: number } | undefined;
  #attempt = 0;
  /** When a transfer that had failed was begun anew at once. Ms since 1970. */
  #startedOverAt = 0;
  /** The next attempt is made because a transfer has failed. */
  #isStartingOver = false;

  constructor(
    private readonly host: ReplicationHost,
    private readonly owner: LinkOwner,
    readonly address: Address,
  ) {}

  get stream(): PrimaryStream | undefined {
    return this.client?.stream;
  }

  /** When something came from the primary, or was tried. Ms since 1970. */
  get lastReadAt(): number {
    return this.stream?.lastReadAt ?? this.transfer?.lastReadAt ?? this.#lastReadAt;
  }

  /** Begins an attempt; what becomes of it is heard later. */
  connect(): void {
    const { host, port } = this.address;
    const text = `MASTER ${host}:${port}`;
    const isAgain = this.#isStartingOver;
    this.#isStartingOver = false;
    this.host.log(
      'notice',
      isAgain ? `Reconnecting to ${text} after failure` : `Connecting to ${text}`,
    );
    this.#dial();
  }

  #dial(): void {
    const { host, address } = this;
    const attempt = ++this.#attempt;
    const isCurrent = () => attempt === this.#attempt;
    this.state = 'connecting';
    this.#lastReadAt = host.clock.now;
    this.#giveUp = host.dial(`${address.host}:${address.port}`, {
      onConnect: (connection, peer) => {
        if (isCurrent()) this.#connected(connection, peer);
        else connection.close();
      },
      onFail: (reason) => {
        if (!isCurrent()) return;
        host.log('warning', `Error condition on socket for SYNC: ${reason}`);
        this.#fail();
      },
      onData: (bytes) => {
        if (isCurrent()) this.#receive(bytes);
      },
      onClose: () => {
        if (isCurrent()) this.#lost();
      },
    });
    host.log('notice', 'MASTER <-> REPLICA sync started');
  }

  /** Says how much has been carried out. */
  acknowledge(): void {
    const { client } = this;
    if (!client?.stream || this.#promised === undefined) return;
    const { fileOffset } = this.owner;
    const inFile = fileOffset < 0 ? [] : ['FACK', String(fileOffset)];
    client.feed(encodeCommand(['REPLCONF', 'ACK', String(client.stream.offset), ...inFile]));
  }

  /** Ends the attempt, or the connection, in silence; a place in the history is remembered. */
  close(): void {
    this.#attempt++;
    this.#giveUp();
    this.#remember();
    if (this.state === 'connected') this.downSince = this.host.clock.now;
    const connection = this.#connection;
    this.#reset();
    connection?.close();
  }

  /**
   * Ends the attempt, which takes too long or has failed, and begins another: at once, but no more
   * than once a second, where Redis would go on thousands of times.
   */
  startOver(): void {
    const { now } = this.host.clock;
    this.close();
    this.state = 'connect';
    this.#isStartingOver = true;
    if (now - this.#startedOverAt < START_OVER_MS) return;
    this.#startedOverAt = now;
    this.connect();
  }

  /** Ends the connection as if it had broken. */
  drop(): void {
    const connection = this.#connection;
    this.#attempt++;
    this.#lost();
    connection?.close();
  }

  #connected(connection: Connection, peer: Peer): void {
    const { host } = this;
    const { config } = host;
    this.#connection = connection;
    this.#peer = peer;
    this.state = 'handshake';
    const announced = Number(config.text('replica-announce-port'));
    this.#handshake = new Handshake((bytes) => connection.send(bytes), host.log.bind(host), {
      user: config.text('masteruser'),
      password: config.text('masterauth'),
      port: announced || Number(config.text('port')),
      address: config.text('replica-announce-ip'),
    });
    this.#handshake.greet();
  }

  #receive(bytes: string): void {
    this.#lastReadAt = this.host.clock.now;
    if (this.state === 'connected') this.client?.receive(bytes);
    else if (this.state === 'transfer') this.#take(bytes);
    else {
      this.#line += bytes;
      this.#readLines();
    }
  }

  #readLines(): void {
    while (this.state === 'handshake') {
      const end = this.#line.indexOf('\n');
      if (end < 0) return;
      const line = this.#line.slice(0, end).replace(/\r$/, '');
      this.#line = this.#line.slice(end + 1);
      if (this.#hasAsked) this.#readVerdict(line);
      else if (this.#handshake?.answered(line) === false) this.#fail();
      else if (this.#handshake?.isDone) this.#ask();
    }
    const rest = this.#line;
    this.#line = '';
    if (rest !== '') this.#receive(rest);
  }

  #ask(): void {
    const { host, owner } = this;
    const { bookmark } = owner;
    this.#hasAsked = true;
    const place = bookmark ? [bookmark.id, String(bookmark.offset + 1)] : ['?', '-1'];
    if (bookmark) {
      host.log('notice', `Trying a partial resynchronization (request ${place.join(':')}).`);
    } else host.log('notice', 'Partial resynchronization not possible (no cached master)');
    const more = owner.isTakingOver ? ['FAILOVER'] : [];
    this.#connection?.send(encodeCommand(['PSYNC', ...place, ...more]));
  }

  /** The primary's answer to PSYNC. */
  #readVerdict(line: string): void {
    const { host, owner } = this;
    // An empty line: it takes a while.
    if (line === '') return;
    if (owner.isTakingOver) {
      if (line.startsWith('+CONTINUE') || line.startsWith('+FULLRESYNC')) owner.takenOver();
      else owner.failedToTakeOver();
    }
    if (line.startsWith('+FULLRESYNC')) this.#startTransfer(line);
    else if (line.startsWith('+CONTINUE')) this.#continue(line.slice(10).trim());
    else if (/^-(NOMASTERLINK|LOADING)/.test(line)) {
      host.log(
        'notice',
        `Master is currently unable to PSYNC but should be in the future: ${line}`,
      );
      this.#fail();
    } else this.#askAsOld(line);
  }

  #startTransfer(line: string): void {
    const { host } = this;
    const [, id = '', offset = ''] = line.split(' ');
    this.state = 'transfer';
    this.transfer = new Transfer(host.log.bind(host), host.clock.now);
    if (id.length !== 40 || !/^\d+$/.test(offset)) {
      host.log('warning', 'Master replied with wrong +FULLRESYNC syntax.');
      this.#promised = { id: NO_ID, offset: 0 };
    } else {
      host.log('notice', `Full resync from master: ${id}:${offset}`);
      this.#promised = { id, offset: Number(offset) };
    }
  }

  #continue(id: string): void {
    const { host, owner } = this;
    const { bookmark } = owner;
    host.log('notice', 'Successful partial resynchronization with master.');
    if (!bookmark) {
      this.#fail();
      return;
    }
    this.#promised = bookmark;
    owner.continued(id.length === 40 && id !== bookmark.id ? id : undefined);
    this.#adopt(bookmark.offset, bookmark.db);
    owner.bookmark = undefined;
    host.log('notice', 'MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.');
  }

  /** A primary before Redis 2.8, or one that does not want us, as it will tell again. */
  #askAsOld(line: string): void {
    const { host } = this;
    if (!line.startsWith('-ERR')) {
      host.log('warning', `Unexpected reply to PSYNC from master: ${line}`);
    } else {
      host.log('notice', `Master does not support PSYNC or is in error state (reply: ${line})`);
    }
    host.log('notice', 'Retrying with SYNC...');
    this.#connection?.send('SYNC\r\n');
    this.state = 'transfer';
    this.#promised = undefined;
    this.transfer = new Transfer(host.log.bind(host), host.clock.now);
  }

  #take(bytes: string): void {
    const taken = this.transfer?.take(bytes, this.host.clock.now);
    if (taken === 'failed') this.startOver();
    if (taken === undefined || taken === 'failed') return;
    const { host, owner } = this;
    const { id, offset } = this.#promised ?? { id: host.random.hex(40), offset: 0 };
    if (!owner.replaceData(taken.snapshot, id, offset)) {
      // The server may have ended over it.
      if (!host.isDown) this.#failToLoad();
      return;
    }
    this.transfer = undefined;
    this.#adopt(offset, 0);
    host.log('notice', 'MASTER <-> REPLICA sync: Finished with success');
    this.acknowledge();
    if (taken.rest !== '') this.#receive(taken.rest);
    host.flush();
  }

  #failToLoad(): void {
    this.host.log(
      'warning',
      'Failed trying to load the MASTER synchronization DB from disk: Invalid argument',
    );
    this.startOver();
  }

  /** The connection is that of a client from now on. */
  #adopt(offset: number, db: number): void {
    const connection = this.#connection as Connection;
    const client = this.host.adopt(connection, this.#peer);
    client.db = db;
    client.stream = new PrimaryStream(offset, this.host.clock.now, (bytes) =>
      this.owner.passOn(bytes),
    );
    this.client = client;
    this.state = 'connected';
    this.downSince = 0;
  }

  /** The connection broke. */
  #lost(): void {
    const { host, state } = this;
    if (state === 'connected') {
      host.log('warning', 'Connection with master lost.');
      host.log('notice', 'Caching the disconnected master state.');
      this.#remember();
      this.downSince = host.clock.now;
      this.#reset();
      host.log('notice', `Reconnecting to MASTER ${this.address.host}:${this.address.port}`);
      this.#dial();
    } else if (state === 'transfer') {
      const what = this.transfer?.hasBegun
        ? 'trying to sync with MASTER: connection lost'
        : 'reading bulk count from MASTER: Success';
      host.log('warning', `I/O error ${what}`);
      this.startOver();
    } else {
      host.log('warning', 'Failed to read response from the server: Success');
      const what = this.#hasAsked
        ? 'Master did not reply to PSYNC, will try later'
        : 'Master did not respond to command during SYNC handshake';
      host.log('warning', what);
      this.#fail();
    }
  }

  /** Keeps where we are in the history, so that another connection can go on from there. */
  #remember(): void {
    const { client } = this;
    if (!client?.stream || !this.#promised) return;
    client.stream.settle();
    const { offset } = client.stream;
    this.owner.bookmark = { id: this.owner.historyId, offset, db: client.db };
  }

  /** This attempt has failed; there will be another. */
  #fail(): void {
    const connection = this.#connection;
    this.#attempt++;
    this.#reset();
    connection?.close();
  }

  #reset(): void {
    const { client } = this;
    this.client = undefined;
    if (client) this.host.forget(client);
    this.transfer = undefined;
    this.#handshake = undefined;
    this.#connection = undefined;
    this.#hasAsked = false;
    this.#line = '';
    this.state = 'connect';
  }
}
