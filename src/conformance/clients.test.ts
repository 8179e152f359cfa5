import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { openLua } from '../hosts/lua-file.ts';
import { TcpHost } from '../hosts/tcp.ts';

/** Programs that talk to a Redis in earnest, unmodified, on the engine over TCP. */

const run = promisify(execFile);
const bugs: unknown[] = [];
const lab = new Lab({ start: Date.now(), openLua, stopwatch: () => performance.now() * 1000 });
const host = new TcpHost(lab, (error) => bugs.push(error));
let port = 0;

beforeAll(async () => {
  const { server } = lab.nodes[0] as Lab['nodes'][number];
  port = await host.listen(server.accept, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await host.close();
  expect(bugs).toEqual([]);
});

/** Whether a program is here; with CI=true it must be. */
async function isHere(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, [...args]);
    return true;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.warn(`not tried, ${program} ${args.join(' ')} fails here`);
    return false;
  }
}

describe('ioredis', () => {
  let redis: Redis;
  let other: Redis;
  beforeAll(async () => {
    redis = new Redis(port, '127.0.0.1');
    other = new Redis(port, '127.0.0.1');
    await redis.flushall();
  });
  afterAll(() => {
    redis.disconnect();
    other.disconnect();
  });

  test('strings of text and of bytes', async () => {
    expect(await redis.set('greeting', 'żółw', 'EX', 60)).toBe('OK');
    expect(await redis.get('greeting')).toBe('żółw');
    expect(await redis.ttl('greeting')).toBe(60);
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await redis.set('bytes', bytes);
    expect(await redis.getBuffer('bytes')).toEqual(bytes);
    await expect(redis.lpush('greeting', 'x')).rejects.toThrow('WRONGTYPE');
  });

  test('a pipeline of a thousand commands', async () => {
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.incr('counter');
    const replies = await pipeline.exec();
    expect(replies?.at(-1)).toEqual([null, 1000]);
  });

  test('transactions, and what WATCH does to them', async () => {
    expect(await redis.multi().set('a', '1').incr('a').exec()).toEqual([
      [null, 'OK'],
      [null, 2],
    ]);
    await redis.watch('a');
    await other.set('a', 'changed');
    expect(await redis.multi().set('a', 'lost').exec()).toBeNull();
    expect(await redis.get('a')).toBe('changed');
  });

  test('a subscriber hears what is published', async () => {
    const subscriber = redis.duplicate();
    const heard = new Promise((resolve) => subscriber.on('message', (...args) => resolve(args)));
    const byPattern = new Promise((resolve) => subscriber.on('pmessage', (...a) => resolve(a)));
    await subscriber.subscribe('news', 'more');
    await subscriber.psubscribe('n*s');
    expect(await redis.publish('news', 'hello')).toBe(2);
    expect(await heard).toEqual(['news', 'hello']);
    expect(await byPattern).toEqual(['n*s', 'news', 'hello']);
    expect(await subscriber.unsubscribe('news', 'more')).toBe(1);
    subscriber.disconnect();
  });

  test('a blocking pop waits for the element of another client', async () => {
    const popped = other.blpop('queue', 5);
    await untilBlocked(redis);
    await redis.rpush('queue', 'job');
    expect(await popped).toEqual(['queue', 'job']);
    expect(await other.blpop('queue', 0.01)).toBeNull();
  });

  test('scripts, by their text and by their name', async () => {
    redis.defineCommand('addBoth', {
      numberOfKeys: 2,
      lua: "return redis.call('INCRBY', KEYS[1], ARGV[1]) + redis.call('INCRBY', KEYS[2], ARGV[1])",
    });
    const scripted = redis as Redis & { addBoth(...args: string[]): Promise<number> };
    expect(await scripted.addBoth('n1', 'n2', '5')).toBe(10);
    expect(await scripted.addBoth('n1', 'n2', '5')).toBe(20);
    await redis.set('word', 'no number');
    await expect(redis.eval("return redis.call('INCR', 'word')", 0)).rejects.toThrow(
      'value is not an integer',
    );
  });

  test('scanning finds every key', async () => {
    await redis.mset(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`scan:${i}`, 'x'])));
    const found = new Set<string>();
    for await (const keys of redis.scanStream({ match: 'scan:*', count: 50 })) {
      for (const key of keys as string[]) found.add(key);
    }
    expect(found.size).toBe(500);
  });

  test('a MONITOR sees what others do', async () => {
    const monitor = await redis.duplicate().monitor();
    const seen = new Promise((resolve) => monitor.on('monitor', (_time, args) => resolve(args)));
    await redis.set('watched', 'v');
    expect(await seen).toEqual(['set', 'watched', 'v']);
    monitor.disconnect();
  });
});

/** Until somebody waits for a key. */
async function untilBlocked(redis: Redis): Promise<void> {
  while (!String(await redis.client('LIST')).includes('flags=b')) {
    // Asks again.
  }
}

