/** Finds series by their labels. https://redis.io/docs/latest/commands/ts.queryindex/ */
import { compareBytes } from '../bytes/bytes.ts';
import type { Database } from '../keyspace/database.ts';
import type { TimeSeries } from '../values/time-series.ts';
import { tsError } from './ts-common.ts';

/** `label=value`, `label!=(a,b)`, `label=` and so on. */
export interface Matcher {
  readonly label: string;
  readonly isNegative: boolean;
  /** One of these; none of them stands for a series without the label. */
  readonly values: readonly string[];
}

export interface Found {
  readonly key: string;
  readonly series: TimeSeries;
}

/** Reads matchers; at least one must name a value that a label has. */
export function readMatchers(words: readonly string[]): Matcher[] {
  const matchers = words.map(readMatcher);
  const isBound = matchers.some(({ isNegative, values }) => !isNegative && values.length > 0);
  if (!isBound) throw tsError('please provide at least one matcher');
  return matchers;
}

function readMatcher(word: string): Matcher {
  const [, label, not, text = ''] = /^([^=!]+)(!?)=(.*)$/s.exec(word) ?? [];
  if (label === undefined) throw tsError('failed parsing labels');
  const isNegative = not === '!';
  if (text === '') return { label, isNegative, values: [] };
  if (!text.startsWith('(')) return { label, isNegative, values: [unquoted(text)] };
  if (!text.endsWith(')')) throw tsError('failed parsing labels');
  return { label, isNegative, values: text.slice(1, -1).split(',').map(unquoted) };
}

const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

/** The series that all matchers fit, in the order of their keys. */
export function findSeries(db: Database, matchers: readonly Matcher[]): Found[] {
  const found: Found[] = [];
  for (const [key, value] of db.entries()) {
    if (value.type !== 'TSDB-TYPE' || !matchers.every((matcher) => fits(value, matcher))) continue;
    found.push({ key, series: value });
  }
  return found.filter(({ key }) => db.has(key)).sort((a, b) => compareBytes(a.key, b.key));
}

function fits(series: TimeSeries, { label, isNegative, values }: Matcher): boolean {
  const value = series.label(label);
  const isMatch =
    values.length === 0 ? value === undefined : value !== undefined && values.includes(value);
  return isMatch !== isNegative;
}
