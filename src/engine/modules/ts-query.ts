/**
 * What is asked of samples: which, how many, in what buckets. The module looks each option up by its
 * word wherever it stands, and so they are read here.
 * https://redis.io/docs/latest/commands/ts.range/
 */
import { wrongArity } from '../errors.ts';
import { type Aggregation, aggregations } from '../values/time-series.ts';
import { readCount, readNumber, tsError } from './ts-common.ts';

export interface Buckets {
  readonly aggregations: readonly Aggregation[];
  readonly width: number;
  readonly align: number;
  readonly fillsEmpty: boolean;
  /** What time a bucket is told by, in ms after its start. */
  readonly offset: number;
}

export interface Query {
  readonly from: number;
  readonly to: number;
  readonly isReverse: boolean;
  /** Also what is still filling. */
  readonly latest: boolean;
  readonly count: number;
  readonly times: ReadonlySet<number> | undefined;
  readonly values: readonly [min: number, max: number] | undefined;
  readonly buckets: Buckets | undefined;
}

/** The last time there is. */
const MAX_TIME = Number.MAX_SAFE_INTEGER;

/** The words of a command, in which options are looked for. */
export class Words {
  constructor(
    readonly name: string,
    readonly argv: readonly string[],
    /** Where options may begin. */
    readonly start: number,
    /** Where they end: what FILTER is told is none of them. */
    readonly end: number = argv.length,
  ) {}

  /** Where a word stands, or -1. */
  indexOf(word: string, from = this.start): number {
    for (let i = from; i < this.end; i++) {
      const given = this.argv[i] as string;
      if (given.length === word.length && given.toUpperCase() === word) return i;
    }
    return -1;
  }

  has(word: string): boolean {
    return this.indexOf(word) >= 0;
  }

  at(index: number): string | undefined {
    return index < this.end ? this.argv[index] : undefined;
  }
}

/** A query whose two times stand at `at`. `aggregators` are told apart by key in TS.NRANGE. */
export function readQuery(words: Words, at: number, isReverse: boolean): Query {
  const [from, to] = readSpan(words.argv, at);
  const count = readLimit(words);
  const buckets = readBuckets(words);
  const align = readAlign(words, at, from, to, buckets !== undefined);
  return {
    from,
    to,
    isReverse,
    latest: words.has('LATEST'),
    count,
    times: readTimes(words),
    values: readValues(words),
    buckets: buckets && { ...buckets, align: align ?? 0 },
  };
}

/** Two times; `-` and `+` are the ends of the series. */
export function readSpan(argv: readonly string[], at: number): [from: number, to: number] {
  const from = argv[at] === '-' ? 0 : readCount(argv[at]);
  if (from === undefined) throw tsError('wrong fromTimestamp');
  const to = argv[at + 1] === '+' ? MAX_TIME : readCount(argv[at + 1]);
  if (to === undefined) throw tsError('wrong toTimestamp');
  return [from, to];
}

/** COUNT is also the name of an aggregation and of a reducer. */
function readLimit(words: Words): number {
  let at = words.indexOf('COUNT');
  for (const word of ['AGGREGATION', 'REDUCE']) {
    if (at > 0 && words.indexOf(word) === at - 1) at = words.indexOf('COUNT', at + 1);
  }
  if (at < 0) return Infinity;
  const text = words.at(at + 1);
  if (text === undefined) throw tsError('COUNT argument is missing');
  if (!/^-?\d+$/.test(text)) throw tsError("Couldn't parse COUNT");
  if (Number(text) < 1) throw tsError('Invalid COUNT value');
  return Number(text);
}

const MAX_AGGREGATIONS = 16;

/** One aggregation by its name. */
export function readAggregation(word: string): Aggregation {
  const found = aggregations.find((each) => each === word.toLowerCase());
  if (!found) throw tsError('Unknown aggregation type');
  return found;
}

