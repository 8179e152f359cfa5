/**
 * Python's network: connections into the lab for a worker that blocks. What Python sends leaves as
 * messages, which works while the sender waits; the answers are read from a ring in shared memory.
 */
import type {
  CableMessage,
  CloseReason,
  DrainMessage,
  SocketMessage,
} from '../../wire/messages.ts';
import { RingReader } from '../../wire/ring.ts';
import { labNow, SharedReading } from '../clock.ts';
import type { SharedParts } from '../messages.ts';

/** What a wait ends with beside success; `lab_socket.py` knows the same numbers. */
const TIMED_OUT = -1;
const INTERRUPTED = -2;
const ENDED = -3;
const RESET = -4;

/** At most so long Python sleeps without looking around. */
const SLICE_MS = 1000;
/** More than this is sent in pieces, each when the lab has read the one before it. */
const PIECE_BYTES = 4 << 20;

interface Socket {
  readonly chunks: Uint8Array[];
  state: 'dialled' | 'open' | CloseReason;
  marks: number;
}

export class LabNet {
  readonly #port: MessagePort;
  readonly #ring: RingReader;
  readonly #clock: SharedReading;
  readonly #interrupt: Uint8Array;
  readonly #beforeWait: () => void;
  readonly #sockets = new Map<number, Socket>();
  #lastId = 0;

  /** `beforeWait` is called before every wait: what was printed must not wait as well. */
  constructor(port: MessagePort, shared: SharedParts, beforeWait: () => void) {
    this.#port = port;
    this.#ring = new RingReader(shared.ring, () => this.#post({ kind: 'drain' }));
    this.#clock = new SharedReading(shared.clock);
    this.#interrupt = shared.interrupt;
    this.#beforeWait = beforeWait;
  }

  /** The lab's time, ms since 1970. */
  now(): number {
    return labNow(this.#clock.read());
  }

  /** The number of a new connection, or why there is none. A negative `ms` waits for ever. */
  connect(address: string, ms: number): number {
    const id = ++this.#lastId;
    const socket: Socket = { chunks: [], state: 'dialled', marks: 0 };
    this.#sockets.set(id, socket);
    this.#post({ id, message: { kind: 'dial', address } });
    const waited = this.#wait(() => socket.state !== 'dialled', ms);
    if (waited === 0 && socket.state === 'open') return id;
    this.close(id);
    return waited === 0 ? ENDED : waited;
  }

  /** Sends bytes; 0, or why not. `bytes` may be memory of Python's: it is copied. */
  send(id: number, bytes: Uint8Array): number {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const socket = this.#sockets.get(id);
      this.#read();
      if (socket?.state !== 'open') return socket?.state === 'closed' ? ENDED : RESET;
      const piece = bytes.slice(at, at + PIECE_BYTES);
      this.#post({ id, message: piece }, [piece.buffer as ArrayBuffer]);
      if (bytes.length <= PIECE_BYTES) continue;
      const marks = socket.marks;
      this.#post({ id, message: { kind: 'mark', id: at } });
      const waited = this.#wait(() => socket.marks > marks || socket.state !== 'open', -1);
      if (waited < 0) return waited;
    }
    return 0;
  }

  /** Some bytes, at most `size`, or why there are none. */
  receive(id: number, size: number, ms: number): Uint8Array | number {
    const socket = this.#sockets.get(id);
    if (!socket) return ENDED;
    const waited = this.#wait(() => this.readable(id), ms);
    if (waited < 0) return waited;
    const [first] = socket.chunks;
    if (!first) return socket.state === 'reset' ? RESET : ENDED;
    if (first.length <= size) socket.chunks.shift();
    else socket.chunks[0] = first.subarray(size);
    return first.length <= size ? first : first.subarray(0, size);
  }

  /** Whether receiving would not wait. */
  readable(id: number): boolean {
    const socket = this.#sockets.get(id);
    return !socket || socket.chunks.length > 0 || socket.state !== 'open';
  }

  /** Waits until one of the connections is readable. 0, or why not. */
  select(ids: readonly number[], ms: number): number {
    return this.#wait(() => ids.some((id) => this.readable(id)), ms);
  }

  /** Lets time of the lab's go by. */
  sleep(ms: number): number {
    return this.#wait(() => false, ms);
  }

  /** What has arrived, without waiting. */
  look(): void {
    this.#read();
  }

  close(id: number): void {
    const socket = this.#sockets.get(id);
    this.#sockets.delete(id);
    if (socket?.state === 'open') {
      this.#post({ id, message: { kind: 'close', reason: 'closed' } });
    }
  }

  /** Hangs up everywhere: the program has ended. */
  end(): void {
    for (const id of [...this.#sockets.keys()]) this.close(id);
    this.#port.close();
  }

  #wait(isReady: () => boolean, ms: number): number {
    const until = ms < 0 ? Number.POSITIVE_INFINITY : this.now() + ms;
    for (;;) {
      const { sequence } = this.#ring;
      this.#read();
      if (isReady()) return 0;
      if (this.#interrupt[0] !== 0) return INTERRUPTED;
      const left = until - this.now();
      if (left <= 0) return TIMED_OUT;
      this.#beforeWait();
      const { rate } = this.#clock.read();
      this.#ring.wait(sequence, Math.min(rate === 0 ? SLICE_MS : left / rate, SLICE_MS));
    }
  }

  #read(): void {
    for (const { id, message } of this.#ring.read()) this.#receive(this.#sockets.get(id), message);
  }

  #receive(socket: Socket | undefined, message: SocketMessage): void {
    if (!socket) return;
    if (message instanceof Uint8Array) socket.chunks.push(message);
    else if (message.kind === 'open') socket.state = 'open';
    else if (message.kind === 'mark') socket.marks++;
    else socket.state = message.reason;
  }

  #post(message: CableMessage | DrainMessage, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
