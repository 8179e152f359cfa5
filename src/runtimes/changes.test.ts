import { afterEach, expect, test, vi } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client } from '../wire/client.ts';
import type { World } from '../wire/link.ts';
import { type Change, changesBetween, type KeyState, readKeyspace } from './changes.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

function startClients() {
  const world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  worlds.push(world);
  const learner = new Client(world.dial, '127.0.0.1:6379');
  const page = new Client(world.dial, '127.0.0.1:6379');
  const run = async (...lines: string[]) => {
    for (const line of lines) await learner.call(...line.split(' '));
  };
  const look = () => readKeyspace(page);
  /** What some commands change. */
  async function changed(...lines: string[]): Promise<Change[]> {
    const before = await look();
    await run(...lines);
    return changesBetween(before, await look());
  }
  return { world, page, run, look, changed };
}

test('nothing happened, nothing changed, although time went by', async () => {
  const { world, run, changed } = startClients();
  await run('SET a 1 EX 100', 'SADD s b a', 'RPUSH l x');
  await world.control({ do: 'advance', ms: 5000 });
  expect(await changed()).toEqual([]);
});

test('keys are created, changed and deleted', async () => {
  const { run, changed } = startClients();
  await run('SET balance 100', 'RPUSH queue job');
  const changes = await changed('SET balance 50', 'LPOP queue', 'SADD tags new');
  expect(changes).toMatchObject([
    { kind: 'changed', before: { value: '"100"' }, after: { value: '"50"' } },
    { kind: 'deleted', before: { key: 'queue', type: 'list' } },
    { kind: 'created', after: { key: 'tags', type: 'set', size: 1 } },
  ]);
});

test.each([
  ['SET k 5', 'SET k other', ['value', 'encoding']],
  ['SET k v', 'EXPIRE k 100', ['expiry']],
  ['SET k v EX 100', 'PERSIST k', ['expiry']],
  ['SADD k 1 2', 'SADD k x', ['value', 'encoding']],
  ['RPUSH k a b', 'LSET k 0 z', ['value']],
  ['ZADD k 1 a', 'ZINCRBY k 1 a', ['value']],
])('%s, then %s', async (first, second, aspects) => {
  const { run, changed } = startClients();
  await run(first);
  const [change] = await changed(second);
  const found = change?.kind === 'changed' ? change.aspects : [];
  expect(found.filter((aspect) => aspect !== 'memory')).toEqual(aspects);
});

test('a key that becomes another type says so first', async () => {
  const { run, changed } = startClients();
  await run('SET k v');
  expect(await changed('DEL k', 'RPUSH k v')).toMatchObject([
    { aspects: expect.arrayContaining(['type']) },
  ]);
});

test('all databases are looked at', async () => {
  const { changed } = startClients();
  const changes = await changed('SET a 1', 'SELECT 9', 'SET a 2');
  expect(changes.map((change) => (change.kind === 'created' ? change.after.db : -1))).toEqual([
    0, 9,
  ]);
});

test('of a large keyspace a part is looked at, and it says how much is not', async () => {
  const { run, look } = startClients();
  await run(`MSET ${Array.from({ length: 2500 }, (_, i) => `key:${i} v`).join(' ')}`);
  const { keys, unseen } = await look();
  expect([keys.length, unseen]).toEqual([2000, 500]);
});

test('looking asks first not to count as use, and leaves the connection in database 0', async () => {
  const { look, page, run } = startClients();
  await run('SELECT 3', 'SET a 1');
  const asked = vi.spyOn(page, 'pipeline');
  await look();
  expect(asked.mock.calls[0]?.[0][0]).toEqual(['CLIENT', 'NO-TOUCH', 'ON']);
  expect(await page.call('DBSIZE')).toBe(0);
});

test('a value too large to be read whole is still compared', () => {
  const big: KeyState = {
    ...{ db: 0, key: 'big', type: 'hash', encoding: 'hashtable', size: 5000, memory: 9e5 },
    ...{ expiresAt: undefined, value: undefined, digest: 'a' },
  };
  const spaces = [big, { ...big, digest: 'b' }].map((state) => ({ keys: [state], unseen: 0 }));
  const [before, after] = spaces as [(typeof spaces)[0], (typeof spaces)[0]];
  expect(changesBetween(before, after)).toMatchObject([{ kind: 'changed', aspects: ['value'] }]);
});

test('a server that does not let us look is no empty server', async () => {
  const { world, run } = startClients();
  await run('SET a 1', 'CONFIG SET requirepass secret');
  const stranger = new Client(world.dial, '127.0.0.1:6379');
  await expect(readKeyspace(stranger)).rejects.toThrow('NOAUTH');
});
