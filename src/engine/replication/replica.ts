import { hostOf } from '../network/network.ts';

/** The client that a replica is. */
interface ReplicaClient {
  readonly id: number;
  /** `host:port` of the other side. */
  readonly addr: string;
  /** Bytes that were sent and that the other side has not taken. */
  readonly unsent: number;
  feed(bytes: string): void;
  close(): void;
}

/** How far a replica is with getting the data. */
export type ReplicaState =
  /** It has not asked for it yet. */
  | 'introducing'
  /** It waits for a snapshot to begin, or to end. */
  | 'waiting to start'
  | 'waiting for snapshot'
  | 'online';

/** A replica as its primary knows it: what it says of itself, and how far it is. */
export class Replica {
  state: ReplicaState = 'introducing';
  listeningPort = 0;
  /** The address by which it wants to be known. */
  address = '';
  /** It can read a snapshot that ends with a mark; it understands a new id with +CONTINUE. */
  readsEof = false;
  knowsPsync2 = false;
  /** It speaks SYNC: it acknowledges nothing and knows of no ids. */
  isOld = false;
  /** It wants the snapshot and nothing after it. */
  wantsOnlyRdb = false;
  wantsOnlyFunctions = false;
  /** The offset that it has acknowledged, and when. Ms since 1970. */
  ackOffset = 0;
  ackAt = 0;
  /** How much of the stream is safe in its append-only file; -1 as long as it has not said. */
  fileOffset = -1;
  /** Since when it has waited for a snapshot to begin. */
  waitingSince = 0;
  /** Got its snapshot without a file: the stream starts when it says that it has loaded it. */
  startsOnAck = false;
  /** The snapshot that it waits for is written to a file. */
  isDiskBased = false;
  /** The part of the stream that it gets after the snapshot. */
  #held: string[] = [];
  #heldBytes = 0;
  /** Since when it has had more to read than is allowed for a while. */
  overSince: number | undefined;

  constructor(readonly client: ReplicaClient) {}

  get isReplica(): boolean {
    return this.state !== 'introducing';
  }

  /** Bytes of the stream that wait for it. */
  get held(): number {
    return this.#heldBytes;
  }

  /** Its name in the log: `127.0.0.1:6380`, or its client's id. */
  get name(): string {
    const { client, ip, listeningPort } = this;
    if (ip === '') return `client id #${client.id}`;
    return `${ip}:${listeningPort === 0 ? '<unknown-replica-port>' : listeningPort}`;
  }

  get ip(): string {
    return this.address || hostOf(this.client.addr);
  }

  /** Sends a part of the stream, or keeps it until the replica has its snapshot. */
  feed(bytes: string): void {
    if (this.state === 'waiting to start') return;
    if (this.state === 'online' && !this.startsOnAck) {
      this.client.feed(bytes);
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  /** It gets the same part of the stream as another that waits for the same snapshot. */
  copyHeld(other: Replica): void {
    this.#held = [...other.#held];
    this.#heldBytes = other.#heldBytes;
  }

  /** Sends what was kept; the stream flows from now on. */
  startStream(): void {
    this.startsOnAck = false;
    if (this.#heldBytes > 0) this.client.feed(this.#held.join(''));
    this.#held = [];
    this.#heldBytes = 0;
  }
}
