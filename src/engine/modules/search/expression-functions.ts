/** The functions of expressions: texts, numbers, times and places. */
import { type RedisError, redisError } from '../../errors.ts';
import { distance } from '../../values/geohash.ts';
import { badArguments } from './errors.ts';
import { formatTime, isTime, partsOf, readTime, secondsOf } from './times.ts';
import { isTrue, numberOf, textOf, type Value } from './value.ts';

export interface SearchFunction {
  readonly name: string;
  /** The least and the most arguments that it takes. */
  readonly takes: readonly [least: number, most: number];
  readonly run: (args: readonly Value[]) => Value;
}

/** A function by its name, in any case. */
export const functionNamed = (name: string): SearchFunction | undefined =>
  functions.get(name.toLowerCase());

const define = (
  name: string,
  takes: number | readonly [number, number],
  run: SearchFunction['run'],
): SearchFunction => ({ name, takes: typeof takes === 'number' ? [takes, takes] : takes, run });

const MOST = 65_535;

/** A number of a number; what is none is no number. */
const ofNumber = (name: string, of: (value: number) => number): SearchFunction =>
  define(name, 1, ([value]) => of(numberOf(value) ?? NaN));

const ofText = (name: string, of: (text: string) => string): SearchFunction =>
  define(name, 1, ([value]) => (typeof value === 'string' ? of(value) : null));

/** Of a time, in whole seconds since 1970; nothing for what is none. */
const ofTime = (name: string, of: (seconds: number) => number): SearchFunction =>
  define(name, 1, ([value]) => {
    const seconds = numberOf(value);
    if (seconds === undefined || seconds < 0 || !isTime(seconds)) return null;
    return of(Math.trunc(seconds));
  });

const functions: ReadonlyMap<string, SearchFunction> = new Map(
  [
    ofText('upper', (text) => text.replace(/[a-z]+/g, (run) => run.toUpperCase())),
    ofText('lower', (text) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase())),
    define('strlen', 1, (args) => stringAt(args, 0, 'strlen').length),
    define('startswith', 2, (args) =>
      stringAt(args, 0, 'startswith').startsWith(stringAt(args, 1, 'startswith')) ? 1 : 0,
    ),
    define('contains', 2, contains),
    define('substr', 3, substr),
    define('format', [1, MOST], format),
    define('split', [1, 3], split),
    define('matched_terms', [0, 1], () => null),
    define('exists', 1, () => 1),
    define('case', 3, ([test, yes, no]) => (isTrue(test) ? yes : no)),
    define('to_number', 1, toNumber),
    define('to_str', 1, ([value]) => textOf(value)),
    ofNumber('abs', Math.abs),
    ofNumber('ceil', Math.ceil),
    ofNumber('floor', Math.floor),
    ofNumber('log', Math.log),
    ofNumber('log2', Math.log2),
    ofNumber('exp', Math.exp),
    ofNumber('sqrt', Math.sqrt),
    define('timefmt', [1, 2], timefmt),
    define('parsetime', 2, (args) =>
      readTime(stringAt(args, 0, 'parsetime'), stringAt(args, 1, 'parsetime')),
    ),
    ofTime('minute', (seconds) => seconds - (seconds % 60)),
    ofTime('hour', (seconds) => seconds - (seconds % 3600)),
    ofTime('day', (seconds) => seconds - (seconds % 86_400)),
    ofTime('month', (seconds) => {
      const { year, month } = partsOf(seconds);
      return secondsOf({ year, month, day: 1 });
    }),
    ofTime('year', (seconds) => partsOf(seconds).year),
    ofTime('monthofyear', (seconds) => partsOf(seconds).month),
    ofTime('dayofmonth', (seconds) => partsOf(seconds).day),
    ofTime('dayofweek', (seconds) => partsOf(seconds).weekday),
    ofTime('dayofyear', (seconds) => partsOf(seconds).dayOfYear),
    define('geodistance', [2, 4], geoDistance),
  ].map((each) => [each.name, each]),
);

/** What a value's kind is called by its number in errors. */
function kindOf(value: Value): number {
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  return Array.isArray(value) ? 5 : 3;
}

const wrongKind = (value: Value, at: number, name: string, check: string): RedisError =>
  badArguments(
    `Invalid type (${kindOf(value)}) for argument ${at} in function '${name}'. ${check} was false.`,
  );

