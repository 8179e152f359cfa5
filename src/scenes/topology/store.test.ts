import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../../hosts/in-process.ts';
import { Client } from '../../wire/client.ts';
import type { World, WorldOptions } from '../../wire/link.ts';
import { inOneSentence } from './node-words.ts';
import { createTopologyStore } from './store.ts';

let world: World;
afterEach(() => world.stop());

function open(topology: WorldOptions['topology'], config: WorldOptions['config'] = {}) {
  world = startInProcessWorld({ topology, seed: 1, rate: 0, config });
  const store = createTopologyStore({
    world: () => world,
    client: (address) => new Client(world.dial, address, { protocol: 2 }),
  });
  const ask = (node: number, ...argv: string[]) =>
    new Client(world.dial, `10.0.0.${node}:6379`).call(...argv);
  const node = (name: string) => store.getState().scene.nodes.find((each) => each.name === name);
  return { store, ask, node };
}

/** The events that matter, as they read. */
const story = ({ getState }: ReturnType<typeof open>['store']) =>
  getState().events.flatMap(({ node, text, kind }) =>
    kind === 'detail' ? [] : [`${node} ${text}`],
  );

test('replicas stand under their primary, and show how far they are behind', async () => {
  const { store, ask, node } = open({ kind: 'replicated', replicas: 2 });
  await world.control({ do: 'cut', from: 'node1', to: 'node3' });
  await ask(1, 'SET', 'order:1', 'x'.repeat(1000));
  await store.getState().look();
  expect(node('node2')).toMatchObject({ role: 'replica', under: 'node1', behind: 0 });
  expect(node('node3')?.behind).toBeGreaterThan(1000);
  const { links, layout } = store.getState().scene;
  expect(links.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    ...['node1 node2 replication', 'node1 node3 replication', 'node2 node3 quiet'],
  ]);
  expect(links.map(({ ways }) => ways.map(({ isCut }) => isCut))).toEqual([
    ...[
      [false, false],
      [true, true],
      [false, false],
    ],
  ]);
  expect(layout).toMatchObject({ columns: 2, rows: 2 });
  expect(layout.places.get('node1')).toEqual({ x: 1, row: 0 });
});

test('a primary of a cluster dies: who suspects it, who votes, who takes its slots', async () => {
  const { store, node } = open(
    { kind: 'cluster', shards: 3, replicasPerShard: 1 },
    { loglevel: 'debug' },
  );
  const { act, jump } = store.getState();
  await store.getState().look();
  expect(store.getState().scene).toMatchObject({ cluster: 'ok', layout: { columns: 3, rows: 2 } });
  expect(store.getState().scene.shares.map(({ owner, from }) => `${owner} ${from}`)).toEqual([
    ...['node1 0', 'node2 5461', 'node3 10923'],
  ]);
  await act({ do: 'kill', node: 'node3' });
  await jump(15_300);
  expect(node('node3')).toMatchObject({ state: 'ended', role: 'primary' });
  expect(node('node3')?.doubted).toContainEqual({ by: 'node1', flag: 'fail?' });
  await jump(3000);
  expect(node('node6')).toMatchObject({ role: 'primary', under: undefined });
  expect(node('node3')?.under).toBe('node6');
  expect(store.getState().scene.shares[2]).toMatchObject({ owner: 'node6', colour: 5 });
  expect(story(store)).toEqual(
    expect.arrayContaining([
      ...['node3 is killed', 'node1 has no answer from node3 and suspects it (PFAIL)'],
      expect.stringMatching(/^node\d declares node3 failed \(FAIL\): a majority agrees$/),
      ...['node6 stands for election in epoch 4', 'node1 votes for node6 in epoch 4'],
      'node6 has won the election and is the primary now',
    ]),
  );
});

test('a step goes on to what matters, not to the next line of a log', async () => {
  const { store } = open(
    { kind: 'cluster', shards: 3, replicasPerShard: 1 },
    { loglevel: 'debug' },
  );
  await store.getState().act({ do: 'kill', node: 'node3' });
  const killed = store.getState().clock.nowMs;
  await store.getState().step();
  expect(story(store).at(-1)).toMatch(/suspects it \(PFAIL\)$/);
  expect(store.getState().clock.nowMs - killed).toBeGreaterThan(10_000);
});

test('one that stands still, or wants a password, holds up nobody', async () => {
  const { store, ask, node } = open({ kind: 'servers', servers: 3 });
  await ask(1, 'CONFIG', 'SET', 'requirepass', 's3cret');
  await store.getState().act({ do: 'pause', node: 'node2' });
  expect(node('node1')?.refusal).toMatch(/^NOAUTH/);
  expect(node('node2')).toMatchObject({ state: 'paused' });
  expect(node('node3')).toMatchObject({ state: 'running', role: 'primary' });
  await store.getState().act({ do: 'kill', node: 'nobody' });
  expect(store.getState().problem).toBe('There is no node nobody.');
});

test('a world that is made anew begins its own story', async () => {
  const { store } = open({ kind: 'servers', servers: 2 });
  await store.getState().act({ do: 'kill', node: 'node1' });
  expect(story(store)).toEqual(['node1 is killed']);
  const topology = { kind: 'replicated', replicas: 1 } as const;
  await world.control({ do: 'build', topology, seed: 1, startMs: 0 });
  await store.getState().look();
  expect(store.getState().scene.nodes.map(({ state }) => state)).toEqual(['running', 'running']);
  expect(story(store)).not.toContain('node1 is killed');
});

test('Sentinels stand above, and tell whom they believe down and whom they choose', async () => {
  const { store, node } = open({ kind: 'sentinel', replicas: 2, sentinels: 3 });
  await store.getState().look();
  const sentinels = () => store.getState().scene.nodes.filter(({ role }) => role === 'sentinel');
  const seen = () => sentinels().map((each) => inOneSentence(each, []).replace(/^[^,]+, /, ''));
  const watching = (name: string) => `sentinel, running, mymaster: ${name}, quorum 2 of 3`;
  expect(seen()).toEqual(new Array(3).fill(watching('node1')));
  await store.getState().act({ do: 'kill', node: 'node1' });
  await store.getState().jump(33_000);
  expect(node('node1')?.doubted.map(({ flag }) => flag)).toContain('s_down');
  await store.getState().jump(30_000);
  expect(node('node1')).toMatchObject({ state: 'ended', role: 'primary' });
  const [promoted] = store
    .getState()
    .scene.nodes.filter(({ role, state }) => role === 'primary' && state === 'running');
  expect(node(promoted?.name === 'node2' ? 'node3' : 'node2')?.under).toBe(promoted?.name);
  expect(node('node1')?.under).toBe(promoted?.name);
  expect(seen()).toEqual(new Array(3).fill(watching(promoted?.name ?? '')));
  const told = story(store).join('\n');
  expect(told).toMatch(/^sentinel1 cannot reach node1 any more \(S_DOWN\)$/m);
  expect(told).toMatch(/^sentinel1 votes for sentinel\d in epoch 1$/m);
  expect(told).toMatch(/^sentinel\d is elected to lead the failover$/m);
  expect(told).toMatch(/^sentinel\d tells clients: mymaster is now node[23]$/m);
});
