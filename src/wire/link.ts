import { FileClient } from './files.ts';
import type {
  CloseReason,
  Control,
  FromWorker,
  LabView,
  Plug,
  SocketMessage,
  Topology,
  ToWorker,
  WireError,
  WorldState,
} from './messages.ts';

/**
 * The page's end of the worker boundary. `startWorld` starts a worker with a data centre in it; from
 * then on the page dials servers in it as it would over TCP, and steers what no command can.
 */

/** The page's end of a connection. Chunks are handed over: do not touch one after sending it. */
export interface Socket {
  send(bytes: Uint8Array): void;
  /**
   * Resolves when the lab has carried out all that was sent, and what it answered on this socket at
   * once has been received. At the latest when the socket closes.
   */
  settled(): Promise<void>;
  /** Hangs up. `onClose` is not called for it. */
  close(): void;
}

export interface SocketListener {
  onOpen?(): void;
  onData(bytes: Uint8Array): void;
  onClose(reason: CloseReason): void;
}

/** Opens a connection to "host:port". Never throws: a refusal arrives as `onClose('refused')`. */
export type Dial = (address: string, listener: SocketListener) => Socket;

/** A program's way into the lab's network. */
export interface Cable {
  /** The end that the program is handed. It carries `CableMessage`s. */
  readonly port: MessagePort;
  /** Ends its connections, whatever has become of the program. */
  unplug(): void;
}

/** A data centre in a worker. */
export interface World {
  readonly dial: Dial;
  /** A connection's raw end, to be handed to another worker (Python, Node). It carries `SocketMessage`s. */
  port(address: string): MessagePort;
  /**
   * Joins a program in another worker to the lab's network; with a ring it is answered there. A tap
   * is told what it says and hears: `TapMessage`s. What is posted there comes back after all of them.
   */
  plug(ring?: SharedArrayBuffer, tap?: MessagePort): Cable;
  /** A terminal on a host of the lab. Closing the port ends it. */
  terminal(host?: string, tap?: MessagePort): MessagePort;
  /** The disks of its hosts, whatever lab is in it. */
  files(): FileClient;
  /** Carries out one control message. Rejects with a `WorldError`. */
  control(control: Control): Promise<WorldState>;
  /**
   * Looks at the lab from outside, and tells of its events those after the first `since`. Undefined
   * while there is no lab, or when the world has stopped.
   */
  look(since: number): Promise<LabView | undefined>;
  /** The state as last heard of. */
  readonly state: WorldState;
  /** The lab's time now, in ms since 1970: what was last heard, carried on at the lab's pace. */
  now(): number;
  /** Calls back with every new state; returns how to stop that. */
  onTick(listener: (state: WorldState) => void): () => void;
  /**
   * Calls back if the engine itself fails: every socket has closed, and nobody listens until the
   * next build (or `undo`). Returns how to stop that.
   */
  onCrash(listener: (error: WireError) => void): () => void;
  /** Ends the worker; every socket closes with `reset`. */
  stop(): void;
}

export interface WorldOptions {
  readonly topology: Topology;
  /** Equal seeds and equal input give equal replies. */
  readonly seed: number;
  /** When the lab's time starts, in ms since 1970: now, unless said. */
  readonly startMs?: number;
  /** Lab seconds per real second: 1, unless said. */
  readonly rate?: number;
  /** Directives that its servers start with, beside their defaults. */
  readonly config?: Readonly<Record<string, string>>;
}

/** The part of a Worker that a world needs; tests pass a stand-in. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** What a control message or a world fails with; `code` and `details` come from the worker. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
  readonly code: WireError['code'];
  readonly details: Readonly<Record<string, string>>;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.details = error.details ?? {};
  }
}

/** The host that the page's own connections come from. */
const PAGE_HOST = '127.0.0.1';

/** Starts a worker and builds a data centre in it. Usable at once: what is sent early waits. */
export function startWorld(options: WorldOptions, worker: WorkerLike = startWorker()): World {
  const { topology, seed, startMs = Date.now(), rate = 1, config = {} } = options;
  const world = new WorkerWorld(worker, { nowMs: startMs, rate, canUndo: false });
  // Nobody waits for these two; a failure reaches onCrash.
  world.control({ do: 'build', topology, seed, startMs, config }).catch(world.fail);
  world.control({ do: 'pace', rate }).catch(world.fail);
  return world;
}

function startWorker(): WorkerLike {
  return new Worker(new URL('../hosts/worker.ts', import.meta.url), { type: 'module' });
}

interface Waiting {
  /** Sockets into the world that is left; they hear of it before whoever asked for another one. */
  readonly left: readonly PortSocket[];
  readonly resolve: (state: WorldState) => void;
  readonly reject: (error: WorldError) => void;
}

class WorkerWorld implements World {
  state: WorldState;
  readonly #worker: WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  readonly #tickListeners = new Set<(state: WorldState) => void>();
  readonly #crashListeners = new Set<(error: WireError) => void>();
  readonly #sockets = new Set<PortSocket>();
  readonly #looking = new Map<number, (view: LabView | undefined) => void>();
  #lastId = 0;
  #heardAt = performance.now();
  #failure: WireError | undefined;

