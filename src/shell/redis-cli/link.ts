import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { Connection } from '../../wire/client.ts';
import type { CloseReason } from '../../wire/messages.ts';
import type { Call } from '../program.ts';
import type { Options } from './options.ts';

/** There is no connection: refused, or ended by the server. The message is what redis-cli prints. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

/**
 * A connection as redis-cli opens it: dialled, authenticated, in its protocol and database. Replies
 * come in order; what comes unasked goes to `onUnasked`.
 */
export class Link {
  readonly address: string;
  onUnasked: ((reply: Reply) => void) | undefined;
  readonly #call: Call;
  readonly #options: Options;
  readonly #connection: Connection;
  readonly #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  /** Resolves when it is known whether there is a connection. */
  readonly #opened: Promise<void>;
  #lost: LinkError | undefined;

  readonly #interrupt = () => this.close();

  /** Opens a connection. Rejects with a `LinkError`; what else fails is complained about. */
  static async open(call: Call, options: Options, address = addressOf(options)): Promise<Link> {
    const link = new Link(call, options, address);
    await link.#greet();
    return link;
  }

  private constructor(call: Call, options: Options, address: string) {
    this.#call = call;
    this.#options = options;
    this.address = address;
    let opened = () => {};
    this.#opened = new Promise((resolve) => {
      opened = resolve;
    });
    this.#connection = new Connection(call.machine.dial, address, {
      onOpen: opened,
      onReply: (reply) => this.#receive(reply),
      onClose: (reason) => {
        this.#lose(reason);
        opened();
      },
    });
    call.signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** The reply to a command, error replies included. Rejects with a `LinkError`. */
  send(argv: readonly string[]): Promise<Reply> {
    if (this.#lost) return Promise.reject(this.#lost);
    this.#connection.send(argv);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Sends a command whose answers come unasked, such as SUBSCRIBE. */
  sendQuietly(argv: readonly string[]): void {
    this.#connection.send(argv);
  }

  /** Resolves when the connection has ended. */
  ended(): Promise<void> {
    if (this.#lost) return Promise.resolve();
    return new Promise((resolve) =>
      this.#waiting.push({ resolve: () => {}, reject: () => resolve() }),
    );
  }

  close(): void {
    this.#connection.close();
    this.#lose('closed');
  }

  async #greet(): Promise<void> {
    await this.#opened;
    if (this.#lost) throw this.#lost;
    const { user, password, protocol, db } = this.#options;
    if (password !== undefined) {
      const login = user === undefined ? ['AUTH', password] : ['AUTH', user, password];
      await this.#ask(login, 'AUTH failed');
    }
    if (protocol === 3) await this.#ask(['HELLO', '3'], 'HELLO 3 failed');
    if (db !== 0) await this.#ask(['SELECT', String(db)], `SELECT ${db} failed`);
  }

  async #ask(argv: readonly string[], complaint: string): Promise<void> {
    const reply = await this.send(argv);
    if (reply instanceof RedisError) this.#call.complain(`${complaint}: ${reply.message}\n`);
  }

  #receive(reply: Reply): void {
    const waiter = this.onUnasked ? undefined : this.#waiting.shift();
    if (waiter) waiter.resolve(reply);
    else this.onUnasked?.(reply);
  }

  #lose(reason: CloseReason): void {
    this.#call.signal.removeEventListener('abort', this.#interrupt);
    this.#lost ??= new LinkError(
      Object.hasOwn(failures, reason)
        ? `Could not connect to Redis at ${this.address}: ${failures[reason]}`
        : 'Error: Server closed the connection',
    );
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }
}

/** Why there is no connection, as the C library words it. */
const failures: Partial<Record<CloseReason, string>> = {
  refused: 'Connection refused',
  timeout: 'Connection timed out',
  'unknown-host': 'Name or service not known',
};

export const addressOf = ({ host, port }: Options): string => `${host}:${port}`;
