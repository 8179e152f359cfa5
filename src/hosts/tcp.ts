import {
  type AddressInfo,
  connect,
  createServer,
  type Server as NetServer,
  Socket,
  type SocketConstructorOpts,
} from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Accept, Connection, Dial, Listener } from '../engine/network/network.ts';
import type { VirtualClock } from '../engine/time/clock.ts';
import { reasonOf } from './folder-disk.ts';
import { Pacer, type RealTime, realTime } from './pace.ts';

/** Where a server listens; port 0 takes a free one. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** How connections are encrypted. */
export interface Tls {
  readonly options: TlsOptions;
  mayEnter(socket: TLSSocket): boolean;
  onRefused(why: string): void;
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
  constructor(
    lab: { readonly clock: VirtualClock },
    onBug: (error: unknown) => void,
    time: RealTime = realTime,
  ) {
    this.#onBug = onBug;
    const after: RealTime['after'] = (ms, task) => time.after(ms, () => this.#watch(task));
    this.#pacer = new Pacer(lab.clock, { now: () => time.now(), after });
    this.#pacer.setRate(1);
  }

  /** Accepts connections for a server of the lab. Returns the port; rejects as `net.Server` does. */
  listen(accept: Accept, endpoint: Endpoint): Promise<number> {
    const options = { noDelay: true, pauseOnConnect: true };
    const server = createServer(options, (accepted) => {
      this.#connect(readingIntoOneBuffer(accepted), accept);
    });
    return this.#open(server, endpoint);
  }

  /**
   * The same with TLS. `mayEnter` decides who stays once the connection stands; `onRefused` hears of
   * those that never spoke TLS, or not well.
   */
  listenTls(accept: Accept, endpoint: Endpoint, tls: Tls): Promise<number> {
    const options = { ...tls.options, noDelay: true };
    const server = createTlsServer(options, (socket) => {
      if (tls.mayEnter(socket)) return this.#connect(socket.setEncoding('latin1'), accept);
      tls.onRefused('peer did not return a certificate');
      socket.destroy();
    });
    server.on('tlsClientError', (error, socket) => {
      tls.onRefused(error.message.trim());
      socket.destroy();
    });
    return this.#open(server, endpoint);
  }

  #open(server: NetServer, endpoint: Endpoint): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(endpoint, () => {
        server.off('error', reject);
        this.#listening.add(server);
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Listens no more at a port; its connections stay. */
  stopListening(port: number): void {
    for (const server of this.#listening) {
      if ((server.address() as AddressInfo).port !== port) continue;
      this.#listening.delete(server);
      server.close();
    }
  }

  /** Connects to another server, of this lab or not. */
  readonly dial: Dial = (address, listener) => {
    const at = address.lastIndexOf(':');
    const host = address.slice(0, at);
    // Redis speaks IPv4 where both would do.
    const socket = connect({ host, port: Number(address.slice(at + 1)), noDelay: true });
    socket.setEncoding('latin1');
    let isConnected = false;
    let isOver = false;
    this.#sockets.add(socket);
    const fail = (reason: string) => {
      if (isConnected || isOver) return;
      isOver = true;
      this.#enter(socket, () => listener.onFail(reason));
    };
    socket.once('connect', () => {
      isConnected = true;
      this.#enter(socket, () => {
        listener.onConnect(connectionOf(socket), {
          from: `${socket.localAddress}:${socket.localPort}`,
          to: `${socket.remoteAddress}:${socket.remotePort}`,
        });
      });
    });
    socket.on('error', (error) => fail(reasonOf(error)));
    this.#hear(socket, () => (isConnected && !isOver ? listener : undefined));
    return () => {
      isOver = true;
      socket.destroy();
    };
  };

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
    // A reset connection is no news to the engine beside its end.
    socket.on('error', () => {});
    this.#hear(socket, () => listener);
  }

  /** Tells what happens on a socket, which reads latin1, to whoever listens by then. */
  #hear(socket: Socket, listener: () => Listener | undefined): void {
    let isClosed = false;
    const close = () => {
      if (isClosed) return;
      isClosed = true;
      this.#enter(socket, () => listener()?.onClose());
    };
    socket.on('data', (bytes: string) => {
      // Bytes may still come after the engine has closed.
      if (socket.writable) this.#enter(socket, () => listener()?.onData(bytes));
    });
    socket.on('end', close);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      close();
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
  abort: () => socket.destroy(),
  get unsent() {
    return socket.writableLength;
  },
});

/** What an accepted socket hands on. Not in Node's documentation, so that it may be missing. */
interface Accepted {
  _handle: { readonly useUserBuffer?: unknown } | null;
}

/** Where all accepted sockets read to: what has come is a string before the next one reads. */
const oneBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Reads latin1 from an accepted, paused socket without a new buffer of 64 KB for each chunk, which
 * takes longer than most commands. `net` lets a socket read into one buffer when it is made, but makes
 * those of a server itself: so this is another one with the same handle.
 */
function readingIntoOneBuffer(accepted: Socket): Socket {
  const own = accepted as unknown as Accepted;
  const { _handle: handle } = own;
  if (!handle?.useUserBuffer) return accepted.setEncoding('latin1').resume();
  const callback = (length: number) => socket.emit('data', oneBuffer.toString('latin1', 0, length));
  const options = { handle, onread: { buffer: oneBuffer, callback } };
  const socket: Socket = new Socket(options as SocketConstructorOpts);
  own._handle = null;
  // The server waits for the one that it knows.
  socket.once('close', () => accepted.destroy());
  return socket;
}
