/**
 * What operators between two values yield: which samples of two vectors belong together.
 * https://prometheus.io/docs/prometheus/latest/querying/operators/#vector-matching
 */
import { type Binary, isComparison, isSetOperator, type Matching } from './expression.ts';
import { keyOf, type Labels, NAME, printLabels } from './series.ts';
import { PromqlError } from './tokens.ts';
import {
  type Point,
  projected,
  scalar,
  unnamed,
  type Value,
  type Vector,
  vector,
} from './value.ts';

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

/** The value of a binary operator on two values. Throws a PromqlError where they do not match. */
export function combine(expr: Binary, left: Value, right: Value): Value {
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

/** The labels that say what a sample belongs to. */
const matchedLabels = (labels: Labels, matching: Matching | undefined): Labels =>
  matching ? projected(labels, matching.labels, !matching.on) : unnamed(labels);

const signature = (labels: Labels, matching: Matching | undefined): string =>
  keyOf(matchedLabels(labels, matching));

/** Of the side that is not said to have many, each sample must be the only one for its labels. */
function combineVectors(expr: Binary, left: Vector, right: Vector): Value {
  const { matching } = expr;
  const isSwapped = matching?.group?.many === 'right';
  const [many, one] = isSwapped ? [right, left] : [left, right];
  const partners = partnersBy(one.points, matching, isSwapped ? 'left' : 'right');
  const seen = new Set<string>();
  return vector(
    many.points.flatMap((point) => {
      const key = signature(point.labels, matching);
      const partner = partners.get(key);
      if (!partner) return [];
      const [a, b] = isSwapped ? [partner, point] : [point, partner];
      const labels = labelsFor(expr, point, partner);
      const made = result(expr, { labels, value: a.value }, a.value, b.value, labels);
      for (const each of made) {
        // Without grouping one match is all there may be, whatever becomes of its labels.
        const whole = matching?.group ? `${key} ${keyOf(each.labels)}` : key;
        if (seen.has(whole)) throw new PromqlError(tooMany(matching));
        seen.add(whole);
      }
      return made;
    }),
  );
}

function partnersBy(points: readonly Point[], matching: Matching | undefined, side: string) {
  const partners = new Map<string, Point>();
  for (const point of points) {
    const key = signature(point.labels, matching);
    const other = partners.get(key);
    if (other) {
      const group = printLabels(matchedLabels(point.labels, matching));
      throw new PromqlError(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${printLabels(point.labels)}, ${printLabels(other.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    partners.set(key, point);
  }
  return partners;
}

const tooMany = (matching: Matching | undefined): string =>
  matching?.group
    ? 'multiple matches for labels: grouping labels must ensure unique matches'
    : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';

/** A comparison keeps the name of the metric; `on` and `ignoring` without grouping take labels away. */
function labelsFor({ op, isBool, matching }: Binary, point: Point, partner: Point): Labels {
  const named = isComparison(op) && !isBool ? point.labels : unnamed(point.labels);
  if (!matching) return named;
  const { on, labels, group } = matching;
  if (group) {
    const included = group.include.map((name) => [name, partner.labels.get(name) ?? ''] as const);
    const whole = new Map([...named, ...included]);
    return new Map([...whole].filter(([, value]) => value !== ''));
  }
  if (on) return projected(named, labels, false);
  const rest = new Map(named);
  for (const name of labels) if (name !== NAME) rest.delete(name);
  return rest;
}

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
