import type { Group } from '../../engine/commands/command.ts';
import type { ValueType } from '../../engine/commands/syntax.ts';
import { type Fill, pick } from '../../engine/lab/argv.ts';
import type { Random } from '../../engine/time/random.ts';

/** Values that hurt: the edges of every number and encoding, and what only looks like a number. */

const strings = [
  ...['a', 'b', 'c', 'foo', 'bar', 'hello world', '', ' ', '0', '1', '2', '10', '-5', '100'],
  ...['3.14', '1e3', '0.1', '+1', '007', ' 1', '1 ', '-0', 'inf', 'nan', '0x10', 'é', 'A'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  ...['\x00', '\xff\xfe', 'a\x00b', '\r\n', 'a\nb', '"', "'", '\\', '*', '[', '{tag}x'],
  // The last that is embstr and the first that is raw; the last and the first of a listpack.
  ...['x'.repeat(44), 'y'.repeat(45), 'v'.repeat(64), 'w'.repeat(65)],
];

const longStrings = ['long'.repeat(300), 'z'.repeat(5000), '\xab'.repeat(9000)];

const integers = [
  ...['0', '1', '2', '3', '5', '10', '-1', '-2', '-3', '-10', '100', '-100', '4096', '65536'],
  ...['2147483647', '2147483648', '-2147483649', '4294967296', '9007199254740993'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  ...['', 'abc', '1.0', '+1', '007', ' 1', '1 ', '-0', '1e3', '0x10', '1\x00'],
];

const smallIntegers = ['0', '1', '2', '3', '4', '5', '7', '10', '-1', '-2', '-3', '-5', '-10'];

const doubles = [
  ...['0', '1', '2', '3', '-1', '1.5', '-1.5', '0.1', '0.2', '3.0', '10', '100', '2.5', '7'],
  ...['inf', '-inf', '+inf', 'Infinity', 'nan', '1e308', '-1e308', '1e-300', '1e400', '1e-400'],
  ...['0x10', '5.', '.5', '-0', '+1', '1e5', '12345678901234567890', '0.30000000000000004'],
  ...['17179869184.5', '9007199254740993', '', 'abc', ' 1', '1 ', '1,5', '--1'],
];

const patterns = [
  '*',
  '?',
  'a*',
  '*a',
  '[a-c]*',
  '[^a]*',
  '??',
  's?',
  'l*',
  '\\*',
  '',
  '[',
  '*o*',
  'foo',
];

/** Offsets of bytes and items; none between these, as it would take half a gigabyte. */
const offsets = ['0', '1', '2', '5', '7', '10', '63', '-1', '536870912', '4294967296', 'x', ''];
/** Offsets of bits, likewise. */
const bitOffsets = [
  '0',
  '1',
  '5',
  '7',
  '8',
  '9',
  '100',
  '1000',
  '#0',
  '#2',
  '-1',
  '4294967296',
  'x',
];

/** Long expiries only: nothing may expire while the two servers are compared. */
const expiries = {
  seconds: ['100', '1000', '5000', '0', '-1', '9223372036854775807', '9223372036854775', 'x', ''],
  milliseconds: ['100000', '500000', '0', '-1', '-100', '9223372036854775807', '1.5'],
  'unix-time-seconds': ['9999999999', '9999999998', '1', '0', '-1', '9223372036854775807', 'x'],
  'unix-time-milliseconds': [
    '9999999999999',
    '9999999999998',
    '1',
    '0',
    '-1',
    '18446744073709551616',
  ],
};

/** Of these nothing else is tried: it would expire too soon, or overflow in C. */
const strict: Readonly<Record<string, readonly string[]>> = {
  ...expiries,
  rank: ['1', '2', '-1', '-2', '0', '5', '-9223372036854775807', '9223372036854775807', 'x'],
};

/** A large negative count is that many picks, and would take all memory there is. */
const fewPicks = ['0', '1', '2', '5', '100', '-1', '-2', '-100', '9223372036854775807', 'x', ''];

const scoreBounds = [
  ...['-inf', '+inf', 'inf', '0', '1', '2', '(1', '(2', '3', '-1', '(-inf', '(inf', '1.5', '5'],
  ...['(', '((1', 'x', '', 'nan', '(nan', '10', '[1', ' 1', '1e400'],
];
const lexBounds = [
  '-',
  '+',
  '[a',
  '(a',
  '[b',
  '(c',
  '[',
  '(',
  '[foo',
  'a',
  '',
  '[\xff',
  '+x',
  '-1',
];

/** By the name of the argument, where its type says too little. */
const byName: Readonly<Record<string, readonly string[]>> = {
  count: ['0', '1', '2', '3', '5', '10', '100', '-1', '-2', '-5', 'x', '', '9223372036854775807'],
  start: smallIntegers,
  stop: smallIntegers,
  end: smallIntegers,
  index: smallIntegers,
  limit: ['0', '1', '2', '3', '100', '-1', 'x'],
  'num-matches': ['0', '1', '2', '-1', 'x'],
  len: ['0', '1', '2', '10', '-1', 'x'],
  'min-match-len': ['0', '1', '2', '4', '-1', 'x'],
  numkeys: ['0', '1', '2', '3', '-1', '100', 'x', '', '9223372036854775807'],
  cursor: ['0', '0', '0', '0', 'x', '-1', '', '18446744073709551615', '18446744073709551616'],
  timeout: ['0.01', '0', '1', '-1', 'x', '', 'inf', '1e400', '0x1', '9223372036854775807'],
  weight: ['0', '1', '2', '-1', '0.5', 'inf', '-inf', 'nan', 'x'],
  db: ['0', '1', '15', '16', '-1', 'x'],
  'destination-db': ['0', '1', '1', '16', '-1', 'x'],
  index1: ['0', '1', '16', '-1', 'x'],
  index2: ['0', '1', '1', '16', 'x'],
  type: ['string', 'list', 'set', 'zset', 'hash', 'stream', 'LIST', 'nosuch', ''],
  bit: ['0', '1', '0', '1', '2', '-1', 'x'],
  operation: ['AND', 'OR', 'XOR', 'NOT', 'nosuch'],
  protover: ['2', '3'],
  pattern: patterns,
  field: ['a', 'b', 'c', 'd', 'ea', '1', '-5', '-2', 'ela', '', 'foo'],
  numfields: ['0', '1', '2', '-1', 'x', '', '9223372036854775807'],
};

/** The same word means a score here and letters there. */
const ofCommand: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  zrange: {
    start: [...smallIntegers, ...scoreBounds, ...lexBounds],
    stop: [...smallIntegers, ...scoreBounds, ...lexBounds],
  },
  zrangestore: {
    min: [...smallIntegers, ...scoreBounds, ...lexBounds],
    max: [...smallIntegers, ...scoreBounds, ...lexBounds],
  },
  zrangebyscore: { min: scoreBounds, max: scoreBounds },
  zrevrangebyscore: { min: scoreBounds, max: scoreBounds },
  zremrangebyscore: { min: scoreBounds, max: scoreBounds },
  zcount: { min: scoreBounds, max: scoreBounds },
  zrangebylex: { min: lexBounds, max: lexBounds },
  zrevrangebylex: { min: lexBounds, max: lexBounds },
  zremrangebylex: { min: lexBounds, max: lexBounds },
  zlexcount: { min: lexBounds, max: lexBounds },
  sort: { pattern: ['s*', 'l*', 'h*->a', 'nosuch', '*', '#', 'h1->*', 's1'] },
  sort_ro: { pattern: ['s*', 'l*', 'h*->a', 'nosuch', '*', '#', 'h1->*', 's1'] },
  'script|exists': { sha1: ['a42059b356c875f0717db19a51f6aaca9ae659ea', 'x', ''] },
};

const byType: Readonly<Record<Exclude<ValueType, 'key'>, readonly string[]>> = {
  string: strings,
  int: integers,
  double: doubles,
  pattern: patterns,
  unixtime: expiries['unix-time-seconds'],
};

/** A few keys for each type, so that commands meet what others have left. */
const keysOf: Partial<Record<Group, readonly string[]>> = {
  string: ['s1', 's2', 's3'],
  bitmap: ['s1', 's2', 's3'],
  hyperloglog: ['p1', 'p2', 's1'],
  list: ['l1', 'l2', 'l3'],
  set: ['t1', 't2', 't3'],
  hash: ['h1', 'h2', 'h3'],
  'sorted-set': ['z1', 'z2', 'z3'],
  geo: ['g1', 'g2', 'z1'],
  stream: ['x1', 'x2', 'x3'],
};
export const allKeys = [...new Set(Object.values(keysOf).flat()), '', 'k\x00\xff', 'nosuch'];

/** Fills in the arguments of a command of this group. */
export function fillFor(name: string, group: Group, random: Random): Fill {
  return (argument, type) => {
    if (type === 'key') return keyFor(group, random);
    const own = ofCommand[name]?.[argument] ?? byName[argument];
    if (group === 'hash' && random.below(3) > 0) {
      // Fields are in the order of their expiry, and no two of them may be set to the same instant.
      if (argument === 'seconds') return String(1000 + random.below(1_000_000));
      if (argument === 'milliseconds') return String(1_000_000 + 1000 * random.below(1_000_000));
    }
    const certain = /rand/.test(name) && argument === 'count' ? fewPicks : strict[argument];
    if (certain) return pick(random, certain);
    if (argument === 'offset') return pick(random, group === 'bitmap' ? bitOffsets : offsets);
    // One in eight is anything of the type, one in thirty anything at all.
    const from = random.below(30) === 0 ? strings : own && random.below(8) > 0 ? own : byType[type];
    if (from === strings && random.below(30) === 0) return pick(random, longStrings);
    return pick(random, from);
  };
}

function keyFor(group: Group, random: Random): string {
  const own = keysOf[group];
  return pick(random, own && random.below(8) > 0 ? own : allKeys);
}