function stringAt(args: readonly Value[], at: number, name: string): string {
  const value = args[at];
  if (typeof value === 'string') return value;
  throw wrongKind(value, at, name, 'VALIDATE_ARG__STRING(v, 0)');
}

function numberAt(args: readonly Value[], at: number, name: string): number {
  const value = args[at];
  if (typeof value === 'number') return Math.trunc(value);
  throw wrongKind(value, at, name, 'VALIDATE_ARG__TYPE(v, RSValueType_Number)');
}

/** How often the second text is in the first. */
function contains(args: readonly Value[]): number {
  const [whole, part] = [stringAt(args, 0, 'contains'), stringAt(args, 1, 'contains')];
  return part === '' ? whole.length + 1 : whole.split(part).length - 1;
}

function substr(args: readonly Value[]): string {
  const [text] = args;
  if (typeof text !== 'string') throw badArguments('Invalid type for substr. Expected string');
  const [offset, count] = [numberAt(args, 1, 'substr'), numberAt(args, 2, 'substr')];
  const from = offset < 0 ? Math.max(text.length + offset, 0) : Math.min(offset, text.length);
  const to = count < 0 ? text.length + count : from + count;
  return text.slice(from, Math.max(to, from));
}

function format(args: readonly Value[]): string {
  const pattern = stringAt(args, 0, 'format');
  if (/(^|[^%])(%%)*%$/.test(pattern)) throw badArguments('Bad format string!');
  let next = 1;
  return pattern.replace(/%([\s\S])/g, (_, kind: string) => {
    if (kind === '%') return '%';
    if (kind !== 's') throw badArguments('Unknown format specifier passed');
    if (next >= args.length) throw badArguments('Not enough arguments for format');
    return textOf(args[next++]);
  });
}

function split(args: readonly Value[]): Value[] {
  const text = stringAt(args, 0, 'split');
  const marks = (args.length > 1 && stringAt(args, 1, 'split')) || ',';
  const trimmed = args.length > 2 ? stringAt(args, 2, 'split') : ' ';
  const pieces: string[] = [''];
  for (const char of text) {
    if (marks.includes(char)) pieces.push('');
    else pieces[pieces.length - 1] += char;
  }
  return pieces.map((piece) => trim(piece, trimmed)).filter((piece) => piece !== '');
}

function trim(piece: string, chars: string): string {
  let [from, to] = [0, piece.length];
  while (from < to && chars.includes(piece[from] as string)) from++;
  while (to > from && chars.includes(piece[to - 1] as string)) to--;
  return piece.slice(from, to);
}

function toNumber([value]: readonly Value[]): number {
  const number = numberOf(value);
  if (number !== undefined) return number;
  const text = typeof value === 'string' ? value : '(null)';
  throw badArguments(`to_number: cannot convert string '${text}'`);
}

function timefmt(args: readonly Value[]): string | null {
  const seconds = numberOf(args[0]);
  if (seconds === undefined) return null;
  const pattern = args.length > 1 ? args[1] : '%FT%TZ';
  if (typeof pattern !== 'string') {
    throw wrongKind(pattern, 1, 'time', 'VALIDATE_ARG__TYPE(v, RSValueType_String)');
  }
  if (!isTime(seconds)) return null;
  return formatTime(Math.trunc(seconds), pattern);
}

/** Metres between two places, each two numbers or one text. */
function geoDistance(args: readonly Value[]): number | null {
  const numbers: number[] = [];
  for (const arg of args) {
    if (typeof arg === 'string' && arg.includes(',')) {
      const parts = arg.split(',').map((part) => numberOf(part));
      if (parts.length !== 2 || parts.includes(undefined)) {
        throw badArguments('Invalid geo string: bad coordinates');
      }
      numbers.push(...(parts as number[]));
    } else {
      const number = numberOf(arg);
      if (number === undefined)
        throw redisError('SEARCH_PARSE_ARGS Invalid geo string: missing separator');
      numbers.push(number);
    }
  }
  const [a, b, c, d] = numbers as [number, number, number, number];
  if (numbers.length !== 4) return null;
  const metres = distance({ longitude: a, latitude: b }, { longitude: c, latitude: d });
  return Math.round(metres * 100) / 100;
}
