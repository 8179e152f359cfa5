/** Times as expressions print and read them: seconds since 1970, in UTC, by the patterns of strftime. */
import { notSimulated } from '../../errors.ts';

export interface TimeParts {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** From Sunday, 0. */
  readonly weekday: number;
  /** From 0. */
  readonly dayOfYear: number;
}

const DAY = 86_400;

/** Days from 1970 to a date, by the Gregorian calendar; months count from 0 and may be too many. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month - 2;
  const y = year + Math.floor(shifted / 12);
  const m = ((shifted % 12) + 12) % 12;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + Math.floor((m * 153 + 2) / 5) + day - 1 - 719_468;
}

export function partsOf(seconds: number): TimeParts {
  const days = Math.floor(seconds / DAY);
  const rest = seconds - days * DAY;
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysOf(year + 1, 0, 1) <= days) year++;
  while (daysOf(year, 0, 1) > days) year--;
  const dayOfYear = days - daysOf(year, 0, 1);
  let month = 11;
  while (daysOf(year, month, 1) > days) month--;
  return {
    ...{ year, month, day: days - daysOf(year, month, 1) + 1, dayOfYear },
    ...{ hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60 },
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

export const secondsOf = ({ year, month, day, hour = 0, minute = 0, second = 0 }: Moment): number =>
  daysOf(year, month, day) * DAY + hour * 3600 + minute * 60 + second;

const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

const two = (value: number): string => String(value).padStart(2, '0');

const composed: ReadonlyMap<string, string> = new Map([
  ['F', '%Y-%m-%d'],
  ['T', '%H:%M:%S'],
  ['R', '%H:%M'],
  ['D', '%m/%d/%y'],
  ['c', '%a %b %e %H:%M:%S %Y'],
  ['x', '%m/%d/%y'],
  ['X', '%H:%M:%S'],
]);

const printers: ReadonlyMap<string, (time: TimeParts, seconds: number) => string> = new Map<
  string,
  (time: TimeParts, seconds: number) => string
>([
  ['Y', ({ year }) => String(year)],
  ['y', ({ year }) => two(year % 100)],
  ['C', ({ year }) => two(Math.floor(year / 100))],
  ['m', ({ month }) => two(month + 1)],
  ['d', ({ day }) => two(day)],
  ['e', ({ day }) => String(day).padStart(2)],
  ['H', ({ hour }) => two(hour)],
  ['I', ({ hour }) => two(hour % 12 || 12)],
  ['M', ({ minute }) => two(minute)],
  ['S', ({ second }) => two(second)],
  ['j', ({ dayOfYear }) => String(dayOfYear + 1).padStart(3, '0')],
  ['a', ({ weekday }) => (WEEKDAYS[weekday] as string).slice(0, 3)],
  ['A', ({ weekday }) => WEEKDAYS[weekday] as string],
  ['b', ({ month }) => (MONTHS[month] as string).slice(0, 3)],
  ['h', ({ month }) => (MONTHS[month] as string).slice(0, 3)],
  ['B', ({ month }) => MONTHS[month] as string],
  ['p', ({ hour }) => (hour < 12 ? 'AM' : 'PM')],
  ['w', ({ weekday }) => String(weekday)],
  ['u', ({ weekday }) => String(weekday || 7)],
  ['s', (_, seconds) => String(seconds)],
  ['Z', () => 'UTC'],
  ['z', () => '+0000'],
  ['n', () => '\n'],
  ['t', () => '\t'],
  ['%', () => '%'],
]);

const spelledOut = (pattern: string): string =>
  pattern.replace(/%([FTRDcxX])/g, (_, letter: string) => composed.get(letter) as string);

/** Beyond these the year is more than C's `int` holds, and there is no date. */
const [EARLIEST, LATEST] = [-67_768_040_609_740_800, 67_768_036_191_676_792];

export const isTime = (seconds: number): boolean => seconds >= EARLIEST && seconds <= LATEST;

/** A time by a pattern of strftime. */
export function formatTime(seconds: number, pattern: string): string {
  const time = partsOf(seconds);
  return spelledOut(pattern).replace(/%([\s\S])/g, (_, letter: string) => {
    const print = printers.get(letter);
    if (!print) throw notSimulated(`%${letter} in a format of time`, 'print it');
    return print(time, seconds);
  });
}

/**
 * What a text says by a pattern of strptime, in seconds since 1970; null when it does not fit. Of what a
 * pattern leaves out the year is 1900 and all else 0, the day too: that is the last of the month before.
 */
export function readTime(text: string, pattern: string): number | null {
  const letters: string[] = [];
  const source = spelledOut(pattern).replace(/%(.)|[ \t-\r]+|[\s\S]/g, (piece, letter?: string) => {
    if (letter === undefined) {
      return /^[ \t-\r]/.test(piece)
        ? '[ \\t-\\r]*'
        : piece.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    }
    const part = readers.get(letter);
    if (part === undefined) throw notSimulated(`%${letter} in a format of time`, 'read it');
    letters.push(letter);
    return part.source;
  });
  const match = new RegExp(`^${source}`).exec(text);
  if (!match) return null;
  const moment = { year: 1900, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const [i, letter] of letters.entries()) {
    const value = readers.get(letter)?.read(match[i + 1] as string);
    if (value === undefined) return null;
    Object.assign(moment, value);
  }
  return secondsOf(moment);
}

interface PartReader {
  /** What it takes of a text, in one group. */
  readonly source: string;
  /** What that says; undefined where it says what cannot be. */
  readonly read: (text: string) => Partial<Moment> | undefined;
}

/** A number within bounds. A second digit is taken only where the first leaves room for one. */
function numeric(
  [least, most]: readonly [number, number],
  of: (value: number) => Partial<Moment>,
): PartReader {
  const digits = String(most).length;
  const source =
    digits > 2 || most === 99 ? `\\d{1,${digits}}` : `[0-${Math.floor(most / 10)}]\\d|\\d`;
  return {
    source: ` *(${source})`,
    read: (text) => {
      const value = Number(text);
      return value >= least && value <= most ? of(value) : undefined;
    },
  };
}

/** One of these names or its first three letters, in any case. */
function named(names: readonly string[], of: (at: number) => Partial<Moment>): PartReader {
  const shorts = names.map((name) => name.slice(0, 3));
  const anyCase = (name: string) =>
    name.replace(/./g, (char) => `[${char.toUpperCase()}${char.toLowerCase()}]`);
  return {
    source: `(${[...names, ...shorts].map(anyCase).join('|')})`,
    read: (text) => {
      const start = text.slice(0, 3).toLowerCase();
      return of(shorts.findIndex((short) => short.toLowerCase() === start));
    },
  };
}

const readers: ReadonlyMap<string, PartReader> = new Map([
  ['Y', numeric([0, 9999], (year) => ({ year }))],
  ['y', numeric([0, 99], (year) => ({ year: year < 69 ? 2000 + year : 1900 + year }))],
  ['m', numeric([1, 12], (month) => ({ month: month - 1 }))],
  ['d', numeric([1, 31], (day) => ({ day }))],
  ['e', numeric([1, 31], (day) => ({ day }))],
  ['H', numeric([0, 23], (hour) => ({ hour }))],
  ['M', numeric([0, 59], (minute) => ({ minute }))],
  ['S', numeric([0, 61], (second) => ({ second }))],
  ['b', named(MONTHS, (month) => ({ month }))],
  ['a', named(WEEKDAYS, () => ({}))],
  // A zone is passed over, whichever.
  ['Z', { source: ' *([^ \\t-\\r]*)', read: () => ({}) }],
]);
