/** The functions of REDUCE: what a group of rows comes to. https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/aggregations/ */
import type { Random } from '../../time/random.ts';
import { compareValues, numberOf, textOf, type Value } from './value.ts';

/** Takes the rows of a group one by one: the value that it is about, and what FIRST_VALUE sorts by. */
export interface Reducer {
  add(value: Value, by: Value): void;
  result(): Value;
}

export type ReducerKind =
  | { readonly name: 'COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG' | 'STDDEV' | 'TOLIST' }
  | { readonly name: 'COUNT_DISTINCT' | 'COUNT_DISTINCTISH' }
  | { readonly name: 'QUANTILE'; readonly quantile: number }
  | { readonly name: 'FIRST_VALUE'; readonly isSorted: boolean; readonly isDescending: boolean }
  | { readonly name: 'RANDOM_SAMPLE'; readonly size: number };

export function reducerOf(kind: ReducerKind, random: Random): Reducer {
  switch (kind.name) {
    case 'COUNT':
      return counting();
    case 'COUNT_DISTINCT':
    case 'COUNT_DISTINCTISH':
      return distinct((values) => values.length);
    case 'TOLIST':
      return distinct((values) => values);
    case 'FIRST_VALUE':
      return firstValue(kind.isSorted, kind.isDescending);
    case 'RANDOM_SAMPLE':
      return sampling(kind.size, random);
    case 'QUANTILE':
      return ofNumbers((numbers) => quantileOf(numbers, kind.quantile));
    default:
      return ofNumbers(folds[kind.name]);
  }
}

const folds: Readonly<
  Record<'SUM' | 'MIN' | 'MAX' | 'AVG' | 'STDDEV', (numbers: readonly number[]) => number>
> = {
  SUM: (numbers) => (numbers.length === 0 ? NaN : sum(numbers)),
  MIN: (numbers) => numbers.reduce((a, b) => Math.min(a, b), Infinity),
  MAX: (numbers) => numbers.reduce((a, b) => Math.max(a, b), -Infinity),
  AVG: (numbers) => sum(numbers) / numbers.length,
  STDDEV: deviationOf,
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Of a sample: divided by one less than there are. */
function deviationOf(numbers: readonly number[]): number {
  if (numbers.length < 2) return 0;
  const mean = sum(numbers) / numbers.length;
  const squares = sum(numbers.map((number) => (number - mean) ** 2));
  return Math.sqrt(squares / (numbers.length - 1));
}

/** One of the numbers that were there. */
function quantileOf(numbers: readonly number[], quantile: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = Math.max(Math.ceil(quantile * sorted.length) - 1, 0);
  return sorted[at] ?? NaN;
}

function counting(): Reducer {
  let count = 0;
  return {
    add: () => {
      count++;
    },
    result: () => count,
  };
}

/** What is no number is left out. */
function ofNumbers(fold: (numbers: readonly number[]) => number): Reducer {
  const numbers: number[] = [];
  return {
    add(value) {
      const number = numberOf(value);
      if (number !== undefined && !Number.isNaN(number)) numbers.push(number);
    },
    result: () => fold(numbers),
  };
}

function distinct(result: (values: readonly Value[]) => Value): Reducer {
  const values = new Map<string, Value>();
  return {
    add(value) {
      if (value === undefined || value === null) return;
      for (const each of Array.isArray(value) ? value : [value]) {
        const key = textOf(each);
        if (!values.has(key)) values.set(key, each);
      }
    },
    result: () => result([...values.values()]),
  };
}

/** The value of the first row, by what is sorted by; rows without it come last. */
function firstValue(isSorted: boolean, isDescending: boolean): Reducer {
  let best: { readonly value: Value; readonly by: Value } | undefined;
  const isBetter = (by: Value): boolean => {
    if (best === undefined) return true;
    if (!isSorted || by === undefined) return false;
    if (best.by === undefined) return true;
    const order = compareValues(by, best.by) ?? 0;
    return isDescending ? order > 0 : order < 0;
  };
  return {
    add(value, by) {
      if (isBetter(by)) best = { value, by };
    },
    result: () => best?.value ?? null,
  };
}

/** Some of the values, each as likely as any other. */
function sampling(size: number, random: Random): Reducer {
  const sample: Value[] = [];
  let seen = 0;
  return {
    add(value) {
      if (value === undefined || value === null) return;
      seen++;
      const at = sample.length < size ? sample.length : random.below(seen);
      if (at < size) sample[at] = value;
    },
    result: () => sample,
  };
}