describe.each([2, 3] as const)('node-redis, RESP%i', (RESP) => {
  const open = () => createClient({ RESP, socket: { port, host: '127.0.0.1' } });
  let redis: ReturnType<typeof open>;
  beforeAll(async () => {
    redis = open();
    await redis.connect();
    await redis.flushAll();
  });
  afterAll(() => redis.destroy());

  test('strings, hashes, lists, sets and sorted sets', async () => {
    await redis.set('k', 'v', { expiration: { type: 'EX', value: 100 } });
    expect(await redis.get('k')).toBe('v');
    await redis.hSet('h', { a: '1', b: '2' });
    expect(await redis.hGetAll('h')).toEqual({ a: '1', b: '2' });
    await redis.rPush('l', ['a', 'b', 'c']);
    expect(await redis.lRange('l', 0, -1)).toEqual(['a', 'b', 'c']);
    await redis.sAdd('s', ['x', 'y']);
    expect(new Set(await redis.sMembers('s'))).toEqual(new Set(['x', 'y']));
    await redis.zAdd('z', [
      { score: 1.5, value: 'one' },
      { score: Infinity, value: 'all' },
    ]);
    expect(await redis.zRangeWithScores('z', 0, -1)).toEqual([
      { value: 'one', score: 1.5 },
      { value: 'all', score: Infinity },
    ]);
  });

  test('a transaction, and one that is watched', async () => {
    expect(await redis.multi().set('n', '1').incr('n').exec()).toEqual(['OK', 2]);
    const watching = open();
    await watching.connect();
    await watching.watch('n');
    await redis.set('n', '5');
    await expect(watching.multi().incr('n').exec()).rejects.toThrow('watched keys');
    watching.destroy();
  });

  test('Pub/Sub', async () => {
    const subscriber = open();
    await subscriber.connect();
    const heard = new Promise((resolve) => {
      subscriber.subscribe('news', (message, channel) => resolve([channel, message]));
    });
    while ((await redis.publish('news', 'hello')) === 0) {
      // Not subscribed yet.
    }
    expect(await heard).toEqual(['news', 'hello']);
    subscriber.destroy();
  });

  test('a blocking pop', async () => {
    const waiting = open();
    await waiting.connect();
    const popped = waiting.blPop('queue', 5);
    while (!(await redis.sendCommand(['CLIENT', 'LIST'])).toString().includes('flags=b')) {
      // Asks again.
    }
    await redis.lPush('queue', 'job');
    expect(await popped).toEqual({ key: 'queue', element: 'job' });
    waiting.destroy();
  });

  test('scripts and iterators', async () => {
    const reply = await redis.eval('return {KEYS[1], ARGV[1], 3}', {
      keys: ['k'],
      arguments: ['a'],
    });
    expect(reply).toEqual(['k', 'a', 3]);
    for (let i = 0; i < 200; i++) await redis.hSet('big', `f${i}`, String(i));
    let fields = 0;
    for await (const entries of redis.hScanIterator('big', { COUNT: 20 })) fields += entries.length;
    expect(fields).toBe(200);
  });
});

const python = `
import redis, threading, time
r = redis.Redis(port=PORT, decode_responses=True)
r.flushall()
assert r.set('k', 'zółw', ex=60) and r.get('k') == 'zółw' and 0 < r.ttl('k') <= 60
p = r.pipeline(transaction=False)
for i in range(1000): p.incr('n')
assert p.execute()[-1] == 1000
with r.pipeline() as p:
    p.watch('n'); n = int(p.get('n')); p.multi(); p.set('n', n + 1); assert p.execute() == [True]
    p.watch('n'); r.incr('n'); p.multi(); p.get('n')
    try: p.execute(); assert False
    except redis.WatchError: pass
threading.Timer(0.02, lambda: redis.Redis(port=PORT).rpush('q', 'job')).start()
assert r.blpop('q', timeout=5) == ('q', 'job')
sub = r.pubsub(); sub.subscribe('news'); assert sub.get_message(timeout=5)['type'] == 'subscribe'
r.publish('news', 'hello')
assert sub.get_message(timeout=5)['data'] == 'hello'
double = r.register_script('return tonumber(ARGV[1]) * 2')
assert double(args=[21]) == 42 and double(args=[4]) == 8
r.mset({f'key:{i}': i for i in range(300)})
assert len(set(r.scan_iter('key:*'))) == 300
r.zadd('z', {'a': 1, 'b': 2.5}); assert r.zrange('z', 0, -1, withscores=True) == [('a', 1.0), ('b', 2.5)]
with r.lock('lock', timeout=5): assert r.exists('lock')
assert not r.exists('lock')
assert r.info('server')['redis_mode'] == 'standalone'
print('done', redis.__version__)
`;

test('redis-py works as it is', async () => {
  if (!(await isHere('/usr/bin/python3', ['-c', 'import redis']))) return;
  const script = python.replaceAll('PORT', String(port));
  const { stdout } = await run('/usr/bin/python3', ['-c', script]);
  expect(stdout).toMatch(/^done /);
});

test('redis-cli works as it is', async () => {
  if (!(await isHere('redis-cli', ['--version']))) return;
  const cli = async (...args: string[]) =>
    (await run('redis-cli', ['-p', String(port), ...args])).stdout;
  expect(await cli('SET', 'k', 'a b')).toBe('OK\n');
  expect(await cli('--no-raw', 'GET', 'k')).toBe('"a b"\n');
  expect(await cli('-3', '--no-raw', 'CONFIG', 'GET', 'maxmemory')).toBe('1# "maxmemory" => "0"\n');
  expect(await cli('--bigkeys')).toContain('Sampled');
  expect(await cli('-r', '3', 'INCR', 'runs')).toBe('1\n2\n3\n');
});

test('redis-benchmark runs all that it knows', async () => {
  if (!(await isHere('redis-benchmark', ['--version']))) return;
  const sizes = ['-n', '1000', '-c', '20', '-P', '4', '-q', '--csv'];
  const { stdout, stderr } = await run('redis-benchmark', ['-p', String(port), ...sizes]);
  expect(stderr).not.toContain('Error');
  const names = stdout.split('\n').map((line) => /^"([^"]+)","\d/.exec(line)?.[1]);
  for (const name of [
    'PING_INLINE',
    'SET',
    'GET',
    'INCR',
    'LPUSH',
    'ZADD',
    'SPOP',
    'MSET (10 keys)',
  ]) {
    expect(names).toContain(name);
  }
});
