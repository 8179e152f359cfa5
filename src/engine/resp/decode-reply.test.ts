import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RedisError } from '../errors.ts';
import { ProtocolError } from './decode.ts';
import { ReplyDecoder } from './decode-reply.ts';
import { encodeReply } from './encode.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  MapReply,
  NullArray,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';
import { inResp2 } from './resp2.ts';

function decode(...chunks: string[]): Reply[] {
  const decoder = new ReplyDecoder();
  const replies: Reply[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let r = decoder.next(); r !== undefined; r = decoder.next()) replies.push(r);
  }
  return replies;
}

const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)),
});
const line = bytes.map((text) => text.replace(/[\r\n]/g, ''));

const { reply } = fc.letrec<{ reply: Reply; items: Reply[]; entries: [Reply, Reply][] }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small' },
    bytes,
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.bigInt(2n ** 53n, 2n ** 63n - 1n),
    line.map((text) => new Status(text)),
    line.map((text) => new RedisError(text)),
    fc.double({ noNaN: true }).map((value) => new Double(value)),
    fc.boolean().map((value) => new Bool(value)),
    fc.bigInt().map((value) => new BigNumber(String(value))),
    bytes.map((text) => new Verbatim(text)),
    tie('items'),
    tie('items').map((items) => new SetReply(items)),
    tie('items').map((items) => new Push(items)),
    tie('entries').map((entries) => new MapReply(entries)),
    fc.tuple(tie('entries'), tie('reply')).map(([entries, r]) => new Attribute(entries, r)),
  ),
  items: fc.array(tie('reply'), { maxLength: 4 }),
  entries: fc.array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 3 }),
}));

/** Cuts a text at these fractions of its length. */
function cut(text: string, fractions: readonly number[]): string[] {
  const places = fractions.map((f) => Math.floor(f * text.length)).sort((a, b) => a - b);
  return [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length));
}

const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe('replies survive the wire, however it cuts them', () => {
  test('in RESP3', () => {
    fc.assert(
      fc.property(fc.array(reply), fractions, (replies, places) => {
        const text = replies.map((r) => encodeReply(r, 3)).join('');
        expect(decode(...cut(text, places))).toEqual(replies);
      }),
    );
  });

  test('in RESP2, as what RESP2 makes of them', () => {
    fc.assert(
      fc.property(fc.array(reply), fractions, (replies, places) => {
        const text = replies.map((r) => encodeReply(r, 2)).join('');
        expect(decode(...cut(text, places))).toEqual(replies.map(inResp2));
      }),
    );
  });

  test('byte by byte', () => {
    const text = '*2\r\n$5\r\nhello\r\n%1\r\n+a\r\n:1\r\n|1\r\n+ttl\r\n:3\r\n$-1\r\n>1\r\n*-1\r\n';
    expect(decode(...text)).toEqual([
      ['hello', new MapReply([[new Status('a'), 1]])],
      new Attribute([[new Status('ttl'), 3]], null),
      new Push([new NullArray()]),
    ]);
  });
});

test('empty aggregates are complete at once', () => {
  expect(decode('*0\r\n~0\r\n%0\r\n>0\r\n*2\r\n*0\r\n$0\r\n\r\n')).toEqual([
    [],
    new SetReply([]),
    new MapReply([]),
    new Push([]),
    [[], ''],
  ]);
});

test('small integers and lengths are put together from what was printed before', () => {
  for (const value of [0, 9, 999, 1000, 1001, 10_010, 999_999, 1_000_000, -1, -0, 2 ** 40]) {
    expect(encodeReply(value, 2)).toBe(`:${value}\r\n`);
  }
  for (const length of [0, 1, 999, 1000, 1001]) {
    expect(encodeReply('x'.repeat(length), 2)).toBe(`$${length}\r\n${'x'.repeat(length)}\r\n`);
  }
});

test('integers beyond 2^53 are bigints', () => {
  expect(decode(':9007199254740993\r\n:-5\r\n')).toEqual([9007199254740993n, -5]);
});

test('special doubles', () => {
  expect(decode(',inf\r\n,-inf\r\n,nan\r\n,1e3\r\n')).toEqual(
    [Infinity, -Infinity, NaN, 1000].map((value) => new Double(value)),
  );
});

test.each([
  ['HTTP/1.1 200 OK\r\n', 'Protocol error, got "H" as reply type byte'],
  ['\x01', 'Protocol error, got "\\x01" as reply type byte'],
  ['$x\r\n', 'Bad bulk string length'],
  ['$-2\r\n', 'Bulk string length out of range'],
  ['$536870913\r\n', 'Bulk string length out of range'],
  ['*1.5\r\n', 'Bad multi-bulk length'],
  ['*-2\r\n', 'Multi-bulk length out of range'],
  ['*4294967296\r\n', 'Multi-bulk length out of range'],
  ['%-1\r\n', 'Multi-bulk length out of range'],
  [':1x\r\n', 'Bad integer value'],
  [':9223372036854775808\r\n', 'Bad integer value'],
  [',one\r\n', 'Bad double value'],
  ['#x\r\n', 'Bad bool value'],
  ['_x\r\n', 'Bad nil value'],
  ['(12a\r\n', 'Bad big number value'],
  ['=3\r\nabc\r\n', 'Verbatim string without its format'],
  ['*1\r\n'.repeat(1001), 'Too deeply nested reply'],
])('%j is refused', (text, message) => {
  expect(() => decode(text)).toThrow(new ProtocolError(message));
});

test('a line without end is refused at some point', () => {
  const decoder = new ReplyDecoder({ maxLine: 100 });
  decoder.push(`+${'x'.repeat(98)}`);
  expect(decoder.next()).toBeUndefined();
  decoder.push('xx');
  expect(() => decoder.next()).toThrow(ProtocolError);
});

test('random bytes give replies or a protocol error, nothing else', () => {
  const noise = fc.string({ unit: fc.constantFrom(...'*$:+-%~|=!,#(_>0123\r\nab') });
  fc.assert(
    fc.property(noise, (text) => {
      try {
        decode(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a long reply in many chunks is read once', () => {
  const items = Array.from({ length: 200_000 }, (_, i) => `item-${i}`);
  const text = encodeReply(items, 2);
  const chunks = Array.from({ length: Math.ceil(text.length / 1000) }, (_, i) =>
    text.slice(i * 1000, (i + 1) * 1000),
  );
  const [decoded] = decode(...chunks);
  expect(decoded).toEqual(items);
});
