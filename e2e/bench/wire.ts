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

/**
 * So many writes a second, for so long, to a primary with two replicas in real time. Resolves to how
 * late the last of them was answered, in ms, and how far the replicas were behind then, in bytes.
 */
export type Follow = (perSecond: number, seconds: number) => Promise<Followed>;

export interface Followed {
  readonly lateMs: number;
  readonly behind: number;
}

const PORTION_MS = 20;

const measure: Measure = async (command, pipeline, batchesUnderWay) => {
  const world = startWorld({ topology: { kind: 'standalone' }, seed: 1 });
  const client = new Client(world.dial, '127.0.0.1:6379', { protocol: 2 });
  await client.call('PING');
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
  const perSecond = Math.round((1000 * sent) / (performance.now() - start));
  world.stop();
  return perSecond;
};

const follow: Follow = async (perSecond, seconds) => {
  const world = startWorld({ topology: { kind: 'replicated', replicas: 2 }, seed: 1, rate: 1 });
  const [primary, ...replicas] = [1, 2, 3].map(
    (node) => new Client(world.dial, `10.0.0.${node}:6379`, { protocol: 2 }),
  ) as [Client, Client, Client];
  await primary.call('PING');
  const total = perSecond * seconds;
  const start = performance.now();
  let answered: Promise<unknown> = Promise.resolve();
  for (let sent = 0; sent < total; ) {
    await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1000));
    const first = sent;
    const portion = Array.from({ length: due - first }, (_, i) => [
      ...['SET', `key:${(first + i) % 50_000}`, 'a value of some length'],
    ]);
    answered = primary.pipeline(portion);
    sent = due;
  }
  await answered;
  const lateMs = performance.now() - start - seconds * 1000;
  const [written, ...copied] = await Promise.all([primary, ...replicas].map(offsetOf));
  world.stop();
  return { lateMs, behind: (written ?? 0) - Math.min(...copied) };
};

async function offsetOf(client: Client): Promise<number> {
  const info = String(await client.call('INFO', 'replication'));
  return Number(/master_repl_offset:(\d+)/.exec(info)?.[1]);
}

Object.assign(window, { measure, follow });