  constructor(worker: WorkerLike, state: WorldState) {
    this.#worker = worker;
    this.state = state;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#crash({
        code: 'engine-bug',
        message: event.message || 'The engine could not be loaded.',
        details: { where: `${event.filename ?? ''}:${event.lineno ?? 0}` },
      });
    };
  }

  readonly dial: Dial = (address, listener) => {
    const socket = new PortSocket(this.port(address), listener, () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    if (this.#failure) queueMicrotask(() => socket.reset());
    return socket;
  };

  port(address: string): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ kind: 'dial', address, from: PAGE_HOST, port: port2 }, [port2]);
    return port1;
  }

  plug(ring?: SharedArrayBuffer, tap?: MessagePort): Cable {
    const { port1, port2: port } = new MessageChannel();
    const { port1: life, port2: end } = new MessageChannel();
    const ends = { port, end, ...(tap && { tap }) };
    const plug: Plug = { kind: 'plug', from: PAGE_HOST, ...ends, ...(ring && { ring }) };
    this.#worker.postMessage(plug, Object.values(ends));
    const unplug = () => {
      life.postMessage('unplug');
      life.close();
    };
    return { port: port1, unplug };
  }

  terminal(host = PAGE_HOST, tap?: MessagePort): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const ends = { port: port2, ...(tap && { tap }) };
    this.#worker.postMessage({ kind: 'terminal', host, ...ends }, Object.values(ends));
    return port1;
  }

  files(): FileClient {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ kind: 'files', port: port2 }, [port2]);
    return new FileClient(port1);
  }

  control(control: Control): Promise<WorldState> {
    if (this.#failure) return Promise.reject(new WorldError(this.#failure));
    const id = ++this.#lastId;
    const left = control.do === 'build' || control.do === 'undo' ? [...this.#sockets] : [];
    this.#worker.postMessage({ kind: 'control', id, control });
    return new Promise((resolve, reject) => this.#waiting.set(id, { left, resolve, reject }));
  }

  look(since: number): Promise<LabView | undefined> {
    if (this.#failure) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    this.#worker.postMessage({ kind: 'look', id, since });
    return new Promise((resolve) => this.#looking.set(id, resolve));
  }

  now(): number {
    const { nowMs, rate } = this.state;
    return nowMs + Math.floor((performance.now() - this.#heardAt) * rate);
  }

  onTick(listener: (state: WorldState) => void): () => void {
    this.#tickListeners.add(listener);
    return () => this.#tickListeners.delete(listener);
  }

  onCrash(listener: (error: WireError) => void): () => void {
    this.#crashListeners.add(listener);
    if (this.#failure) listener(this.#failure);
    return () => this.#crashListeners.delete(listener);
  }

  stop(): void {
    this.#end({ code: 'not-built', message: 'This world was stopped.' });
  }

  /** What a control message that nobody waits for does with its refusal. */
  readonly fail = ({ code, message, details }: WorldError): void => {
    if (!this.#failure) this.#crash({ code, message, details });
  };

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'tick':
        this.#become(message.state);
        break;
      case 'done':
        this.#become(message.state);
        this.#finish(this.#take(message.id), message.state);
        break;
      case 'view':
        this.#looking.get(message.id)?.(message.view);
        this.#looking.delete(message.id);
        break;
      case 'failed':
        this.#take(message.id)?.reject(new WorldError(message.error));
        break;
      case 'crashed':
        this.#report(message.error);
    }
  }

  #finish(waiting: Waiting | undefined, state: WorldState): void {
    for (const socket of waiting?.left ?? []) socket.reset();
    waiting?.resolve(state);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #become(state: WorldState): void {
    this.state = state;
    this.#heardAt = performance.now();
    for (const listener of this.#tickListeners) listener(state);
  }

  /** The worker itself is lost: nothing can be built in it any more. */
  #crash(error: WireError): void {
    this.#end(error);
    this.#report(error);
  }

  #report(error: WireError): void {
    for (const listener of this.#crashListeners) listener(error);
  }

  #end(error: WireError): void {
    this.#failure ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new WorldError(error));
    this.#waiting.clear();
    for (const resolve of this.#looking.values()) resolve(undefined);
    this.#looking.clear();
    for (const socket of [...this.#sockets]) socket.reset();
  }
}

/** A socket over a MessagePort; the other end may be in the engine's worker or in a test. */
class PortSocket implements Socket {
  readonly #port: MessagePort;
  readonly #listener: SocketListener;
  readonly #forget: () => void;
  readonly #marks = new Map<number, () => void>();
  #lastMark = 0;
  #open = true;

  constructor(port: MessagePort, listener: SocketListener, forget: () => void) {
    this.#port = port;
    this.#listener = listener;
    this.#forget = forget;
    port.onmessage = ({ data }: MessageEvent<SocketMessage>) => this.#receive(data);
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.#port.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  }

  settled(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    const id = ++this.#lastMark;
    this.#port.postMessage({ kind: 'mark', id } satisfies SocketMessage);
    return new Promise((resolve) => this.#marks.set(id, resolve));
  }

  close(): void {
    if (!this.#open) return;
    this.#port.postMessage({ kind: 'close', reason: 'closed' } satisfies SocketMessage);
    this.#end();
  }

  /** The world is gone. */
  reset(): void {
    if (!this.#open) return;
    this.#end();
    this.#listener.onClose('reset');
  }

  #receive(message: SocketMessage): void {
    if (!this.#open) return;
    if (message instanceof Uint8Array) this.#listener.onData(message);
    else if (message.kind === 'open') this.#listener.onOpen?.();
    else if (message.kind === 'mark') this.#pass(message.id);
    else {
      this.#end();
      this.#listener.onClose(message.reason);
    }
  }

  #pass(id: number): void {
    this.#marks.get(id)?.();
    this.#marks.delete(id);
  }

  #end(): void {
    this.#open = false;
    this.#port.onmessage = null;
    this.#port.close();
    this.#forget();
    for (const resolve of this.#marks.values()) resolve();
  }
}
