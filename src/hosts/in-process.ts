import { startWorld, type WorkerLike, type World, type WorldOptions } from '../wire/link.ts';
import { LabHost } from './lab-host.ts';
import { openLua } from './lua-file.ts';

/** A world without a Web Worker, for tests in Node: the same messages and ports, in one thread. */
export function startInProcessWorld(options: WorldOptions): World {
  return startWorld(options, inProcessWorker());
}

function inProcessWorker(): WorkerLike {
  let terminated = false;
  const host = new LabHost((message) => {
    if (!terminated) queueMicrotask(() => worker.onmessage?.(asEvent(message)));
  }, lua);
  const worker: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage: (message) => queueMicrotask(() => !terminated && host.receive(message)),
    terminate() {
      terminated = true;
      host.stop();
    },
  };
  return worker;
}

const lua = { isReady: true, open: openLua, load: async () => {} };

const asEvent = <T>(data: T) => ({ data }) as MessageEvent<T>;
