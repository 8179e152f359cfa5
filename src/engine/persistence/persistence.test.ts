import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from './disk.ts';
import { persistenceInfo } from './info.ts';

type Config = Readonly<Record<string, string>>;

const dump = '/data/dump.rdb';
const aofFile = (name: string) => `/data/appendonlydir/appendonly.aof.${name}`;

/** A server with its files on this disk, and a console on it. */
function start(disk: VirtualDisk, config: Config = {}) {
  const said: string[] = [];
  const lab = new Lab({ disk, config, log: (_, message) => said.push(message) });
  const session = new LabSession(lab);
  const run = async (line: string) => (await session.send('', [line])).reply;
  const server = lab.nodes[0]?.server;
  if (!server) throw new Error('a lab has a server');
  const info = () => Object.fromEntries(persistenceInfo(server.persistence, lab.clock.now));
  return { lab, server, run, info, said, wait: (ms: number) => lab.clock.advance(ms) };
}

test('SAVE keeps everything for the next start: databases, types, expiries', async () => {
  const disk = new VirtualDisk();
  const { run } = start(disk);
  await run('SET a 1');
  await run('SET gone soon PX 1');
  await run('SELECT 3');
  await run('ZADD z 1.5 a 2 b');
  await run('EXPIRE z 1000');
  expect(await run('SAVE')).toBe('OK');
  const next = start(disk);
  expect(await next.run('DBSIZE')).toBe('(integer) 2');
  expect(await next.run('GET a')).toBe('"1"');
  await next.run('SELECT 3');
  expect(await next.run('ZSCORE z a')).toBe('"1.5"');
  expect(await next.run('TTL z')).toBe('(integer) 1000');
  expect(next.info().rdb_changes_since_last_save).toBe(0);
});

test('BGSAVE saves what there was when it began, and only one runs at a time', async () => {
  const disk = new VirtualDisk();
  const { run, wait, info, lab } = start(disk);
  await run('SET a before');
  wait(5000);
  expect(await run('BGSAVE')).toBe('Background saving started');
  expect(await run('BGSAVE')).toBe('(error) ERR Background save already in progress');
  expect(await run('SAVE')).toBe('(error) ERR Background save already in progress');
  expect(await run('BGREWRITEAOF')).toBe('Background append only file rewriting scheduled');
  expect(info()).toMatchObject({ rdb_bgsave_in_progress: 1, aof_rewrite_scheduled: 1 });
  await run('SET a after');
  expect(disk.read(dump)).toBeUndefined();
  wait(1000);
  expect(info()).toMatchObject({ rdb_bgsave_in_progress: 0, rdb_changes_since_last_save: 1 });
  expect(await run('LASTSAVE')).toBe(`(integer) ${Math.floor((lab.clock.now - 980) / 1000)}`);
  expect(await start(disk).run('GET a')).toBe('"before"');
});

test('a large snapshot is written in slices, and holds what there was when it began', async () => {
  const disk = new VirtualDisk();
  const { run, wait, info } = start(disk, { 'enable-debug-command': 'yes' });
  const values = 30_000;
  await run(`DEBUG POPULATE ${values}`);
  await run('RPUSH list a b');
  await run('EXPIRE key:2 1000');
  await run('BGSAVE');
  const done = Number(info().current_save_keys_processed);
  expect(done).toBeGreaterThan(100);
  expect(done).toBeLessThan(values);
  await run('SET key:0 changed');
  await run('DEL key:1');
  await run('PERSIST key:2');
  await run('RPUSH list c');
  await run('SET new 1');
  wait(10);
  await run('RENAME key:3 moved');
  await run('SWAPDB 0 1');
  await run('SET other 1');
  wait(10);
  await run('SELECT 1');
  await run('FLUSHDB');
  expect(info().rdb_bgsave_in_progress).toBe(1);
  wait(5000);
  expect(info()).toMatchObject({ rdb_bgsave_in_progress: 0, rdb_last_bgsave_status: 'ok' });
  const next = start(disk);
  expect(await next.run('DBSIZE')).toBe(`(integer) ${values + 1}`);
  expect(await next.run('MGET key:0 key:1 key:3')).toBe('1) "value:0"\n2) "value:1"\n3) "value:3"');
  expect(await next.run('LLEN list')).toBe('(integer) 2');
  expect(await next.run('EXISTS new moved other')).toBe('(integer) 0');
  expect(await next.run('TTL key:2')).not.toBe('(integer) -1');
});

test('save points save when enough has changed for long enough', async () => {
  const disk = new VirtualDisk();
  const { run, wait } = start(disk, { save: '10 2' });
  await run('SET a 1');
  wait(20_000);
  expect(disk.read(dump)).toBeUndefined();
  await run('SET b 1');
  wait(200);
  expect(disk.read(dump)).toBeDefined();
});

