import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test('spikes are drawn as redis-server draws them, with their age written downwards', () => {
  const ages = ['7s', '6s', '5s', '4s', '12m', '1s'];
  const points = [50, 300, 21, 150, 500, 210].map((value, i) => ({ value, label: ages[i] ?? '' }));
  expect(sparkline(points)).toBe(
    ['    # ', ' _  | ', ' | _|o', '_|_|||', '      ', '765411', 'ssss2s', '    m ', ''].join('\n'),
  );
});

test('more than eighty go on below, on the same scale; equal ones lie on the ground', () => {
  const points = Array.from({ length: 100 }, () => ({ value: 3, label: '' }));
  const rows = sparkline(points).split('\n');
  expect(rows.filter((row) => /^_+$/.test(row)).map(({ length }) => length)).toEqual([80, 20]);
});
