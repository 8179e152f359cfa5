import { afterEach, expect, test } from 'vitest';
import { Client } from '../wire/client.ts';
import type { World } from '../wire/link.ts';
import { startInProcessWorld } from './in-process.ts';

const ADDRESS = '127.0.0.1:6379';
const host = '127.0.0.1';
const aof = '/data/appendonlydir/appendonly.aof.1.incr.aof';

let world: World;
afterEach(() => world.stop());

/** A server that syncs its append-only file as this says, in time that stands still. */
async function start(appendfsync: string) {
  const config = { appendonly: 'yes', appendfsync };
  world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0, config });
  const client = new Client(world.dial, ADDRESS);
  await client.call('SET', 'key', 'hello');
  return { files: world.files(), client };
}

test('the disk of a host is listed with sizes, times, and what is not synced', async () => {
  const { files } = await start('no');
  const [only] = await files.ask('list');
  expect(only).toMatchObject({ address: host, servers: [{ name: 'redis', isRunning: true }] });
  const entry = only?.files.find(({ path }) => path === aof);
  expect(entry).toMatchObject({ size: 56, unsynced: 56, changedAt: world.now() });
  expect(await files.ask('read', { host, path: aof, from: 0, length: 4 })).toBe('*2\r\n');
  expect(await files.ask('read', { host, path: '/none', from: 0, length: 4 })).toBeUndefined();
});

test('a part of the notes on a file crosses, with the bytes that they are about', async () => {
  const { files } = await start('always');
  const all = await files.ask('annotate', { host, path: aof, from: 3, count: 2 });
  expect(all).toMatchObject({ from: 3, all: 7 });
  expect(all?.notes.map(({ says, bytes }) => [says, bytes])).toEqual([
    ['SET “key” “hello”: an array of 3', '*3\r\n'],
    ['“SET”, 3 bytes', '$3\r\nSET\r\n'],
  ]);
});

test('a host that loses power loses what was not synced, and its server starts with the rest', async () => {
  const { files } = await start('no');
  expect(await files.ask('crash', { host })).toEqual([{ path: aof, bytes: 56 }]);
  const [down] = await files.ask('list');
  expect(down?.servers).toEqual([{ name: 'redis', isRunning: false }]);
  expect(await files.ask('restart', { host })).toEqual([]);
  expect(await new Client(world.dial, ADDRESS).call('EXISTS', 'key')).toBe(0);
});

test('what is always synced is not lost', async () => {
  const { files } = await start('always');
  expect(await files.ask('crash', { host })).toEqual([]);
  await files.ask('restart', { host });
  expect(await new Client(world.dial, ADDRESS).call('GET', 'key')).toBe('hello');
});

test('a file can be replaced; a server that cannot read it says why it does not start', async () => {
  const { files } = await start('always');
  const base = '/data/appendonlydir/appendonly.aof.1.base.rdb';
  await files.ask('write', { host, path: base, bytes: 'REDIS9999' });
  await files.ask('crash', { host });
  expect((await files.ask('restart', { host })).join()).toMatch(/^redis does not start: /);
  await files.ask('remove', { host, path: base });
  expect(await files.ask('read', { host, path: base, from: 0, length: 9 })).toBeUndefined();
});

test('the files are those of the lab in use', async () => {
  const { files } = await start('no');
  await world.control({ do: 'build', topology: { kind: 'standalone' }, seed: 2, startMs: 0 });
  const [fresh] = await files.ask('list');
  expect(fresh?.files).toEqual([]);
});
