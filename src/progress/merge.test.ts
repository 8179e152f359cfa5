import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyItem, anyProgress } from './arbitrary.test-data.ts';
import { mergeProgress as merge } from './merge.ts';
import { emptyProgress } from './progress.ts';

test('it does not matter which of two comes first', () => {
  fc.assert(
    fc.property(anyProgress, anyProgress, (a, b) => {
      expect(merge(a, b)).toEqual(merge(b, a));
    }),
  );
});

test('it does not matter which two of three are joined first', () => {
  fc.assert(
    fc.property(anyProgress, anyProgress, anyProgress, (a, b, c) => {
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
    }),
    { numRuns: 500 },
  );
});

test('joining again changes nothing, nor does joining with nothing', () => {
  fc.assert(
    fc.property(anyProgress, anyProgress, (a, b) => {
      expect(merge(a, a)).toEqual(a);
      expect(merge(merge(a, b), b)).toEqual(merge(a, b));
      expect(merge(a, emptyProgress)).toEqual(a);
    }),
  );
});

test('nothing that was solved is lost, and no counter falls', () => {
  fc.assert(
    fc.property(anyItem, anyItem, (a, b) => {
      const at = (item: typeof a) => ({ ...emptyProgress, items: { 'a/b': item } });
      const merged = merge(at(a), at(b)).items['a/b'];
      expect(merged?.solved !== null).toBe(a.solved !== null || b.solved !== null);
      expect(merged?.attempts).toBe(Math.max(a.attempts, b.attempts));
      expect(merged?.latest.at).toBe(Math.max(a.latest.at, b.latest.at));
    }),
  );
});

test('a reset is not undone by a tab that has not heard of it', () => {
  const before = { ...emptyProgress, lessons: { 'pub-sub': { begunAt: 1, section: null } } };
  const reset = { ...emptyProgress, epoch: 2 };
  expect(merge(before, reset)).toEqual(reset);
});
