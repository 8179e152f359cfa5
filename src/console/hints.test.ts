import { describe, expect, test } from 'vitest';
import type { Reply } from '../engine/resp/reply.ts';
import { readDocs } from './docs.ts';
import docsOfRedis from './fixtures/command-docs.json' with { type: 'json' };
import hintsOfRedisCli from './fixtures/redis-cli-hints.json' with { type: 'json' };
import { hintFor, syntaxOf } from './hints.ts';

/** The arguments of some commands as redis-server 7.0.15 describes them; prose left out. */
const docs = readDocs(docsOfRedis as Reply);

describe('as redis-cli 7.0.15 showed on a terminal', () => {
  test.each(Object.entries(hintsOfRedisCli))('%j', (line, hint) => {
    expect(hintFor(docs, line)).toBe(hint);
  });
});

/** Where redis-cli 7.0 stops at the first bracket, or does not know the way in. */
const finer: Readonly<Record<string, string>> = {
  'GET k': '',
  'LPOP k 3 ': '',
  'ZADD k 1 ': 'member [score member ...]',
  'ZADD k 1 m ': '[score member ...]',
  'ZADD k 1 m 2': ' member [score member ...]',
  'ZADD k NX ': '[GT|LT] [CH] [INCR] score member [score member ...]',
  'ZADD k N': ' [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]',
  'SET k v EX': ' seconds [NX|XX] [GET]',
  'SET k v EX ': 'seconds [NX|XX] [GET]',
  'SET k v EX 10 ': '[NX|XX] [GET]',
  'SET k v get ex 10 nx ': '',
  'SET k v nonsense ': '',
  'SCAN 2 COUNT ': 'count [MATCH pattern] [TYPE type]',
  'SCAN 2 COUNT 5 MATCH p ': '[TYPE type]',
  'SCAN cursor ': '',
  'ZRANGE k 1 2 LIMIT 2 4 ': '[BYSCORE|BYLEX] [REV] [WITHSCORES]',
  'ZRANGE k 1 2 bylex rev limit 2 4 WITHSCORES ': '',
  'ZRANDMEMBER k ': '[count [WITHSCORES]]',
  'ZRANDMEMBER k 3 ': '[WITHSCORES]',
  'HELLO 3 AUTH ': 'username password [SETNAME clientname]',
  'EVAL s 2 ': 'key [key ...] [arg [arg ...]]',
  'EVAL s 2 a ': 'key [arg [arg ...]]',
  'EVAL s 2 a b ': '[arg [arg ...]]',
  'EVAL s 0 ': '[arg [arg ...]]',
  'EVAL s 0 x ': '[arg ...]',
  'BITFIELD_RO k GET ': 'encoding offset [GET encoding offset ...]',
  'BITFIELD_RO k GET u8 ': 'offset [GET encoding offset ...]',
  'BITFIELD_RO k GET u8 0 ': '[GET encoding offset ...]',
  'BLPOP a ': '[key ...] timeout',
  'XREAD COUNT 2 STREAMS ': 'key [key ...] id [id ...]',
  'XADD s MAXLEN ~ 10 ': '[LIMIT count] [NOMKSTREAM] *|id field value [field value ...]',
  'XADD s * f ': 'value [field value ...]',
  'SORT k GET # GET p ':
    '[GET pattern ...] [BY pattern] [LIMIT offset count] [ASC|DESC] [ALPHA] [STORE destination]',
  '5 INCR ': 'key',
  '5 ': '',
  'ACL DRYRUN bob GET ': 'key',
  'COMMAND GETKEYS SET k ':
    'value [NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]',
  'SET "open quote':
    ' value [NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]',
  '': '',
};

test.each(Object.entries(finer))('what is typed is taken off: %j', (line, hint) => {
  expect(hintFor(docs, line)).toBe(hint);
});

test('the empty word is a choice of MIGRATE', () => {
  const line = 'MIGRATE h 6379 "" 0 1 COPY ';
  expect(hintFor(docs, line)).toBe(
    '[REPLACE] [[AUTH password]|[AUTH2 username password]] [KEYS key [key ...]]',
  );
});

test('a syntax line is that of redis-cli', () => {
  const get = docs.get('GETEX');
  expect(get && syntaxOf(get)).toBe(
    'GETEX key [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|PERSIST]',
  );
});
