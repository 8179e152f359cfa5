import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

const of = (...usecs: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const usec of usecs) histogram.add(usec);
  return histogram;
};

// What redis-server 7.0.15 prints for one call of so many microseconds.
test.each([
  [1, 1.003],
  [10, 10.047],
  [47, 47.103],
  [63, 63.231],
  [299, 299.007],
  [13_337, 13_369.343],
])('%d µs are known as %d', (usec, known) => {
  expect(of(usec).percentile(50)).toBe(known);
});

test('a percentile is the duration that so many stayed within', () => {
  const histogram = of(...Array.from({ length: 100 }, (_, i) => i + 1));
  expect(histogram.percentile(0)).toBe(1);
  expect(histogram.percentile(50)).toBeCloseTo(50, 0);
  expect(histogram.percentile(99)).toBeCloseTo(99, 0);
  expect(histogram.percentile(100)).toBeCloseTo(100, 0);
});

test('LATENCY HISTOGRAM counts up to durations that double', () => {
  const durations = [16, 33, 66, 132, 264, 528].flatMap((usec) => [usec - 1, usec - 2]);
  expect(of(...durations).doubling()).toEqual([
    [16, 2],
    [33, 4],
    [66, 6],
    [132, 8],
    [264, 10],
    [528, 12],
  ]);
  expect(of(1, 2, 47).doubling()).toEqual([
    [1, 1],
    [2, 2],
    [66, 3],
  ]);
});

test('nothing is shorter than a nanosecond nor longer than a second', () => {
  expect(of(0).doubling()).toEqual([[1, 1]]);
  expect(of(5_000_000).percentile(50)).toBe(of(1_000_000).percentile(50));
});
