import { expect, test } from 'vitest';
import { compileRegex } from './posix-regex.ts';

const matches = (expression: string, text: string, ignoreCase = false): boolean | undefined =>
  compileRegex(expression, { ignoreCase })?.(text);

test.each([
  ['abc', 'xabcx', true],
  ['^abc', 'xabc', false],
  ['abc$', 'xabc', true],
  ['^.*[0-9]{3}$', 'foo123', true],
  ['^.*[0-9]{3}$', 'foo12', false],
  ['^[0-9]{2,3}$', '1', false],
  ['^[0-9]{2,3}$', '123', true],
  ['^[0-9]{2,3}$', '1234', false],
  ['^a{2,}$', 'aaaa', true],
  ['^a{0,1}$', '', true],
  ['foo|bar', 'a bar', true],
  ['^(foo|bar)+$', 'foobarfoo', true],
  ['^(foo|bar)+$', 'foobaz', false],
  ['colou?r', 'color', true],
  ['[^a-z]', 'abc', false],
  ['[]x]', ']', true],
  ['[a-]', '-', true],
  ['[[:digit:]]+x', '12x', true],
  ['\\.', 'a.b', true],
  ['\\d\\w', '1_', true],
  ['\\x41', 'A', true],
  ['\\x{41}', 'A', true],
  ['a.c', 'a\nc', true],
  ['', 'anything', true],
  ['()', '', true],
  ['(a|)b', 'b', true],
])('%s in %j: %s', (expression, text, expected) => {
  expect(matches(expression, text)).toBe(expected);
});

test.each(['(', ')', '[', '[b-a]', '*', 'a{2,1}', 'a{256}', '\\', '(?=a)', '\\x{1', '[[:none:]]'])(
  '%s is no expression',
  (expression) => {
    expect(compileRegex(expression, { ignoreCase: false })).toBeUndefined();
  },
);

test('case may be ignored, in sets too', () => {
  expect(matches('^FOO[a-c]$', 'fooB', true)).toBe(true);
  expect(matches('^FOO[a-c]$', 'fooB')).toBe(false);
});

test('no expression takes long', () => {
  expect(matches('^(a+)+$', `${'a'.repeat(5000)}b`)).toBe(false);
  expect(matches('^(a|a)*(b|a?)*$', `${'a'.repeat(5000)}c`)).toBe(false);
  expect(compileRegex('((a{255}){255}){255}', { ignoreCase: false })).toBeUndefined();
});
