import { describe, expect, test } from 'vitest';
import { RedisError } from '../errors.ts';
import { printPush, printReply, quote } from './print.ts';
import { printAs } from './print-formats.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  Many,
  MapReply,
  mapOf,
  nullArray,
  ok,
  Pairs,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';

const lines = (...all: string[]) => all.join('\n');

describe('on a terminal, as redis-cli 7.0.15', () => {
  test.each<[string, Reply]>([
    ['OK', ok],
    ['(nil)', null],
    ['(nil)', nullArray],
    ['(integer) 12345', 12345],
    ['(integer) 9223372036854775807', 9223372036854775807n],
    ['"Hello World"', 'Hello World'],
    ['(error) ERR no', new RedisError('ERR no')],
    ['(double) 2.75', new Double(2.75)],
    ['(double) 0.10000000000000001', new Double(0.1)],
    ['(double) -inf', new Double(-Infinity)],
    ['(true)', new Bool(true)],
    ['(false)', new Bool(false)],
    ['This is a verbatim\nstring', new Verbatim('This is a verbatim\nstring')],
    ['(empty array)', []],
    ['(empty set)', new SetReply([])],
    ['(empty hash)', new MapReply([])],
    ['(empty push)', new Push([])],
    [lines('1) (integer) 0', '2) (integer) 1'), [0, 1]],
    [lines('1~ (integer) 0', '2~ (integer) 1'), new SetReply([0, 1])],
    [
      lines('1# "a" => (false)', '2# "b" => (empty hash)'),
      mapOf({ a: new Bool(false), b: mapOf({}) }),
    ],
    [lines('1) 1) "m"', '   2) (double) 1.5'), new Pairs([['m', new Double(1.5)]])],
    [lines('1) "message"', '2) "ch"'), new Push(['message', 'ch'])],
    [lines('1) "a"', '1) "b"'), new Many([['a'], ['b']])],
  ])('%s', (text, reply) => {
    expect(printReply(reply)).toBe(text);
  });

  test('nested arrays are aligned under their first element', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, [1, [2, 'a']]];
    expect(printReply([ten, new Status('fine'), new RedisError('My Err'), null])).toBe(
      lines(
        '1)  1) (integer) 1',
        ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `    ${n}) (integer) ${n}`),
        '   10) 1) (integer) 1',
        '       2) 1) (integer) 2',
        '          2) "a"',
        '2) fine',
        '3) (error) My Err',
        '4) (nil)',
      ),
    );
  });

  test('in a map, an aggregate of several elements begins on its own line', () => {
    expect(printReply(mapOf({ a: [1, 2], b: mapOf({}) }))).toBe(
      lines('1# "a" => ', '   1) (integer) 1', '   2) (integer) 2', '2# "b" => (empty hash)'),
    );
    expect(printReply(mapOf({ a: mapOf({ c: [1], b: 'x' }), z: new SetReply(['q']) }))).toBe(
      lines('1# "a" => ', '   1# "c" => 1) (integer) 1', '   2# "b" => "x"', '2# "z" => 1~ "q"'),
    );
    expect(printReply([mapOf({ a: [[1, 2], [3]] })])).toBe(
      lines(
        '1) 1# "a" => ',
        '      1) 1) (integer) 1',
        '         2) (integer) 2',
        '      2) 1) (integer) 3',
      ),
    );
    expect(printReply(mapOf({ a: [[1, 2]] }))).toBe(
      lines('1# "a" => ', '   1) 1) (integer) 1', '      2) (integer) 2'),
    );
  });

  test('what redis-cli 7.0 cannot print is printed plainly', () => {
    expect(printReply(new BigNumber('123'))).toBe('123');
    expect(printReply([new Attribute([['ttl', 3]], 'x')])).toBe(
      lines('1) 1| "ttl" => (integer) 3', '   "x"'),
    );
  });
});

