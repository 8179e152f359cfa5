import type { Connection, Dial, Listener } from '../network/network.ts';
import type { Clock } from '../time/clock.ts';

interface Host {
  readonly clock: Clock;
  readonly dial: Dial;
}

/** How long a connection is kept that nobody uses, as MIGRATE_SOCKET_CACHE_TTL. */
const KEPT_MS = 10_000;

/** A connection to another server, and the database that was selected there. */
export interface MigrateSocket {
  readonly address: string;
  db: string | undefined;
  send(bytes: string): void;
  /** Ends it: nobody knows what the other side would say next. */
  close(): void;
}

/** Who opens a connection, or is given one. */
interface User extends Listener {
  onOpen(socket: MigrateSocket): void;
  onFail(): void;
}

/**
 * The connections that MIGRATE has opened, kept for a while, as the next keys mostly go the same way.
 * One that is kept needs no password again.
 */
export class MigrateSockets {
  readonly #kept = new Map<string, { socket: MigrateSocket; take(user: User): void }>();

  constructor(private readonly host: Host) {}

  get size(): number {
    return this.#kept.size;
  }

  /** Hands over a connection to `host:port`, kept or new. Returns how to give up waiting for it. */
  open(address: string, user: User): () => void {
    const kept = this.#kept.get(address);
    if (kept) {
      kept.take(user);
      user.onOpen(kept.socket);
      return () => {};
    }
    return this.#dial(address, user);
  }

  #dial(address: string, first: User): () => void {
    let user: User | undefined = first;
    let cancelEnd = () => {};
    const forget = () => {
      cancelEnd();
      this.#kept.delete(address);
    };
    const take = (next: User) => {
      user = next;
      cancelEnd();
      cancelEnd = this.host.clock.schedule(KEPT_MS, () => this.#kept.get(address)?.socket.close());
    };
    return this.host.dial(address, {
      onConnect: (connection: Connection) => {
        const socket: MigrateSocket = {
          address,
          db: undefined,
          send: (bytes) => connection.send(bytes),
          close() {
            forget();
            user = undefined;
            connection.close();
          },
        };
        this.#kept.set(address, { socket, take });
        take(first);
        first.onOpen(socket);
      },
      onFail: () => first.onFail(),
      onData: (bytes) => user?.onData(bytes),
      onClose() {
        forget();
        user?.onClose();
      },
    });
  }
}
