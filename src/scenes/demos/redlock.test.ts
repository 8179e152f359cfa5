import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../../hosts/in-process.ts';
import { Client } from '../../wire/client.ts';
import type { World } from '../../wire/link.ts';
import { acquire, jump, release, survey } from './redlock.ts';
import { DemoClient } from './stage.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

/** Five servers whose time stands still. */
async function five() {
  const topology = { kind: 'servers', servers: 5 } as const;
  const world = startInProcessWorld({ topology, seed: 1, config: { save: '' } });
  worlds.push(world);
  await world.control({ do: 'pace', rate: 0 });
  const client = (address = '') =>
    new DemoClient(new Client((to, on) => world.dial(to, on), address));
  const stop = (node: string) => world.control({ do: 'kill', node });
  const start = (node: string) => world.control({ do: 'revive', node });
  return { stage: { client, now: () => world.now() }, stop, start };
}

test('one client has the majority; the other is refused and gives back what it got', async () => {
  const { stage } = await five();
  expect(await acquire(stage, 'ada', 30_000)).toMatchObject({ got: 5, held: true });
  expect(await acquire(stage, 'bob', 30_000)).toMatchObject({ got: 0, held: false });
  await release(stage, 'ada');
  expect((await survey(stage)).map(({ token }) => token)).toEqual(Array(5).fill(undefined));
});

test('with two stopped the lock is held, with three refused and nothing left behind', async () => {
  const { stage, stop } = await five();
  await stop('node4');
  await stop('node5');
  expect(await acquire(stage, 'ada', 30_000)).toMatchObject({ got: 3, held: true });
  await release(stage, 'ada');
  await stop('node3');
  expect(await acquire(stage, 'ada', 30_000)).toMatchObject({ got: 2, held: false });
  expect((await survey(stage)).map(({ token }) => token)).toEqual(Array(5).fill(undefined));
});

test('a clock that jumps and two servers that come back empty give the lock to both', async () => {
  const { stage, stop, start } = await five();
  await stop('node4');
  await stop('node5');
  expect(await acquire(stage, 'ada', 30_000)).toMatchObject({ held: true });
  await jump(stage, 2, 10_000);
  expect((await survey(stage))[2]).toEqual({ token: 'ada', leftMs: 20_000 });
  await jump(stage, 2, 20_000);
  await start('node4');
  await start('node5');
  expect(await acquire(stage, 'bob', 30_000)).toMatchObject({ got: 3, held: true });
});
