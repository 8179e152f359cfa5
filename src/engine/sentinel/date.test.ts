import { expect, test } from 'vitest';
import { printDate } from './date.ts';

/** Seconds since 1970, and what `date -u` prints. */
test.each([
  [0, 'Thu Jan  1 00:00:00 1970'],
  [951782400, 'Tue Feb 29 00:00:00 2000'],
  [1767225600, 'Thu Jan  1 00:00:00 2026'],
  [4102444799, 'Thu Dec 31 23:59:59 2099'],
  [1709164800, 'Thu Feb 29 00:00:00 2024'],
  [4107542400, 'Mon Mar  1 00:00:00 2100'],
  [1795461424, 'Mon Nov 23 19:17:04 2026'],
])('%i is %s', (seconds, text) => {
  expect(printDate(seconds * 1000)).toBe(text);
});
