/**
 * The console's session on a real redis-server, beside the real redis-cli: the same lines, the same
 * print, in both protocols. And the hints that it makes of the server's COMMAND DOCS, beside those
 * that redis-cli 7.0.15 showed on a terminal (recorded in redis-cli-syntax.json).
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDocs } from '../console/docs.ts';
import syntaxes from '../console/fixtures/redis-cli-syntax.json' with { type: 'json' };
import { hintFor } from '../console/hints.ts';
import { interpret } from '../console/interpret.ts';
import { Session } from '../console/session.ts';
import { Client } from '../wire/client.ts';
import { dial } from './dial.ts';
import { canCompare, type RealRedis, startRealRedis } from './real-redis.ts';

const lines = [
  ...['SET a "1\\n2\\x00é"', 'GET a', 'SET é ü', 'GET é', 'GET none', 'KEYS é', 'STRLEN é'],
  ...['RPUSH l 1 2 3 "" "a b"', 'LRANGE l 0 -1', 'LRANGE none 0 -1', 'INCR l', 'LPOP none 2'],
  ...['HSET h f v g w', 'HGETALL h', 'HGETALL none', 'HRANDFIELD h 2 WITHVALUES', 'HMGET h f no'],
  ...['SADD s a', 'SMEMBERS s', 'ZADD z 1.5 a 2 b inf c', 'ZRANGE z 0 -1 WITHSCORES', 'ZSCORE z a'],
  ...['XADD st 1-1 f v', 'XRANGE st - +', 'XREAD COUNT 1 STREAMS st 0', 'XREAD STREAMS st 9'],
  ...['GEOADD g 13.361389 38.115556 Palermo', 'GEOPOS g Palermo no', 'BITFIELD b INCRBY i5 100 1'],
  ...['EVAL "return {1,{2,\'x\',{}},false}" 0', 'EVAL "return redis.error_reply(\'MY err\')" 0'],
  ...[
    'EVAL "redis.setresp(3) return {map={a=1}}" 0',
    'EVAL "redis.setresp(3) return {double=1.25}" 0',
  ],
  ...['COMMAND GETKEYS MSET a 1 b 2', 'COMMAND INFO get', 'COMMAND DOCS get', 'OBJECT HELP'],
  ...['NOSUCH a b', 'GET', 'SELECT 99', 'SELECT 3', 'DBSIZE', 'SELECT 0', 'CLIENT GETNAME'],
  ...[
    'CONFIG GET maxmemory*',
    'LATENCY LATEST',
    'SLOWLOG GET 0',
    'ACL WHOAMI',
    'PUBSUB NUMSUB a b',
  ],
  ...[
    'ACL GETUSER default',
    'SORT l ALPHA DESC',
    'ECHO "tab\\there"',
    'LCS a b',
    'CLUSTER KEYSLOT abc',
  ],
  ...['INFO nosuch', 'CLUSTER INFO', 'CLIENT LIST TYPE nosuch', 'LATENCY GRAPH nosuch', 'LOLWUT'],
  ...['FUNCTION LIST', 'WAIT 0 0', 'SPOP s', 'SPOP s 2', 'RESET', 'PING "é"', 'HELLO 9'],
];

describe.runIf(canCompare('the console'))('the console beside redis-cli', () => {
  let redis: RealRedis;
  beforeAll(async () => {
    redis = await startRealRedis();
  });
  afterAll(() => redis.stop());

  test.each([2, 3] as const)('prints the same in RESP%i', async (protocol) => {
    const client = new Client(dial, addressOf(redis));
    await client.call('FLUSHALL');
    const theirs = runRedisCli(redis, protocol);
    await client.call('FLUSHALL');
    client.close();
    const ours = await runSession(redis, protocol);
    expect(ours).toEqual(theirs);
  });

  test('shows the same hint behind every command', async () => {
    const client = new Client(dial, addressOf(redis), { protocol: 2 });
    const docs = readDocs(await client.call('COMMAND', 'DOCS'));
    client.close();
    const hints = Object.keys(syntaxes).map((name) => [name, hintFor(docs, `${name} `)]);
    expect(Object.fromEntries(hints)).toEqual(syntaxes);
  });
});

const MARK = 'one more';

/** What redis-cli prints for each line; a mark between them shows where each begins. */
function runRedisCli({ port }: RealRedis, protocol: 2 | 3): string[] {
  const input = lines.map((line) => `ECHO "${MARK}"\n${line}\n`).join('');
  const args = ['-p', String(port), '--no-raw', `-${protocol}`];
  const output = execFileSync('redis-cli', args, { input, encoding: 'utf8' });
  const printed = output.split(`"${MARK}"\n`).slice(1);
  return printed.map((text) => text.replaceAll('\r\n', '\n').replace(/\n$/, ''));
}

async function runSession(redis: RealRedis, protocol: 2 | 3): Promise<string[]> {
  const printed: string[] = [];
  const effects = { dial, now: () => 0, changed() {} };
  const print = ({ text }: { text: string }) => printed.push(text);
  const session = new Session({ ...effects, print }, { address: addressOf(redis), protocol });
  const shown: string[] = [];
  for (const line of lines) {
    const action = interpret(line);
    if (action.do === 'send') await session.execute(action.argv);
    shown.push(printed.splice(0).join('\n'));
  }
  session.close();
  return shown;
}

const addressOf = ({ host, port }: RealRedis) => `${host}:${port}`;
