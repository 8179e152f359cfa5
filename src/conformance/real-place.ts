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
  const door = new RealDoor(real.port);
  await door.open();
  const stop = async () => {
    door.close();
    await real.stop();
  };
  return { door, stop };
}

class RealDoor implements Door {
  private readonly pipes = new Set<Pipe>();
  private readonly answers = new Probe();
  private probe: Pipe | undefined;
  private waitMs = 0;
  private isKilling = false;
  private isLoading = false;

  constructor(private readonly port: number) {}

  /** To be called once, before anything else. */
  async open(): Promise<void> {
    this.probe = await this.dial((bytes) => this.answers.receive(bytes));
  }

  async dial(onData: (bytes: string) => void): Promise<Pipe> {
    const { send, close } = await connect(this.port, onData);
    const pipe = {
      close,
      send: (bytes: string) => {
        this.isKilling ||= SCRIPT_KILL.test(bytes);
        this.isLoading ||= LOADING.test(bytes);
        send(bytes);
      },
    };
    this.pipes.add(pipe);
    return pipe;
  }

  async settle(): Promise<void> {
    if (this.waitMs > 0) await setTimeout(this.waitMs);
    this.waitMs = 0;
    // Commands of one client may overtake those of another within one turn of the server's loop:
    // after a second answer the turn that read ours is over, and what it caused has been written.
    // The command is unknown: answered at once, and no trace in MONITOR.
    for (let turn = 0; turn < 2; turn++) await this.ask('~');
    if (this.isKilling) await this.until('-BUSY');
    // A server that loads its files answers others meanwhile.
    if (this.isLoading) await this.until('-LOADING');
    this.isKilling = this.isLoading = false;
    await setImmediate();
    await setImmediate();
  }

  now(): number {
    return Date.now();
  }

  steer(directive: Directive): boolean {
    if (!canSteerReal(directive)) return false;
    this.waitMs = (parseDuration(directive.args[0] ?? '') ?? 0) + 10;
    return true;
  }

  close(): void {
    for (const pipe of this.pipes) pipe.close();
  }

  /**
   * Until the server does not answer PING with this any more: SCRIPT KILL is answered before the
   * script has ended. One that has written does not end, so there is a limit.
   */
  private async until(isOver: '-BUSY' | '-LOADING'): Promise<void> {
    const attempts = isOver === '-BUSY' ? 20 : 1000;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (!(await this.ask('PING')).startsWith(isOver)) return;
      await setTimeout(10);
    }
  }

  private ask(command: string): Promise<string> {
    const answered = this.answers.next();
    this.probe?.send(encodeCommand([command]));
    return answered;
  }
}

const SCRIPT_KILL = /\bscript\r\n\$4\r\nkill\r\n/i;
const LOADING = /\bdebug\r\n\$\d\r\n(reload|loadaof)\r\n/i;

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
  private readonly waiting: ((line: string) => void)[] = [];

  next(): Promise<string> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  receive(bytes: string): void {
    const lines = (this.bytes + bytes).split('\r\n');
    this.bytes = lines.pop() ?? '';
    for (const line of lines) this.waiting.shift()?.(line);
  }
}
