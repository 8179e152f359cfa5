import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenizeRow } from './tokens.ts';

const kinds = (row: string) =>
  tokenizeRow(row)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, text }) => `${kind} ${text.trim()}`);

test.each([
  [
    'A> SET a "b c" EX 60',
    'prompt A>, command SET, argument a, string "b c", option EX, number 60',
  ],
  [
    '> config get save  # all',
    'prompt >, command config, command get, argument save, comment # all',
  ],
  ['(integer) 5', 'type (integer), number 5'],
  ['(nil)', 'nil (nil)'],
  ['…', 'nil …'],
  ['(error) ERR no such key', 'error (error) ERR no such key'],
  ['2) (error) ERR no', 'index 2), error (error) ERR no'],
  ['1) 1) "a"', 'index 1) 1), string "a"'],
  ['1# "field" => (integer) 2', 'index 1#, string "field", index =>, type (integer), number 2'],
  ['A< 3) "hi"', 'prompt A<, index 3), string "hi"'],
  ['| # Memory', 'index |, status #, status Memory'],
  ['@advance 1s', 'directive @advance 1s'],
  ['# remark', 'comment # remark'],
])('%s', (row, expected) => {
  expect(kinds(row).join(', ')).toBe(expected);
});

test('nothing of a row is lost', () => {
  const row = fc.string({ unit: fc.constantFrom(...'A>< #@|"\'\\()1ni…', '(error)', '(nil)') });
  fc.assert(
    fc.property(row, (text) => {
      expect(
        tokenizeRow(text)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
