/** Where lessons are replayed: a lab of the engine's, or a real redis-server. */
import { createConnection } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Lab } from '../engine/lab/lab.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import type { Lab as LabName } from '../lessons/lesson.ts';
import { parseDuration } from '../transcript/parse.ts';
import { startRealRedis } from './real-redis.ts';
import type { Door, Pipe } from './rig.ts';

/** Fresh and empty servers of a lesson's lab. */
export interface Place {
  readonly door: Door;
  stop(): Promise<void>;
}

/** The engine. Nothing in it waits for real time. */
export async function openLab(name: LabName): Promise<Place> {
  if (name !== 'standalone') throw new Error(`a ${name} lab is not simulated yet`);
  const lab = new Lab({ topology: { kind: 'standalone' } });
  const door: Door = {
    async dial(onData, nodeName = '') {
      const node = lab.node(nodeName);
      const address = node ? `${node.host}:${node.port}` : lab.address;
      const pipe = lab.dial(address, '127.0.0.1', { onData, onClose: () => {} });
      if (!pipe) throw new Error(`connection to ${address} refused`);
      return pipe;
    },
    settle: async () => {},
    now: () => lab.clock.now,
    steer({ name, args }) {
      if (name !== 'advance') return false;
      lab.clock.advance(parseDuration(args[0] ?? '') ?? 0);
      return true;
    },
  };
  return { door, stop: async () => {} };
}

/** A redis-server on a free port. */
export async function openReal(name: LabName): Promise<Place> {
  if (name !== 'standalone') throw new Error(`a ${name} lab is not started by this test`);
  const real = await startRealRedis();
  const pipes = new Set<Pipe>();
  const dial: Door['dial'] = async (onData) => {
    const pipe = await connect(real.port, onData);
    pipes.add(pipe);
    return pipe;
  };
  const pong = new PongCounter();
  const probe = await dial((bytes) => pong.receive(bytes));
  const door: Door = {
    dial,
    async settle() {
      // Commands of one client may overtake those of another within one turn of the server's loop:
      // after a second answer the turn that read ours is over, and what it caused has been written.
      for (let turn = 0; turn < 2; turn++) {
        const answered = pong.next();
        probe.send(encodeCommand(['PING']));
        await answered;
      }
      await setImmediate();
      await setImmediate();
    },
    now: () => Date.now(),
    steer: () => false,
  };
  const stop = async () => {
    for (const pipe of pipes) pipe.close();
    await real.stop();
  };
  return { door, stop };
}

function connect(port: number, onData: (bytes: string) => void): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => onData(String(chunk)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve({
        send: (bytes) => socket.write(bytes, 'latin1'),
        close: () => socket.destroy(),
      });
    });
  });
}

/** Waits for the next `+PONG`, however it is cut into chunks. */
class PongCounter {
  private bytes = '';
  private waiting: (() => void) | undefined;

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  receive(bytes: string): void {
    this.bytes += bytes;
    if (!this.bytes.endsWith('+PONG\r\n')) return;
    this.bytes = '';
    this.waiting?.();
  }
}
