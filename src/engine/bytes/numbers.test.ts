import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isInteger,
  parseDouble,
  parseInteger,
  parseSafeInteger,
  parseScoreBound,
  printDouble,
  printGeneral,
  printShortestDouble,
} from './numbers.ts';

describe('integers', () => {
  test('every 64-bit integer is read from its decimal digits', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        expect(parseInteger(String(value))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parseSafeInteger(String(value))).toBe(value);
      }),
    );
  });

  test.each(['', '-', '+1', ' 1', '1 ', '01', '-0', '-01', '1.0', '1e3', '0x1', '١', '1\0'])(
    '%j is not an integer',
    (bytes) => {
      expect(parseInteger(bytes)).toBeUndefined();
      expect(parseSafeInteger(bytes)).toBeUndefined();
      expect(isInteger(bytes)).toBe(false);
    },
  );

  test('64 bits are the limit', () => {
    expect(parseInteger('9223372036854775807')).toBe(2n ** 63n - 1n);
    expect(parseInteger('9223372036854775808')).toBeUndefined();
    expect(parseInteger('-9223372036854775808')).toBe(-(2n ** 63n));
    expect(parseInteger('-9223372036854775809')).toBeUndefined();
    expect(parseInteger('12345678901234567890')).toBeUndefined();
    expect(isInteger('-9223372036854775808')).toBe(true);
  });

  test('beyond 2^53 only the bigint is exact', () => {
    expect(parseSafeInteger('9007199254740991')).toBe(9007199254740991);
    expect(parseSafeInteger('9007199254740992')).toBeUndefined();
    expect(parseInteger('9007199254740993')).toBe(9007199254740993n);
    expect(parseSafeInteger('-9007199254740992')).toBeUndefined();
    expect(parseInteger('-9007199254740993')).toBe(-9007199254740993n);
  });
});

describe('doubles read', () => {
  test.each([
    ['1.5', 1.5],
    ['+1', 1],
    ['-0', -0],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['0x10', 16],
    ['0X1.8P3', 12],
    ['0x.8', 0.5],
    ['inf', Infinity],
    ['-INFINITY', -Infinity],
    ['iNf', Infinity],
    ['4e-320', 4e-320],
    ['123456789012345678901234567890', 1.2345678901234568e29],
  ])('%s', (bytes, value) => {
    expect(parseDouble(bytes)).toBe(value);
  });

  test.each(['', ' 1', '1 ', 'nan', '-nan', 'nan(12)', '.', '1_0', '0x', '1e', '1e400', '-1e400'])(
    'not %j',
    (bytes) => {
      expect(parseDouble(bytes)).toBeUndefined();
    },
  );

  test('not what would vanish', () => {
    expect(parseDouble('1e-400')).toBeUndefined();
    expect(parseDouble('0e-400')).toBe(0);
    expect(parseDouble('0x1p-1080')).toBeUndefined();
    expect(parseDouble('0x1p-1074')).toBe(5e-324);
  });

  test('bounds of ranges are read with less care', () => {
    expect(parseScoreBound('')).toBe(0);
    expect(parseScoreBound('  7')).toBe(7);
    expect(parseScoreBound('7 ')).toBeUndefined();
    expect(parseScoreBound(' ')).toBeUndefined();
    expect(parseScoreBound('1\0junk')).toBe(1);
    expect(parseScoreBound('1e400')).toBe(Infinity);
    expect(parseScoreBound('1e-400')).toBe(0);
    expect(parseScoreBound('nan')).toBeUndefined();
    expect(parseScoreBound('-inf')).toBe(-Infinity);
  });
});

describe('doubles printed', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-1.5, '-1.5'],
    [0.1, '0.10000000000000001'],
    [1e17, '1e+17'],
    [1e16, '10000000000000000'],
    [Number('123456789012345678'), '1.2345678901234568e+17'],
    [2 ** 60, '1.152921504606847e+18'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [1e-7, '9.9999999999999995e-08'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '4.9406564584124654e-324'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, 'nan'],
  ])('%d as 7.0 prints it', (value, text) => {
    expect(printDouble(value)).toBe(text);
  });

  test('a tie is rounded to the even digit', () => {
    expect(printDouble(2 ** -25)).toBe('2.9802322387695312e-08');
    expect(printDouble(3 * 2 ** -25)).toBe('8.9406967163085938e-08');
  });

  // As printf() of C.
  test.each([
    [100_000_000_000.5, '100000000000', '1e+11', '1e+11'],
    [100_000_000_001.5, '100000000002', '1e+11', '1e+11'],
    [1_234_565, '1234565', '1.23456e+06', '1e+06'],
    [1_234_575, '1234575', '1.23458e+06', '1e+06'],
    [-123_456_500_000, '-123456500000', '-1.23456e+11', '-1e+11'],
    [0.0001234565, '0.0001234565', '0.000123457', '0.0001'],
    [2.5, '2.5', '2.5', '2'],
    [8.5, '8.5', '8.5', '8'],
    [9.5, '9.5', '9.5', '1e+01'],
    [999_999.5, '999999.5', '1e+06', '1e+06'],
    [99_999.95, '99999.95', '99999.9', '1e+05'],
    [5e34, '5e+34', '5e+34', '5e+34'],
    [1e300, '1e+300', '1e+300', '1e+300'],
    [-0, '-0', '-0', '-0'],
    [NaN, 'nan', 'nan', 'nan'],
  ])('%d with twelve digits, with six and with one', (value, ...texts) => {
    expect([12, 6, 1].map((count) => printGeneral(value, count))).toEqual(texts);
  });

  test.each([
    [0, '0'],
    [-0, '-0'],
    [0.1, '0.1'],
    [-1.5, '-1.5'],
    [100, '100'],
    [1e7, '10000000'],
    [1e8, '1e+8'],
    [1.5e20, '1.5e+20'],
    [1e21, '1e+21'],
    [0.001, '0.001'],
    [1e-7, '1e-7'],
    [1.7e12, '1.7e+12'],
    [123.456, '123.456'],
    [Number('123456789.12345678'), '1.2345678912345678e+8'],
    [Infinity, 'inf'],
  ])('%d as 7.2 prints it', (value, text) => {
    expect(printShortestDouble(value)).toBe(text);
  });

  test('both read back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseDouble(printDouble(value))).toBe(value);
        expect(parseDouble(printShortestDouble(value))).toBe(value);
      }),
    );
  });
});
