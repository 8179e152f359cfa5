import { fromUint8, toUint8 } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { ReplyDecoder } from '../engine/resp/decode-reply.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import { Push, type Reply } from '../engine/resp/reply.ts';
import type { Dial, Socket } from './link.ts';
import type { CloseReason } from './messages.ts';

/**
 * RESP over a socket, in two layers. `Connection` turns arguments into bytes and bytes into replies,
 * in order, and leaves their meaning to its owner (the console, which must see what redis-cli sees).
 * `Client` pairs each command with its reply. Arguments and replies are strings of bytes (latin1).
 */

export interface ConnectionListener {
  onOpen?(): void;
  onReply(reply: Reply): void;
  onClose(reason: CloseReason): void;
}

/** A socket that speaks RESP. Commands sent in one turn of the event loop leave as one message. */
export class Connection {
  readonly #socket: Socket;
  readonly #decoder = new ReplyDecoder();
  #outbox = '';

  constructor(dial: Dial, address: string, listener: ConnectionListener) {
    this.#socket = dial(address, {
      ...(listener.onOpen && { onOpen: () => listener.onOpen?.() }),
      onClose: (reason) => listener.onClose(reason),
      onData: (bytes) => {
        this.#decoder.push(fromUint8(bytes));
        for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) {
          listener.onReply(reply);
        }
      },
    });
  }

  send(argv: readonly string[]): void {
    if (this.#outbox === '') queueMicrotask(() => this.#flush());
    this.#outbox += encodeCommand(argv);
  }

  /** Resolves when the lab has carried out what was sent, and what it answered at once is here. */
  settled(): Promise<void> {
    this.#flush();
    return this.#socket.settled();
  }

  close(): void {
    this.#flush();
    this.#socket.close();
  }

  #flush(): void {
    if (this.#outbox === '') return;
    const bytes = toUint8(this.#outbox);
    this.#outbox = '';
    this.#socket.send(bytes);
  }
}

/** Why a command got no reply: its connection ended first. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly reason: CloseReason;

  constructor(reason: CloseReason, address: string) {
    super(
      reason === 'refused'
        ? `Could not connect to Redis at ${address}: Connection refused`
        : 'Server closed the connection',
    );
    this.reason = reason;
  }
}

export interface ClientOptions {
  /** RESP3 unless said: its pushes never mix with replies. */
  readonly protocol?: 2 | 3;
}

/** Whoever waits: for the next reply, or for the next `missing` of them as one list. */
interface Waiter {
  missing: number;
  readonly replies: Reply[];
  readonly resolve: (replies: Reply[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Commands in, promises out, in order and pipelined. After an unexpected end it dials again for the
 * next command; what was under way rejects with `ConnectionLost`.
 */
export class Client {
  readonly address: string;
  readonly #dial: Dial;
  readonly #protocol: 2 | 3;
  #connection: Connection | undefined;
  #waiters: Waiter[] = [];
  #served = 0;
  readonly #pushListeners = new Set<(push: Reply) => void>();
  readonly #closeListeners = new Set<(reason: CloseReason) => void>();

  constructor(dial: Dial, address: string, options: ClientOptions = {}) {
    this.#dial = dial;
    this.address = address;
    this.#protocol = options.protocol ?? 3;
  }

  /** The reply of a command; an error reply rejects as the `RedisError` that it is. */
  async call(...argv: string[]): Promise<Reply> {
    const reply = await this.send(argv);
    if (reply instanceof RedisError) throw reply;
    return reply;
  }

  /** The reply of a command, error replies included. */
  async send(argv: readonly string[]): Promise<Reply> {
    const [reply] = await this.pipeline([argv]);
    return reply as Reply;
  }

  /** The replies of many commands, sent as one message; error replies stand in their places. */
  pipeline(commands: readonly (readonly string[])[]): Promise<Reply[]> {
    const connection = this.#connected();
    for (const argv of commands) connection.send(argv);
    return this.#expect(commands.length);
  }

  /** Sends what answers with pushes only: SUBSCRIBE and its like in RESP3. */
  sendQuietly(argv: readonly string[]): void {
    this.#connected().send(argv);
  }

  /** Pushes (invalidations, messages), and lines that nobody asked for (MONITOR). */
  onPush(listener: (push: Reply) => void): () => void {
    this.#pushListeners.add(listener);
    return () => this.#pushListeners.delete(listener);
  }

  /** The connection ended without `close` being called. */
  onClose(listener: (reason: CloseReason) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** Hangs up; what is under way rejects. A later command dials again. */
  close(): void {
    this.#connection?.close();
    this.#lose('closed');
  }

  #connected(): Connection {
    if (this.#connection) return this.#connection;
    const connection = new Connection(this.#dial, this.address, {
      onReply: (reply) => this.#receive(reply),
      onClose: (reason) => {
        if (this.#connection !== connection) return;
        this.#lose(reason);
        for (const listener of this.#closeListeners) listener(reason);
      },
    });
    this.#connection = connection;
    if (this.#protocol === 3) {
      connection.send(['HELLO', '3']);
      // A refused HELLO shows in the commands after it; a lost connection rejects those too.
      this.#expect(1).catch(() => {});
    }
    return connection;
  }

  #expect(missing: number): Promise<Reply[]> {
    if (missing === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ missing, replies: [], resolve, reject });
    });
  }

  #receive(reply: Reply): void {
    const waiter = reply instanceof Push ? undefined : this.#waiters[this.#served];
    if (!waiter) {
      for (const listener of this.#pushListeners) listener(reply);
      return;
    }
    waiter.replies.push(reply);
    if (--waiter.missing > 0) return;
    this.#served++;
    // Removing from the front one by one would move the whole queue each time.
    if (this.#served === this.#waiters.length) {
      this.#waiters = [];
      this.#served = 0;
    }
    waiter.resolve(waiter.replies);
  }

  #lose(reason: CloseReason): void {
    this.#connection = undefined;
    const lost = this.#waiters.slice(this.#served);
    this.#waiters = [];
    this.#served = 0;
    for (const { reject } of lost) reject(new ConnectionLost(reason, this.address));
  }
}
