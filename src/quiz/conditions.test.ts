import { expect, test } from 'vitest';
import { RedisError } from '../engine/errors.ts';
import { ok, queued, type Reply } from '../engine/resp/reply.ts';
import { condition } from './condition.ts';
import { evaluate } from './conditions.ts';
import { explain } from './explain.ts';
import { grade } from './grade.ts';
import { Look } from './look.ts';
import type { Challenge } from './questions.ts';
import type { LogEntry, Message, World } from './world.ts';

type Answers = Readonly<Record<string, Reply>>;

/** A server that answers from a table, by command line; what is not in it is an error. */
function world(answers: Answers, log: readonly LogEntry[] = [], rest: Partial<World> = {}): World {
  return {
    execute: async (argv) => {
      const line = argv.join(' ');
      const known = Object.entries({ ...facts, ...answers }).find(([command]) => command === line);
      return known ? known[1] : new RedisError(`ERR not in the table: ${line}`);
    },
    log: () => log,
    messages: () => [],
    roundTrips: () => 0,
    output: () => '',
    ...rest,
  };
}

const info = (...flags: string[]): Reply => [['name', 3, flags, 1, 1, 1]];
const facts: Answers = Object.fromEntries([
  ...['SET', 'INCR', 'DEL'].flatMap((name) => [[`COMMAND INFO ${name}`, info('write')]]),
  ...['GET', 'MULTI', 'EXEC', 'WATCH', 'TTL'].map((name) => [`COMMAND INFO ${name}`, info('fast')]),
  ...['SET a 1', 'SET a 2', 'INCR a'].map((line) => [`COMMAND GETKEYS ${line}`, ['a']]),
  ...['INCR b', 'SET b x'].map((line) => [`COMMAND GETKEYS ${line}`, ['b']]),
]);

/** A log from `client> command` lines and replies. */
function logOf(...rows: (readonly [string, Reply])[]): LogEntry[] {
  return rows.map(([line, reply], at) => {
    const [, client = '', command = ''] = /^(\w*)> (.*)$/.exec(line) ?? [];
    return { client, argv: command.split(' '), reply, at };
  });
}

async function look(raw: unknown, the: World) {
  return evaluate(condition.parse(raw), new Look(the));
}

const hash = { 'TYPE h': 'hash', 'HGETALL h': ['f', '1', 'g', '2'] };
const set = { 'TYPE s': 'set', 'SMEMBERS s': ['b', 'a'] };
const zset = { 'TYPE z': 'zset', 'ZRANGE z 0 -1 WITHSCORES': ['m', '1', 'n', '2'] };
const text = { 'TYPE t': 'string', 'GET t': '{"b": 1, "a": [2]}' };
const wide = { 'TYPE u': 'string', 'GET u': '\xc3\xa9' };
const none = { 'TYPE x': 'none' };

test.each<[string, unknown, Answers, boolean, string]>([
  ['a string', { key: 'u', is: 'é' }, wide, true, '"é"'],
  ['a missing key', { key: 'x', is: '1' }, none, false, 'no such key'],
  [
    'JSON, whatever its order and blanks',
    { key: 't', json: { a: [2], b: 1 } },
    text,
    true,
    '"{"b": 1, "a": [2]}"',
  ],
  ['other JSON', { key: 't', json: { a: [3], b: 1 } }, text, false, '"{"b": 1, "a": [2]}"'],
  ['text by pattern', { key: 't', matches: '^\\{' }, text, true, '"{"b": 1, "a": [2]}"'],
  ['a hash by its fields', { key: 'h', is: { g: 2, f: 1 } }, hash, true, 'hash {f: 1, g: 2}'],
  ['a hash with a field too many', { key: 'h', is: { f: 1 } }, hash, false, 'hash {f: 1, g: 2}'],
  ['a set in any order', { key: 's', is: ['a', 'b'] }, set, true, 'set ["b", "a"]'],
  ['a set that lacks one', { key: 's', is: ['a', 'c'] }, set, false, 'set ["b", "a"]'],
  ['a set with at least', { key: 's', contains: ['a'] }, set, true, 'set ["b", "a"]'],
  [
    'a sorted set by scores',
    { key: 'z', is: { n: 2, m: 1 } },
    zset,
    true,
    'sorted set {m: 1, n: 2}',
  ],
  ['a sorted set by order', { key: 'z', is: ['m', 'n'] }, zset, true, 'sorted set {m: 1, n: 2}'],
  [
    'a sorted set in the other order',
    { key: 'z', is: ['n', 'm'] },
    zset,
    false,
    'sorted set {m: 1, n: 2}',
  ],
])('value: %s', async (_what, rest, answers, passes, observed) => {
  const finding = await look({ check: 'value', ...(rest as object) }, world(answers));
  expect(finding).toEqual({ ok: passes, observed });
});

