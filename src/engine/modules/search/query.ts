/**
 * A query as it was understood: what FT.EXPLAIN prints, and what is then looked for.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/query_syntax/
 */
import type { Point } from '../../values/geohash.ts';
import type { NumberRange } from './numbers.ts';
import { EVERY_FIELD, type FieldSet } from './schema.ts';

export type Query = Scope & What;

/** What can be said of any part of a query. */
export interface Scope {
  /** The TEXT fields that are asked. */
  fields: FieldSet;
  /** How much it counts. */
  weight?: number;
  /** How many other words may stand between its own; and whether they must be in this order. */
  slop?: number;
  isInOrder?: boolean;
}

export type What =
  | { readonly kind: 'empty' }
  | { readonly kind: 'every' }
  | { readonly kind: 'word'; readonly word: string; readonly isExpanded: boolean }
  | { readonly kind: 'union' | 'intersection' | 'phrase'; readonly parts: Query[] }
  | { readonly kind: 'not' | 'optional'; readonly part: Query }
  | { readonly kind: 'prefix' | 'suffix' | 'infix' | 'pattern'; readonly text: string }
  | { readonly kind: 'fuzzy'; readonly text: string; readonly distance: number }
  | { readonly kind: 'numeric'; readonly field: string; readonly range: NumberRange }
  | { readonly kind: 'tag'; readonly field: string; readonly parts: Query[] }
  | { readonly kind: 'geo'; readonly field: string; readonly circle: Circle }
  | { readonly kind: 'missing'; readonly field: string }
  | { readonly kind: 'vector'; vector: VectorQuery };

export interface Circle {
  readonly centre: Point;
  readonly radius: number;
  /** As it was given: m, km, mi or ft. */
  readonly unit: string;
}

export interface VectorQuery {
  readonly field: string;
  /** The name of the parameter, and what it holds. */
  readonly parameter: string;
  readonly blob: string;
  /** The nearest so many, or all within a distance. */
  readonly count: number | undefined;
  readonly radius: number | undefined;
  /** What the distance is called in replies. */
  readonly distanceName: string | undefined;
  readonly options: readonly (readonly [name: string, value: string])[];
  /** Among which documents. */
  readonly among: Query | undefined;
}

export const METRES: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['km', 1000],
  ['ft', 0.3048],
  ['mi', 1609.34],
]);

export const queryOf = (what: What): Query => ({ fields: EVERY_FIELD, ...what });

export const nothing = (): Query => queryOf({ kind: 'empty' });

/** Asks only these fields, as far as it did before. */
export function narrow(query: Query, fields: FieldSet): void {
  query.fields = (query.fields & fields) >>> 0;
  if ('parts' in query) for (const part of query.parts) narrow(part, fields);
  else if ('part' in query) narrow(query.part, fields);
  else if (query.kind === 'vector' && query.vector.among) narrow(query.vector.among, fields);
}

/** Whether a union is a word with its other forms, not one that somebody wrote. */
export const isExpansion = (query: Query): boolean =>
  query.kind === 'union' &&
  query.parts.length > 1 &&
  query.parts.every((part, i) => part.kind === 'word' && part.isExpanded === i > 0);

/** Whether a part of the same kind would rather join it than stand beside it. */
function takesMore(query: Query, kind: 'union' | 'intersection'): boolean {
  return query.kind === kind && query.fields === EVERY_FIELD && !isExpansion(query);
}

/** Joins two parts by `|` or by standing together; from dialect 2 on either may take the other in. */
export function join(
  kind: 'union' | 'intersection',
  left: Query,
  right: Query,
  dialect: number,
): Query {
  if (right.kind === 'empty') return left;
  if (left.kind === 'empty') return right;
  for (const [taker, taken] of [
    [left, right],
    [right, left],
  ] as const) {
    if (taker === right && dialect < 2) break;
    if (takesMore(taker, kind) && 'parts' in taker) {
      taker.parts.push(taken);
      return taker;
    }
  }
  return queryOf({ kind, parts: [left, right] });
}

/** What a query calls the distances of vectors: rows have them as properties. */
export function distanceNames(query: Query): string[] {
  if ('parts' in query) return query.parts.flatMap(distanceNames);
  if ('part' in query) return distanceNames(query.part);
  if (query.kind !== 'vector') return [];
  const { distanceName, among } = query.vector;
  const inner = among ? distanceNames(among) : [];
  return distanceName === undefined ? inner : [distanceName, ...inner];
}
