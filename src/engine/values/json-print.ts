/** JSON as the module prints it: numbers, escapes, and the layout that JSON.GET can be asked for. */
import { isObject, type Json, JsonDouble } from './json.ts';

/** What stands before members, between lines, and after colons; nothing by default. */
export interface JsonLayout {
  readonly indent: string;
  readonly newline: string;
  readonly space: string;
}

export const compact: JsonLayout = { indent: '', newline: '', space: '' };

/** The text of a value, as it stands so many levels deep in another. */
export function printJson(value: Json, layout: JsonLayout = compact, depth = 0): string {
  if (typeof value === 'string') return quoteJson(value);
  if (value instanceof JsonDouble) return printJsonDouble(value.value);
  if (Array.isArray(value)) {
    const items = value.map((item) => printJson(item, layout, depth + 1));
    return layOut('[', items, ']', layout, depth);
  }
  if (!isObject(value)) return String(value);
  const members: string[] = [];
  for (const [key, member] of value) {
    members.push(`${quoteJson(key)}:${layout.space}${printJson(member, layout, depth + 1)}`);
  }
  return layOut('{', members, '}', layout, depth);
}

/** Items between brackets, each on a line of its own. */
export function layOut(
  open: string,
  items: readonly string[],
  close: string,
  { indent, newline }: JsonLayout,
  depth = 0,
): string {
  if (items.length === 0) return open + close;
  const inner = newline + indent.repeat(depth + 1);
  return open + inner + items.join(`,${inner}`) + newline + indent.repeat(depth) + close;
}

/** A string in quotes; bytes beyond ASCII stay as they are. */
export function quoteJson(bytes: string): string {
  return `"${NEEDS_ESCAPE.test(bytes) ? bytes.replace(ESCAPED, escapeChar) : bytes}"`;
}

const UNSAFE = '["\\\\\\u0000-\\u001f]';
const NEEDS_ESCAPE = new RegExp(UNSAFE);
const ESCAPED = new RegExp(UNSAFE, 'g');

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const escapeChar = (char: string): string =>
  shortEscapes.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The shortest digits that read back as the same number, always with a point or an exponent. */
export function printJsonDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = ''] = Math.abs(value).toExponential().split('e');
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace('.', '');
  const point = Number(exponentText) + 1;
  if (point > MAX_DIGITS || point <= MIN_POINT) return `${sign}${mantissa}e${Number(exponentText)}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Beyond these the point would stand too far from the digits, and an exponent is printed. */
const MAX_DIGITS = 16;
const MIN_POINT = -5;
