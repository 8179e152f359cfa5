import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from './print.ts';
import { splitArgs } from './split.ts';

test.each<[string, string[] | undefined]>([
  ['', []],
  ['   \t\n', []],
  ['set k v', ['set', 'k', 'v']],
  ['  set\tk \n v\r', ['set', 'k', 'v']],
  ['set k "a b"', ['set', 'k', 'a b']],
  ["set k 'a b'", ['set', 'k', 'a b']],
  ['set k ""', ['set', 'k', '']],
  ['"\\n\\r\\t\\b\\a\\\\\\"\\q"', ['\n\r\t\b\x07\\"q']],
  ['"\\x00\\xfF\\xg1"', ['\x00\xffxg1']],
  ["'\\n\\x41\\''", ["\\n\\x41'"]],
  ['a"b c"', ['ab c']],
  ['a\\"b', undefined],
  ['"a"b', undefined],
  ["'a'b", undefined],
  ['"a" b', ['a', 'b']],
  ['"a', undefined],
  ["'a", undefined],
  ['"a\\"', undefined],
  ["'a\\'", undefined],
  ["it's", undefined],
  ['a\\b', ['a\\b']],
  ['a b\0c d', ['a', 'b']],
  ['"a\0"', undefined],
  ['"a"\0b', ['a']],
  ['a\vb', ['a\vb']],
  ['\va', ['a']],
  ['"a"\vb', ['a', 'b']],
])('%j', (line, args) => {
  expect(splitArgs(line)).toEqual(args);
});

test('what is printed in quotes is read back', () => {
  const bytes = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)),
  });
  fc.assert(
    fc.property(fc.array(bytes), (args) => {
      expect(splitArgs(args.map(quote).join(' '))).toEqual(args);
    }),
  );
});
