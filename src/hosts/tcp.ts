import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import type { Lab } from '../engine/lab/lab.ts';
import type { Accept, Connection, Listener } from '../engine/network/network.ts';
import { Pacer, type RealTime, realTime } from './pace.ts';

/** Where a server listens; port 0 takes a free one. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Puts the servers of a lab behind real sockets, its time bound to real time: the same engine for
 * redis-cli, redis-benchmark and every client library. What the engine answers to one chunk of bytes
 * leaves in one write. As in Redis, a client that does not read makes its output grow, and is never
 * kept from sending: a client may write a whole pipeline before it reads.
 */
export class TcpHost {
  readonly #pacer: Pacer;
  readonly #onBug: (error: unknown) => void;
  readonly #listening = new Set<NetServer>();
  readonly #sockets = new Set<Socket>();

  /** `onBug` hears of exceptions that no command should throw; the connection has been closed then. */
  constructor(lab: Lab, onBug: (error: unknown) => void, time: RealTime = realTime) {
    this.#onBug = onBug;
    const after: RealTime['after'] = (ms, task) => time.after(ms, () => this.#watch(task));
    this.#pacer = new Pacer(lab.clock, { now: () => time.now(), after });
    this.#pacer.setRate(1);
  }

  /** Accepts connections for a server of the lab. Returns the port; rejects as `net.Server` does. */
  listen(accept: Accept, endpoint: Endpoint): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#connect(socket, accept));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(endpoint, () => {
        server.off('error', reject);
        this.#listening.add(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Ends every connection and lets time stand still. */
  async close(): Promise<void> {
    const closed = [...this.#listening].map(
      (server) => new Promise((resolve) => server.close(resolve)),
    );
    for (const socket of this.#sockets) socket.destroy();
    this.#pacer.stop();
    await Promise.all(closed);
  }

  #connect(socket: Socket, accept: Accept): void {
    this.#sockets.add(socket);
    const peer = {
      from: `${socket.remoteAddress}:${socket.remotePort}`,
      to: `${socket.localAddress}:${socket.localPort}`,
    };
    let listener: Listener | undefined;
    this.#enter(socket, () => {
      listener = accept(connectionOf(socket), peer);
    });
    socket.on('data', (chunk: Buffer) => {
      // Bytes may still come after the engine has closed.
      if (socket.writable) this.#enter(socket, () => listener?.onData(chunk.toString('latin1')));
    });
    // A reset connection is no news to the engine beside its end.
    socket.on('error', () => {});
    socket.on('end', () => this.#enter(socket, () => listener?.onClose()));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#enter(socket, () => listener?.onClose());
    });
  }

  /** Everything that happens in the lab happens in here: at the present time, and timers after it. */
  #enter(socket: Socket, task: () => void): void {
    const sound = this.#watch(() => {
      this.#pacer.sync();
      task();
    });
    if (!sound) socket.destroy();
    this.#pacer.plan();
  }

  /** Does something in the lab. False when it threw what nothing should throw. */
  #watch(task: () => void): boolean {
    try {
      task();
      return true;
    } catch (error) {
      this.#onBug(error);
      return false;
    }
  }
}

const connectionOf = (socket: Socket): Connection => ({
  send: (bytes) => socket.write(bytes, 'latin1'),
  close: () => socket.destroySoon(),
});
