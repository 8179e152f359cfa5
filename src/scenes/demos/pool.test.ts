import { expect, test } from 'vitest';
import { type Backend, Breaker, Pool, percentile, serve } from './pool.ts';

/** A server that answers when its time has come. */
function backendOf(): Backend & { nowMs: number; open(): Promise<never> } {
  const backend = {
    nowMs: 0,
    async advance(ms: number) {
      backend.nowMs += ms;
    },
    async open() {
      return { isOpen: true, work: async () => ({ done: Promise.resolve() }) } as never;
    },
  };
  return backend;
}

const load = {
  perSecond: 200,
  seconds: 2,
  serviceMs: 40,
  journeysMs: 1,
  connectMs: 0,
  patienceMs: 500,
};

test('never more than its size is lent, and on average what Little says', async () => {
  const backend = backendOf();
  const small = await serve(backend, new Pool(backend, 4), load);
  expect(small.mostLent).toBe(4);
  expect(small.gaveUp).toBeGreaterThan(0);
  const large = await serve(backend, new Pool(backend, 50), load);
  expect(large.gaveUp).toBe(0);
  expect(large.mostLent).toBeLessThan(50);
  expect(large.meanLent).toBeCloseTo((large.waitsMs.length * 0.041) / 2.04, 0);
});

test('a warm pool lets nobody wait for a connection to be opened', async () => {
  const backend = backendOf();
  const cold = await serve(backend, new Pool(backend, 32), { ...load, connectMs: 30 });
  const pool = new Pool(backend, 32);
  await pool.warm();
  const warm = await serve(backend, pool, { ...load, connectMs: 30 });
  expect(Math.max(...cold.waitsMs)).toBe(30);
  expect(Math.max(...warm.waitsMs)).toBe(0);
  expect(pool.opened).toBe(32);
});

test('a breaker turns away at once who would wait for nothing', async () => {
  const backend = backendOf();
  const pool = new Pool(backend, 1);
  await pool.take();
  const without = await serve(backend, pool, load);
  const breaker = new Breaker();
  const broken = await serve(backend, pool, { ...load, breaker });
  expect(without.turnedAway).toBe(0);
  expect(broken.turnedAway).toBeGreaterThan(broken.gaveUp / 2);
  expect(broken.gaveUp + broken.turnedAway).toBe(without.gaveUp);
});

test('a visitor for whom the server takes no other connection is refused, and nothing stays lent', async () => {
  const backend = backendOf();
  const pool = new Pool({ ...backend, open: () => Promise.reject(new Error('full')) }, 2);
  const served = await serve(backend, pool, load);
  expect(served.refused).toBeGreaterThan(300);
  expect([served.waitsMs.length, served.gaveUp, pool.lent]).toEqual([0, 0, 0]);
});

test('a percentile is one of the values', () => {
  expect(percentile([], 0.95)).toBe(0);
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 4], 1)).toBe(4);
});
