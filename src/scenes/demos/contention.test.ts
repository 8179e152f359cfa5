import { expect, test } from 'vitest';
import { type Contested, contend, ways } from './contention.ts';

/** A lock that counts who has held it, and refuses while somebody does. */
function lockOf(): Contested & { held: number[]; nowMs: number } {
  let holder: number | undefined;
  return {
    held: [],
    nowMs: 0,
    async take(client) {
      if (holder !== undefined) return false;
      holder = client;
      this.held.push(client);
      return true;
    },
    async release(client) {
      if (holder === client) holder = undefined;
    },
    async advance(ms) {
      this.nowMs += ms;
    },
  };
}

test('each client has the lock once, and the next gets it when the one before is done', async () => {
  const lock = lockOf();
  const { tries, lastMs } = await contend(lock, { clients: 3, holdMs: 50, way: () => 50 });
  expect(lock.held).toEqual([0, 1, 2]);
  expect(lastMs).toBe(100);
  expect(tries).toBe(3 + 2 + 1);
});

test('backoff asks less than asking at once, and jitter less than a fixed pause', async () => {
  const run = async (way: keyof typeof ways) =>
    (await contend(lockOf(), { clients: 20, holdMs: 50, way: ways[way] })).tries;
  const atOnce = await run('at once');
  const backoff = await run('backoff');
  expect(backoff).toBeLessThan(atOnce / 10);
  expect(await run('backoff with jitter')).toBeLessThan(atOnce / 10);
});

test('equal seeds give equal runs', async () => {
  const contest = { clients: 8, holdMs: 30, way: ways['backoff with jitter'] };
  expect(await contend(lockOf(), contest)).toEqual(await contend(lockOf(), contest));
});
