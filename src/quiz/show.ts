/** Values in the words of a task's verdict. */
import { utf8Decode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { isList, type Plain, pairsOf } from './compare.ts';
import type { Expected } from './condition.ts';

/** A reply on one line; long ones are cut. */
export function show(reply: Plain): string {
  if (reply === null) return '(nil)';
  if (reply instanceof RedisError) return `(error) ${reply.message}`;
  if (!isList(reply)) return `"${cut(utf8Decode(reply))}"`;
  return reply.length === 0 ? 'nothing' : `[${shorten(reply.map(show))}]`;
}

/** A flat list of fields and values. */
export function showMap(reply: Plain): string {
  if (!isList(reply)) return show(reply);
  const pairs = pairsOf(reply);
  return `{${shorten(pairs.map(([field, value]) => `${utf8Decode(field)}: ${cut(utf8Decode(value))}`))}}`;
}

export function showExpected(expected: Expected): string {
  if (expected === null) return '(nil)';
  if (typeof expected === 'string') return `"${cut(expected)}"`;
  if (!Array.isArray(expected)) {
    return `{${shorten(Object.entries(expected).map(([field, value]) => `${field}: ${value}`))}}`;
  }
  return expected.length === 0 ? 'nothing' : `[${shorten(expected.map(showExpected))}]`;
}

export const showCommand = (argv: readonly string[]): string => cut(argv.map(utf8Decode).join(' '));

/** `a`, `a and b`, `a, b and c`. */
export function listing(items: readonly string[], word = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** `1 key`, `3 keys`. */
export const countOf = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`;

const LONGEST = 120;
const MOST_ITEMS = 12;

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const shorten = (items: readonly string[]) =>
  items.length > MOST_ITEMS
    ? `${items.slice(0, MOST_ITEMS).join(', ')}, … (${items.length} in all)`
    : items.join(', ');
