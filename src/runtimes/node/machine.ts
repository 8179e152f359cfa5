/** Node programs of the page: each in a worker of its own, which Stop simply ends. */
import { readingOf } from '../clock.ts';
import type { MachineRun } from '../machine.ts';
import type { End, Order, Program, Report } from '../messages.ts';

/** Resolves when the program has ended; rejects when it was stopped, or could not be loaded. */
export async function runNode(program: Program, run: MachineRun): Promise<End> {
  const { world, hosts, signal, screen, tap } = run;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'node',
  });
  const tell = (order: Order, transfer: Transferable[] = []) => worker.postMessage(order, transfer);
  const follow = () => tell({ do: 'clock', clock: readingOf(world) });
  const { port, unplug } = world.plug(undefined, tap);
  let unfollow = () => {};
  try {
    return await new Promise<End>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      signal.throwIfAborted();
      worker.onerror = (event) => reject(new Error(event.message || 'Node could not be loaded.'));
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if (data.kind === 'printed') screen.print(data.chunks);
        else if (data.kind === 'ended') resolve(data.end);
        else if (data.kind === 'broken') reject(new Error(data.message));
      };
      tell({ do: 'run', program, port, hosts, clock: readingOf(world) }, [port]);
      unfollow = world.onTick(follow);
    });
  } finally {
    unfollow();
    worker.terminate();
    unplug();
  }
}
