/**
 * Reads JSONPath, and the older paths that begin with a dot or with nothing: `$.a[0]`, `.a[0]`, `a[0]`.
 * https://redis.io/docs/latest/develop/data-types/json/path/
 */
import { redisError } from '../errors.ts';
import { readFilter, type Term } from './json-filter.ts';
import { PathReader } from './json-path-reader.ts';

export type Step =
  | { readonly kind: 'members'; readonly names: readonly string[] }
  | { readonly kind: 'items'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly by: number;
    }
  | { readonly kind: 'all' }
  /** The next step is taken from every value at or below. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly term: Term<Step> };

export interface Path {
  /** As it was written. */
  readonly text: string;
  /** Of the older kind: one value is answered, not an array of all. */
  readonly isLegacy: boolean;
  readonly steps: readonly Step[];
}

/** Throws when it is none. Paths that were read lately are not read again. */
export function parsePath(text: string): Path {
  const known = recent.get(text);
  if (known) return known;
  const path = readPath(text);
  if (recent.size >= MAX_RECENT) recent.clear();
  recent.set(text, path);
  return path;
}

const recent = new Map<string, Path>();
const MAX_RECENT = 500;

export const ROOT = '.';

/** Whether a path leads to one place in any document. */
export const isStatic = ({ steps }: Path): boolean =>
  steps.every(
    (step) =>
      (step.kind === 'members' && step.names.length === 1) ||
      (step.kind === 'items' && step.indexes.length === 1),
  );

function readPath(text: string): Path {
  const isLegacy = !text.startsWith('$');
  const reader = new PathReader(isLegacy ? modern(text) : text);
  reader.take('$');
  const steps = readSteps(reader);
  if (!reader.done) throw reader.error('an operator or the end of the path');
  return { text, isLegacy, steps };
}

/** An older path as JSONPath says it. */
function modern(text: string): string {
  if (text === '') throw redisError('ERR Path does not exist');
  if (text === ROOT) return '$';
  return /^[.[]/.test(text) ? `$${text}` : `$.${text}`;
}

/** The steps that follow `$` or `@`, as far as they go. */
export function readSteps(reader: PathReader): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (reader.take('..')) {
      steps.push({ kind: 'descend' });
      steps.push(reader.peek() === '[' ? readBrackets(reader) : readName(reader));
    } else if (reader.take('.')) {
      steps.push(reader.peek() === '[' ? readBrackets(reader) : readName(reader));
    } else if (reader.peek() === '[') {
      steps.push(readBrackets(reader));
    } else return steps;
  }
}

function readName(reader: PathReader): Step {
  if (reader.take('*')) return { kind: 'all' };
  const name = reader.match(NAME);
  if (name === undefined) throw reader.error('a name or *');
  return { kind: 'members', names: [name] };
}

/** Everything but what has a meaning of its own. */
const NAME = /[^\s.[\]()'"$@*,:?<>=!&|]+/y;

function readBrackets(reader: PathReader): Step {
  reader.take('[');
  reader.blanks();
  const step = readInside(reader);
  reader.blanks();
  if (!reader.take(']')) throw reader.error(']');
  return step;
}

function readInside(reader: PathReader): Step {
  if (reader.take('*')) return { kind: 'all' };
  if (reader.take('?')) return { kind: 'filter', term: readFilter(reader, readSteps) };
  const quote = reader.peek();
  if (quote === '"' || quote === "'") {
    return { kind: 'members', names: readList(reader, () => reader.quoted()) };
  }
  const first = reader.integer();
  reader.blanks();
  if (reader.peek() === ':') return readSlice(reader, first);
  if (first === undefined) throw reader.error('a name in quotes, an index, a slice, * or ?');
  const more = reader.take(',') ? readList(reader, () => readIndex(reader)) : [];
  return { kind: 'items', indexes: [first, ...more] };
}

function readList<T>(reader: PathReader, read: () => T): T[] {
  const items: T[] = [];
  do {
    reader.blanks();
    items.push(read());
    reader.blanks();
  } while (reader.take(','));
  return items;
}

function readIndex(reader: PathReader): number {
  const index = reader.integer();
  if (index === undefined) throw reader.error('an index');
  return index;
}

function readSlice(reader: PathReader, from: number | undefined): Step {
  reader.take(':');
  reader.blanks();
  const to = reader.integer();
  reader.blanks();
  let by = 1;
  if (reader.take(':')) {
    reader.blanks();
    by = reader.integer() ?? 1;
  }
  if (by < 1) throw reader.error('a step of 1 or more');
  return { kind: 'slice', from, to, by };
}