test('for a RESP2 client the same replies are strings, integers and arrays', () => {
  const reply = [
    mapOf({ a: new Double(1.5) }),
    new Bool(true),
    new SetReply([new Verbatim('v')]),
    new Pairs([['m', new BigNumber('7')]]),
    new Attribute([], nullArray),
  ];
  expect(printReply(reply, { protocol: 2 })).toBe(
    lines(
      '1) 1) "a"',
      '   2) "1.5"',
      '2) (integer) 1',
      '3) 1) "v"',
      '4) 1) "m"',
      '   2) "7"',
      '5) (nil)',
    ),
  );
});

test('strings are quoted so that they can be typed again', () => {
  expect(quote("plain ~!#$[]'")).toBe('"plain ~!#$[]\'"');
  expect(quote('\n\r\t\b\x07\\"')).toBe('"\\n\\r\\t\\b\\a\\\\\\""');
  expect(quote('\x00\x1b\x7f\x80\xc3\xa9\xff')).toBe('"\\x00\\x1b\\x7f\\x80\\xc3\\xa9\\xff"');
});

test('invalidated keys have a line of their own', () => {
  expect(printPush(new Push(['invalidate', ['k1', 'k2']]))).toBe("-> invalidate: 'k1', 'k2'");
  expect(printPush(new Push(['invalidate', null]))).toBe(lines('1) "invalidate"', '2) (nil)'));
  expect(printPush(new Push(['message', 'ch', 'hi']))).toBe(
    lines('1) "message"', '2) "ch"', '3) "hi"'),
  );
});

/** One reply of many kinds; each text is what redis-cli 7.0.15 printed for it. */
describe('for programs', () => {
  const reply = [
    mapOf({ a: mapOf({ x: '1' }) }),
    new SetReply(['a']),
    [[], [1, [2, [3]]]],
    new Double(1.5),
    new Double(1e300),
    new Status('fi"ne'),
    new Bool(false),
    new Bool(true),
    '\n\t"\\\xc3\xa9',
  ];

  test('--raw', () => {
    expect(printAs('raw', reply)).toBe(
      'a x 1\na\n\n1\n2\n3\n1.5\n1.0000000000000001e+300\nfi"ne\n(false)\n(true)\n\n\t"\\\xc3\xa9',
    );
    expect(printAs('raw', new RedisError('My Err'))).toBe('My Err\n');
    expect(printAs('raw', [1, new RedisError('My Err')])).toBe('1\nMy Err\n');
    expect(printAs('raw', null)).toBe('');
    expect(printAs('raw', mapOf({ a: [1, 2], b: [] }))).toBe('a 1\n2\nb ');
  });

  test('--csv', () => {
    expect(printAs('csv', reply)).toBe(
      '"a","x","1","a",,1,2,3,1.5,1.0000000000000001e+300,"fi\\"ne",false,true,"\\n\\t\\"\\\\\\xc3\\xa9"',
    );
    expect(printAs('csv', [1, new RedisError('My Err'), null])).toBe('1,ERROR,"My Err",NULL');
  });

  test('--json', () => {
    expect(printAs('json', reply)).toBe(
      '[{"a":{"x":"1"}},["a"],[[],[1,[2,[3]]]],1.5,1.0000000000000001e+300,"fi\\"ne",false,true,' +
        '"\\n\\t\\"\\\\\xc3\xa9"]',
    );
    expect(printAs('json', [1, new RedisError('My Err'), null])).toBe('[1,error:"My Err",null]');
    expect(printAs('json', new MapReply([[1, new Verbatim('\x01')]]))).toBe('{"1":"\\u0001"}');
    expect(printAs('json', new MapReply([[['a', null], 1]]))).toBe('{"["a",null]":1}');
    expect(printAs('json', '\f\r\b')).toBe('"\\f\\r\\b"');
  });

  test('--quoted-json', () => {
    expect(printAs('quoted-json', ['a"\n\\', '\xc3\xa9'])).toBe(
      '["a\\\\"\\\\n\\\\\\\\","\\\\xc3\\\\xa9"]',
    );
  });
});
