import { functions } from './functions.ts';
import type { Matcher } from './series.ts';
import type { ValueType } from './value.ts';

/** An expression of PromQL. Times are ms. */
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | Selector
  | Subquery
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | Aggregation
  | Binary
  | { readonly kind: 'negated'; readonly of: Expr };

/** When it is that something is looked up, if not at the instant of the evaluation. */
interface Shift {
  readonly offsetMs: number;
  /** After `@`: an instant, or an end of the range that a query is asked over. */
  readonly fixed: number | 'start' | 'end' | undefined;
}

export interface Selector extends Shift {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  /** How far back the samples reach: a range selector. */
  readonly rangeMs: number | undefined;
}

/** An expression evaluated at many instants, which make a range: `expr[30m:1m]`. */
export interface Subquery extends Shift {
  readonly kind: 'subquery';
  readonly of: Expr;
  readonly rangeMs: number;
  /** Undefined: as often as rules are evaluated. */
  readonly stepMs: number | undefined;
}

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly op: string;
  /** Labels that remain, or that go. */
  readonly grouping: { readonly without: boolean; readonly labels: readonly string[] };
  /** Of topk, bottomk, quantile and count_values. */
  readonly parameter: Expr | undefined;
  readonly of: Expr;
}

export interface Binary {
  readonly kind: 'binary';
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
  /** A comparison answers 0 or 1, and takes nothing away. */
  readonly isBool: boolean;
  /** Which labels two samples must share; all when it is undefined. */
  readonly matching: Matching | undefined;
}

export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  /** On one side several samples may match one of the other, whose labels in `include` they get. */
  readonly group:
    | { readonly many: 'left' | 'right'; readonly include: readonly string[] }
    | undefined;
}

const comparisons = new Set(['==', '!=', '<=', '<', '>=', '>']);
const sets = new Set(['and', 'or', 'unless']);
export const isComparison = (op: string): boolean => comparisons.has(op);
export const isSetOperator = (op: string): boolean => sets.has(op);

/** What an expression yields. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return expr.rangeMs === undefined ? 'instant vector' : 'range vector';
    case 'subquery':
      return 'range vector';
    case 'call':
      return functions.get(expr.name)?.gives ?? 'instant vector';
    case 'aggregation':
      return 'instant vector';
    case 'binary': {
      const both = [typeOf(expr.left), typeOf(expr.right)];
      return both.every((type) => type === 'scalar') ? 'scalar' : 'instant vector';
    }
    case 'negated':
      return typeOf(expr.of);
  }
}
