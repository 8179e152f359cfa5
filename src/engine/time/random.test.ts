import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';

const draws = (random: ReturnType<typeof seededRandom>) =>
  Array.from({ length: 5 }, () => random.below(1000));

test('the same seed gives the same draws, another one others', () => {
  expect(draws(seededRandom(7))).toEqual(draws(seededRandom(7)));
  expect(draws(seededRandom(7))).not.toEqual(draws(seededRandom(8)));
});

test('what a fork draws depends on seed and name, and on nothing drawn before', () => {
  const fresh = seededRandom(7);
  const used = seededRandom(7);
  draws(used);
  expect(draws(used.fork('node1'))).toEqual(draws(fresh.fork('node1')));
  expect(draws(fresh.fork('node1'))).not.toEqual(draws(fresh.fork('node2')));
});

test('draws are spread evenly enough', () => {
  const random = seededRandom(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const draw = random.below(10);
    counts[draw] = (counts[draw] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
