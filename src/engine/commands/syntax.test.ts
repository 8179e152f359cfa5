import { expect, test } from 'vitest';
import { parseSyntax } from './syntax.ts';

test.each([
  ['GET key', 2],
  ['PING [message]', -1],
  ['LPUSH key element [element ...]', -3],
  ['MSET key value [key value ...]', -3],
  ['LMOVE source:key destination:key <LEFT | RIGHT> <LEFT | RIGHT>', 5],
  ['LMPOP numkeys:int key [key ...] <LEFT | RIGHT> [COUNT count:int]', -4],
  ['CONFIG|GET parameter [parameter ...]', -3],
  ['XGROUP|DESTROY key group', 4],
  [
    'BITFIELD key [<GET encoding offset | SET encoding offset value> [<GET encoding offset | SET encoding offset value> ...]]',
    -2,
  ],
])('%s has arity %i', (line, arity) => {
  expect(parseSyntax(line).arity).toBe(arity);
});

const range = (index: number, lastKey: number, step: number, limit = 0) => ({
  begin: { index },
  find: { lastKey, step, limit },
});

test.each([
  ['GET key', [range(1, 0, 1)]],
  ['RENAME key newkey:key', [range(1, 0, 1), range(2, 0, 1)]],
  ['MSET key value [key value ...]', [range(1, -1, 2)]],
  ['BLPOP key [key ...] timeout:double', [range(1, -2, 1)]],
  [
    'ZUNIONSTORE destination:key numkeys:int key [key ...] [WEIGHTS weight [weight ...]]',
    [range(1, 0, 1), { begin: { index: 2 }, find: { keyNumIndex: 0, firstKey: 1, step: 1 } }],
  ],
  [
    'XREAD [COUNT count:int] STREAMS key [key ...] id [id ...]',
    [
      {
        begin: { keyword: 'STREAMS', startFrom: 1 },
        find: { lastKey: -1, step: 1, limit: 2 },
      },
    ],
  ],
  ['OBJECT|ENCODING key', [range(2, 0, 1)]],
  ['PING [message]', []],
])('the keys of %s', (line, keys) => {
  expect(parseSyntax(line).keys).toEqual(keys);
});

test('the name is lower case, with | before a subcommand', () => {
  expect(parseSyntax('CONFIG|GET parameter').name).toBe('config|get');
});

test.each(['GET [key', 'GET <a | b', 'MGET key [other ...]', 'X [a ... b]'])(
  '%s is no syntax',
  (line) => {
    expect(() => parseSyntax(line)).toThrow(SyntaxError);
  },
);
