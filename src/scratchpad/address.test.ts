import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsLink, fragmentOf, kinds, readFragment } from './address.ts';

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

test('a text that is too long is refused with its size, as a link and before it is one', () => {
  const text = 'x'.repeat(1_000_000);
  expect(fitsLink(text)).toBe(false);
  expect(readFragment(fragmentOf('python', text))).toEqual({
    ok: false,
    problem: expect.stringMatching(/holds 1,334 kB of text; 100 kB are read at most/),
  });
});

test.each([
  ['#kind=cobol&code=QQ', /cobol/],
  ['#kind=redis&code=%%%', /damaged/],
  ['#kind=redis&code=_w', /damaged/], // the byte 0xff
  ['#kind=redis&code=A', /damaged/],
])('%s is told to be wrong', (fragment, problem) => {
  expect(readFragment(fragment)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