test.each<[string, object, Answers, boolean, string]>([
  ['an exact reply', { check: 'reply', command: 'GET a', is: 1 }, { 'GET a': '1' }, true, '"1"'],
  ['nil', { check: 'reply', command: 'GET a', is: null }, { 'GET a': null }, true, '(nil)'],
  [
    'a list in order',
    { check: 'reply', command: 'L', is: [1, 2] },
    { L: ['1', '2'] },
    true,
    '["1", "2"]',
  ],
  [
    'a list out of order',
    { check: 'reply', command: 'L', is: [2, 1] },
    { L: ['1', '2'] },
    false,
    '["1", "2"]',
  ],
  [
    'a list in any order',
    { check: 'reply', command: 'L', anyOrder: [2, 1] },
    { L: [1, 2] },
    true,
    '["1", "2"]',
  ],
  [
    'a number in a range',
    { check: 'reply', command: 'DBSIZE', between: [1, 3] },
    { DBSIZE: 3 },
    true,
    '"3"',
  ],
  [
    'an error as expected',
    { check: 'reply', command: 'GET l', error: 'WRONGTYPE' },
    { 'GET l': new RedisError('WRONGTYPE no') },
    true,
    '(error) WRONGTYPE no',
  ],
  [
    'an error instead',
    { check: 'reply', command: 'GET l', is: 1 },
    { 'GET l': new RedisError('WRONGTYPE no') },
    false,
    '(error) WRONGTYPE no',
  ],
  [
    'keys there',
    { check: 'exists', keys: ['a', 'b'] },
    { 'EXISTS a': 1, 'EXISTS b': 0 },
    false,
    'b missing',
  ],
  [
    'keys missing',
    { check: 'missing', keys: ['a', 'b'] },
    { 'EXISTS a': 0, 'EXISTS b': 0 },
    true,
    'a and b missing',
  ],
  [
    'only these keys',
    { check: 'onlyKeys', keys: ['a'] },
    { 'SCAN 0 MATCH * COUNT 1000': ['5', ['a']], 'SCAN 5 MATCH * COUNT 1000': ['0', ['a', 'b']] },
    false,
    'a and b',
  ],
  [
    'every key of a pattern',
    { check: 'ttl', every: 't:*', between: [1, 60] },
    { 'SCAN 0 MATCH t:* COUNT 1000': ['0', ['t:1', 't:2']], 'TTL t:1': 60, 'TTL t:2': -1 },
    false,
    't:2: never expires',
  ],
  [
    'no key of a pattern',
    { check: 'type', every: 't:*', is: 'hash' },
    { 'SCAN 0 MATCH t:* COUNT 1000': ['0', []] },
    false,
    'no such key',
  ],
  [
    'a TTL',
    { check: 'ttl', key: 'a', between: [3590, 3600] },
    { 'TTL a': 3600 },
    true,
    '3600 s left',
  ],
  ['no TTL', { check: 'ttl', key: 'a', none: true }, { 'TTL a': -1 }, true, 'never expires'],
  [
    'an encoding',
    { check: 'encoding', key: 'h', is: 'hashtable' },
    { 'EXISTS h': 1, 'OBJECT ENCODING h': 'listpack' },
    false,
    'listpack',
  ],
  [
    'an encoding of nothing',
    { check: 'encoding', key: 'h', is: 'hashtable' },
    { 'EXISTS h': 0 },
    false,
    'no key',
  ],
  [
    'a length',
    { check: 'length', key: 'l', between: [5, 5] },
    { 'TYPE l': 'list', 'LLEN l': 5 },
    true,
    '5',
  ],
  [
    'a sum',
    { check: 'sum', keys: ['a', 'b'], is: 150 },
    { 'GET a': '70', 'GET b': '80' },
    true,
    '"70" + "80" = 150',
  ],
  [
    'memory of keys',
    { check: 'memory', key: 'a', atMost: 50 },
    { 'MEMORY USAGE a SAMPLES 0': 56 },
    false,
    '56 bytes',
  ],
  [
    'a directive',
    { check: 'config', name: 'save', is: '' },
    { 'CONFIG GET save': ['save', ''] },
    true,
    '""',
  ],
  [
    'a field of INFO',
    { check: 'info', field: 'role', is: 'master' },
    { 'INFO everything': '# R\r\nrole:master\r\n' },
    true,
    'master',
  ],
  [
    'subscribers',
    { check: 'subscribers', channel: 'c', is: 2 },
    { 'PUBSUB NUMSUB c': ['c', 1] },
    false,
    '1 subscribed',
  ],
  ['patterns', { check: 'patterns', is: 1 }, { 'PUBSUB NUMPAT': 1 }, true, '1'],
  [
    'permissions',
    { check: 'acl', of: 'u', may: ['GET a'], mayNot: ['SET a 1'] },
    { 'ACL USERS': ['default', 'u'], 'ACL DRYRUN u GET a': ok, 'ACL DRYRUN u SET a 1': ok },
    false,
    'u may SET a 1',
  ],
  [
    'a group',
    { check: 'group', key: 's', group: 'g', pending: [0, 0] },
    { 'TYPE s': 'stream', 'XINFO GROUPS s': [['name', 'g', 'consumers', 2, 'pending', 3]] },
    false,
    '3 pending, 2 consumers',
  ],
])('%s', async (_what, raw, answers, passes, observed) => {
  expect(await look(raw, world(answers))).toEqual({ ok: passes, observed });
});

