import { redisError } from '../errors.ts';
import type { Accept, Connection, Listener } from '../network/network.ts';
import { Client, type ClientHost } from './client.ts';

/** What accepting connections needs of the server. */
interface Host extends ClientHost {
  readonly settings: ClientHost['settings'] & { readonly maxclients: number };
  readonly stats: ClientHost['stats'] & {
    connectionsReceived: number;
    rejectedConnections: number;
  };
}

/** The first numbers belong to the listening sockets and the event loop. */
const FIRST_FD = 8;

/** The connections of a server: numbered, counted, and refused beyond maxclients. */
export class Connections {
  readonly clients = new Map<number, Client>();
  #nextId = 1;
  readonly #fds = new Set<number>();
  #lowestFd = FIRST_FD;

  constructor(private readonly host: Host) {}

  /** Takes a connection, as Network.listen hands it over. */
  readonly accept: Accept = (connection, { from, to }): Listener => {
    const { host } = this;
    if (this.clients.size >= host.settings.maxclients) return this.#turnAway(connection);
    const client = new Client(host, this.#nextId++, from, to, this.#takeFd(), connection);
    host.stats.connectionsReceived++;
    this.clients.set(client.id, client);
    return {
      onData: (bytes) => client.receive(bytes),
      onClose: () => host.forget(client),
    };
  };

  /** A client without a connection, in whose name scripts and the AOF loader run commands. */
  internal(): Client {
    return new Client(this.host, 0, '', '', -1, { send() {}, close() {} });
  }

  forget({ id, fd }: Client): void {
    this.clients.delete(id);
    this.#fds.delete(fd);
    this.#lowestFd = Math.min(this.#lowestFd, fd);
  }

  #turnAway(connection: Connection): Listener {
    this.host.stats.rejectedConnections++;
    connection.send(`-${redisError('ERR max number of clients reached').message}\r\n`);
    connection.close();
    return { onData() {}, onClose() {} };
  }

  /** The lowest number that no socket has, as the operating system gives them. */
  #takeFd(): number {
    let fd = this.#lowestFd;
    while (this.#fds.has(fd)) fd++;
    this.#fds.add(fd);
    this.#lowestFd = fd + 1;
    return fd;
  }
}
