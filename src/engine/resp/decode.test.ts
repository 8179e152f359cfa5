import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError, RequestDecoder } from './decode.ts';
import { encodeCommand } from './encode.ts';

const anybody = () => ({ maxBulk: 2 ** 29, authenticated: true });

/** Every command that these chunks hold, then the protocol error if there is one. */
function readAll(chunks: readonly string[], limits = anybody): string[][] {
  const decoder = new RequestDecoder(limits);
  const commands: string[][] = [];
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let argv = decoder.next(); argv !== undefined; argv = decoder.next())
        commands.push(argv);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    commands.push([`error: ${error.message}`]);
  }
  return commands;
}

/** The same bytes, cut at these places. */
function cut(bytes: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)];
  return at.map((start, i) => bytes.slice(start, at[i + 1] ?? bytes.length));
}

const bytes = fc.uint8Array({ maxLength: 40 }).map((u8) => String.fromCharCode(...u8));
const argv = fc.array(bytes, { minLength: 1, maxLength: 6 });
const places = fc.array(fc.nat(), { maxLength: 12 });
const fragments = fc.constantFrom(
  ...[
    '*',
    '$',
    '1',
    '2',
    '0',
    '-',
    '\r\n',
    '\n',
    '\r',
    '\0',
    'PING',
    ' ',
    '"',
    '*1\r\n$4\r\nPING\r\n',
  ],
);

test('commands arrive as they were sent, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(argv, { maxLength: 5 }), places, (commands, at) => {
      const sent = commands.map(encodeCommand).join('');
      expect(readAll(cut(sent, at))).toEqual(commands);
    }),
    { numRuns: 500 },
  );
});

test('what is no RESP is read the same, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 20 }), places, (parts, at) => {
      const sent = parts.join('');
      expect(readAll(cut(sent, at))).toEqual(readAll([sent]));
      expect(readAll([...sent])).toEqual(readAll([sent]));
    }),
    { numRuns: 2000 },
  );
});

test('a long value is put together in linear time', () => {
  const value = 'v'.repeat(2 ** 24);
  const sent = encodeCommand(['SET', 'k', value]);
  const chunks = Array.from({ length: sent.length / 1000 + 1 }, (_, i) =>
    sent.slice(i * 1000, (i + 1) * 1000),
  );
  expect(readAll(chunks)).toEqual([['SET', 'k', value]]);
});

test('pending counts what has not been understood', () => {
  const decoder = new RequestDecoder(anybody);
  decoder.push('PING\r\n*2\r\n$4\r\nEC');
  expect(decoder.next()).toEqual(['PING']);
  expect(decoder.next()).toBeUndefined();
  expect(decoder.pending).toBe(2);
  decoder.push('HO\r\n');
  expect(decoder.pending).toBe(6);
});

test.each([
  ['*2147483648\r\n', 'invalid multibulk length'],
  ['*9223372036854775808\r\n', 'invalid multibulk length'],
  ['*\r\n', 'invalid multibulk length'],
  ['*01\r\n', 'invalid multibulk length'],
  ['*1\r\n$536870913\r\n', 'invalid bulk length'],
  ['*1\r\n$-1\r\n', 'invalid bulk length'],
  ['*1\r\n:1\r\n', "expected '$', got ':'"],
  ['"\r\n', 'unbalanced quotes in request'],
  [`*${'1'.repeat(70_000)}`, 'too big mbulk count string'],
  [`*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
  ['x'.repeat(70_000), 'too big inline request'],
])('%j is refused: %s', (sent, error) => {
  expect(readAll([sent])).toEqual([[`error: ${error}`]]);
});

test('a negative count is no command at all, the largest one included', () => {
  expect(readAll(['*-1\r\n*0\r\n*-9223372036854775808\r\nPING\r\n'])).toEqual([['PING']]);
});

test('nothing is found beyond a NUL byte before the end of a line', () => {
  expect(readAll(['EC\0HO x\r\nPING\r\n'])).toEqual([]);
});

test('a stranger may send ten arguments of 16 KB and no more', () => {
  const stranger = () => ({ maxBulk: 2 ** 29, authenticated: false });
  const refused = (name: string) => [[`error: unauthenticated ${name} length`]];
  expect(readAll(['*11\r\n'], stranger)).toEqual(refused('multibulk'));
  expect(readAll(['*1\r\n$16385\r\n'], stranger)).toEqual(refused('bulk'));
  const allowed = ['AUTH', 'x'.repeat(16_384)];
  expect(readAll([encodeCommand(allowed)], stranger)).toEqual([allowed]);
});