const moved = logOf(
  ['> GET a', '100'],
  ['> WATCH a', ok],
  ['> MULTI', ok],
  ['> SET a 1', queued],
  ['B> INCR b', 1],
  ['> INCR b', queued],
  ['> EXEC', [ok, new RedisError('ERR no')]],
);
const lost = logOf(
  ['> WATCH a', ok],
  ['> MULTI', ok],
  ['> SET a 1', queued],
  ['B> SET a 2', ok],
  ['> EXEC', null],
);

test.each<[string, object, readonly LogEntry[], boolean, string]>([
  [
    'queued commands count as run',
    { check: 'used', commands: ['SET a'] },
    moved,
    true,
    'run 1 time',
  ],
  [
    'those of a refused transaction do not',
    { check: 'used', commands: ['SET a 1'] },
    lost,
    false,
    'not run',
  ],
  [
    'failed ones do not',
    { check: 'used', commands: ['INCR b'], times: [2, 2] },
    moved,
    false,
    'run 1 time',
  ],
  [
    'from two connections',
    { check: 'used', commands: ['SET a', 'INCR b'], clients: 2 },
    moved,
    true,
    'run 2 times from 2 connections',
  ],
  [
    'from one connection at most',
    { check: 'used', commands: ['SET a', 'INCR b'], clientsAtMost: 1 },
    moved,
    false,
    'run 2 times from 2 connections',
  ],
  ['forbidden', { check: 'forbidden', commands: ['incr *'] }, moved, false, 'INCR b was run'],
  [
    'written only by',
    { check: 'writtenOnlyBy', key: 'a', commands: ['INCR'] },
    moved,
    false,
    'SET a 1 wrote it',
  ],
  [
    'reading does not count',
    { check: 'commandsAtMost', atMost: 2 },
    moved,
    true,
    '2 writing commands',
  ],
  [
    'unless it is asked for',
    { check: 'commandsAtMost', atMost: 2, counting: 'all' },
    moved,
    false,
    '7 commands',
  ],
  [
    'on one key',
    { check: 'commandsAtMost', atMost: 1, key: 'a' },
    moved,
    true,
    '1 writing command',
  ],
  [
    'a transaction that ran',
    { check: 'transaction', outcome: 'ran', writing: ['a'], watching: ['a'], partlyFailed: true },
    moved,
    true,
    'EXEC ran it, SET and INCR queued, watching a, 1 error among the replies',
  ],
  [
    'what failed has written nothing',
    { check: 'transaction', outcome: 'ran', writing: ['b'] },
    moved,
    false,
    'the last one: EXEC ran it, SET and INCR queued, watching a, 1 error among the replies',
  ],
  [
    'a lost race',
    { check: 'transaction', outcome: 'nil', foreignWrite: 'a' },
    lost,
    true,
    'EXEC answered nil, SET queued, watching a',
  ],
  [
    'a key nobody else wrote',
    { check: 'transaction', outcome: 'nil', foreignWrite: 'b' },
    lost,
    false,
    'the last one: EXEC answered nil, SET queued, watching a',
  ],
  [
    'a sequence of two clients',
    {
      check: 'sequence',
      steps: [
        { command: 'WATCH a', by: 'me' },
        { command: 'SET a', by: 'other' },
        { command: 'EXEC', by: 'me', is: null },
      ],
    },
    lost,
    true,
    'seen in this order',
  ],
  [
    'the same client twice is not two',
    {
      check: 'sequence',
      steps: [
        { command: 'WATCH', by: 'me' },
        { command: 'MULTI', by: 'other' },
      ],
    },
    lost,
    false,
    'not seen: MULTI',
  ],
])('log: %s', async (_what, raw, log, passes, observed) => {
  expect(await look(raw, world({}, log))).toEqual({ ok: passes, observed });
});

