/** The lab's end of a cable: many connections of one program, which come in as if each were dialled. */
import type {
  CableMessage,
  DrainMessage,
  Plug,
  SocketMessage,
  ToWorker,
} from '../wire/messages.ts';
import { RingWriter } from '../wire/ring.ts';
import { Tap } from './tap.ts';

type DialOne = (dial: Extract<ToWorker, { kind: 'dial' }>) => void;
type Answer = (message: CableMessage & { readonly message: SocketMessage }) => void;

export function plugIn({ from, port, end, ring, tap }: Plug, dial: DialOne): void {
  const sockets = new Map<number, CableSocket>();
  const writer = ring && new RingWriter(ring);
  const told = tap && new Tap(tap);
  end.onmessage = () => {
    for (const socket of [...sockets.values()]) socket.receive({ kind: 'close', reason: 'closed' });
    port.close();
    end.close();
  };
  const answer: Answer = (message) => (writer ? writer.write(message) : port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<CableMessage | DrainMessage>) => {
    if (!('id' in data)) {
      writer?.flush();
      return;
    }
    const { id, message } = data;
    if (message instanceof Uint8Array || message.kind !== 'dial') {
      sockets.get(id)?.receive(message);
      return;
    }
    const socket = new CableSocket(id, answer, () => sockets.delete(id), told?.connection());
    sockets.set(id, socket);
    // Of a port, a socket of the lab uses what CableSocket has.
    dial({ kind: 'dial', address: message.address, from, port: socket as unknown as MessagePort });
  };
}

/** One connection of a cable, with the part of a MessagePort that a socket needs. */
class CableSocket {
  onmessage: ((event: MessageEvent<SocketMessage>) => void) | null = null;
  readonly #id: number;
  readonly #answer: Answer;
  readonly #closed: () => void;
  readonly #told: ReturnType<Tap['connection']> | undefined;

  constructor(
    id: number,
    answer: Answer,
    closed: () => void,
    told: ReturnType<Tap['connection']> | undefined,
  ) {
    this.#id = id;
    this.#answer = answer;
    this.#closed = closed;
    this.#told = told;
  }

  receive(message: SocketMessage): void {
    if (message instanceof Uint8Array) this.#told?.said(message);
    else if (message.kind === 'close') this.#told?.lost();
    this.onmessage?.({ data: message } as MessageEvent<SocketMessage>);
  }

  postMessage(message: SocketMessage): void {
    if (message instanceof Uint8Array) this.#told?.heard(message);
    else if (message.kind === 'close') this.#told?.lost();
    this.#answer({ id: this.#id, message });
  }

  close(): void {
    this.#closed();
  }
}
