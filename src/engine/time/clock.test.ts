import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from './clock.ts';

test('timers run in order, each at its own instant', () => {
  const clock = new VirtualClock(1000);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.now]);
  clock.schedule(50, note('later'));
  clock.schedule(10, note('first'));
  clock.schedule(10, note('second'));
  clock.advance(60);
  expect(seen).toEqual([
    ['first', 1010],
    ['second', 1010],
    ['later', 1050],
  ]);
  expect(clock.now).toBe(1060);
});

test('a timer set by a timer runs within the same advance when it is due', () => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  clock.schedule(5, () => clock.schedule(5, () => seen.push(clock.now)));
  clock.advance(9);
  expect(seen).toEqual([]);
  clock.advance(1);
  expect(seen).toEqual([10]);
});

test('a cancelled timer neither runs nor counts as due', () => {
  const clock = new VirtualClock();
  const cancel = clock.schedule(5, () => expect.unreachable());
  cancel();
  expect(clock.nextDue).toBeUndefined();
  clock.advance(10);
});

test('any timers run by due time, then by the order in which they were set', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (delays) => {
      const clock = new VirtualClock();
      const ran: number[] = [];
      delays.forEach((delay, i) => {
        clock.schedule(delay, () => ran.push(i));
      });
      clock.advance(20);
      const expected = delays.map((_, i) => i).sort((a, b) => (delays[a] ?? 0) - (delays[b] ?? 0));
      expect(ran).toEqual(expected);
    }),
  );
});
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
