import { startWorld, type WorkerLike, type World, type WorldOptions } from '../wire/link.ts';
import { LabHost } from './lab-host.ts';

/**
 * A world without a Web Worker: the same messages, the same ports, in the caller's own thread. For
 * tests that run in Node, and for whatever wants a lab beside itself.
 */
export function startInProcessWorld(options: WorldOptions): World {
  return startWorld(options, inProcessWorker());
}

function inProcessWorker(): WorkerLike {
  let terminated = false;
  const host = new LabHost((message) => {
    if (!terminated) queueMicrotask(() => worker.onmessage?.(asEvent(message)));
  });
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

const asEvent = <T>(data: T) => ({ data }) as MessageEvent<T>;
