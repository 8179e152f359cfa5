/** Stands in for Node's `tls`: nobody listens in on the lab, so nothing is encrypted. */
import { Socket } from './net.ts';

export { Socket as TLSSocket };

export function connect(...args: unknown[]): Socket {
  const socket = new Socket();
  socket.encrypted = true;
  return socket.connect(...args);
}

export default { connect, TLSSocket: Socket };
