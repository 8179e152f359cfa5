/** Tells, at a port, what the connections of a program carry: for whoever watches the learner's work. */
import type { Dial } from '../wire/link.ts';
import type { TapMessage } from '../wire/messages.ts';

export class Tap {
  readonly #port: MessagePort;
  #last = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    // Whoever waits for all that has been told so far gets its own message back, after it.
    port.onmessage = ({ data }) => port.postMessage(data);
  }

  /** One connection more. Bytes are copied: whoever passes them may hand them on. */
  connection() {
    const id = ++this.#last;
    const tell = (message: TapMessage) => this.#port.postMessage(message);
    return {
      said: (bytes: Uint8Array) => tell({ id, what: 'said', bytes: bytes.slice() }),
      heard: (bytes: Uint8Array) => tell({ id, what: 'heard', bytes: bytes.slice() }),
      lost: () => tell({ id, what: 'lost' }),
    };
  }
}

/** A dial whose connections are told at the tap. */
export function tapped(dial: Dial, tap: Tap): Dial {
  return (address, listener) => {
    const told = tap.connection();
    const socket = dial(address, {
      ...(listener.onOpen && { onOpen: () => listener.onOpen?.() }),
      onData(bytes) {
        told.heard(bytes);
        listener.onData(bytes);
      },
      onClose(reason) {
        told.lost();
        listener.onClose(reason);
      },
    });
    return {
      send(bytes) {
        told.said(bytes);
        socket.send(bytes);
      },
      settled: () => socket.settled(),
      close() {
        told.lost();
        socket.close();
      },
    };
  };
}