test('FLUSHALL empties the file where there are save points, and leaves it where there are none', async () => {
  for (const save of ['3600 1', '']) {
    const disk = new VirtualDisk();
    const { run, info } = start(disk, { save });
    await run('MSET a 1 b 2');
    await run('SAVE');
    await run('FLUSHALL');
    expect(info().rdb_saves).toBe(1);
    expect(info().rdb_changes_since_last_save === 0).toBe(save !== '');
    expect(await start(disk).run('DBSIZE')).toBe(save === '' ? '(integer) 2' : '(integer) 0');
  }
});

test('a failed snapshot refuses writes until one succeeds', async () => {
  const disk = new VirtualDisk();
  const { run, wait, info } = start(disk);
  disk.isFull = true;
  await run('BGSAVE');
  wait(1000);
  expect(info().rdb_last_bgsave_status).toBe('err');
  expect(await run('SET a 1')).toMatch(/^\(error\) MISCONF Redis is configured to save RDB/);
  expect(await run('GET a')).toBe('(nil)');
  expect(await run('SAVE')).toBe('(error) ERR');
  disk.isFull = false;
  expect(await run('SAVE')).toBe('OK');
  expect(await run('SET a 1')).toBe('OK');
});

test('SHUTDOWN saves where there are save points, unless it is told otherwise', async () => {
  const disk = new VirtualDisk();
  const first = start(disk);
  await first.run('SET a 1');
  await first.run('SHUTDOWN NOSAVE');
  expect(disk.paths).toEqual([]);
  const second = start(disk);
  await second.run('SET a 1');
  await second.run('SHUTDOWN');
  expect(await start(disk).run('GET a')).toBe('"1"');
  const third = start(disk, { save: '' });
  await third.run('SET a 2');
  await third.run('SHUTDOWN');
  expect(await start(disk).run('GET a')).toBe('"1"');
});

test('the append-only file tells every write, relative times and transactions as they were', async () => {
  const disk = new VirtualDisk();
  const aof = { appendonly: 'yes' };
  const { run } = start(disk, aof);
  for (const line of ['SET a 1', 'INCR a', 'GET a', 'SET e v EX 100', 'SELECT 2']) await run(line);
  for (const line of ['MULTI', 'SET b 1', 'LPUSH l x y', 'EXEC']) await run(line);
  expect(disk.paths).toEqual(['1.base.rdb', '1.incr.aof', 'manifest'].map(aofFile));
  const words = disk
    .read(aofFile('1.incr.aof'))
    ?.replace(/[*$]\d+\r\n/g, '')
    .split('\r\n');
  expect(words?.join(' ')).toBe(
    'SELECT 0 SET a 1 INCR a SET e v PXAT 1767225700000 SELECT 2 MULTI SET b 1 LPUSH l x y EXEC ',
  );
  const next = start(disk, aof);
  expect(await next.run('GET a')).toBe('"2"');
  expect(await next.run('TTL e')).toBe('(integer) 100');
  await next.run('SELECT 2');
  expect(await next.run('LRANGE l 0 -1')).toBe('1) "y"\n2) "x"');
  await next.run('SET more 1');
  expect(await start(disk, aof).run('DBSIZE')).toBe('(integer) 2');
});

test('DEBUG RELOAD and LOADAOF go through the files and back', async () => {
  const disk = new VirtualDisk();
  const config = { appendonly: 'yes', 'enable-debug-command': 'yes' };
  const { run } = start(disk, config);
  for (const line of ['SET a 1', 'SET e v PX 60000', 'RPUSH l x y', 'SET a 2']) await run(line);
  const digest = await run('DEBUG DIGEST');
  expect(await run('DEBUG RELOAD')).toBe('OK');
  expect(await run('DEBUG DIGEST')).toBe(digest);
  expect(await run('DEBUG LOADAOF')).toBe('OK');
  expect(await run('DEBUG DIGEST')).toBe(digest);
  expect(await run('DEBUG RELOAD NOFLUSH')).toMatch(/ERR Error trying to load the RDB dump/);
  disk.write(dump, 'REDIS0010 broken');
  expect(await run('DEBUG RELOAD NOSAVE')).toMatch(/ERR Error trying to load the RDB dump/);
  expect(await run('DEBUG DIGEST')).toBe(digest);
});

test('CONFIG SET appendonly starts and ends the file while the server runs', async () => {
  const disk = new VirtualDisk();
  const { run } = start(disk);
  await run('SET a 1');
  for (let i = 0; i < 2; i++) {
    expect(await run('CONFIG SET appendonly yes')).toBe('OK');
    await run(`INCR a`);
    expect(await run('CONFIG SET appendonly no')).toBe('OK');
    await run('INCR a');
  }
  expect(disk.paths).toHaveLength(3);
  expect(await start(disk, { appendonly: 'yes' }).run('GET a')).toBe('"4"');
});

