import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from './glob.ts';

describe('patterns', () => {
  test.each([
    ['hello', 'hello', true],
    ['h?llo', 'hallo', true],
    ['h?llo', 'hllo', false],
    ['h*llo', 'heeeello', true],
    ['h*llo', 'hllo', true],
    ['h[ae]llo', 'hallo', true],
    ['h[ae]llo', 'hillo', false],
    ['h[^e]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['h[a-c]llo', 'hbllo', true],
    ['h[c-a]llo', 'hbllo', true],
    ['h[a-c]llo', 'hdllo', false],
    ['*', 'anything', true],
    ['**', 'a', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-b-b-d', false],
    ['news.*', 'news.', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['[\\]]', ']', true],
    ['[a', 'a', true],
    ['[', '[', false],
    ['[^', 'x', true],
    ['[]a', 'a', false],
    ['[a-]', ']', true],
    ['[a-]', 'b', false],
    ['a', '', false],
    ['', '', true],
    ['*', '', false],
    ['', 'a', false],
    ['[a-\xff]', 'a', true],
    ['[a-\xff]', 'b', false],
    ['[\x80-\xff]', '\xa0', true],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});

test('case matters unless told otherwise, and never behind a backslash in a class', () => {
  expect(matches('MAXMEM*', 'maxmemory')).toBe(false);
  expect(matches('MAXMEM*', 'maxmemory', { nocase: true })).toBe(true);
  expect(matches('[A-C]x', 'bX', { nocase: true })).toBe(true);
  expect(matches('[ABC]x', 'bX', { nocase: true })).toBe(true);
  expect(matches('[\\A]', 'a', { nocase: true })).toBe(false);
});

test('many stars take no exponential time', () => {
  expect(matches(`${'a*'.repeat(50)}b`, 'a'.repeat(10_000))).toBe(false);
});

test('more than a thousand stars match nothing, unless the last of them ends the pattern', () => {
  const found = [1000, 1001].map((stars) => matches('*a'.repeat(stars), 'a'.repeat(1100)));
  expect(found).toEqual([true, false]);
  expect(matches(`${'*a'.repeat(1000)}*`, 'a'.repeat(1100))).toBe(true);
});

test('stars and plain characters mean what they mean in a regular expression', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (glob, candidate) => {
      const expression = glob.replaceAll('*', '.*').replaceAll('?', '.');
      expect(matches(glob, candidate)).toBe(new RegExp(`^${expression}$`).test(candidate));
    }),
    { numRuns: 1000 },
  );
});
