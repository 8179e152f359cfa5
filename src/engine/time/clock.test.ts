import { expect, test } from 'vitest';
import { VirtualClock } from './clock.ts';

test('whoever asks for microseconds never gets the same ones twice', () => {
  const clock = new VirtualClock(5000);
  expect([clock.tellUsec(), clock.tellUsec()]).toEqual([5_000_000, 5_000_001]);
  clock.advance(1);
  expect(clock.tellUsec()).toBe(5_001_000);
});

test('microseconds never go back, however often they are asked for', () => {
  const clock = new VirtualClock(0);
  const told = Array.from({ length: 1500 }, () => clock.tellUsec());
  clock.advance(1);
  expect(clock.tellUsec()).toBeGreaterThan(told.at(-1) ?? 0);
});
