import { afterEach, expect, test, vi } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { Client } from '../wire/client.ts';
import type { World } from '../wire/link.ts';
import { startInProcessWorld } from './in-process.ts';

const ADDRESS = '127.0.0.1:6379';
const standalone = { topology: { kind: 'standalone' }, seed: 1 } as const;

let world: World;
afterEach(() => {
  vi.restoreAllMocks();
  world.stop();
});

test('a bug of the engine ends the lab, says what it was, and leaves a new one to be built', async () => {
  vi.spyOn(Lab.prototype, 'dial').mockReturnValueOnce({
    send() {
      throw new TypeError('x is not a function');
    },
    close() {},
  });
  world = startInProcessWorld(standalone);
  const crashed = vi.fn();
  world.onCrash(crashed);
  const client = new Client(world.dial, ADDRESS);
  await expect(client.call('PING')).rejects.toThrow('Server closed the connection');
  expect(crashed).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'engine-bug', message: 'x is not a function' }),
  );
  await expect(client.call('PING')).rejects.toThrow('Connection refused');
  await world.control({ do: 'build', startMs: 0, ...standalone });
  expect(await client.call('PING')).toMatchObject({ text: 'PONG' });
});

test('a client that hangs up is gone for the server', async () => {
  world = startInProcessWorld(standalone);
  const first = new Client(world.dial, ADDRESS);
  const second = new Client(world.dial, ADDRESS, { protocol: 2 });
  await Promise.all([first.call('PING'), second.call('PING')]);
  first.close();
  await expect
    .poll(async () => String(await second.call('CLIENT', 'LIST')).split(/^id=/m).length)
    .toBe(2);
});

test('what many commands answer at once leaves as one message', async () => {
  world = startInProcessWorld(standalone);
  const chunks: number[] = [];
  const socket = world.dial(ADDRESS, { onData: (data) => chunks.push(data.length), onClose() {} });
  socket.send(new TextEncoder().encode('PING\r\n'.repeat(1000)));
  await socket.settled();
  expect(chunks).toEqual([7000]);
});

test('servers start with directives that none may change later', async () => {
  const config = { 'enable-debug-command': 'yes' };
  world = startInProcessWorld({ ...standalone, config });
  const ask = (...argv: string[]) => new Client(world.dial, ADDRESS).call(...argv);
  expect(await ask('DEBUG', 'SLEEP', '0')).toMatchObject({ text: 'OK' });
  await world.control({ do: 'build', startMs: 0, ...standalone });
  await expect(ask('DEBUG', 'SLEEP', '0')).rejects.toThrow('DEBUG command not allowed');
});

test('a machine without power forgets what was not synced; a process that is killed forgets nothing', async () => {
  world = startInProcessWorld({ ...standalone, config: { appendonly: 'yes', save: '' } });
  const ask = (...argv: string[]) => new Client(world.dial, ADDRESS).call(...argv);
  for (const [how, known] of [
    ['kill', 1],
    ['unplug', 0],
  ] as const) {
    await ask('FLUSHALL');
    await world.control({ do: 'advance', ms: 2000 });
    await ask('SET', 'order', 'paid');
    await world.control({ do: how, node: 'redis' });
    await expect(ask('PING')).rejects.toThrow('Connection refused');
    await world.control({ do: 'revive', node: 'redis' });
    expect(await ask('EXISTS', 'order')).toBe(known);
  }
});

const replicated = { topology: { kind: 'replicated', replicas: 2 }, seed: 1, rate: 0 } as const;

test('a look shows nodes and links, and of the events those that are not known', async () => {
  world = startInProcessWorld(replicated);
  const first = await world.look(0);
  expect(first?.nodes).toMatchObject([
    { name: 'node1', host: '10.0.0.1', port: 6379, state: 'running' },
    { name: 'node2', state: 'running' },
    { name: 'node3', state: 'running' },
  ]);
  const stream = first?.links.find(({ from, to }) => from === '10.0.0.1' && to === '10.0.0.2');
  expect(stream).toMatchObject({ isCut: false, latencyMs: 0, loss: 0 });
  expect(stream?.carried).toBeGreaterThan(100);
  await world.control({ do: 'pause', node: 'node3' });
  await world.control({ do: 'cut', from: 'node1', to: 'node2', oneWay: true });
  const second = await world.look(first?.told ?? 0);
  expect(second?.events.map(({ node, text }) => `${node} ${text}`)).toEqual([
    'node3 is paused',
    'node1 does not reach node2',
  ]);
  expect(second?.nodes[2]?.state).toBe('paused');
  expect(second?.links.filter(({ isCut }) => isCut)).toHaveLength(1);
});

test('a step goes to the next event; what is paused is revived as it was', async () => {
  world = startInProcessWorld(replicated);
  await world.control({ do: 'pause', node: 'node1' });
  const { told = 0, nowMs = 0 } = (await world.look(0)) ?? {};
  await world.control({ do: 'step' });
  const view = await world.look(told);
  // repl-timeout: nothing has come from the primary for a minute.
  expect(view?.events.map(({ text }) => text)[0]).toMatch(/^MASTER timeout/);
  expect((view?.nowMs ?? 0) - nowMs).toBeGreaterThan(40_000);
  await world.control({ do: 'revive', node: 'node1' });
  expect((await world.look(0))?.nodes[0]?.state).toBe('running');
});

test('a server that cannot start with its files is told so, and the lab goes on', async () => {
  world = startInProcessWorld({ ...replicated, config: { 'enable-protected-configs': 'yes' } });
  const ask = (...argv: string[]) => new Client(world.dial, '10.0.0.2:6379').call(...argv);
  await ask('CONFIG', 'SET', 'dir', '/usr/local/etc/redis', 'dbfilename', 'redis.conf');
  await ask('CONFIG', 'REWRITE');
  await world.control({ do: 'kill', node: 'node2' });
  await expect(world.control({ do: 'revive', node: 'node2' })).rejects.toMatchObject({
    code: 'bad-control',
  });
  await expect(world.control({ do: 'kill', node: 'node9' })).rejects.toThrow('no node node9');
  expect((await world.look(0))?.nodes.map(({ state }) => state)).toEqual([
    ...['running', 'ended', 'running'],
  ]);
});
