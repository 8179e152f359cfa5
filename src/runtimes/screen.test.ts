import { expect, test } from 'vitest';
import { labNow, SharedReading } from './clock.ts';
import { hasColumns, type Screen, ScreenLog, SHOWN_AT_MOST } from './screen.ts';

function openLog() {
  const shown: Screen[] = [];
  const log = new ScreenLog((screen) => shown.push(screen));
  return { log, chunks: () => shown.at(-1)?.chunks ?? [] };
}

test('what is printed on one stream is gathered, and streams are told apart', () => {
  const { log, chunks } = openLog();
  log.print([{ stream: 'out', text: 'a' }]);
  log.print([
    { stream: 'out', text: 'b\n' },
    { stream: 'err', text: 'c' },
  ]);
  expect(chunks()).toEqual([
    { stream: 'out', text: 'ab\n' },
    { stream: 'err', text: 'c' },
  ]);
});

test('a table is told from other text, also when it is printed piece by piece', () => {
  const { log, chunks } = openLog();
  log.print([{ stream: 'out', text: 'service/redis created\nNAME    READY ' }]);
  expect(hasColumns(chunks())).toBe(false);
  log.print([{ stream: 'out', text: '  STATUS    RESTARTS\n' }]);
  expect(hasColumns(chunks())).toBe(true);
});

test('of a flood only the beginning is kept, and it is said so once', () => {
  const { log, chunks } = openLog();
  for (let i = 0; i < 50; i++) log.print([{ stream: 'out', text: 'x'.repeat(10_000) }]);
  const kept = chunks().filter(({ stream }) => stream === 'out');
  expect(kept.map(({ text }) => text).join('')).toHaveLength(SHOWN_AT_MOST);
  const notes = chunks().filter(({ stream }) => stream === 'note');
  expect(notes).toHaveLength(1);
});

test('the time of a lab that stands still stands still, also through shared memory', () => {
  const shared = new SharedReading();
  shared.write({ nowMs: 5000, at: 0, rate: 0 });
  expect(labNow(new SharedReading(shared.memory).read())).toBe(5000);
});
