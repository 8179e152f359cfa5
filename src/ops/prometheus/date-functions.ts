/** Functions of PromQL that tell of the time, in UTC. Without an argument they tell of now. */
import { mapped, type PromqlFunction, type Vector, vector } from './value.ts';

const ofDate = (compute: (date: Date) => number): PromqlFunction => ({
  takes: ['instant vector'],
  optional: 1,
  gives: 'instant vector',
  run([seconds], at) {
    const now = vector([{ labels: new Map(), value: at / 1000 }]);
    const told = (value: number) =>
      Number.isFinite(value) ? compute(new Date(Math.trunc(value) * 1000)) : Number.NaN;
    return mapped((seconds as Vector | undefined) ?? now, told);
  },
});

const DAY_MS = 86_400_000;

export const dateFunctions: Readonly<Record<string, PromqlFunction>> = {
  minute: ofDate((date) => date.getUTCMinutes()),
  hour: ofDate((date) => date.getUTCHours()),
  day_of_week: ofDate((date) => date.getUTCDay()),
  day_of_month: ofDate((date) => date.getUTCDate()),
  day_of_year: ofDate(
    (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1,
  ),
  days_in_month: ofDate((date) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  ),
  month: ofDate((date) => date.getUTCMonth() + 1),
  year: ofDate((date) => date.getUTCFullYear()),
  timestamp: {
    takes: ['instant vector'],
    gives: 'instant vector',
    run([points], at) {
      const sampled = (points as Vector).points.map((point) => ({
        ...point,
        value: (point.at ?? at) / 1000,
      }));
      return mapped(vector(sampled), (value) => value);
    },
  },
};
