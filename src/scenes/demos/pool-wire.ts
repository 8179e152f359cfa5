/** Connections of a demonstration's pool: the server keeps one busy by BLPOP of a list that stays empty. */
import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { Connection } from '../../wire/client.ts';
import type { Dial } from '../../wire/link.ts';
import type { Backend, Wire } from './pool.ts';

const ADDRESS = '127.0.0.1:6379';

/** A connection that can be closed, and that may wait for a job of a real queue. */
export interface BusyWire extends Wire {
  /** Waits for a job as a worker does, and keeps the connection until there is one. */
  waitForJob(queue: string): Promise<void>;
  close(): void;
}

export interface WiredBackend extends Backend {
  open(): Promise<BusyWire>;
  closeAll(): void;
}

/** The pool's server, reached by these calls; what a refused connection answers is thrown. */
export function wiredBackend(dial: Dial, advance: (ms: number) => Promise<void>): WiredBackend {
  const wires: BusyWire[] = [];
  return {
    advance,
    async open() {
      const wire = await openWire(dial);
      wires.push(wire);
      return wire;
    },
    closeAll() {
      for (const wire of wires.splice(0)) wire.close();
    },
  };
}

async function openWire(dial: Dial): Promise<BusyWire> {
  const waiters: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  let isOpen = true;
  const connection = new Connection(dial, ADDRESS, {
    onReply: (reply) => waiters.shift()?.resolve(reply),
    onClose: (reason) => {
      isOpen = false;
      for (const { reject } of waiters.splice(0)) reject(new Error(`connection ${reason}`));
    },
  });
  const send = async (...argv: string[]) => {
    const done = new Promise<Reply>((resolve, reject) => waiters.push({ resolve, reject }));
    // Who waits for it may come later.
    done.catch(() => {});
    connection.send(argv);
    await connection.settled();
    return { done };
  };
  const greeting = await (await send('PING')).done;
  if (greeting instanceof RedisError) throw greeting;
  return {
    get isOpen() {
      return isOpen;
    },
    work: (ms) => send('BLPOP', 'nothing', String(ms / 1000)),
    waitForJob: async (queue) => void (await send('BRPOP', queue, '0')),
    close: () => connection.close(),
  };
}
