/**
 * Pythons of the page: each a worker that runs one program at a time and is kept for the next. Two
 * programs side by side are two workers. Stop interrupts; a Python that does not listen is ended.
 */
import { createRing, wake } from '../../wire/ring.ts';
import { readingOf, SharedReading } from '../clock.ts';
import type { Fault } from '../faults.ts';
import { type DiskChanges, readDisk, writeDisk } from '../host-files.ts';
import type { MachineRun } from '../machine.ts';
import type { End, Order, Program, Report, SharedParts } from '../messages.ts';
import type { ScreenLog } from '../screen.ts';

/** The interrupt is repeated: one that comes between two programs is lost. */
const INTERRUPT_AGAIN_MS = 250;
const PATIENCE_MS = 750;
const SIGINT = 2;

const idle: Worker[] = [];

/** Resolves when the program has ended; rejects when it was stopped, or Python failed. */
export async function runPython(program: Program, run: MachineRun): Promise<End> {
  if (!globalThis.crossOriginIsolated) throw new Error(NOT_ISOLATED);
  const worker = idle.pop() ?? start();
  const shared = new SharedReading();
  const parts: SharedParts = {
    ring: createRing(),
    interrupt: new Uint8Array(new SharedArrayBuffer(1)),
    clock: shared.memory,
  };
  const follow = () => {
    shared.write(readingOf(run.world));
    wake(parts.ring);
  };
  follow();
  const unfollow = run.world.onTick(follow);
  try {
    const disk = await readDisk(run.world);
    return await perform(worker, program, { ...run, parts, disk });
  } finally {
    unfollow();
  }
}

/** Where a program does not parse, as far as a Python that has nothing else to do can say. */
export function checkPython(code: string): Promise<readonly Fault[]> {
  const worker = idle.at(-1);
  if (!worker) return Promise.resolve([]);
  const id = ++lastCheck;
  return new Promise((resolve) => {
    const hear = ({ data }: MessageEvent<Report>) => {
      if (data.kind !== 'checked' || data.id !== id) return;
      worker.removeEventListener('message', hear);
      resolve(data.faults);
    };
    worker.addEventListener('message', hear);
    worker.postMessage({ do: 'check', id, code } satisfies Order);
  });
}

let lastCheck = 0;

/** Honest, in one sentence. */
const ABOUT =
  'Python 3.14 and the real redis-py 6.1.0. Its sockets, its clock and its sleep are the lab’s; threads it has none.';

const NOT_ISOLATED =
  'This browser gives the page no shared memory, which Python needs to wait for a reply. It does when ' +
  'the page is isolated from other origins: reload it, or open it in a current Chrome, Firefox or Safari.';

const start = (): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'python' });

interface PythonRun extends MachineRun {
  readonly parts: SharedParts;
  /** The files of the host that it runs on. */
  readonly disk: Readonly<Record<string, string>>;
}

function perform(
  worker: Worker,
  program: Program,
  { world, hosts, signal, screen, tap, parts, disk }: PythonRun,
): Promise<End> {
  const { port, unplug } = world.plug(parts.ring, tap);
  return new Promise<End>((resolve, reject) => {
    const stopping: ReturnType<typeof setTimeout>[] = [];
    const finish = (kept: boolean, settle: () => void) => {
      for (const timer of stopping) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      screen.load(undefined);
      if (kept) idle.push(worker);
      else worker.terminate();
      unplug();
      settle();
    };
    const interrupt = () => {
      parts.interrupt[0] = SIGINT;
      wake(parts.ring);
    };
    const stop = () => {
      interrupt();
      for (let at = INTERRUPT_AGAIN_MS; at < PATIENCE_MS; at += INTERRUPT_AGAIN_MS) {
        stopping.push(setTimeout(interrupt, at));
      }
      const giveUp = () => finish(false, () => reject(signal.reason));
      stopping.push(setTimeout(giveUp, PATIENCE_MS));
    };
    const ended = (end: End, worn: boolean, files: DiskChanges = {}) =>
      finish(!worn, () => {
        const settle = () => (signal.aborted ? reject(signal.reason) : resolve(end));
        void writeDisk(world, files).then(settle, reject);
      });
    const broken = (message: string) => finish(false, () => reject(new Error(message)));
    worker.onmessage = ({ data }: MessageEvent<Report>) => receive(data, { screen, ended, broken });
    worker.onerror = (event) => broken(event.message || 'Python could not be loaded.');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      finish(true, () => reject(signal.reason));
      return;
    }
    const clock = readingOf(world);
    const order: Order = { do: 'run', program, port, hosts, clock, shared: parts, disk };
    worker.postMessage(order, [port]);
  });
}

interface Receiver {
  readonly screen: ScreenLog;
  ended(end: End, worn: boolean, files?: DiskChanges): void;
  broken(message: string): void;
}

function receive(report: Report, { screen, ended, broken }: Receiver): void {
  switch (report.kind) {
    case 'loading':
      screen.load({ what: 'Python', about: ABOUT, loaded: report.loaded, total: report.total });
      break;
    case 'started':
      screen.load(undefined);
      break;
    case 'printed':
      screen.print(report.chunks);
      break;
    case 'ended':
      ended(report.end, report.worn, report.files);
      break;
    case 'broken':
      broken(report.message);
  }
}
