import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPaste } from './paste.ts';
import { stripRemark } from './remark.ts';

test.each([
  ['SINTER a b   # common members', 'SINTER a b', '# common members'],
  ['PSUBSCRIBE news:* #all', 'PSUBSCRIBE news:*', '#all'],
  ['# nothing but a remark', '', '# nothing but a remark'],
  ['SET a "x # y" # z', 'SET a "x # y"', '# z'],
  [`SET a '# it\\'s' # z`, `SET a '# it\\'s'`, '# z'],
  ['EVAL "return #KEYS" 1 k', 'EVAL "return #KEYS" 1 k', undefined],
  ['SET a b#c', 'SET a b#c', undefined],
  ['SET a#b c', 'SET a#b c', undefined],
  ['BITFIELD f SET u8 #0 255 # first byte', 'BITFIELD f SET u8 #0 255', '# first byte'],
  ['SORT l BY w_* GET # GET o_* # by weight', 'SORT l BY w_* GET # GET o_*', '# by weight'],
  [`ACL SETUSER u #${'0'.repeat(64)}`, `ACL SETUSER u #${'0'.repeat(64)}`, undefined],
  ['ACL SETUSER u on #on', 'ACL SETUSER u on', '#on'],
  ['SET a "open # not a remark', 'SET a "open # not a remark', undefined],
  ['  PING  ', 'PING', undefined],
])('%s', (line, command, remark) => {
  expect(stripRemark(line)).toEqual(remark === undefined ? { command } : { command, remark });
});

test('lines without a prompt are commands; remarks and blank lines are none', () => {
  expect(readPaste('# counters\nINCR a\r\n\n  INCR b   # again\n')).toEqual([
    { line: 2, command: 'INCR a' },
    { line: 4, command: 'INCR b', remark: '# again' },
  ]);
});

test('in a session, what stands between two prompts is the expected reply', () => {
  const session = [
    'redis-lab:6379> SELECT 1',
    'OK',
    'redis-lab:6379[1]> INFO memory',
    '# Memory',
    '',
    'used_memory:1',
    '',
    'redis-lab:6379[1](TX)> PING # queued',
    'QUEUED',
  ];
  const prompt = (text: string, db: number, inTransaction = false) => ({ text, db, inTransaction });
  expect(readPaste(session.join('\n'))).toEqual([
    { line: 1, command: 'SELECT 1', prompt: prompt('redis-lab:6379>', 0), expected: 'OK' },
    {
      line: 3,
      command: 'INFO memory',
      prompt: prompt('redis-lab:6379[1]>', 1),
      expected: '# Memory\n\nused_memory:1',
    },
    {
      line: 8,
      command: 'PING',
      remark: '# queued',
      prompt: prompt('redis-lab:6379[1](TX)>', 1, true),
      expected: 'QUEUED',
    },
  ]);
});

test.each([
  '127.0.0.1:6379>',
  'localhost:7000[15]>',
  '[::1]:6379>',
  'redis>',
  'redis /tmp/redis.sock[2]>',
  'not connected>',
  '127.0.0.1:6379(subscribed mode)>',
  '>',
])('%s is a prompt', (text) => {
  expect(readPaste(`${text} PING\nPONG`)).toMatchObject([{ command: 'PING', expected: 'PONG' }]);
});

test('a line whose prompt was not copied is a command still', () => {
  const steps = readPaste('SET a 1\n127.0.0.1:6379> GET a\n"1"');
  expect(steps.map((step) => step.command)).toEqual(['SET a 1', 'GET a']);
});

test('a command with a > in it is no prompt', () => {
  expect(readPaste('XREAD STREAMS s >').map((step) => step.command)).toEqual(['XREAD STREAMS s >']);
});

test('an empty prompt ends a reply and runs nothing', () => {
  expect(readPaste('redis> PING\nPONG\nredis> ')).toMatchObject([{ expected: 'PONG' }]);
});

test('any text is read without an error, and no command begins with a remark', () => {
  const text = fc.string({ unit: fc.constantFrom(...'# >"\'\\a1:[]\n') });
  fc.assert(
    fc.property(text, (paste) => {
      for (const { command } of readPaste(paste)) expect(command).toMatch(/^[^#\s]/);
    }),
  );
});
