import { expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { genesis, Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** A lab with one server, what it propagates, and a console on it. */
function start() {
  const lab = new Lab();
  const server = lab.nodes[0]?.server;
  if (!server) throw new Error('a lab has a server');
  const propagated: string[] = [];
  server.propagation.listeners.add((db, argv) => propagated.push(`${db}: ${argv.join(' ')}`));
  const session = new LabSession(lab);
  const run = async (line: string, client = '') => (await session.send(client, [line])).reply;
  return { lab, server, propagated, run };
}

test('replicas see writes alone, and only those that changed something', async () => {
  const { propagated, run } = start();
  await run('SET a 1');
  await run('GET a');
  await run('DEL nothing');
  await run('SADD s x');
  await run('SADD s x');
  expect(propagated).toEqual(['0: SET a 1', '0: SADD s x']);
});

test('a relative expiry is propagated as the instant it means', async () => {
  const { propagated, run } = start();
  await run('SET k v EX 10');
  await run('EXPIRE k 20');
  expect(propagated).toEqual([
    `0: SET k v PXAT ${genesis + 10_000}`,
    `0: PEXPIREAT k ${genesis + 20_000}`,
  ]);
});

test('chance is propagated as what it did', async () => {
  const { propagated, run } = start();
  await run('SADD s only');
  await run('SPOP s');
  expect(propagated.at(-1)).toBe('0: SREM s only');
});

test('a key that expires is propagated as a deletion, whoever finds it', async () => {
  const { lab, propagated, run } = start();
  await run('SET seen v PX 1000');
  await run('SET unseen v PX 1000');
  lab.clock.advance(1000);
  await run('GET seen');
  lab.clock.advance(1000);
  expect(propagated.slice(2).sort()).toEqual(['0: DEL seen', '0: DEL unseen']);
});

test('keys that SCAN finds expired go one by one, those that a command names together', async () => {
  const { lab, server, propagated, run } = start();
  server.settings.activeExpire = false;
  const find = async (line: string) => {
    for (const key of ['a', 'b']) await run(`SET ${key} v PX 1`);
    lab.clock.advance(1);
    propagated.length = 0;
    await run(line);
    return [...propagated].sort();
  };
  expect(await find('SCAN 0')).toEqual(['0: DEL a', '0: DEL b']);
  const together = ['0: DEL a', '0: DEL b', '0: EXEC', '0: MULTI'];
  expect(await find('EXISTS a b')).toEqual(together);
});

test('what a group reads is propagated as what its consumers owe from then on', async () => {
  const { propagated, run } = start();
  await run('XADD s 1-0 a b');
  await run('XGROUP CREATE s g 0');
  await run('XREADGROUP GROUP g alice STREAMS s >');
  await run('XREADGROUP GROUP g alice STREAMS s 0');
  const owed = `XCLAIM s g alice 0 1-0 TIME ${genesis} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0`;
  const read = 'XGROUP SETID s g 1-0 ENTRIESREAD 1';
  expect(propagated.slice(2)).toEqual(['MULTI', owed, read, 'EXEC'].map((told) => `0: ${told}`));
});

test('a transaction is told where its first write is: SELECT stands before MULTI', async () => {
  const { propagated, run } = start();
  for (const line of ['MULTI', 'SET a 1', 'SELECT 3', 'SET b 2', 'EXEC']) await run(line);
  expect(propagated).toEqual(['0: MULTI', '0: SET a 1', '3: SET b 2', '3: EXEC']);
});

test('the active cycle keeps up with a wave of expiries', async () => {
  const { lab, server, run } = start();
  await run(`EVAL "for i = 1, 5000 do redis.call('SET', i, i, 'PX', 500) end" 0`);
  lab.clock.advance(1500);
  expect(server.databases[0]?.size).toBe(0);
});

test('what a blocked client pops is propagated as the pop it was', async () => {
  const { propagated, run } = start();
  await run('BLPOP q 0', 'waiting');
  await run('RPUSH q x');
  expect(propagated).toEqual(['0: RPUSH q x', '0: LPOP q']);
});

test('a client that hangs up is forgotten: subscriptions, watches, waits', async () => {
  const { server, lab } = start();
  const session = new LabSession(lab);
  await session.send('A', ['SUBSCRIBE news']);
  await session.send('B', ['BLPOP q 0']);
  await session.send('C', ['WATCH k']);
  expect(server.clients.size).toBe(3);
  await session.close();
  expect([server.clients.size, server.pubsub.channels.size, server.blocking.size]).toEqual([
    0, 0, 0,
  ]);
});

test('a script decides with redis.set_repl() who hears of what it writes', async () => {
  const lab = new Lab({ openLua });
  const heard = { aof: [] as string[], replicas: [] as string[] };
  const { propagation } = (lab.nodes[0] as Lab['nodes'][number]).server;
  propagation.aof = (_, argv) => heard.aof.push(argv.join(' '));
  propagation.listeners.add((_, argv) => heard.replicas.push(argv.join(' ')));
  const session = new LabSession(lab);
  const write = (who: string) => `redis.set_repl(redis.REPL_${who}) redis.call("SET", "${who}", 1)`;
  await session.send('', [`EVAL '${['NONE', 'AOF', 'REPLICA', 'ALL'].map(write).join(' ')}' 0`]);
  await session.send('', ['SET after 1']);
  expect(heard.aof).toEqual(['MULTI', 'SET AOF 1', 'SET ALL 1', 'EXEC', 'SET after 1']);
  expect(heard.replicas).toEqual(['MULTI', 'SET REPLICA 1', 'SET ALL 1', 'EXEC', 'SET after 1']);
});
