/** What the demonstrations of the Enterprise edition measure, on the engines of a lab. */
import { afterEach, describe, expect, test } from 'vitest';
import { slotOf } from '../../engine/bytes/crc16.ts';
import { startInProcessWorld } from '../../hosts/in-process.ts';
import { moveSlots, type Shard } from '../../ops/enterprise/slot-mover.ts';
import { Client } from '../../wire/client.ts';
import type { World } from '../../wire/link.ts';
import type { Topology } from '../../wire/messages.ts';
import { nextMinute, openEndpoint, shardOf, tooMuch } from './autoscaler.ts';
import { anotherDay, forecastOf, linesOf } from './capacity.ts';
import { allowedS, measureOutage, outagesAllowed, sayDuration } from './outage.ts';
import { DemoClient } from './stage.ts';
import { costOf, histogramOf, latencyOf, TieringRun } from './tiering.ts';
import { TwoRegions } from './two-regions.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

function stageOf(topology: Topology, config: Record<string, string> = {}) {
  const world = startInProcessWorld({ topology, seed: 1, config });
  worlds.push(world);
  return {
    world,
    client: (address = '127.0.0.1:6379') =>
      new DemoClient(new Client((to, on) => world.dial(to, on), address)),
    async advance(ms: number) {
      await world.control({ do: 'advance', ms });
    },
  };
}

test('two regions differ while the line is cut, and are equal when it is mended', async () => {
  const stage = stageOf({ kind: 'servers', servers: 2 }, { 'enable-debug-command': 'yes' });
  const both = await TwoRegions.open(stage);
  await both.send(0, 'SADD cart tea');
  expect((await both.look()).map(({ values }) => values)).toEqual([['1~ "tea"'], ['1~ "tea"']]);
  await both.cut(true);
  expect(await both.send(0, 'INCR visits')).toBe('(integer) 1');
  await both.send(1, 'INCRBY visits 5');
  const apart = await both.look();
  expect(apart.map(({ waiting }) => waiting)).toEqual([1, 1]);
  expect(apart[0]?.digest).not.toBe(apart[1]?.digest);
  await both.cut(false);
  const [europe, america] = await both.look();
  expect(europe?.values).toContain('"6"');
  expect(america?.digest).toBe(europe?.digest);
  expect(europe?.log.at(-1)).toContain('concurrent with node1#2');
  both.close();
});

describe('a promise of nines', () => {
  test('leaves so much time of a year', () => {
    expect(allowedS(0.99999)).toBeCloseTo(315.6, 1);
    expect(sayDuration(allowedS(0.99999))).toBe('5 min 16 s');
    expect(sayDuration(allowedS(0.9999))).toBe('52 min 36 s');
    expect(sayDuration(allowedS(0.999))).toBe('8 h 45 min');
    expect(sayDuration(allowedS(0.99))).toBe('3 d 15 h');
    expect(outagesAllowed(0.99999, 6)).toBe(52);
  });

  test('is measured against a failover by Sentinel', async () => {
    const stage = stageOf({ kind: 'sentinel', replicas: 2, sentinels: 3 });
    const { seconds, failed } = await measureOutage(stage);
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(12);
    expect(failed).toBe(Math.round(seconds * 10));
  });
});

describe('tiers', () => {
  test('a working set that fits is read from RAM, a larger one is not', async () => {
    const run = await TieringRun.open(stageOf({ kind: 'servers', servers: 2 }));
    const fits = await run.read(200, 50);
    const large = await run.read(200, 800);
    expect(fits.hitShare).toBeGreaterThan(0.93);
    expect(large.hitShare).toBeLessThan(0.4);
    expect(large.p99Ms).toBeGreaterThan(3 * fits.p99Ms);
    expect(large.promoted).toBe(large.demoted);
    run.close();
  });

  test('reads from the disk wait for one another; costs lie between the two', () => {
    const device = { freeAt: 0 };
    expect([latencyOf(true, 0, device), latencyOf(true, 0, device)]).toEqual([
      1.5,
      1.2 + 1.2 + 0.3,
    ]);
    expect(latencyOf(false, 0, device)).toBe(0.3);
    expect([costOf(0), costOf(1000)]).toEqual([0.1, 1]);
    expect(histogramOf([0.3, 1.5, 100]).filter(({ count }) => count > 0)).toHaveLength(3);
  });
});

test('a forecast is the straight line through what was measured', async () => {
  expect(forecastOf([1, 2, 3], 10)).toEqual({ slope: 1, now: 3, daysLeft: 7 });
  expect(forecastOf([3, 2, 1], 10)?.daysLeft).toBeUndefined();
  expect(forecastOf([1], 10)).toBeUndefined();
  const linesFor = (samples: number[]) =>
    linesOf(samples, forecastOf(samples, 10) ?? { slope: 0, now: 0, daysLeft: undefined });
  const lines = linesFor([1, 2, 3]);
  expect(lines[1]?.values.at(-1)).toEqual([180, '10.00']);
  // The last day is above the line, which meets the limit all the same.
  expect(linesFor([1, 2, 3, 4, 9])[1]?.values.at(-1)?.[1]).toBe('10.00');
  expect(linesFor([8, 10, 12])).toHaveLength(1);
  const stage = stageOf({ kind: 'standalone' });
  const first = await anotherDay(stage, 0, 1);
  expect(await anotherDay(stage, 1, 4)).toBeGreaterThan(first + 0.5);
});

test('no request fails while slots and their keys move', async () => {
  const stage = stageOf({ kind: 'cluster', shards: 3, replicasPerShard: 0 });
  const load = await openEndpoint(stage);
  const keys = Array.from({ length: 200 }, (_, n) => `user:${n}`);
  await load.batch(keys.map((key) => `SET ${key} 1`));
  const all = [0, 1].map((n) => stage.client(`10.0.0.${n + 1}:6379`));
  const [from, to] = (await Promise.all(all.map(shardOf))) as [Shard, Shard];
  const moving = moveSlots(
    from,
    to,
    keys.map(slotOf).filter((slot) => slot < 5461),
  );
  const replies = await load.batch(keys.map((key) => `INCR ${key}`));
  await moving;
  expect(new Set(replies)).toEqual(new Set(['(integer) 2']));
  expect(await from.client.call('DBSIZE')).toBe(0);
  expect(await load.number('DBSIZE')).toBe(200);
});

test('a rule looks at the fullest shard, and ahead by one step', () => {
  const most = { keys: 200, ops: 160 };
  const shard = (keys: number, ops: number) => [{ name: 'node1', keys, ops }];
  expect(tooMuch(shard(200, 160), most)).toBeUndefined();
  expect(tooMuch(shard(201, 0), most)).toBe('201 keys on a shard');
  expect(tooMuch(shard(0, 161), most)).toBe('161 commands a minute on a shard');
  const minute = { number: 1, sent: 0, failed: 0, added: undefined };
  const two = [shard(100, 500), shard(300, 800)].map((shards) => ({ ...minute, shards }));
  expect(nextMinute(two)).toEqual(shard(500, 1100));
});
