import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUint8 } from './bytes.ts';
import { crc16, slotOf } from './crc16.ts';
import { crc64 } from './crc64.ts';
import { sha1Hex } from './sha1.ts';
import { sha256Hex } from './sha256.ts';

test('CRC16 gives the published check value and the slots that CLUSTER KEYSLOT gives', () => {
  expect(crc16('123456789')).toBe(0x31c3);
  expect(slotOf('somekey')).toBe(11058);
  expect(slotOf('foo{hash_tag}')).toBe(2515);
  expect(slotOf('bar{hash_tag}')).toBe(2515);
  expect(slotOf('')).toBe(0);
});

test('only the first pair of braces with something inside is a hash tag', () => {
  expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'));
  expect(slotOf('foo{}{bar}')).toBe(crc16('foo{}{bar}') % 16384);
  expect(slotOf('foo{{bar}}zap')).toBe(slotOf('{bar'));
  expect(slotOf('foo{bar}{zap}')).toBe(slotOf('bar'));
  expect(slotOf('foo{bar')).toBe(crc16('foo{bar') % 16384);
});

test('CRC64 gives the published check value, in one go or in parts', () => {
  expect(crc64('123456789')).toBe(0xe9c6d914c4b8d9can);
  expect(crc64('6789', crc64('12345'))).toBe(0xe9c6d914c4b8d9can);
  expect(crc64('')).toBe(0n);
});

test('SHA-1 and SHA-256 agree with OpenSSL', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (u8) => {
      const bytes = fromUint8(u8);
      expect(sha1Hex(bytes)).toBe(createHash('sha1').update(u8).digest('hex'));
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(u8).digest('hex'));
    }),
  );
});
