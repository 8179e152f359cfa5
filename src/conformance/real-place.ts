/** Where lessons are replayed on a real redis-server. */
import { createConnection } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { encodeCommand } from '../engine/resp/encode.ts';
import type { Lab as LabName } from '../lessons/lesson.ts';
import { parseDuration } from '../transcript/parse.ts';
import type { Directive } from '../transcript/transcript.ts';
import type { Place } from './place.ts';
import { startRealRedis } from './real-redis.ts';
import type { Door, Pipe } from './rig.ts';

/** A redis-server on a free port, with these directives. */
export async function openReal(
  name: LabName,
  config: Readonly<Record<string, string>> = {},
): Promise<Place> {
  if (name !== 'standalone') throw new Error(`a ${name} lab is not started by this test`);
  const real = await startRealRedis(
    Object.entries(config).flatMap(([directive, value]) => [`--${directive}`, value]),
  );
  const pipes = new Set<Pipe>();
  const dial: Door['dial'] = async (onData) => {
    const pipe = await connect(real.port, onData);
    pipes.add(pipe);
    return pipe;
  };
  const answers = new Probe();
  let waitMs = 0;
  const probe = await dial((bytes) => answers.receive(bytes));
  const door: Door = {
    dial,
    async settle() {
      if (waitMs > 0) await setTimeout(waitMs);
      waitMs = 0;
      // Commands of one client may overtake those of another within one turn of the server's loop:
      // after a second answer the turn that read ours is over, and what it caused has been written.
      for (let turn = 0; turn < 2; turn++) {
        const answered = answers.next();
        probe.send(encodeCommand(['~'])); // unknown: answered at once, and no trace in MONITOR
        await answered;
      }
      await setImmediate();
      await setImmediate();
    },
    now: () => Date.now(),
    steer: (directive) => {
      if (!canSteerReal(directive)) return false;
      waitMs = (parseDuration(directive.args[0] ?? '') ?? 0) + 10;
      return true;
    },
  };
  const stop = async () => {
    for (const pipe of pipes) pipe.close();
    await real.stop();
  };
  return { door, stop };
}

/** A real server's time is not ours to move, but a moment can be waited for. */
export const canSteerReal = ({ name, args }: Directive): boolean =>
  name === 'advance' && (parseDuration(args[0] ?? '') ?? 0) <= LONGEST_WAIT_MS;

const LONGEST_WAIT_MS = 300;

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

/** Waits for answers of one line each, however they are cut into chunks. */
class Probe {
  private bytes = '';
  private readonly waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  receive(bytes: string): void {
    const lines = (this.bytes + bytes).split('\r\n');
    this.bytes = lines.pop() ?? '';
    for (const _line of lines) this.waiting.shift()?.();
  }
}
