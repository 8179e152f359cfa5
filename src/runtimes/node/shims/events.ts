/** Stands in for Node's `events`: the npm package, with what has been added to Node since. */
import EventEmitter from 'events/';

export { EventEmitter };
export const { once, defaultMaxListeners } = EventEmitter;

/** An async iterator over what an emitter emits. */
export async function* on(emitter: EventEmitter, name: string): AsyncGenerator<unknown[]> {
  const waiting: unknown[][] = [];
  let wake = () => {};
  const listen = (...args: unknown[]) => {
    waiting.push(args);
    wake();
  };
  emitter.on(name, listen);
  try {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    emitter.removeListener(name, listen);
  }
}

export default Object.assign(EventEmitter, { EventEmitter, on });
