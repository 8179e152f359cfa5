/** The values that expressions and aggregations reckon with. */
import { compareBytes } from '../../bytes/bytes.ts';
import { parseDouble, printGeneral } from '../../bytes/numbers.ts';

/** Undefined is a property that is not there, null one that holds nothing. */
export type Value = undefined | null | number | string | readonly Value[];

/** A value as a number: itself, or what its text spells. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseDouble(value.trim()) : undefined;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return value !== undefined && value !== null;
}

/** Negative, zero or positive as values sort; undefined where a text is no number to compare with. */
export function compareValues(a: Value, b: Value): number | undefined {
  const sorts = sortOf(a) - sortOf(b);
  if (sorts !== 0) return sorts;
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (sortOf(a) === 0) return 0;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined || y === undefined) return undefined;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Nothing sorts first, then lists, then numbers and texts. */
function sortOf(value: Value): number {
  if (value === undefined || value === null) return 0;
  return Array.isArray(value) ? 1 : 2;
}

function compareLists(a: readonly Value[], b: readonly Value[]): number | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** A number as aggregations print it: twelve digits, as "%.12g". */
export const printNumber = (value: number): string => printGeneral(value, 12);

/** A value as text; nothing for a list or what is not there. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? printNumber(value) : '';
}
