/** How many keys a new shard moves, by each of the rules that lesson 33 compares. */
import { expect, test } from 'vitest';
import { grow, type Rule } from './shard-growth.ts';

const KEYS = 5000;

test.each([
  ['modulo', 0.75, 0.85],
  ['ring', 0.13, 0.28],
  ['slots', 0.17, 0.23],
] as const)(
  'from four shards to five, %s moves between %d and %d of the keys',
  (rule, low, high) => {
    const { moved, counts } = grow(rule, KEYS, 4, 5);
    expect(moved / KEYS).toBeGreaterThan(low);
    expect(moved / KEYS).toBeLessThan(high);
    expect(counts.reduce((sum, count) => sum + count)).toBe(KEYS);
  },
);

test.each<Rule>(['modulo', 'ring', 'slots'])('%s shares the keys out', (rule) => {
  for (const count of grow(rule, KEYS, 6, 6).counts) {
    expect(count).toBeGreaterThan((KEYS / 6) * 0.7);
    expect(count).toBeLessThan((KEYS / 6) * 1.3);
  }
});

test('as many shards as before move nothing', () => {
  expect(grow('ring', KEYS, 4, 4).moved).toBe(0);
});
