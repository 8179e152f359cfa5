import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, type Message, messageLength } from './message.ts';
import { SLOT_BYTES } from './node.ts';

const name = fc.string({
  unit: fc.constantFrom(...'0123456789abcdef'),
  minLength: 40,
  maxLength: 40,
});
const slots = fc
  .array(fc.nat(255), { minLength: SLOT_BYTES, maxLength: SLOT_BYTES })
  .map((bytes) => String.fromCharCode(...bytes));
const epoch = fc.maxSafeNat();
const port = fc.nat(65_535);
const text = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
});
const seconds = fc.nat(2 ** 31);

const header = fc.record({
  sender: name,
  currentEpoch: epoch,
  configEpoch: epoch,
  offset: epoch,
  slots,
  replicaOf: fc.oneof(fc.constant(''), name),
  ip: fc.constantFrom('', '127.0.0.1', '10.0.0.12', 'fe80::1'),
  port,
  busPort: port,
  flags: fc.nat(2047),
  isOk: fc.boolean(),
  isPaused: fc.boolean(),
  forcesVote: fc.boolean(),
});

const gossip = fc.record({
  name,
  pingSentAt: seconds,
  pongAt: seconds,
  ip: fc.constantFrom('', '127.0.0.1'),
  port,
  busPort: port,
  flags: fc.nat(2047),
});

const body: fc.Arbitrary<Message['body']> = fc.oneof(
  fc.record({
    type: fc.constantFrom('ping', 'pong', 'meet'),
    gossip: fc.array(gossip, { maxLength: 4 }),
    extensions: fc.record({
      hostname: fc.constantFrom('', 'node1.example', 'sevenby'),
      shardId: fc.oneof(fc.constant(''), name),
    }),
  }),
  fc.record({ type: fc.constant('fail'), node: name }),
  fc.record({ type: fc.constantFrom('publish', 'publishshard'), channel: text, message: text }),
  fc.record({ type: fc.constantFrom('auth-req', 'auth-ack', 'mfstart') }),
  fc.record({ type: fc.constant('update'), node: name, configEpoch: epoch, slots }),
);

test('what was encoded is decoded to the same, and says how long it is', () => {
  fc.assert(
    fc.property(fc.record({ header, body }), (message) => {
      const bytes = encodeMessage(message);
      expect(messageLength(bytes)).toBe(bytes.length);
      expect(decodeMessage(bytes)).toEqual(message);
    }),
    { numRuns: 50 },
  );
});

/** A PONG of redis-server 7.0.15 to a node that it did not know: recorded on port 17301. */
function recordedPong(): string {
  const head =
    '52436d62000008d000011c85000100000000000000000000000000000000000000000000000000000000';
  const sender = '75d8d25c8bb64a3669e1334beccbdb06d2b4bd6c';
  const tail = '4395001101000000';
  const hex = (digits: string) =>
    digits.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  const known = hex(head).slice(0, 40) + sender;
  return known + '\0'.repeat(2256 - known.length - tail.length / 2) + hex(tail);
}

test('a PONG that redis-server sent is understood', () => {
  const pong = decodeMessage(recordedPong());
  expect(pong?.header).toMatchObject({
    sender: '75d8d25c8bb64a3669e1334beccbdb06d2b4bd6c',
    port: 7301,
    busPort: 17_301,
    flags: 0x11,
    isOk: false,
    replicaOf: '',
  });
  expect(pong?.body).toEqual({ type: 'pong', gossip: [], extensions: undefined });
});

test('a shard id follows the hostname as redis-server 7.2 and later write it', () => {
  const pong = decodeMessage(recordedPong()) as Message;
  const shardId = '5'.repeat(40);
  const extensions = { hostname: 'sevenby', shardId };
  const bytes = encodeMessage({ ...pong, body: { type: 'pong', gossip: [], extensions } });
  expect(bytes.slice(2256)).toBe(`\0\0\0\x10\0\0\0\0sevenby\0\0\0\0\x30\0\x03\0\0${shardId}`);
});

test('what is cut, or no message at all, is none', () => {
  const bytes = recordedPong();
  expect(decodeMessage(bytes.slice(0, -1))).toBeUndefined();
  expect(messageLength('GET / HTTP/1.1')).toBeUndefined();
  // It says that it has gossip of one node, and ends before.
  expect(decodeMessage(`${bytes.slice(0, 15)}\x01${bytes.slice(16)}`)).toBeUndefined();
});
