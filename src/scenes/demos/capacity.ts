/** Used memory day by day, a straight line through it, and the day on which it meets the limit. */
import type { Line } from './observatory.ts';
import { SPAN_S } from './observatory.ts';
import type { Lab } from './stage.ts';

export const LIMIT_MB = 12;
/** The alert speaks when the line meets the limit within so many days. */
export const ALERT_DAYS = 10;
/** Days that the picture shows. */
export const SHOWN_DAYS = 45;

const KEYS_A_DAY = 400;
const VALUE_BYTES = 512;

export interface Forecast {
  /** Growth, MB a day. */
  readonly slope: number;
  /** Where the line stands at the last sample. */
  readonly now: number;
  /** Days from the last sample to the limit; undefined: never, as it looks. */
  readonly daysLeft: number | undefined;
}

/** The least squares line through samples of one a day; two at least. */
export function forecastOf(samples: readonly number[], limit: number): Forecast | undefined {
  const count = samples.length;
  if (count < 2) return undefined;
  const meanDay = (count - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / count;
  let [shared, spread] = [0, 0];
  for (const [day, value] of samples.entries()) {
    shared += (day - meanDay) * (value - mean);
    spread += (day - meanDay) ** 2;
  }
  const slope = shared / spread;
  const now = mean + slope * (count - 1 - meanDay);
  const daysLeft = slope <= 0 ? undefined : Math.max(0, (limit - now) / slope);
  return { slope, now, daysLeft };
}

/** The lines of the picture: what was measured, and where it leads. */
export function linesOf(samples: readonly number[], forecast: Forecast): Line[] {
  const at = (day: number) => (day * SPAN_S) / SHOWN_DAYS;
  const measured: Line = {
    metric: { __name__: 'used MB' },
    values: samples.map((value, day) => [at(day), value.toFixed(2)]),
  };
  const { slope, now, daysLeft } = forecast;
  const today = samples.length - 1;
  const end = Math.max(today, Math.min(SHOWN_DAYS, today + (daysLeft ?? SHOWN_DAYS)));
  // Where the line is past the limit it leads nowhere.
  if (daysLeft === 0) return [measured];
  const values = [
    [at(today), now.toFixed(2)],
    [at(end), (now + slope * (end - today)).toFixed(2)],
  ] as const;
  return [measured, { metric: { __name__: 'forecast MB' }, values }];
}

/** Another day of writes; what the server says it uses then, MB. A pace of 2 is twice as many. */
export async function anotherDay(stage: Lab, day: number, pace: number): Promise<number> {
  const client = stage.client();
  const value = 'x'.repeat(VALUE_BYTES);
  const keys = Array.from({ length: KEYS_A_DAY * pace }, (_, n) => `SET day:${day}:${n} ${value}`);
  await client.batch(keys);
  await stage.advance(1000);
  const info = await client.info('memory');
  client.close();
  return Number(info.get('used_memory')) / 1024 ** 2;
}
