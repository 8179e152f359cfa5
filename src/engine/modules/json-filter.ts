/**
 * The conditions in `[?( … )]`: comparisons of what paths from `@` or `$` lead to, of numbers and
 * strings, joined by && and ||. https://redis.io/docs/latest/develop/data-types/json/path/
 */
import { utf8Decode } from '../bytes/bytes.ts';
import { asNumber, equalJson, isNumber, type Json } from '../values/json.ts';
import { JsonError, parseJson } from '../values/json-parse.ts';
import type { PathReader } from './json-path-reader.ts';

/** A condition; `S` is what paths in it are made of. */
export type Term<S> =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Term<S>[] }
  | { readonly kind: 'not'; readonly term: Term<S> }
  /** The path leads somewhere. */
  | { readonly kind: 'exists'; readonly path: PathOperand<S> }
  | {
      readonly kind: 'compare';
      readonly left: AnyOperand<S>;
      readonly operator: Operator;
      readonly right: AnyOperand<S>;
    };

export interface PathOperand<S> {
  readonly kind: 'path';
  readonly fromRoot: boolean;
  readonly steps: readonly S[];
}

export type AnyOperand<S> = PathOperand<S> | { readonly kind: 'literal'; readonly value: Json };

const operators = ['==', '!=', '<=', '>=', '=~', '<', '>'] as const;
export type Operator = (typeof operators)[number];

type ReadSteps<S> = (reader: PathReader) => S[];

/** Reads a condition, with or without parentheses around it. */
export function readFilter<S>(reader: PathReader, readSteps: ReadSteps<S>): Term<S> {
  const first = readAll(reader, readSteps);
  const terms = [first];
  for (reader.blanks(); reader.take('||'); reader.blanks()) {
    terms.push(readAll(reader, readSteps));
  }
  return terms.length === 1 ? first : { kind: 'or', terms };
}

/** && binds closer than ||. */
function readAll<S>(reader: PathReader, readSteps: ReadSteps<S>): Term<S> {
  const first = readOne(reader, readSteps);
  const terms = [first];
  for (reader.blanks(); reader.take('&&'); reader.blanks()) {
    terms.push(readOne(reader, readSteps));
  }
  return terms.length === 1 ? first : { kind: 'and', terms };
}

function readOne<S>(reader: PathReader, readSteps: ReadSteps<S>): Term<S> {
  reader.blanks();
  if (reader.take('!')) return { kind: 'not', term: readOne(reader, readSteps) };
  if (reader.take('(')) {
    const term = readFilter(reader, readSteps);
    reader.blanks();
    if (!reader.take(')')) throw reader.error(')');
    return term;
  }
  const left = readOperand(reader, readSteps);
  reader.blanks();
  const operator = operators.find((each) => reader.take(each));
  if (operator) {
    reader.blanks();
    return { kind: 'compare', left, operator, right: readOperand(reader, readSteps) };
  }
  if (left.kind === 'literal') throw reader.error('a comparison');
  return { kind: 'exists', path: left };
}

function readOperand<S>(reader: PathReader, readSteps: ReadSteps<S>): AnyOperand<S> {
  const isCurrent = reader.take('@');
  if (isCurrent || reader.take('$')) {
    return { kind: 'path', fromRoot: !isCurrent, steps: readSteps(reader) };
  }
  const quote = reader.peek();
  if (quote === '"' || quote === "'") return { kind: 'literal', value: reader.quoted() };
  const word = reader.match(/-?\d[\d.eE+-]*|true|false|null|\[[^\]]*\]/y);
  if (word === undefined) throw reader.error('a path, a number, a string or a truth value');
  try {
    return { kind: 'literal', value: parseJson(word) };
  } catch (error) {
    if (error instanceof JsonError) throw reader.error('a number');
    throw error;
  }
}

/** Whether two values compare so; values of different types are merely not equal. */
export function compares(left: Json, operator: Operator, right: Json): boolean {
  switch (operator) {
    case '==':
      return isSame(left, right);
    case '!=':
      return !isSame(left, right);
    case '=~':
      return matches(left, right);
    default:
      return isOrdered(left, operator, right);
  }
}

/** In filters 3 and 3.0 are the same. */
const isSame = (left: Json, right: Json): boolean =>
  isNumber(left) && isNumber(right) ? asNumber(left) === asNumber(right) : equalJson(left, right);

function isOrdered(left: Json, operator: '<' | '<=' | '>' | '>=', right: Json): boolean {
  const [a, b] = [sortable(left), sortable(right)];
  if (a === undefined || typeof a !== typeof b || b === undefined) return false;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

const sortable = (value: Json): number | string | undefined =>
  isNumber(value) ? asNumber(value) : typeof value === 'string' ? value : undefined;

/** A regular expression that fits anywhere in the string. */
function matches(text: Json, pattern: Json): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') return false;
  // As in the module: what is written before the rest as (?i) is about all of it.
  const [, flags = '', body = ''] = /^(?:\(\?([a-z]+)\))?(.*)$/s.exec(utf8Decode(pattern)) ?? [];
  try {
    return new RegExp(body, `${flags.replace(/[^ims]/g, '')}u`).test(utf8Decode(text));
  } catch {
    return false;
  }
}
