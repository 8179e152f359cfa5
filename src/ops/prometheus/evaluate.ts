import type { Aggregation, Expr, Selector, Subquery } from './expression.ts';
import { average, functions, quantile, variance } from './functions.ts';
import { combine } from './matching.ts';
import { keyOf, type Labels, NAME, type Sample, type SampleStore } from './series.ts';
import { PromqlError } from './tokens.ts';
import {
  grouped,
  type Point,
  printNumber,
  projected,
  scalar,
  unnamed,
  type Value,
  vector,
} from './value.ts';

/** How old the newest sample of a series may be to count as its present value. */
export const LOOKBACK_MS = 300_000;

/** How often subqueries are evaluated that do not say it. */
const STEP_MS = 60_000;

/** What the samples are, and the range that a query is asked over; an instant unless said. Ms. */
interface Scene {
  readonly store: SampleStore;
  readonly start: number;
  readonly end: number;
  readonly stepMs: number;
}

/**
 * The value of an expression at an instant, ms since 1970. Throws a PromqlError where series cannot
 * be matched. https://prometheus.io/docs/prometheus/latest/querying/operators/
 */
export function evaluate(
  expr: Expr,
  store: SampleStore,
  at: number,
  { start = at, end = at, stepMs = STEP_MS }: Partial<Omit<Scene, 'store'>> = {},
): Value {
  return yieldOf(expr, { store, start, end, stepMs }, at);
}

function yieldOf(expr: Expr, scene: Scene, at: number): Value {
  switch (expr.kind) {
    case 'number':
      return scalar(expr.value);
    case 'string':
      return { type: 'string', value: expr.value };
    case 'selector':
      return select(expr, scene.store, instantOf(expr, scene, at));
    case 'subquery':
      return repeated(expr, scene, instantOf(expr, scene, at));
    case 'negated': {
      const of = yieldOf(expr.of, scene, at);
      if (of.type === 'scalar') return scalar(-of.value);
      return vector(pointsOf(of).map((point) => computed(point, -point.value)));
    }
    case 'call': {
      const args = expr.args.map((arg) => yieldOf(arg, scene, at));
      const called = functions.get(expr.name);
      if (!called) throw new PromqlError(`unknown function with name "${expr.name}"`);
      if (called.isOfAbsence && isEmpty(args[0] as Value)) {
        return vector([{ labels: namedBy(expr.args[0] as Expr), value: 1 }]);
      }
      return called.run(args, at);
    }
    case 'aggregation':
      return aggregate(expr, scene, at);
    case 'binary':
      return combine(expr, yieldOf(expr.left, scene, at), yieldOf(expr.right, scene, at));
  }
}

/** When something is looked up, by its `@` and its offset. */
function instantOf({ fixed, offsetMs }: Selector | Subquery, scene: Scene, at: number): number {
  const from = fixed === 'start' || fixed === 'end' ? scene[fixed] : (fixed ?? at);
  return from - offsetMs;
}

/** A range of what an expression yields at each multiple of the step. */
function repeated({ of, rangeMs, stepMs }: Subquery, scene: Scene, to: number): Value {
  const from = to - rangeMs;
  const step = stepMs ?? scene.stepMs;
  const series = new Map<string, { labels: Labels; samples: Sample[] }>();
  for (let at = (Math.floor(from / step) + 1) * step; at <= to; at += step) {
    for (const { labels, value } of pointsOf(yieldOf(of, scene, at))) {
      const key = keyOf(labels);
      const found = series.get(key) ?? { labels, samples: [] };
      found.samples.push({ at, value });
      series.set(key, found);
    }
  }
  return { type: 'matrix', series: [...series.values()], from, to };
}

function select({ matchers, rangeMs }: Selector, store: SampleStore, to: number): Value {
  if (rangeMs !== undefined) {
    const from = to - rangeMs;
    const series = store.select(matchers, from, to).flatMap(({ labels, samples }) => {
      const real = samples.filter(({ value }) => !isStale(value));
      return real.length > 0 ? [{ labels, samples: real }] : [];
    });
    return { type: 'matrix', series, from, to };
  }
  return vector(
    store.select(matchers, to - LOOKBACK_MS, to).flatMap(({ labels, samples }) => {
      const { value, at } = samples.at(-1) as Sample;
      return isStale(value) ? [] : [{ labels, value, at }];
    }),
  );
}

/** The sample that says that a series is no longer there. */
export const STALE = -Number.MAX_VALUE;
const isStale = (value: number) => value === STALE;

const pointsOf = (value: Value): readonly Point[] => (value.type === 'vector' ? value.points : []);

const computed = ({ labels }: Point, value: number): Point => ({ labels: unnamed(labels), value });

const isEmpty = (value: Value) =>
  value.type === 'matrix' ? value.series.length === 0 : pointsOf(value).length === 0;

/** What a selector says for certain of the series that are not there. */
function namedBy(expr: Expr): Labels {
  if (expr.kind !== 'selector') return new Map();
  const exact = expr.matchers.filter(({ op, label }) => op === '=' && label !== NAME);
  return new Map(exact.map(({ label, value }) => [label, value]));
}

function aggregate(expr: Aggregation, scene: Scene, at: number): Value {
  const points = pointsOf(yieldOf(expr.of, scene, at));
  const given = expr.parameter && yieldOf(expr.parameter, scene, at);
  const parameter = given?.type === 'scalar' ? given.value : Number.NaN;
  const { labels, without } = expr.grouping;
  if (expr.op === 'count_values') {
    const name = given?.type === 'string' ? given.value : '';
    const valued = (point: Point): Labels =>
      new Map([
        ...projected(point.labels, labels, without),
        [name, printNumber(point.value)] as const,
      ]);
    const groups = grouped(points, valued);
    return vector(groups.map((group) => ({ labels: group.labels, value: group.items.length })));
  }
  const groups = grouped(points, (point) => projected(point.labels, labels, without));
  if (expr.op === 'topk' || expr.op === 'bottomk') {
    const sign = expr.op === 'topk' ? -1 : 1;
    const most = Math.max(Math.trunc(parameter) || 0, 0);
    return vector(
      groups.flatMap(({ items }) =>
        [...items].sort((a, b) => sign * (a.value - b.value)).slice(0, most),
      ),
    );
  }
  return vector(
    groups.map((group) => {
      const values = group.items.map(({ value }) => value);
      return { labels: group.labels, value: aggregated(expr.op, values, parameter) };
    }),
  );
}

function aggregated(op: string, values: readonly number[], parameter: number): number {
  switch (op) {
    case 'sum':
      return values.reduce((total, each) => total + each, 0);
    case 'avg':
      return average(values);
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'stddev':
      return Math.sqrt(variance(values));
    case 'stdvar':
      return variance(values);
    case 'quantile':
      return quantile(parameter, values);
    default:
      throw new PromqlError(`the aggregation ${op} is not simulated here`);
  }
}
