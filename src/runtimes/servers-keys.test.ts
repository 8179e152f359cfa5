import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client } from '../wire/client.ts';
import type { Topology } from '../wire/messages.ts';
import { type Change, changesBetween, stateOf } from './changes.ts';
import { readServers } from './servers-keys.ts';

const worlds: { stop(): void }[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

function start(topology: Topology, count: number, how = { sharesData: true, isCluster: false }) {
  const world = startInProcessWorld({ topology, seed: 1, rate: 0 });
  worlds.push(world);
  const clients = new Map<string, Client>();
  const clientOf = (address: string) => {
    const client = clients.get(address) ?? new Client(world.dial, address);
    clients.set(address, client);
    return client;
  };
  const servers = Array.from({ length: count }, (_, i) => ({
    name: `node${i + 1}`,
    address: `10.0.0.${i + 1}:6379`,
  }));
  const run = (node: number, line: string) =>
    new Client(world.dial, `10.0.0.${node}:6379`).call(...line.split(' '));
  const look = (chosen?: string) => readServers({ servers, ...how }, clientOf, chosen);
  return { world, run, look };
}

const inWords = (changes: readonly Change[]) =>
  changes.map((change) => {
    const { server = '', key } = stateOf(change);
    return `${change.kind} ${server} ${key}`;
  });

test('a cluster has the keys of all its primaries, and a replica is asked by itself', async () => {
  const topology = { kind: 'cluster', shards: 3, replicasPerShard: 1 } as const;
  const { world, run, look } = start(topology, 6, { sharesData: true, isCluster: true });
  const before = await look();
  await run(3, 'SET a 1');
  await run(1, 'SET b 2');
  expect(inWords(changesBetween(before, await look()))).toEqual([
    'created node3 a',
    'created node1 b',
  ]);
  await world.control({ do: 'advance', ms: 1000 });
  expect(await look('node6')).toMatchObject({ keys: [{ key: 'a', value: '"1"' }] });
  const id = await run(2, 'CLUSTER MYID');
  await run(2, `CLUSTER SETSLOT 3300 IMPORTING ${await run(1, 'CLUSTER MYID')}`);
  await run(1, `CLUSTER SETSLOT 3300 MIGRATING ${id}`);
  const moving = await look();
  await run(1, 'MIGRATE 10.0.0.2 6379 b 0 1000');
  await world.control({ do: 'advance', ms: 100 });
  expect(changesBetween(moving, await look())).toEqual([]);
});

test('servers that know nothing of one another have keys of their own', async () => {
  const how = { sharesData: false, isCluster: false };
  const { run, look } = start({ kind: 'servers', servers: 2 }, 2, how);
  await run(1, 'SET a 1');
  await run(2, 'SET a 1');
  const before = await look();
  await run(2, 'DEL a');
  expect(inWords(changesBetween(before, await look()))).toEqual(['deleted node2 a']);
});

test('the keys are those of the primary, whoever that is; when two are, of both', async () => {
  const { world, run, look } = start({ kind: 'replicated', replicas: 1 }, 2);
  await run(1, 'SET a 1');
  await world.control({ do: 'advance', ms: 1000 });
  const before = await look();
  await world.control({ do: 'kill', node: 'node1' });
  await run(2, 'REPLICAOF NO ONE');
  expect(changesBetween(before, await look())).toEqual([]);
  await world.control({ do: 'revive', node: 'node1' });
  await run(1, 'SET a 2');
  expect((await look()).keys.map(({ server, value }) => `${server} ${value}`)).toEqual([
    'node1 "2"',
    'node2 "1"',
  ]);
});

test('of a server that does not answer nothing is said', async () => {
  const how = { sharesData: false, isCluster: false };
  const { world, run, look } = start({ kind: 'servers', servers: 2 }, 2, how);
  await run(1, 'SET a 1');
  await run(2, 'SET b 1');
  const before = await look();
  await world.control({ do: 'pause', node: 'node2' });
  const paused = await look();
  expect(paused.silent).toEqual(['node2']);
  expect(changesBetween(before, paused)).toEqual([]);
  await world.control({ do: 'revive', node: 'node2' });
  expect(changesBetween(paused, await look())).toEqual([]);
});
