import { pick } from '../engine/lab/argv.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import type { Random } from '../engine/time/random.ts';

/**
 * Bytes that are no RESP, or nearly: what a broken client, a confused one (an HTTP request) or a
 * hostile one sends. After each comes a PING, whose answer tells how the server goes on.
 */
export function badFrame(random: Random): string {
  const make = pick(random, [mangled, mangled, mangled, wrongNumber, wrongNumber, inline, noise]);
  return `${make(random)}${pick(random, ['', '\r\n', '\r\n', '\n'])}*1\r\n$4\r\nPING\r\nPING\r\n`;
}

const valid: readonly (readonly string[])[] = [
  ['PING'],
  ['ECHO', 'howdy'],
  ['SET', 'k', 'a longer value'],
  ['GET', 'k'],
  ['MSET', 'a', '1', 'b', '', 'c', '\r\n'],
];

/** Bytes that mean something to a parser, and a few that do not. */
const bytes = [
  '\r',
  '\n',
  '\r\n',
  '*',
  '$',
  '-',
  '+',
  ':',
  '0',
  '1',
  '9',
  ' ',
  '\0',
  'x',
  '"',
  '\xff',
];

/** A command with a few bytes changed, lost, added or sent twice. */
function mangled(random: Random): string {
  let frame = encodeCommand(pick(random, valid));
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(frame.length);
    const lost = pick(random, [0, 1, 1, 2, frame.length]);
    const added = pick(random, ['', pick(random, bytes), frame.slice(at, at + random.below(6))]);
    frame = frame.slice(0, at) + added + frame.slice(at + lost);
  }
  return frame;
}

const numbers = [
  ...[
    '',
    '-1',
    '-0',
    '00',
    '01',
    '+1',
    ' 1',
    '1 ',
    '1x',
    '1.0',
    '1e3',
    '0x1',
    '-',
    '--1',
    '\0',
    '1\0',
  ],
  ...['2', '3', '10', '11', '1048577', '2147483647', '2147483648', '4294967297', '536870913'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...['99999999999999999999999', '1'.repeat(300), '7'.repeat(70_000)],
];

/** A count or a length that is none, or not the right one. */
function wrongNumber(random: Random): string {
  const number = pick(random, numbers);
  return pick(random, [
    `*${number}\r\n$4\r\nPING\r\n`,
    `*1\r\n$${number}\r\nPING\r\n`,
    `*2\r\n$4\r\nECHO\r\n$${number}\r\nhi\r\n`,
    `*1\r\n${number}\r\n`,
    `*1\r\n*1\r\n$4\r\nPING\r\n`,
    `*1\n$4\nPING\n`,
    `*-1\r\n*0\r\n$${number}\r\n`,
  ]);
}

/** Lines as typed, well quoted or not. */
function inline(random: Random): string {
  return pick(random, [
    'PING',
    'ECHO "a b"',
    'ECHO "a',
    "ECHO 'a",
    'ECHO "a"b',
    "ECHO 'it\\'s'",
    'ECHO "\\x41\\n\\"" ',
    'ECHO \\x41',
    '  PING  ',
    '\t\r\n\r\nPING',
    'ECHO \0 x',
    'SET k "\0"',
    'GET / HTTP/1.1\r\nHost: localhost',
    'POST / HTTP/1.1\r\nHost: localhost',
    'HOST: localhost',
    '{"PING"}',
    `ECHO ${'x'.repeat(70_000)}`,
    'x'.repeat(70_000),
    '$4',
    '+OK',
    ':1',
    '-ERR no',
    '%1',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  ]);
}

/** Anything at all. */
function noise(random: Random): string {
  return Array.from({ length: random.below(40) }, () =>
    random.below(2) === 0 ? pick(random, bytes) : String.fromCharCode(random.below(256)),
  ).join('');
}
