import { expect, test } from 'vitest';
import { VirtualClock } from '../engine/time/clock.ts';
import { Pacer, type RealTime } from './pace.ts';

/** Real time that stands still until `pass`; timers run when they are due. */
function fakeTime() {
  const real = new VirtualClock(1000.5);
  const time: RealTime = { now: () => real.now, after: (ms, task) => real.schedule(ms, task) };
  return { time, pass: (ms: number) => real.advance(ms) };
}

function startPacer(rate: number) {
  const { time, pass } = fakeTime();
  const clock = new VirtualClock(0);
  const pacer = new Pacer(clock, time);
  pacer.setRate(rate);
  return { clock, pacer, pass };
}

test('lab time follows real time, in whole milliseconds and without losing fractions', () => {
  const { clock, pacer, pass } = startPacer(1);
  for (let i = 0; i < 10; i++) {
    pass(0.25);
    pacer.sync();
    expect(Number.isInteger(clock.now)).toBe(true);
  }
  expect(clock.now).toBe(2);
});

test('a timer of the lab runs on time although nobody asks', () => {
  const { clock, pacer, pass } = startPacer(1);
  const ran: number[] = [];
  clock.schedule(50, () => ran.push(clock.now));
  pacer.plan();
  pass(49);
  expect(ran).toEqual([]);
  pass(2);
  expect(ran).toEqual([50]);
});

test('an earlier timer set later is woken for too', () => {
  const { clock, pacer, pass } = startPacer(1);
  const ran: string[] = [];
  clock.schedule(1000, () => ran.push('late'));
  pacer.plan();
  clock.schedule(20, () => ran.push('early'));
  pacer.plan();
  pass(25);
  expect(ran).toEqual(['early']);
  pass(1000);
  expect(ran).toEqual(['early', 'late']);
});

test('at rate 10 a lab second takes 100 ms', () => {
  const { clock, pacer, pass } = startPacer(10);
  pass(100);
  pacer.sync();
  expect(clock.now).toBe(1000);
});

test('paused, nothing moves, and going on does not catch up', () => {
  const { clock, pacer, pass } = startPacer(1);
  pass(10);
  pacer.setRate(0);
  pass(5000);
  pacer.sync();
  expect(clock.now).toBe(10);
  pacer.setRate(1);
  pass(10);
  pacer.sync();
  expect(clock.now).toBe(20);
});

test('a page that slept does not live through the night', () => {
  const { clock, pacer, pass } = startPacer(1);
  pass(8 * 3_600_000);
  pacer.sync();
  expect(clock.now).toBe(60_000);
});

test('time can be skipped while paused', () => {
  const { clock, pacer } = startPacer(0);
  pacer.advance(61_000);
  expect(clock.now).toBe(61_000);
});

test('work that fills every millisecond is run late, and time still keeps up', () => {
  const { time, pass } = fakeTime();
  const clock = new VirtualClock(0);
  const pacer = new Pacer(clock, time);
  let slices = 0;
  const slice = () => {
    slices++;
    pass(10);
    clock.schedule(1, slice);
  };
  clock.schedule(1, slice);
  pacer.setRate(1);
  for (let i = 0; i < 20; i++) pass(10);
  expect(slices).toBeLessThan(40);
  expect(clock.now).toBeGreaterThan(200);
});
