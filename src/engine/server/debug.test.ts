import { expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const start = () => new LabSession(new Lab({ config: { 'enable-debug-command': 'yes' } }));

const run = async (session: LabSession, ...commands: readonly string[]) =>
  (await session.send('', commands)).reply?.split('\n').at(-1);

// The digests below are those that redis-server 7.0.15 prints for the same data.
test('an empty server has the digest of nothing', async () => {
  expect(await run(start(), 'DEBUG DIGEST')).toBe('0'.repeat(40));
});

test('the digest tells types, contents, orders and expiries apart, and nothing else', async () => {
  const session = start();
  const fill = [
    ...['SET a b', 'RPUSH l 1 2 3', 'HSET h a 1 b 2', 'SADD t foo bar baz'],
    ...['ZADD z 1 a 2.5 b -inf c', 'XADD x 1-1 a b c d', 'EXPIRE a 1000'],
  ];
  const before = await run(session, ...fill, 'DEBUG DIGEST');
  const refill = [
    ...['FLUSHALL', 'ZADD z -inf c 2.5 b 1 a', 'SADD t baz bar foo', 'HSET h b 2', 'HSET h a 1'],
    ...['RPUSH l 1 2 3', 'XADD x 1-1 a b c d', 'SET a b EX 5'],
  ];
  expect(await run(session, ...refill, 'DEBUG DIGEST')).toBe(before);
  expect(await run(session, 'PERSIST a', 'DEBUG DIGEST')).not.toBe(before);
  expect(await run(session, 'EXPIRE a 5', 'DEBUG DIGEST')).toBe(before);
  expect(await run(session, 'LPUSH l x', 'LPOP l', 'DEBUG DIGEST')).toBe(before);
  expect(await run(session, 'LMOVE l l LEFT RIGHT', 'DEBUG DIGEST')).not.toBe(before);
});

test('without enable-debug-command DEBUG is refused', async () => {
  const session = new LabSession(new Lab());
  expect(await run(session, 'DEBUG DIGEST')).toMatch(/^\(error\) ERR DEBUG command not allowed\./);
});

test('a sleep is in the slow log with the time that it took', async () => {
  const lab = new Lab({ config: { 'enable-debug-command': 'yes' } });
  const session = new LabSession(lab);
  await session.send('', ['DEBUG SLEEP 0.25']);
  lab.clock.advance(250);
  expect((await session.send('', ['SLOWLOG GET'])).reply).toContain('3) (integer) 250000');
});

test('while the cron is paused nothing expires that nobody looks at', async () => {
  const lab = new Lab({ config: { 'enable-debug-command': 'yes' } });
  const session = new LabSession(lab);
  await session.send('', ['SET a 1 PX 10', 'DEBUG PAUSE-CRON 1']);
  lab.clock.advance(1000);
  expect(await run(session, 'DBSIZE')).toBe('(integer) 1');
  await session.send('', ['DEBUG PAUSE-CRON 0']);
  lab.clock.advance(1000);
  expect(await run(session, 'DBSIZE')).toBe('(integer) 0');
});

test('faults of the cluster bus are not simulated, and in a cluster DEBUG says so', async () => {
  const config = { 'enable-debug-command': 'yes' };
  const topology = { kind: 'nodes', nodes: 1 } as const;
  const session = new LabSession(new Lab({ topology, config }));
  const me = (await run(session, 'CLUSTER MYID'))?.replaceAll('"', '');
  const notSimulated = /is not simulated here/;
  expect(await run(session, `DEBUG CLUSTERLINK KILL ALL ${me}`)).toMatch(notSimulated);
  expect(await run(session, 'DEBUG CLUSTERLINK KILL ALL x')).toBe('(error) ERR Unknown node x');
  expect(await run(session, 'DEBUG DROP-CLUSTER-PACKET-FILTER 1')).toMatch(notSimulated);
  expect(await run(session, 'DEBUG DROP-CLUSTER-PACKET-FILTER -1')).toBe('OK');
  expect(await run(start(), 'DEBUG DROP-CLUSTER-PACKET-FILTER 1')).toBe('OK');
});

test('DEBUG LOG says something in the log, in which loglevel says how much there is', async () => {
  const said: string[] = [];
  const log = (level: string, message: string) => said.push(`${level}: ${message}`);
  const session = new LabSession(new Lab({ config: { 'enable-debug-command': 'yes' }, log }));
  await run(session, 'DEBUG RELOAD', 'DEBUG LOG "hi there"');
  expect(said).toContain('notice: DB loaded from disk: 0.000 seconds');
  expect(said.at(-1)).toBe('warning: DEBUG LOG: hi there');
  const before = said.length;
  await run(session, 'CONFIG SET loglevel warning', 'DEBUG RELOAD', 'DEBUG LOG two');
  expect(said.slice(before)).toEqual(['warning: DEBUG LOG: two']);
});

test('a crash is told in the log and to nobody else; nothing is saved', async () => {
  const logged: string[] = [];
  const lab = new Lab({
    config: { 'enable-debug-command': 'yes' },
    log: (_, text) => logged.push(text),
  });
  const session = new LabSession(lab);
  await session.send('', ['SET a 1']);
  const { reply } = await session.send('', ['DEBUG SEGFAULT']);
  expect(reply).toBe('Error: Server closed the connection');
  expect(logged.at(-1)).toMatch(/crashed by signal: 11/);
  expect(lab.events.all.at(-1)?.text).toBe('crashes');
  expect(lab.nodes[0]?.disk.read('/data/dump.rdb')).toBeUndefined();
});

test('DEBUG OBJECT tells of what has expired and is still there, and leaves it there', async () => {
  const lab = new Lab({ config: { 'enable-debug-command': 'yes' } });
  const session = new LabSession(lab);
  await run(session, 'DEBUG SET-ACTIVE-EXPIRE 0', 'SET k v PX 1');
  lab.clock.advance(1);
  expect(await run(session, 'DEBUG OBJECT k')).toContain('encoding:embstr');
  expect(await run(session, 'EXISTS k', 'DEBUG OBJECT k')).toBe('(error) ERR no such key');
});

test('DEBUG RELOAD NOFLUSH refuses libraries that are there already, MERGE replaces them', async () => {
  const config = { 'enable-debug-command': 'yes' };
  const session = new LabSession(new Lab({ config, openLua }));
  const code = "#!lua name=one\\nredis.register_function('f', function() return 1 end)";
  await run(session, `FUNCTION LOAD "${code}"`);
  expect(await run(session, 'DEBUG RELOAD NOFLUSH')).toContain('Error trying to load the RDB');
  expect(await run(session, 'DEBUG RELOAD NOFLUSH MERGE', 'FCALL f 0')).toBe('(integer) 1');
});

test('COMMAND LIST names subcommands too', async () => {
  expect((await start().send('', ['COMMAND LIST'])).reply).toContain('"client|list"');
});
