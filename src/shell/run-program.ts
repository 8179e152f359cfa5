import type { Dial, Socket } from '../wire/link.ts';
import type { Call, Program } from './program.ts';

/**
 * Runs a program as a process of its own: others may work before it begins, and when it ends, however
 * it does, the connections that it has left open are closed.
 */
export async function runProgram(program: Program, call: Call): Promise<number> {
  const open = new Set<Socket>();
  const dial: Dial = (address, listener) => {
    const socket = call.machine.dial(address, listener);
    open.add(socket);
    return socket;
  };
  await call.machine.breathe();
  try {
    return await program({ ...call, machine: { ...call.machine, dial } });
  } finally {
    for (const socket of open) socket.close();
  }
}
