import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const VALUE = 'x'.repeat(1000);
/** Room for some fifty keys of this size beside what an empty server uses. */
const ROOM = 60_000;

/** A server with little room left, and a console on it. */
async function start(policy: string) {
  const lab = new Lab();
  const session = new LabSession(lab);
  const server = lab.nodes[0]?.server;
  if (!server) throw new Error('a lab has a server');
  const run = async (line: string) => (await session.send('', [line])).reply;
  // The buffers of the connection are there from its first command on.
  await run('PING');
  await run(`CONFIG SET maxmemory-policy ${policy} maxmemory ${server.memory.used + ROOM}`);
  const fill = async (count: number, prefix = 'k', options = '') => {
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const reply = await run(`SET ${prefix}${i} ${VALUE} ${options}`);
      if (reply?.startsWith('(error) OOM')) refused++;
      lab.clock.advance(10);
    }
    return refused;
  };
  return { lab, server, run, fill };
}

test('without eviction a write that needs memory is refused, and nothing is lost', async () => {
  const { server, run, fill } = await start('noeviction');
  expect(await fill(100)).toBeGreaterThan(0);
  expect(server.stats.evictedKeys).toBe(0);
  expect(await run('GET k0')).toBe(`"${VALUE}"`);
  expect(await run('DEL k0')).toBe('(integer) 1');
});

test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('%s makes room', async (policy) => {
  const { server, fill } = await start(policy);
  expect(await fill(200)).toBe(0);
  expect(server.stats.evictedKeys).toBeGreaterThan(100);
  expect(server.memory.used).toBeLessThanOrEqual(server.settings.maxmemory + 3000);
});

test('LRU keeps what is used', async () => {
  const { run, fill, lab } = await start('allkeys-lru');
  await run(`SET favourite ${VALUE}`);
  for (let round = 0; round < 20; round++) {
    await fill(10, `r${round}:`);
    await run('GET favourite');
    lab.clock.advance(10);
  }
  expect(await run('EXISTS favourite')).toBe('(integer) 1');
});

test('volatile policies leave keys without an expiry alone', async () => {
  const { run, fill } = await start('volatile-ttl');
  await fill(20, 'forever');
  expect(await fill(100, 'brief', 'EX 1000')).toBe(0);
  expect(await run('EXISTS forever0 forever19')).toBe('(integer) 2');
  expect(await fill(100, 'more')).toBeGreaterThan(0);
});

test('volatile-ttl evicts what would expire first', async () => {
  const { run, fill } = await start('volatile-ttl');
  await fill(5, 'long', 'EX 100000');
  await fill(150, 'short', 'EX 100');
  expect(await run('EXISTS long0 long1 long2 long3 long4')).toBe('(integer) 5');
});

test('the counter of LFU grows slowly and falls without use', async () => {
  const { lab, run } = await start('allkeys-lfu');
  await run('SET k v');
  for (let i = 0; i < 1000; i++) await run('GET k');
  const hot = Number(/\d+/.exec((await run('OBJECT FREQ k')) ?? '')?.[0]);
  expect(hot).toBeGreaterThan(8);
  expect(hot).toBeLessThan(60);
  lab.clock.advance(120 * 60_000);
  expect(await run('OBJECT FREQ k')).toBe('(integer) 0');
});

test('an eviction is an event, and breaks a WATCH', async () => {
  const { server, run, fill, lab } = await start('noeviction');
  const others = new LabSession(lab);
  await run('CONFIG SET notify-keyspace-events Ee');
  await others.send('events', ['SUBSCRIBE __keyevent@0__:evicted']);
  await run('SET watched v');
  await others.send('A', ['WATCH watched']);
  const full = server.memory.used + ROOM;
  await run(`CONFIG SET maxmemory-policy allkeys-lru maxmemory ${full}`);
  await fill(200);
  const { arrivals } = await others.send('A', ['MULTI']);
  expect((await others.send('A', ['EXEC'])).reply).toBe('(nil)');
  expect(arrivals.map(({ text }) => text).join()).toContain('"watched"');
});

test('a limit that is set evicts at once, without a command after it', async () => {
  const { lab, server, run } = await start('allkeys-lru');
  await run('SET k v');
  await run('CONFIG SET maxmemory 1');
  lab.clock.advance(1);
  expect(server.stats.evictedKeys).toBe(1);
});

test('a replica evicts nothing by itself, unless it is told to', async () => {
  const lab = new Lab({ topology: { kind: 'replicated', replicas: 1 } });
  const session = new LabSession(lab);
  const replica = lab.node('node2')?.server;
  const tell = (line: string) => session.send('node2', [line]);
  await session.send('node1', ['SET k v']);
  await tell('CONFIG SET maxmemory-policy allkeys-lru maxmemory 1');
  lab.clock.advance(10);
  await tell('DBSIZE');
  expect(replica?.stats.evictedKeys).toBe(0);
  await tell('CONFIG SET replica-ignore-maxmemory no');
  await tell('DBSIZE');
  expect(replica?.stats.evictedKeys).toBe(1);
});