/** Several, with commas between them. */
export function readAggregations(text: string): Aggregation[] {
  const words = text.split(',');
  if (words.includes('')) throw tsError('Empty aggregation type in list');
  if (words.length > MAX_AGGREGATIONS) throw tsError('Too many aggregation types');
  return words.map(readAggregation);
}

function readBuckets(words: Words): Buckets | undefined {
  const at = words.indexOf('AGGREGATION');
  if (at < 0) return undefined;
  const [list, width] = [words.at(at + 1), words.at(at + 2)];
  if (list === undefined || width === undefined || !/^-?\d+$/.test(width)) {
    throw tsError("Couldn't parse AGGREGATION");
  }
  return readBucketOptions(words, at, readAggregations(list), Number(width));
}

/** What follows the aggregations and the width of a bucket. */
export function readBucketOptions(
  words: Words,
  at: number,
  aggregations: readonly Aggregation[],
  width: number,
): Buckets {
  if (width <= 0) throw tsError('bucketDuration must be greater than zero');
  const empty = words.indexOf('EMPTY');
  if (empty >= 0 && empty !== at + 3 && empty !== at + 5) {
    throw tsError('EMPTY flag should be the 3rd or 5th flag after AGGREGATION flag');
  }
  const offset = readOffset(words, at, width);
  return { aggregations, width, align: 0, fillsEmpty: empty >= 0, offset };
}

function readOffset(words: Words, at: number, width: number): number {
  const flag = words.indexOf('BUCKETTIMESTAMP');
  if (flag < 0) return 0;
  if (flag !== at + 3 && flag !== at + 4) {
    throw tsError('BUCKETTIMESTAMP flag should be the 3rd or 4th flag after AGGREGATION flag');
  }
  switch (words.at(flag + 1)?.toLowerCase()) {
    case undefined:
      throw wrongArity(words.name);
    case '-':
    case 'start':
      return 0;
    case '+':
    case 'end':
      return width;
    case '~':
    case 'mid':
      return Math.floor(width / 2);
    default:
      throw tsError('unknown BUCKETTIMESTAMP parameter');
  }
}

function readAlign(
  words: Words,
  span: number,
  from: number,
  to: number,
  hasBuckets: boolean,
): number | undefined {
  const at = words.indexOf('ALIGN');
  if (at < 0) return undefined;
  const word = words.at(at + 1)?.toLowerCase();
  if (word === undefined) throw wrongArity(words.name);
  const [isStart, isEnd] = [word === '-' || word === 'start', word === '+' || word === 'end'];
  const align = isStart ? from : isEnd ? to : readCount(word);
  if (align === undefined) throw tsError('unknown ALIGN parameter');
  if (!hasBuckets) throw tsError('ALIGN parameter can only be used with AGGREGATION');
  if (isStart && words.argv[span] === '-') {
    throw tsError('start alignment can only be used with explicit start timestamp');
  }
  if (isEnd && words.argv[span + 1] === '+') {
    throw tsError('end alignment can only be used with explicit end timestamp');
  }
  return align;
}

function readValues(words: Words): Query['values'] {
  const at = words.indexOf('FILTER_BY_VALUE');
  if (at < 0) return undefined;
  const [least, most] = [words.at(at + 1), words.at(at + 2)];
  if (least === undefined || most === undefined) {
    throw tsError('FILTER_BY_VALUE one or more arguments are missing');
  }
  const [min, max] = [readNumber(least), readNumber(most)];
  if (min === undefined) throw tsError("Couldn't parse MIN");
  if (max === undefined) throw tsError("Couldn't parse MAX");
  return [min, max];
}

const MAX_TIMES = 128;

function readTimes(words: Words): Query['times'] {
  const at = words.indexOf('FILTER_BY_TS');
  if (at < 0) return undefined;
  const times = new Set<number>();
  for (let i = at + 1; i < words.end && i <= at + MAX_TIMES; i++) {
    const time = readCount(words.at(i));
    if (time === undefined) break;
    times.add(time);
  }
  if (times.size === 0) throw tsError('FILTER_BY_TS one or more arguments are missing');
  return times;
}
