import { average, functions, quantile, variance } from './functions.ts';
import {
  type Aggregation,
  type Binary,
  type Expr,
  isComparison,
  isSetOperator,
  type Selector,
} from './parse.ts';
import { keyOf, type Labels, NAME, printLabels, type Sample, type SampleStore } from './series.ts';
import { PromqlError } from './tokens.ts';
import {
  grouped,
  type Point,
  projected,
  scalar,
  unnamed,
  type Value,
  type Vector,
  vector,
} from './value.ts';

/** How old the newest sample of a series may be to count as its present value. */
export const LOOKBACK_MS = 300_000;

/**
 * The value of an expression at an instant, ms since 1970. Throws a PromqlError where series cannot
 * be matched. https://prometheus.io/docs/prometheus/latest/querying/operators/
 */
export function evaluate(expr: Expr, store: SampleStore, at: number): Value {
  switch (expr.kind) {
    case 'number':
      return scalar(expr.value);
    case 'string':
      return { type: 'string', value: expr.value };
    case 'selector':
      return select(expr, store, at);
    case 'negated': {
      const of = evaluate(expr.of, store, at);
      if (of.type === 'scalar') return scalar(-of.value);
      return vector(pointsOf(of).map((point) => computed(point, -point.value)));
    }
    case 'call': {
      const args = expr.args.map((arg) => evaluate(arg, store, at));
      const called = functions.get(expr.name);
      if (!called) throw new PromqlError(`unknown function with name "${expr.name}"`);
      if (expr.name === 'absent' && pointsOf(args[0] as Value).length === 0) {
        return vector([{ labels: namedBy(expr.args[0] as Expr), value: 1 }]);
      }
      return called.run(args, at);
    }
    case 'aggregation':
      return aggregate(expr, store, at);
    case 'binary':
      return combine(expr, evaluate(expr.left, store, at), evaluate(expr.right, store, at));
  }
}

function select({ matchers, rangeMs, offsetMs }: Selector, store: SampleStore, now: number): Value {
  const to = now - offsetMs;
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
      const { value } = samples.at(-1) as Sample;
      return isStale(value) ? [] : [{ labels, value }];
    }),
  );
}

/** The sample that says that a series is no longer there. */
export const STALE = -Number.MAX_VALUE;
const isStale = (value: number) => value === STALE;

const pointsOf = (value: Value): readonly Point[] => (value.type === 'vector' ? value.points : []);

const computed = ({ labels }: Point, value: number): Point => ({ labels: unnamed(labels), value });

/** What a selector says for certain of the series that are not there. */
function namedBy(expr: Expr): Labels {
  if (expr.kind !== 'selector') return new Map();
  const exact = expr.matchers.filter(({ op, label }) => op === '=' && label !== NAME);
  return new Map(exact.map(({ label, value }) => [label, value]));
}

function aggregate(expr: Aggregation, store: SampleStore, at: number): Value {
  const points = pointsOf(evaluate(expr.of, store, at));
  const given = expr.parameter && evaluate(expr.parameter, store, at);
  const parameter = given?.type === 'scalar' ? given.value : Number.NaN;
  const { labels, without } = expr.grouping;
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

function calculate(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    default:
      return Number(compare(op, a, b));
  }
}

function compare(op: string, a: number, b: number): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function combine(expr: Binary, left: Value, right: Value): Value {
  const { op } = expr;
  if (left.type === 'scalar' && right.type === 'scalar') {
    return scalar(calculate(op, left.value, right.value));
  }
  if (left.type === 'vector' && right.type === 'vector') {
    return isSetOperator(op) ? combineSets(expr, left, right) : combineVectors(expr, left, right);
  }
  const [points, number] =
    left.type === 'scalar' ? [right as Vector, left.value] : [left as Vector, scalarOf(right)];
  const isSwapped = left.type === 'scalar';
  return vector(
    points.points.flatMap((point) => {
      const [a, b] = isSwapped ? [number, point.value] : [point.value, number];
      return result(expr, point, a, b, unnamed(point.labels));
    }),
  );
}

const scalarOf = (value: Value) => (value.type === 'scalar' ? value.value : Number.NaN);

/** A comparison keeps what fulfils it, with its name, unless it is to answer 0 or 1. */
function result(
  { op, isBool }: Binary,
  kept: Point,
  a: number,
  b: number,
  labels: Labels,
): readonly Point[] {
  if (!isComparison(op) || isBool) return [{ labels, value: calculate(op, a, b) }];
  return compare(op, a, b) ? [kept] : [];
}

function signature(labels: Labels, matching: Binary['matching']): string {
  if (!matching) return keyOf(unnamed(labels));
  return keyOf(projected(labels, matching.labels, !matching.on));
}

function combineVectors(expr: Binary, left: Vector, right: Vector): Value {
  const { matching } = expr;
  const partners = new Map<string, Point>();
  for (const point of right.points) {
    const key = signature(point.labels, matching);
    const other = partners.get(key);
    if (other) throw new PromqlError(manyOnOneSide(point, other, 'right'));
    partners.set(key, point);
  }
  const used = new Map<string, Point>();
  return vector(
    left.points.flatMap((point) => {
      const key = signature(point.labels, matching);
      const partner = partners.get(key);
      if (!partner) return [];
      if (used.has(key)) {
        throw new PromqlError(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      }
      used.set(key, point);
      const labels = matching
        ? projected(point.labels, matching.labels, !matching.on)
        : unnamed(point.labels);
      return result(expr, point, point.value, partner.value, labels);
    }),
  );
}

const manyOnOneSide = (a: Point, b: Point, side: string) =>
  `found duplicate series for the match group on the ${side} hand-side of the operation: [${printLabels(a.labels)}, ${printLabels(b.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`;

function combineSets({ op, matching }: Binary, left: Vector, right: Vector): Value {
  const keys = (points: readonly Point[]) =>
    new Set(points.map(({ labels }) => signature(labels, matching)));
  const inRight = keys(right.points);
  if (op !== 'or') {
    const isKept = (point: Point) =>
      inRight.has(signature(point.labels, matching)) === (op === 'and');
    return vector(left.points.filter(isKept));
  }
  const inLeft = keys(left.points);
  const added = right.points.filter(({ labels }) => !inLeft.has(signature(labels, matching)));
  return vector([...left.points, ...added]);
}
