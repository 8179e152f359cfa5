import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, fromUint8, own, toUint8, utf8Decode, utf8Encode } from './bytes.ts';

const anyBytes = fc.uint8Array({ maxLength: 600 });

test('bytes survive the way to a byte string and back', () => {
  fc.assert(
    fc.property(anyBytes, (u8) => {
      const bytes = fromUint8(u8);
      expect(bytes).toHaveLength(u8.length);
      expect(toUint8(bytes)).toEqual(u8);
    }),
  );
});

test('each byte is the character of its own code, also where latin1 is windows-1252', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const bytes = fromUint8(all);
  expect([...bytes].map((char) => char.charCodeAt(0))).toEqual([...all]);
  expect(fromUint8(new Uint8Array(100).fill(0x80))).toBe('\x80'.repeat(100));
  expect(fromUint8(new Uint8Array(100).fill(0xe9))).toBe('\xe9'.repeat(100));
});

test('long strings convert whole, with and without bytes above 0x7f', () => {
  for (const unit of ['a', '\xe9', '\x80', 'a\xff']) {
    const bytes = unit.repeat(50_000);
    expect(fromUint8(toUint8(bytes)) === bytes).toBe(true);
  }
});

test('text survives UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Decode(utf8Encode(text))).toBe(text);
      expect(toUint8(utf8Encode(text))).toEqual(new Uint8Array(Buffer.from(text)));
    }),
  );
});

test('what is not UTF-8 shows as replacement characters', () => {
  expect(utf8Decode('caf\xc3\xa9 \xff')).toBe('café \ufffd');
  expect(utf8Encode('\ud800')).toBe('\xef\xbf\xbd');
  expect(utf8Decode('\xef\xbb\xbfx')).toBe('\ufeffx');
});

test('bytes compare as memcmp does, shorter first', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      const expected = Buffer.compare(a, b);
      expect(Math.sign(compareBytes(fromUint8(a), fromUint8(b)))).toBe(expected);
    }),
  );
});

test('an owned string is equal to its original', () => {
  fc.assert(fc.property(anyBytes, (u8) => own(fromUint8(u8)) === fromUint8(u8)));
});
