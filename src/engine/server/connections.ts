import type { Accept, Connection, Listener, Peer } from '../network/network.ts';
import { Client, type ClientHost } from './client.ts';

/** What accepting connections needs of the server. */
interface Host extends ClientHost {
  readonly config: { text(name: string): string };
  readonly settings: ClientHost['settings'] & { readonly maxclients: number };
  readonly stats: ClientHost['stats'] & {
    connectionsReceived: number;
    rejectedConnections: number;
  };
}

/** What strangers are told by a server that anybody may use. */
const DENIED =
  "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. 3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. 4) Setup a an authentication password for the default user. NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside.";

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
    if (this.clients.size >= host.settings.maxclients) {
      return this.#turnAway(connection, 'ERR max number of clients reached');
    }
    const client = new Client(host, this.#nextId++, from, to, this.#takeFd(), connection);
    if (
      !client.isLocal &&
      host.config.text('protected-mode') === 'yes' &&
      host.acl.default.noPassword
    ) {
      this.forget(client);
      return this.#turnAway(connection, DENIED);
    }
    host.stats.connectionsReceived++;
    this.clients.set(client.id, client);
    return {
      onData: (bytes) => client.receive(bytes),
      onClose: () => client.lost(),
    };
  };

  /** Makes a connection that the server itself has opened a client: its primary. */
  adopt(connection: Connection, { from, to }: Peer): Client {
    const client = new Client(this.host, this.#nextId++, to, from, this.#takeFd(), connection);
    client.authenticated = true;
    this.clients.set(client.id, client);
    return client;
  }

  /** A client without a connection, in whose name scripts and the AOF loader run commands. */
  internal(): Client {
    return new Client(this.host, 0, '', '', -1, { send() {}, close() {} });
  }

  forget({ id, fd }: Client): void {
    this.clients.delete(id);
    this.#fds.delete(fd);
    this.#lowestFd = Math.min(this.#lowestFd, fd);
  }

  #turnAway(connection: Connection, why: string): Listener {
    this.host.stats.rejectedConnections++;
    connection.send(`-${why}\r\n`);
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
