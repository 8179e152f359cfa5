/** What the commands of the time series module have in common: rows, errors, numbers, keys. */
import { parseDouble, parseInteger, printShortestDouble } from '../bytes/numbers.ts';
import type { Context } from '../commands/context.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Double, type Reply, Status } from '../resp/reply.ts';
import type { Sample, TimeSeries } from '../values/time-series.ts';

export const tsRow = {
  group: 'module',
  module: 'timeseries',
  since: '1.0.0',
} as const;

export const tsRead = {
  ...tsRow,
  flags: ['readonly', 'module'],
  keyUse: ['RO access'],
  override: { categories: ['read', 'timeseries'] },
} as const;

export const tsWrite = {
  ...tsRow,
  flags: ['write', 'module'],
  keyUse: ['RW access update'],
  override: { categories: ['write', 'timeseries'] },
} as const;

/** For what may need memory. */
export const tsGrow = { ...tsWrite, flags: ['write', 'denyoom', 'module'] } as const;

/** Most of what the module refuses begins like this. */
export const tsError = (message: string): RedisError => redisError(`ERR TSDB: ${message}`);

const noSeries = () => tsError('the key does not exist');
const wrongKind = () =>
  redisError('ERR WRONGTYPE Operation against a key holding the wrong kind of value');

/** The series at a key, or undefined. Throws when there is anything else. */
export function seriesAt(db: Database, key: string): TimeSeries | undefined {
  const value = db.lookUp(key);
  if (value === undefined || value.type === 'TSDB-TYPE') return value;
  throw wrongKind();
}

export function needSeries(db: Database, key: string): TimeSeries {
  const series = seriesAt(db, key);
  if (!series) throw noSeries();
  return series;
}

/** A whole number that is not negative, as far as numbers are exact; undefined for anything else. */
export function readCount(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseInteger(text);
  return value === undefined || value < 0n ? undefined : Number(value);
}

/** A number as samples are given: no plus, no infinity; NaN in its three spellings. */
export function readValue(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A number as increments and bounds are given. */
export function readNumber(text: string): number | undefined {
  const value = parseDouble(text);
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** A time in ms, or `*` for now. */
export function readTime(ctx: Context, text: string): number {
  if (text === '*') return ctx.now;
  const time = parseInteger(text);
  if (time === undefined) throw tsError('invalid timestamp');
  if (time < 0n) throw tsError('invalid timestamp, must be a nonnegative integer');
  return Number(time);
}

/** A value as the module prints it: the shortest digits, below 1 and from 10^16 on with an exponent. */
export function printValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1 && size < LARGEST_PLAIN)) return String(value);
  return value.toExponential().replace('e+', 'E').replace('e', 'E');
}

const LARGEST_PLAIN = 1e16;

export const valueReply = ({ protocol }: Context, value: number): Reply =>
  protocol === 3 ? new Double(value, printShortestDouble(value)) : new Status(printValue(value));

export const sampleReply = (ctx: Context, sample: Sample | undefined): Reply =>
  sample ? [sample.time, valueReply(ctx, sample.value)] : [];
