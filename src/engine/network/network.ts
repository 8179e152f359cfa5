import type { Clock } from '../time/clock.ts';

/** One end of a connection. Bytes arrive in order, later, or never; like TCP, it does not say which. */
export interface Connection {
  send(bytes: string): void;
  close(): void;
}

/** What the owner of an end wants to hear. */
export interface Listener {
  onData(bytes: string): void;
  /** The other side closed, or the connection broke. Comes once, after all data. */
  onClose(): void;
}

/** Answers a dial: takes the server's end, gives back who listens on it. */
export type Accept = (connection: Connection, peer: { from: string; to: string }) => Listener;

/**
 * The lab's wires: every byte between two hosts crosses here, at the clock's pace. Hosts are names;
 * an address is `host:port`. Without latency bytes arrive within the call that sends them.
 */
export class Network {
  readonly #accepts = new Map<string, Accept>();
  readonly #cuts = new Set<string>();
  readonly #latencies = new Map<string, number>();
  #nextPort = 32_768;

  constructor(private readonly clock: Clock) {}

  /** Starts accepting connections at `host:port`. Returns how to stop. */
  listen(address: string, accept: Accept): () => void {
    this.#accepts.set(address, accept);
    return () => this.#accepts.delete(address);
  }

  /** Connects. Undefined when nobody listens there, which TCP calls "connection refused". */
  dial(address: string, from: string, listener: Listener): Connection | undefined {
    const accept = this.#accepts.get(address);
    if (!accept) return undefined;
    const to = hostOf(address);
    const near = new End(this, this.clock, from, to);
    const far = new End(this, this.clock, to, from);
    near.peer = far;
    far.peer = near;
    near.listener = listener;
    far.listener = accept(far, { from: `${from}:${this.#nextPort++}`, to: address });
    return near;
  }

  /** Drops everything from one host to another until healed; cut both ways for a full partition. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from} ${to}`);
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(`${from} ${to}`);
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(`${from} ${to}`);
  }

  /** One-way delay between two hosts, in ms; 0 takes it away. */
  setLatency(from: string, to: string, ms: number): void {
    if (ms > 0) this.#latencies.set(`${from} ${to}`, ms);
    else this.#latencies.delete(`${from} ${to}`);
  }

  latency(from: string, to: string): number {
    return this.#latencies.size === 0 ? 0 : (this.#latencies.get(`${from} ${to}`) ?? 0);
  }
}

class End implements Connection {
  peer: End | undefined;
  listener: Listener | undefined;
  #closed = false;
  /** How many deliveries are on their way: a later send must not overtake them. */
  #inFlight = 0;
  #lastArrival = 0;

  constructor(
    private readonly network: Network,
    private readonly clock: Clock,
    private readonly from: string,
    private readonly to: string,
  ) {}

  send(bytes: string): void {
    if (this.#closed || this.network.isCut(this.from, this.to)) return;
    this.#deliver(() => this.peer?.receive(bytes));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener = undefined;
    if (this.network.isCut(this.from, this.to)) return;
    this.#deliver(() => this.peer?.end());
  }

  receive(bytes: string): void {
    if (!this.#closed) this.listener?.onData(bytes);
  }

  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener?.onClose();
  }

  #deliver(task: () => void): void {
    const latency = this.network.latency(this.from, this.to);
    if (latency === 0 && this.#inFlight === 0) {
      task();
      return;
    }
    this.#lastArrival = Math.max(this.clock.now + latency, this.#lastArrival);
    this.#inFlight++;
    this.clock.schedule(this.#lastArrival - this.clock.now, () => {
      this.#inFlight--;
      task();
    });
  }
}

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(':'));
