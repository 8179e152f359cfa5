import { expect, test } from 'vitest';
import { CronTableError, isDue, readTable } from './table.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const isDueAt = (line: string, time: string) => {
  const times = readTable(`${line}\n`).jobs[0]?.times;
  return times !== undefined && isDue(times, at(time));
};

/** What crontab of cron 3.0pl1 says, with the line that it counts. */
test.each([
  ['foo', '1: bad minute'],
  ['60 * * * * x', '0: bad minute'],
  ['* 24 * * * x', '0: bad hour'],
  ['* * 32 * * x', '0: bad day-of-month'],
  ['* * * 13 * x', '0: bad month'],
  ['* * * * 8 x', '0: bad day-of-week'],
  ['@often x', '0: bad time specifier'],
  ['# a\n\n* * * * * ok\n* * *', '4: bad month'],
  ['*/0 * * * * x', '0: bad minute'],
])('%j is refused: %s', (text, reason) => {
  const told = () => {
    try {
      readTable(text);
    } catch (error) {
      return error instanceof CronTableError && `${error.line}: ${error.message}`;
    }
  };
  expect(told()).toBe(reason);
});

// 2026-01-01 is a Thursday.
test.each([
  ['*/15 * * * * x', '2026-01-01T10:30', true],
  ['*/15 * * * * x', '2026-01-01T10:31', false],
  ['10-20/5,50 * * * * x', '2026-01-01T10:15', true],
  ['0 3 * * * x', '2026-01-01T03:00', true],
  ['0 3 * * * x', '2026-01-01T04:00', false],
  ['0 0 1 * mon x', '2026-01-01T00:00', true],
  ['0 0 1 * mon x', '2026-01-05T00:00', true],
  ['0 0 */2 * mon x', '2026-01-12T00:00', false],
  ['0 0 * JAN 7 x', '2026-01-04T00:00', true],
  ['@weekly x', '2026-01-04T00:00', true],
  ['@hourly x', '2026-01-04T05:00', true],
  ['@reboot x', '2026-01-04T05:00', false],
])('%s at %s: %s', (line, time, expected) => {
  expect(isDueAt(line, time)).toBe(expected);
});

test('a "%" ends the command, and settings hold for what stands below them', () => {
  const { jobs } = readTable('A=1\n* * * * * cat %a%b \\% c\nA = "2 3"\n@daily date +\\%F\n');
  expect(jobs).toMatchObject([
    { command: 'cat ', input: 'a\nb % c\n' },
    { command: 'date +%F', input: undefined },
  ]);
  expect(jobs.map(({ settings }) => settings.get('A'))).toEqual(['1', '2 3']);
});
