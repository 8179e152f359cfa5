/** What page.mjs measures in the page: commands through the worker boundary, in batches. */
import { Client } from '../../src/wire/client.ts';
import { startWorld } from '../../src/wire/link.ts';

/** Commands a second: `pipeline` in a batch, so many batches under way at once. */
export type Measure = (
  command: 'SET' | 'GET',
  pipeline: number,
  batchesUnderWay: number,
) => Promise<number>;

const DURATION_MS = 2000;
const KEYS = 1000;

const world = startWorld({ topology: { kind: 'standalone' }, seed: 1 });
const client = new Client(world.dial, '127.0.0.1:6379', { protocol: 2 });

const measure: Measure = async (command, pipeline, batchesUnderWay) => {
  let sent = 0;
  const batch = () =>
    Array.from({ length: pipeline }, () => {
      const key = `key:${sent++ % KEYS}`;
      return command === 'SET' ? ['SET', key, 'value'] : ['GET', key];
    });
  const end = performance.now() + DURATION_MS;
  const start = performance.now();
  const keepGoing = async () => {
    while (performance.now() < end) await client.pipeline(batch());
  };
  await Promise.all(Array.from({ length: batchesUnderWay }, keepGoing));
  return Math.round((1000 * sent) / (performance.now() - start));
};

Object.assign(window, { measure });
