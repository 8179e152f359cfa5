import { connect } from 'node:net';
import type { Dial } from '../wire/link.ts';

/** The wire's door, to a server behind a real socket. */
export const dial: Dial = (address, listener) => {
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  let isOpen = false;
  socket.on('connect', () => {
    isOpen = true;
    listener.onOpen?.();
  });
  socket.on('data', (bytes) => listener.onData(new Uint8Array(bytes)));
  // What kind of failure it was shows in whether it had been open.
  socket.on('error', () => {});
  socket.on('close', () => listener.onClose(isOpen ? 'closed' : 'refused'));
  return {
    send: (bytes) => void socket.write(bytes),
    settled: async () => {},
    close: () => {
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
};
