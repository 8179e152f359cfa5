/** What replication needs of the server that it is part of. */
import type { Wait } from '../commands/wait.ts';
import type { Connection, Dial, Peer } from '../network/network.ts';
import type { Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { PrimaryStream } from './primary-stream.ts';
import type { Replica } from './replica.ts';

/** A client as replication sees it. */
export interface ReplicationClient {
  readonly id: number;
  /** `host:port` of the other side. */
  readonly addr: string;
  readonly closed: boolean;
  readonly blocked: { readonly wait: Wait } | undefined;
  db: number;
  /** What the other side has said of itself as a replica; it is one once it has asked for the data. */
  replica: Replica | undefined;
  /** It is our primary: what it sends is counted. */
  stream: PrimaryStream | undefined;
  /** How far the stream was when its last command was over. */
  writeOffset: number;
  readonly pendingInput: number;
  readonly pendingOutput: number;
  readonly unsent: number;
  readonly transaction: object | undefined;
  /** Has bytes sent as they are, with the other output. */
  feed(bytes: string): void;
  close(): void;
}

/** The client that our primary is. */
export interface PrimaryClient extends ReplicationClient {
  receive(bytes: string): void;
}

/** How much a client may leave unread: at all, and for how long a lesser amount. 0 is no limit. */
export interface OutputLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSeconds: number;
}

export interface ReplicationHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: {
    text(directive: string): string;
    start(directive: string, text: string): void;
    onChange(directive: string, listener: (text: string) => undefined): void;
  };
  readonly dial: Dial;
  readonly isDown: boolean;
  /** client-output-buffer-limit of replicas. */
  readonly outputLimit: OutputLimit;
  /** Something runs in the background: no other snapshot may begin. */
  readonly isSaving: boolean;
  /** Clients are paused: nothing is written, and nothing is asked of replicas. */
  readonly isPaused: boolean;
  /** Whether all that happened until now is safe in an append-only file. */
  readonly file: 'none' | 'behind' | 'durable';
  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void;
  /** A client as CLIENT LIST prints it. */
  describe(client: { readonly id: number }): string;
  /** Who hears of every write, if anybody does. */
  tell(effects: ((db: number, argv: readonly string[]) => void) | undefined): void;
  /**
   * Takes a snapshot in the background, into the file or only for the replicas; `done` gets its bytes,
   * or undefined if it failed.
   */
  snapshot(target: 'disk' | 'replicas', done: (bytes: string | undefined) => void): void;
  /**
   * Puts the data of a snapshot in the place of all there is. False when it is no snapshot; then there
   * is nothing any more. One that is damaged ends the server.
   */
  load(bytes: string): boolean;
  /** Makes a connection a client that may do everything and is answered nothing. */
  adopt(connection: Connection, peer: Peer): PrimaryClient;
  /** The connection of a client that has been adopted has ended. */
  forget(client: PrimaryClient): void;
  /** Ends the waits of all clients: the data is not ours any more. */
  disconnectBlocked(): void;
  unblock(client: ReplicationClient, reply: Reply): void;
  /** Holds writes back for so long, or lets them go. */
  pauseWrites(ms: number): void;
  resumeWrites(): void;
  /** Sends what has been written to clients. */
  flush(): void;
}
