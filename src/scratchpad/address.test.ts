import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragmentOf, kinds, readFragment } from './address.ts';

test('any text survives the link', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'grapheme' }), (kind, code) => {
      expect(readFragment(fragmentOf(kind, code))).toEqual({ ok: true, kind, code });
    }),
  );
});

test('without a fragment it is empty and of redis', () => {
  expect(readFragment('')).toEqual({ ok: true, kind: 'redis', code: undefined });
});

test.each([
  ['#kind=cobol&code=QQ', /cobol/],
  ['#kind=redis&code=%%%', /damaged/],
  ['#kind=redis&code=_w', /damaged/], // the byte 0xff
  ['#kind=redis&code=A', /damaged/],
])('%s is told to be wrong', (fragment, problem) => {
  expect(readFragment(fragment)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
