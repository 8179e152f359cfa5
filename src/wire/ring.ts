/**
 * A ring of bytes in shared memory: the way back to a program that waits without turning its event
 * loop, as Python does. The engine's worker writes frames into it, the program's worker reads them.
 * What does not fit waits with the writer until the reader says that there is room (`drain`).
 *
 * A frame is the number of the connection, a type and a length, 12 bytes, then that many bytes.
 */
import type { CableMessage, CloseReason, SocketMessage } from './messages.ts';

/** Places in the control part, each an Int32. `SEQ` counts what has happened; a reader waits on it. */
const SEQ = 0;
const HEAD = 1;
const TAIL = 2;
const FULL = 3;
const CONTROL_BYTES = 64;
const HEADER_BYTES = 12;

/** A megabyte: more than a reader is behind in practice. */
const DEFAULT_BYTES = 1 << 20;

type Frame = { readonly id: number; readonly message: SocketMessage };

const types: readonly ('open' | 'mark' | CloseReason | 'data')[] = [
  'data',
  'open',
  'mark',
  'closed',
  'refused',
  'reset',
  'timeout',
  'unknown-host',
];

export const createRing = (bytes = DEFAULT_BYTES): SharedArrayBuffer =>
  new SharedArrayBuffer(CONTROL_BYTES + bytes);

/** Wakes whoever waits at the ring, so that it looks around: at the clock, at the Stop button. */
export function wake(ring: SharedArrayBuffer): void {
  const control = new Int32Array(ring, 0, CONTROL_BYTES / 4);
  Atomics.add(control, SEQ, 1);
  Atomics.notify(control, SEQ);
}

export class RingWriter {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  #waiting: Uint8Array[] = [];

  constructor(ring: SharedArrayBuffer) {
    this.#control = new Int32Array(ring, 0, CONTROL_BYTES / 4);
    this.#bytes = new Uint8Array(ring, CONTROL_BYTES);
  }

  write({ id, message }: Frame): void {
    const payload = message instanceof Uint8Array ? message : markOf(message);
    const header = new Uint8Array(HEADER_BYTES);
    const view = new DataView(header.buffer);
    view.setUint32(0, id, true);
    view.setUint32(4, types.indexOf(typeOf(message)), true);
    view.setUint32(8, payload.length, true);
    this.#waiting.push(header, payload);
    this.flush();
  }

  /** Writes as much of what waits as there is room for. */
  flush(): void {
    const control = this.#control;
    let wrote = false;
    while (this.#waiting.length > 0) {
      const [first = EMPTY] = this.#waiting;
      const written = this.#put(first);
      if (written < first.length) {
        this.#waiting[0] = first.subarray(written);
        if (written === 0) break;
      } else this.#waiting.shift();
      wrote = true;
    }
    Atomics.store(control, FULL, this.#waiting.length > 0 ? 1 : 0);
    if (!wrote) return;
    Atomics.add(control, SEQ, 1);
    Atomics.notify(control, SEQ);
  }

  #put(chunk: Uint8Array): number {
    const { length } = this.#bytes;
    const head = Atomics.load(this.#control, HEAD);
    const room = length - ((head - Atomics.load(this.#control, TAIL)) >>> 0);
    const size = Math.min(room, chunk.length);
    const at = (head >>> 0) % length;
    const upToEnd = Math.min(size, length - at);
    this.#bytes.set(chunk.subarray(0, upToEnd), at);
    this.#bytes.set(chunk.subarray(upToEnd, size), 0);
    Atomics.store(this.#control, HEAD, (head + size) | 0);
    return size;
  }
}

export class RingReader {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #drained: () => void;
  /** The frame that is being read: its header, then its payload. */
  #part = new Uint8Array(HEADER_BYTES);
  #filled = 0;
  #header: DataView | undefined;

  /** `drained` is called when a writer waits for room and there is some. */
  constructor(ring: SharedArrayBuffer, drained: () => void) {
    this.#control = new Int32Array(ring, 0, CONTROL_BYTES / 4);
    this.#bytes = new Uint8Array(ring, CONTROL_BYTES);
    this.#drained = drained;
  }

  /** A number that changes with everything that happens: see `wait`. */
  get sequence(): number {
    return Atomics.load(this.#control, SEQ);
  }

  /** Blocks this worker until something has happened since `sequence`, at most so long. */
  wait(sequence: number, ms: number): void {
    Atomics.wait(this.#control, SEQ, sequence, ms);
  }

  /** All frames that are complete. */
  read(): Frame[] {
    const frames: Frame[] = [];
    let frame = this.#next();
    while (frame) {
      frames.push(frame);
      frame = this.#next();
    }
    if (Atomics.load(this.#control, FULL)) this.#drained();
    return frames;
  }

  #next(): Frame | undefined {
    if (!this.#fill()) return undefined;
    if (!this.#header) {
      this.#header = new DataView(this.#part.buffer);
      this.#part = new Uint8Array(this.#header.getUint32(8, true));
      this.#filled = 0;
      if (!this.#fill()) return undefined;
    }
    const id = this.#header.getUint32(0, true);
    const message = messageOf(types[this.#header.getUint32(4, true)], this.#part);
    this.#header = undefined;
    this.#part = new Uint8Array(HEADER_BYTES);
    this.#filled = 0;
    return { id, message };
  }

  /** Reads into the part; true when that is complete. */
  #fill(): boolean {
    const { length } = this.#bytes;
    const tail = Atomics.load(this.#control, TAIL);
    const there = (Atomics.load(this.#control, HEAD) - tail) >>> 0;
    const size = Math.min(there, this.#part.length - this.#filled);
    const at = (tail >>> 0) % length;
    const upToEnd = Math.min(size, length - at);
    this.#part.set(this.#bytes.subarray(at, at + upToEnd), this.#filled);
    this.#part.set(this.#bytes.subarray(0, size - upToEnd), this.#filled + upToEnd);
    this.#filled += size;
    Atomics.store(this.#control, TAIL, (tail + size) | 0);
    return this.#filled === this.#part.length;
  }
}

const EMPTY = new Uint8Array(0);

const typeOf = (message: SocketMessage) => {
  if (message instanceof Uint8Array) return 'data';
  return message.kind === 'close' ? message.reason : message.kind;
};

function markOf(message: Exclude<CableMessage['message'], Uint8Array>): Uint8Array {
  return message.kind === 'mark' ? new Uint8Array(new Uint32Array([message.id]).buffer) : EMPTY;
}

function messageOf(type: (typeof types)[number] | undefined, payload: Uint8Array): SocketMessage {
  switch (type) {
    case 'data':
      return payload;
    case 'open':
      return { kind: 'open' };
    case 'mark':
      return { kind: 'mark', id: new Uint32Array(payload.buffer)[0] ?? 0 };
    default:
      return { kind: 'close', reason: type ?? 'reset' };
  }
}