test('the one file that Redis before 7.0 wrote is taken over', async () => {
  const disk = new VirtualDisk();
  disk.write('/data/appendonly.aof', '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n');
  const { run } = start(disk, { appendonly: 'yes' });
  expect(await run('GET a')).toBe('"1"');
  expect(disk.paths).toEqual(
    ['', '.1.incr.aof', '.manifest'].map((end) => `/data/appendonlydir/appendonly.aof${end}`),
  );
});

test('a loss of power loses what the fsync policy has not made durable', async () => {
  const kept = async (policy: string, ms: number) => {
    const disk = new VirtualDisk();
    const config = { appendonly: 'yes', appendfsync: policy };
    const { run, wait } = start(disk, config);
    await run('SET a 1');
    wait(ms);
    disk.losePower();
    return start(disk, config).run('EXISTS a');
  };
  expect(await kept('always', 0)).toBe('(integer) 1');
  expect(await kept('everysec', 0)).toBe('(integer) 0');
  expect(await kept('everysec', 1200)).toBe('(integer) 1');
  expect(await kept('no', 10_000)).toBe('(integer) 0');
});

test.each(['yes', 'no'])(
  'a rewrite leaves one base with all there is (preamble %s)',
  async (rdb) => {
    const disk = new VirtualDisk();
    const config = { appendonly: 'yes', 'aof-use-rdb-preamble': rdb };
    const { run, wait, info } = start(disk, config);
    for (let i = 0; i < 100; i++) await run(`RPUSH l ${i}`);
    await run('XADD s 5-1 f v');
    await run('XGROUP CREATE s g 0');
    await run('XREADGROUP GROUP g c STREAMS s >');
    expect(await run('BGREWRITEAOF')).toBe('Background append only file rewriting started');
    await run('SET during 1');
    expect(info().aof_rewrite_in_progress).toBe(1);
    wait(1000);
    const base = rdb === 'yes' ? '2.base.rdb' : '2.base.aof';
    expect(disk.paths).toEqual(['2.incr.aof', base, 'manifest'].sort().map(aofFile));
    expect(info()).toMatchObject({ aof_rewrites: 1, aof_last_bgrewrite_status: 'ok' });
    const next = start(disk, config);
    expect(await next.run('LLEN l')).toBe('(integer) 100');
    expect(await next.run('GET during')).toBe('"1"');
    expect(await next.run('XPENDING s g')).toContain('"c"');
  },
);

test('a file cut at any byte loses the last command and no more, or refuses where that is asked for', async () => {
  const disk = new VirtualDisk();
  const config = { appendonly: 'yes' };
  const { run } = start(disk, config);
  for (const line of ['SET a 1', 'SET b 2', 'MULTI', 'SET c 3', 'SET d 4', 'EXEC']) await run(line);
  const path = aofFile('1.incr.aof');
  const whole = disk.read(path) as string;
  for (let length = 0; length <= whole.length; length++) {
    disk.write(path, whole.slice(0, length));
    const size = await start(disk, config).run('DBSIZE');
    expect(['(integer) 0', '(integer) 1', '(integer) 2', '(integer) 4']).toContain(size);
    if (disk.read(path)?.length === length) continue;
    disk.write(path, whole.slice(0, length));
    expect(() => start(disk, { ...config, 'aof-load-truncated': 'no' })).toThrow(/^Unexpected end/);
  }
});

test('a changed byte in a snapshot keeps the server from starting', async () => {
  const disk = new VirtualDisk();
  const { run } = start(disk);
  await run('RPUSH l 1 two');
  await run('SAVE');
  const whole = disk.read(dump) as string;
  for (let at = 0; at < whole.length; at++) {
    const changed = String.fromCharCode(whole.charCodeAt(at) ^ (1 << (at % 8)));
    disk.write(dump, whole.slice(0, at) + changed + whole.slice(at + 1));
    expect(() => start(disk), `byte ${at}`).toThrow();
    disk.write(dump, whole.slice(0, at));
    expect(() => start(disk), `${at} bytes`).toThrow();
  }
});

test('changed bytes in an append-only file give an error or a state, never a bug', async () => {
  const disk = new VirtualDisk();
  const config = { appendonly: 'yes' };
  const { run } = start(disk, config);
  for (const line of ['SET a 1', 'LPUSH l x', 'MULTI', 'SET b 1', 'SET c 1', 'EXEC'])
    await run(line);
  const path = aofFile('1.incr.aof');
  const whole = disk.read(path) as string;
  for (let at = 0; at < whole.length; at++) {
    const changed = String.fromCharCode(whole.charCodeAt(at) ^ (1 << (at % 8)));
    disk.write(path, whole.slice(0, at) + changed + whole.slice(at + 1));
    try {
      start(disk, config);
    } catch (error) {
      expect((error as Error).name).toBe('LoadError');
    }
  }
});
