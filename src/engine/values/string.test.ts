import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StringValue } from './string.ts';

const counts = fc.constantFrom(0, 7, -7, 999, 1000, -1_000_000, 2 ** 31, Number.MAX_SAFE_INTEGER);

test.each([
  ['bytes', (value: StringValue) => value.bytes],
  ['length', (value: StringValue) => value.length],
  ['encoding', (value: StringValue) => value.encoding],
  ['view', (value: StringValue) => String.fromCharCode(...value.view())],
  ['a copy', (value: StringValue) => value.copy().bytes],
  ['an edited byte', (value: StringValue) => String.fromCharCode(...value.edit(3))],
])('a string that is counted is like one of the same digits: %s', (_, look) => {
  fc.assert(
    fc.property(counts, (count) => {
      const counted = new StringValue('anything');
      counted.become(count);
      const digits = new StringValue(String(count));
      expect(look(counted)).toBe(look(digits));
      expect(counted.bytes).toBe(digits.bytes);
      expect(counted.encoding).toBe(digits.encoding);
    }),
  );
});

test('what was counted is a number until somebody asks for the bytes', () => {
  const value = new StringValue(41);
  value.become(42);
  expect(value.counted).toBe(42);
  expect(value.bytes).toBe('42');
  expect(value.counted).toBeUndefined();
});