const ada = '> XREADGROUP GROUP g ada STREAMS s >';
const shared = logOf(
  [ada, [['s', [['1-0', ['f', 'v']]]]]],
  ['> XREADGROUP COUNT 9 GROUP g bob STREAMS t s > >', ['t', [['9-0', []]], 's', [['2-0', []]]]],
  [ada, null],
  ['> XREADGROUP GROUP h eve STREAMS s >', [['s', [['7-0', []]]]]],
  ['> XACK s g 1-0 1-0', 1],
  ['> XACK s g 1-0', 0],
  ['> XACK s h 7-0', 1],
);
const taken = logOf(
  ['> XCLAIM s g bob 0 1-0', [['1-0', ['f', 'v']]]],
  ['> XAUTOCLAIM s g bob 0 0 JUSTID', ['0-0', ['1-0', '2-0'], []]],
  ['> XAUTOCLAIM s g eve 99 0', ['0-0', [], []]],
  ['> XCLAIM s x bob 0 1-0', new RedisError('NOGROUP')],
);
const group = { key: 's', group: 'g' };

test.each<[string, object, readonly LogEntry[], boolean, string]>([
  ['read by two', { atLeast: 2, consumers: 2 }, shared, true, '2 entries to ada and bob'],
  ['too few', { atLeast: 3 }, shared, false, '2 entries to ada and bob'],
  ['too few consumers', { consumers: 3 }, shared, false, '2 entries to ada and bob'],
  ['read by one', { consumer: 'b*' }, shared, true, '1 entry to bob'],
  ['not read by her', { consumer: 'eve' }, shared, false, 'none'],
  ['claimed, each once', { atLeast: 2, consumer: 'bob' }, taken, true, '2 entries to bob'],
  ['claimed and not read', { by: ['XREADGROUP'] }, taken, false, 'none'],
  ['nothing to claim is none', { consumer: 'eve' }, taken, false, 'none'],
])('delivered: %s', async (_what, rest, log, passes, observed) => {
  const finding = await look({ check: 'delivered', ...group, ...rest }, world({}, log));
  expect(finding).toEqual({ ok: passes, observed });
});

test('only what was pending in the group counts as acknowledged', async () => {
  const raw = { check: 'acknowledged', ...group, atLeast: 2 };
  expect(await look(raw, world({}, shared))).toEqual({ ok: false, observed: '1 entry' });
  expect(await look({ ...raw, atLeast: 1 }, world({}, shared))).toMatchObject({ ok: true });
});

test('messages are counted by channel, kind and client', async () => {
  const message = (client: string, channel: string): Message => ({
    client,
    kind: 'message',
    channel,
    payload: 'x',
    at: 0,
  });
  const messages = () => [message('', 'orders:1'), message('B', 'orders:1'), message('B', 'news')];
  const the = world({}, [], { messages });
  const two = { check: 'received', channel: 'orders:*', clients: 2 };
  expect(await look(two, the)).toEqual({ ok: true, observed: '2 messages at 2 connections' });
  expect(await look({ ...two, kind: 'pmessage' }, the)).toEqual({
    ok: false,
    observed: '0 messages at 0 connections',
  });
});

test('round trips and output are looked at too', async () => {
  const the = world({}, [], { roundTrips: () => 5, output: () => 'done\n' });
  expect(await look({ check: 'roundTrips', atMost: 4 }, the)).toEqual({
    ok: false,
    observed: '5 round trips',
  });
  expect(await look({ check: 'output', is: 'done' }, the)).toEqual({ ok: true, observed: 'done' });
});

