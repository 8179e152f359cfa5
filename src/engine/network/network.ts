import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Link, type LinkQuality } from './link.ts';

/** One end of a connection. Bytes arrive in order, later, or never; like TCP, it does not say which. */
export interface Connection {
  send(bytes: string): void;
  close(): void;
  /** Bytes that were sent and that the other side has not taken yet, where that is known. */
  readonly unsent?: number;
  /** Closes without waiting for the other side to take what was sent; `close`, where it is missing. */
  abort?(): void;
}

/** What the owner of an end wants to hear. */
export interface Listener {
  onData(bytes: string): void;
  /** The other side closed, or the connection broke. Comes once, after all data. */
  onClose(): void;
  /** Bytes that have come and wait because the process stands still. */
  readonly unread?: number;
}

/** The two ends of a connection, each as `address:port`. */
export interface Peer {
  readonly from: string;
  readonly to: string;
}

/** Answers a dial: takes the server's end, gives back who listens on it. */
export type Accept = (connection: Connection, peer: Peer) => Listener;

/** What who dials wants to hear: one of the first two, once, and never before `dial` has returned. */
export interface DialListener extends Listener {
  /** It is connected; `from` is our own side. Bytes may come from now on. */
  onConnect(connection: Connection, peer: Peer): void;
  /** It cannot be: the reason as the C library words it, such as "Connection refused". */
  onFail(reason: string): void;
}

/**
 * How a process reaches out from its host: connects to `host:port`. A host that is cut off never
 * answers, so who dials sets a time limit; what is returned gives up, and nothing is heard then.
 */
export type Dial = (address: string, listener: DialListener) => () => void;

/** Takes nobody's connection. */
export const hangUp: Accept = (connection) => {
  connection.close();
  return { onData() {}, onClose() {} };
};

/** How a process without a network reaches out. */
export const nowhere =
  (clock: Clock): Dial =>
  (_, listener) =>
    clock.schedule(0, () => listener.onFail('Network is unreachable'));

/** A connection that gets no answer for so long is broken: the retransmissions of Linux. */
const GIVE_UP_MS = 924_600;

/** Who answers for names and addresses that no host has: the DNS and the services of a cluster. */
export interface Routes {
  /** The address of a name as the host `from` knows it; undefined: not known here. */
  resolve(name: string, from: string): string | undefined;
  /** Where a connection to `address:port` leads; undefined when it is dropped on its way. */
  lead(to: string, from: string): string | undefined;
}

/**
 * The lab's wires: every byte between two hosts crosses here, at the clock's pace. A host is an
 * address and may have names; who listens is at `address:port`. A client is answered within the call
 * that sends (without latency); processes among themselves hear of one another only afterwards.
 */
export class Network {
  readonly #accepts = new Map<string, Accept>();
  readonly #links = new Map<string, Link>();
  readonly #addresses = new Map<string, string>();
  #nextPort = 32_768;
  routes: Routes | undefined;

  constructor(
    readonly clock: Clock,
    private readonly random?: Random,
  ) {}

  /** Gives an address a name. */
  name(host: string, address: string): void {
    this.#addresses.set(host, address);
  }

  /** The address of a host, as `asker` knows it; what has no name stands for itself. */
  resolve(host: string, from?: string, asker = from): string {
    if (from !== undefined && (host === 'localhost' || host === '127.0.0.1')) return from;
    const routed = asker === undefined ? undefined : this.routes?.resolve(host, asker);
    return routed ?? this.#addresses.get(host) ?? host;
  }

  /** Whether what `from` sends to `host:port` is dropped on its way, so that nobody ever answers. */
  isDropped(address: string, from: string): boolean {
    const at = this.#place(address, undefined, from);
    return this.routes !== undefined && this.routes.lead(at, from) === undefined;
  }

