import { keyOf, type Labels, NAME, type Series } from './series.ts';

/** What expressions yield. */

export type ValueType = 'scalar' | 'string' | 'instant vector' | 'range vector';

/** A value of a series at the instant that was asked for. */
export interface Point {
  readonly labels: Labels;
  readonly value: number;
  /** When it was sampled, ms; undefined for what was computed. */
  readonly at?: number;
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly points: readonly Point[] }
  /** The samples of a range that ends at `to` (ms). */
  | {
      readonly type: 'matrix';
      readonly series: readonly Series[];
      readonly from: number;
      readonly to: number;
    };

export type Matrix = Extract<Value, { type: 'matrix' }>;
export type Vector = Extract<Value, { type: 'vector' }>;

/**
 * A function of PromQL. https://prometheus.io/docs/prometheus/latest/querying/functions/
 */
export interface PromqlFunction {
  readonly takes: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  /** The last argument may be given any number of times. */
  readonly isOpen?: boolean;
  /** Yields 1, with the labels that were asked for, where there is nothing. */
  readonly isOfAbsence?: boolean;
  readonly gives: ValueType;
  /** `at` is the instant of the evaluation, ms since 1970. */
  run(args: readonly Value[], at: number): Value;
}

export const scalar = (value: number): Value => ({ type: 'scalar', value });
export const vector = (points: readonly Point[]): Vector => ({ type: 'vector', points });

/** Labels without the metric's name: what is computed is no longer that metric. */
export function unnamed(labels: Labels): Labels {
  const rest = new Map(labels);
  rest.delete(NAME);
  return rest;
}

/** What a function makes of each value. */
export const mapped = ({ points }: Vector, compute: (value: number) => number): Vector =>
  vector(points.map(({ labels, value }) => ({ labels: unnamed(labels), value: compute(value) })));

/** The labels that these names have, or all others. */
export function projected(labels: Labels, names: readonly string[], without: boolean): Labels {
  if (!without) {
    return new Map(names.flatMap((name) => entryOf(labels, name)));
  }
  const rest = new Map(unnamed(labels));
  for (const name of names) rest.delete(name);
  return rest;
}

function entryOf(labels: Labels, name: string): [string, string][] {
  const value = labels.get(name);
  return value === undefined ? [] : [[name, value]];
}

/** What is the same for all that shares these labels, in the order in which they come first. */
export function grouped<T extends { readonly labels: Labels }>(
  items: readonly T[],
  labelsFor: (item: T) => Labels,
): { readonly labels: Labels; readonly items: readonly T[] }[] {
  const groups = new Map<string, { labels: Labels; items: T[] }>();
  for (const item of items) {
    const labels = labelsFor(item);
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A number as Prometheus writes it in answers. */
export function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}
