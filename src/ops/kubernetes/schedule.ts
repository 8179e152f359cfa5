/** Schedules of cron: minute, hour, day of the month, month, day of the week. */

type Field = ReadonlySet<number>;

export interface Schedule {
  readonly fields: readonly Field[];
}

const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const nicknames: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
]);

/** Undefined when it is none. */
export function readSchedule(text: string): Schedule | undefined {
  const words = (nicknames.get(text.trim()) ?? text).trim().split(/\s+/);
  if (words.length !== 5) return undefined;
  const fields = words.map((word, i) => readField(word, ranges[i] as (typeof ranges)[number]));
  return fields.some((field) => !field) ? undefined : { fields: fields as Field[] };
}

function readField(word: string, [low, high]: readonly [number, number]): Field | undefined {
  const all = new Set<number>();
  for (const part of word.split(',')) {
    const parts = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!parts) return undefined;
    const step = Number(parts[4] ?? 1);
    const from = parts[1] === '*' ? low : Number(parts[2]);
    const single = parts[4] === undefined ? from : high;
    const to = parts[1] === '*' ? high : Number(parts[3] ?? single);
    if (from < low || to > high || from > to || step < 1) return undefined;
    for (let value = from; value <= to; value += step) all.add(value);
  }
  return all;
}

const MINUTE_MS = 60_000;
/** A schedule that has no time within four years has none. */
const FURTHEST_MINUTES = 4 * 366 * 24 * 60;

/** The first time after `now` that fits, in UTC; undefined when there is none. */
export function nextTime({ fields }: Schedule, now: number): number | undefined {
  const [minute, hour, day, month, weekday] = fields as [Field, Field, Field, Field, Field];
  let at = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  for (let i = 0; i < FURTHEST_MINUTES; i++) {
    at += MINUTE_MS;
    const date = new Date(at);
    if (!minute.has(date.getUTCMinutes()) || !hour.has(date.getUTCHours())) continue;
    if (!month.has(date.getUTCMonth() + 1)) continue;
    const fitsDay = day.has(date.getUTCDate());
    const today = date.getUTCDay();
    const fitsWeekday = weekday.has(today) || (today === 0 && weekday.has(7));
    // Where both are given, one is enough.
    const isEither = day.size < 31 && weekday.size < 7;
    if (isEither ? fitsDay || fitsWeekday : fitsDay && fitsWeekday) return at;
  }
  return undefined;
}