  /** Starts accepting connections at `address:port`. Returns how to stop. */
  listen(address: string, accept: Accept): () => void {
    const at = this.#place(address);
    this.#accepts.set(at, accept);
    return () => {
      if (this.#accepts.get(at) === accept) this.#accepts.delete(at);
    };
  }

  /** Connects a client. Undefined when nobody listens there, which TCP calls "connection refused". */
  dial(address: string, from: string, listener: Listener): Connection | undefined {
    const at = this.#lead(this.#place(address, undefined, from), from);
    const accept = this.#accepts.get(at ?? '');
    if (!accept) return undefined;
    return this.#open(accept, this.#peer(from, at as string), listener, false);
  }

  /** Connects a process on the host `from`; see Dial. */
  connect(address: string, from: string, listener: DialListener): () => void {
    const at = this.#lead(this.#place(address, this.resolve(from)), this.resolve(from));
    if (at === undefined) return () => {};
    const peer = this.#peer(this.resolve(from), at);
    let isOver = false;
    this.#carry(hostOf(peer.from), hostOf(at), () => {
      if (isOver) return;
      const accept = this.#accepts.get(at);
      let near: End | undefined;
      this.#carry(hostOf(at), hostOf(peer.from), () => {
        if (isOver) near?.close();
        else if (near) listener.onConnect(near, peer);
        else listener.onFail('Connection refused');
      });
      if (accept) near = this.#open(accept, peer, listener, true);
    });
    return () => {
      isOver = true;
    };
  }

  /** Holds back everything from one host to another until healed; both ways for a partition. */
  cut(from: string, to: string): void {
    this.link(this.resolve(from), this.resolve(to)).isCut = true;
  }

  heal(from: string, to: string): void {
    this.link(this.resolve(from), this.resolve(to)).heal();
  }

  /** What one direction between two hosts is like from now on. */
  setQuality(from: string, to: string, quality: Partial<LinkQuality>): void {
    const link = this.link(this.resolve(from), this.resolve(to));
    link.quality = { ...link.quality, ...quality };
  }

  /** One-way delay between two hosts, in ms; 0 takes it away. */
  setLatency(from: string, to: string, ms: number): void {
    this.setQuality(from, to, { latencyMs: ms });
  }

  /** The link between two addresses. */
  link(from: string, to: string): Link {
    const id = `${from} ${to}`;
    const known = this.#links.get(id);
    if (known) return known;
    const fresh = new Link(this.clock, this.random?.fork(id));
    this.#links.set(id, fresh);
    return fresh;
  }

  /** Every direction between two addresses that has been used or changed, as `[from, to, link]`. */
  get links(): readonly (readonly [string, string, Link])[] {
    return [...this.#links].map(([id, link]) => {
      const [from = '', to = ''] = id.split(' ');
      return [from, to, link];
    });
  }

  #open(accept: Accept, peer: Peer, listener: Listener, isLater: boolean): End {
    const [from, to] = [hostOf(peer.from), hostOf(peer.to)];
    const near = new End(this.clock, this.link(from, to), isLater);
    const far = new End(this.clock, this.link(to, from), isLater);
    near.peer = far;
    far.peer = near;
    near.listener = listener;
    far.listener = accept(far, peer);
    return near;
  }

  #carry(from: string, to: string, task: () => void): void {
    const link = this.link(from, to);
    if (link.isCut) link.hold(() => this.#carry(from, to, task));
    else this.clock.schedule(link.arrivalOf(0) - this.clock.now, task);
  }

  #place(address: string, from?: string, asker = from): string {
    const host = this.resolve(hostOf(address), from, asker);
    return `${host}${address.slice(address.lastIndexOf(':'))}`;
  }

  #lead(to: string, from: string): string | undefined {
    return this.routes ? this.routes.lead(to, from) : to;
  }

  #peer(from: string, at: string): Peer {
    return { from: `${from}:${this.#nextPort++}`, to: at };
  }
}

class End implements Connection {
  peer: End | undefined;
  listener: Listener | undefined;
  #closed = false;
  /** How many deliveries are on their way: a later send must not overtake them. */
  #inFlight = 0;
  #bytesInFlight = 0;
  #lastArrival = 0;
  /** Something waits for a cut to be healed. */
  #isWaiting = false;

  constructor(
    private readonly clock: Clock,
    private readonly link: Link,
    /** Whether the other side hears only when what runs now is over. */
    private readonly isLater: boolean,
  ) {}

  get unsent(): number {
    return this.#bytesInFlight + (this.peer?.listener?.unread ?? 0);
  }

  send(bytes: string): void {
    if (this.#closed) return;
    this.#bytesInFlight += bytes.length;
    this.#deliver(bytes.length, () => {
      this.#bytesInFlight -= bytes.length;
      this.peer?.receive(bytes);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener = undefined;
    this.#deliver(0, () => this.peer?.end());
  }

  receive(bytes: string): void {
    if (!this.#closed) this.listener?.onData(bytes);
  }

  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener?.onClose();
  }

  #deliver(bytes: number, task: () => void): void {
    const { link } = this;
    if (link.isCut) {
      link.hold(() => this.#deliver(bytes, task));
      if (bytes > 0 && !this.#isWaiting) {
        this.#isWaiting = true;
        this.clock.schedule(GIVE_UP_MS, () => this.#giveUp());
      }
      return;
    }
    const arrival = link.arrivalOf(bytes);
    if (arrival === this.clock.now && this.#inFlight === 0 && !this.isLater) {
      task();
      return;
    }
    this.#lastArrival = Math.max(arrival, this.#lastArrival);
    this.#inFlight++;
    this.clock.schedule(this.#lastArrival - this.clock.now, () => {
      this.#inFlight--;
      task();
    });
  }

  /** Nothing has come through for too long. */
  #giveUp(): void {
    this.#isWaiting = false;
    if (this.link.isCut) this.end();
  }
}

/** The host of `host:port`. */
export const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));