test('the largest write counts different commands that did not fail', async () => {
  const log = logOf(
    ['> GET a', '1'],
    ['> GET a', '1'],
    ['> GET b', '2'],
    ['> SET c 3', ok],
    ['> GET l', new RedisError('WRONGTYPE')],
    ['> GET d', '4'],
  ).map((entry, at) => ({ ...entry, trip: at < 5 ? 1 : 2 }));
  const gets = { check: 'batch', commands: ['GET'], between: [2, 9] };
  expect(await look(gets, world({}, log))).toEqual({
    ok: true,
    observed: '2 commands in the largest write',
  });
  const all = { check: 'batch', between: [4, 9] };
  expect((await look(all, world({}, log))).observed).toBe('3 commands in the largest write');
  const alone = log.map(({ trip: _trip, ...entry }) => entry);
  expect((await look(gets, world({}, alone))).observed).toBe('1 command in the largest write');
});

test('a grade tells every goal; one that cannot be looked at is an error, not a failure', async () => {
  const goals = [
    { check: 'value', key: 't', matches: 'a' },
    { check: 'reply', command: 'DBSIZE', is: 2 },
    { check: 'ttl', key: 'k', none: true },
  ].map((raw, index) => ({ id: `g${index}`, condition: condition.parse(raw), says: '', why: '' }));
  const challenge = (count: number) => ({ goal: goals.slice(0, count) }) as unknown as Challenge;
  const the = world({ ...text, DBSIZE: 1 });
  expect((await grade(challenge(1), the)).outcome).toBe('pass');
  expect(await grade(challenge(2), the)).toMatchObject({
    outcome: 'fail',
    checks: [{ outcome: 'pass' }, { outcome: 'fail', expected: '"2"', observed: '"1"' }],
  });
  expect(await grade(challenge(3), the)).toMatchObject({
    outcome: 'error',
    checks: [{}, {}, { outcome: 'error', observed: 'TTL k: ERR not in the table: TTL k' }],
  });
});

test.each<[object, string]>([
  [{ check: 'value', key: 'a', is: 70 }, '`a` holds `"70"`'],
  [
    { check: 'reply', command: 'GET a', is: null, db: 3 },
    '`GET a` answers `(nil)` (in database 3)',
  ],
  [{ check: 'exists', keys: ['a', 'b'] }, '`a` and `b` are there'],
  [{ check: 'missing', keys: ['a'] }, '`a` does not exist'],
  [{ check: 'onlyKeys', keys: [] }, 'the database is empty'],
  [{ check: 'ttl', key: 'a', between: [590, 600] }, '`a` has 590 to 600 s to live'],
  [{ check: 'ttl', every: 't:*', none: true }, 'all keys `t:*` never expire'],
  [{ check: 'encoding', key: 'h', is: 'hashtable' }, '`h` has the encoding `hashtable`'],
  [
    { check: 'transaction', outcome: 'nil', watching: ['s'], foreignWrite: 's' },
    'an `EXEC` that answered nil, watching `s`, after another client wrote `s`',
  ],
  [{ check: 'used', commands: ['GETDEL', 'GETEX'] }, '`GETDEL` or `GETEX` was run'],
  [
    { check: 'used', commands: ['INCR'], clientsAtMost: 10 },
    '`INCR` was run from 10 connections at most',
  ],
  [{ check: 'commandsAtMost', atMost: 1, key: 'a' }, 'at most 1 writing command on `a`'],
  [{ check: 'roundTrips', atMost: 5 }, 'at most 5 round trips'],
  [
    { check: 'delivered', ...group, atLeast: 3, consumer: 'bob', by: ['XCLAIM', 'XAUTOCLAIM'] },
    '3 entries of `s` or more handed to `bob` of the group `g`, by `XCLAIM` or `XAUTOCLAIM`',
  ],
  [
    { check: 'delivered', ...group, consumers: 2 },
    '1 entry of `s` or more handed to 2 consumers or more of the group `g`',
  ],
  [
    { check: 'acknowledged', ...group, atLeast: 6 },
    '6 entries of `s` or more acknowledged in the group `g`',
  ],
  [
    { check: 'batch', commands: ['GET v:*'], between: [100, 200] },
    'the largest write holds 100 to 200 `GET v:*` commands',
  ],
])('%j in words', (raw, says) => {
  expect(explain(condition.parse(raw)).says).toBe(says);
});
