import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addLongDoubles,
  type LongDouble,
  longDoubleFrom,
  parseLongDouble,
  printLongDouble,
} from './long-double.ts';

/** Finite numbers only. */
function read(bytes: string): LongDouble {
  const value = parseLongDouble(bytes);
  if (!value || typeof value === 'string') throw new Error(`${bytes} is not a finite number`);
  return value;
}

const sum = (a: string, b: string): string => {
  const value = addLongDoubles(read(a), read(b));
  return value ? printLongDouble(value) : 'too large';
};

/** What INCRBYFLOAT of redis-server 7.0.15 answered. */
describe('sums', () => {
  test.each([
    ['0.1', '0.2', '0.3'],
    ['0.1', '10.5', '10.6'],
    ['3.0e3', '200', '3200'],
    ['1', '-1', '0'],
    ['-0', '-0', '0'],
    ['0x10', '0.1', '16.1'],
    ['5000000000000000000000.1', '0.1', '5000000000000000000000'],
    ['1e-17', '0', '0.00000000000000001'],
    ['1e-18', '0', '0'],
    ['-1e-18', '0', '0'],
    ['17179869184', '1.5', '17179869185.5'],
    ['1e4932', '1e4932', 'too large'],
  ])('%s + %s = %s', (a, b, expected) => {
    expect(sum(a, b)).toBe(expected);
  });

  test('17 decimals of 64 bits are printed as they are', () => {
    expect(sum('3.14159265358979323846', '0')).toBe('3.14159265358979324');
    expect(sum('100.1', '0.000001')).toBe('100.100001');
  });
});

describe('reading', () => {
  test.each(['', ' 1', '1 ', 'nan', '1e5000', '1e-5000', '1e99999999999', '1e-99999999999', '1x'])(
    '%j is not a number',
    (bytes) => {
      expect(parseLongDouble(bytes)).toBeUndefined();
    },
  );

  test('infinities are kept apart, for an error of their own', () => {
    expect(parseLongDouble('inf')).toBe('inf');
    expect(parseLongDouble('-Infinity')).toBe('-inf');
  });

  test('the format reaches from 2^-16445 to 2^16384', () => {
    expect(read('0x1p-16445')).toEqual({ negative: false, mantissa: 1n, exponent: -16445 });
    expect(parseLongDouble('0x1p-16447')).toBeUndefined();
    expect(read('0x1p16383').mantissa).toBe(2n ** 63n);
    expect(parseLongDouble('0x1p16384')).toBeUndefined();
  });

  test('a string of 5 KB is too long', () => {
    expect(parseLongDouble('0'.repeat(5119))).toBeDefined();
    expect(parseLongDouble('0'.repeat(5120))).toBeUndefined();
  });
});

test('a long double holds every double exactly', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const { negative, mantissa, exponent } = longDoubleFrom(value);
      const half = Math.trunc(exponent / 2);
      const magnitude = Number(mantissa) * 2 ** half * 2 ** (exponent - half);
      expect(negative ? -magnitude : magnitude).toBe(value);
    }),
  );
});
