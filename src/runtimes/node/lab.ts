/**
 * What a Node program has of the lab: a cable, names of hosts, the time; and what keeps the program
 * alive, as in Node: timers and sockets that are open. On `globalThis`, because the development
 * server bundles the clients with copies of the modules that stand in for Node's.
 */
import type { CableMessage, SocketMessage } from '../../wire/messages.ts';
import { labNow, type Reading } from '../clock.ts';

export type Receive = (message: SocketMessage) => void;

export class NodeLab {
  readonly hosts: Readonly<Record<string, string>>;
  readonly #port: MessagePort;
  readonly #sockets = new Map<number, Receive>();
  readonly #alive = new Set<object>();
  readonly #clockListeners = new Set<() => void>();
  #clock: Reading;
  #lastId = 0;
  /** Called whenever nothing keeps the program alive any more. */
  onIdle: () => void = () => {};

  constructor(port: MessagePort, hosts: Readonly<Record<string, string>>, clock: Reading) {
    this.#port = port;
    this.hosts = hosts;
    this.#clock = clock;
    port.onmessage = ({ data: { id, message } }: MessageEvent<CableMessage>) => {
      this.#sockets.get(id)?.(message as SocketMessage);
    };
  }

  /** Opens a connection to "host:port"; answers how to send on it. */
  dial(address: string, receive: Receive): (message: SocketMessage) => void {
    const id = ++this.#lastId;
    this.#sockets.set(id, receive);
    this.#port.postMessage({ id, message: { kind: 'dial', address } } satisfies CableMessage);
    return (message) => {
      const transfer = message instanceof Uint8Array ? [message.buffer as ArrayBuffer] : [];
      this.#port.postMessage({ id, message } satisfies CableMessage, transfer);
      if (!(message instanceof Uint8Array) && message.kind === 'close') this.#sockets.delete(id);
    };
  }

  /** The lab's time, ms since 1970. */
  now(): number {
    return labNow(this.#clock);
  }

  /** Lab seconds per real second. */
  get rate(): number {
    return this.#clock.rate;
  }

  follow(clock: Reading): void {
    this.#clock = clock;
    for (const listener of this.#clockListeners) listener();
  }

  onClock(listener: () => void): void {
    this.#clockListeners.add(listener);
  }

  get isIdle(): boolean {
    return this.#alive.size === 0;
  }

  /** While it is held, the program does not end by itself. */
  hold(handle: object): void {
    this.#alive.add(handle);
  }

  release(handle: object): void {
    if (this.#alive.delete(handle) && this.isIdle) this.onIdle();
  }
}

const shared = globalThis as unknown as { keyspaceLab?: NodeLab };

export function setLab(lab: NodeLab): void {
  shared.keyspaceLab = lab;
}

export function theLab(): NodeLab {
  if (!shared.keyspaceLab) throw new Error('there is no lab');
  return shared.keyspaceLab;
}
