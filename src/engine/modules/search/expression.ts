/**
 * The expressions of APPLY and FILTER: `@price * 1.2`, `upper(@name)`, `@n > 3 && exists(@m)`.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/aggregations/
 */
import { notSimulated, type RedisError, redisError } from '../../errors.ts';
import { functionNamed, type SearchFunction } from './expression-functions.ts';
import { compareValues, isTrue, numberOf, type Value } from './value.ts';

export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly sides: Sides }
  | { readonly kind: 'call'; readonly run: SearchFunction; readonly args: readonly Expression[] };

type Sides = readonly [left: Expression, right: Expression];

/** A row of properties. */
export type Row = (name: string) => Value;

const expressionError = (message: string): RedisError => redisError(`SEARCH_EXPR ${message}`);

/** Throws where the text is no expression. */
export function readExpression(text: string): Expression {
  const reader = new Reader(text);
  const expression = readLevel(reader, 0);
  if (reader.kind !== 'end') throw reader.error();
  if (reader.unknown !== undefined) throw expressionError(`Unknown symbol '${reader.unknown}'`);
  return expression;
}

/** The properties that an expression reads. */
export function propertiesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'value':
      return [];
    case 'property':
      return [expression.name];
    case 'not':
      return propertiesOf(expression.of);
    case 'binary':
      return expression.sides.flatMap(propertiesOf);
    case 'call':
      return expression.args.flatMap(propertiesOf);
  }
}

/** Throws what a row says that lacks a property, or a value of the wrong kind. */
export function evaluate(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'property':
      return propertyOf(row, expression.name);
    case 'not':
      return isTrue(evaluate(expression.of, row)) ? 0 : 1;
    case 'binary':
      return operate(expression.operator, expression.sides, row);
    case 'call':
      return call(expression.run, expression.args, row);
  }
}

function propertyOf(row: Row, name: string): Value {
  const value = row(name);
  if (value !== undefined) return value;
  throw redisError(
    `SEARCH_VALUE_NOT_FOUND Could not find the value for a parameter name, consider using EXISTS if applicable for ${name}`,
  );
}

function call(run: SearchFunction, args: readonly Expression[], row: Row): Value {
  const [first] = args;
  // The one function that asks about a property, not about its value.
  if (run.name === 'exists' && first?.kind === 'property') {
    return row(first.name) === undefined ? 0 : 1;
  }
  return run.run(args.map((arg) => evaluate(arg, row)));
}

function operate(operator: string, [left, right]: Sides, row: Row): Value {
  const first = evaluate(left, row);
  if (operator === '&&') return isTrue(first) && isTrue(evaluate(right, row)) ? 1 : 0;
  if (operator === '||') return isTrue(first) || isTrue(evaluate(right, row)) ? 1 : 0;
  const second = evaluate(right, row);
  const compares = comparisons.get(operator);
  if (compares) return compare(operator, compares, first, second);
  const [a, b] = [numberOf(first), numberOf(second)];
  if (a === undefined || b === undefined) {
    throw redisError('SEARCH_NUMERIC_VALUE_INVALID Invalid numeric value');
  }
  return reckon(operator, a, b);
}

const comparisons: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['==', (order: number) => order === 0],
  ['!=', (order: number) => order !== 0],
  ['<', (order: number) => order < 0],
  ['<=', (order: number) => order <= 0],
  ['>', (order: number) => order > 0],
  ['>=', (order: number) => order >= 0],
]);

function compare(
  operator: string,
  compares: (order: number) => boolean,
  a: Value,
  b: Value,
): number {
  const order = compareValues(a, b);
  if (order !== undefined) return compares(order) ? 1 : 0;
  if (operator === '==' || operator === '!=') return operator === '!=' ? 1 : 0;
  throw redisError('Error converting string');
}

function reckon(operator: string, a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  if (operator === '/') return a / b;
  return operator === '%' ? a % b : a ** b;
}

/** The operators, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['!'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
];

/** Deeper than anybody writes, and nowhere near the end of the stack. */
const DEEPEST = 250;

/** What stands within something else: brackets, a negation, a power. */
function readInner(reader: Reader, level: number): Expression {
  if (++reader.depth > DEEPEST) throw notSimulated('an expression so deep', 'read a deeper one');
  const inner = readLevel(reader, level);
  reader.depth--;
  return inner;
}

function readLevel(reader: Reader, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return readPrimary(reader);
  if (operators[0] === '!') {
    if (!reader.takeMark('!')) return readLevel(reader, level + 1);
    return { kind: 'not', of: readInner(reader, level) };
  }
  let left = readLevel(reader, level + 1);
  while (reader.kind === 'mark' && operators.includes(reader.text)) {
    const operator = reader.text;
    reader.step();
    // Powers lean to the right, and comparisons are not chained.
    const right = operator === '^' ? readInner(reader, level) : readLevel(reader, level + 1);
    left = { kind: 'binary', operator, sides: [left, right] };
    if (comparisons.has(operator)) break;
  }
  return left;
}

function readPrimary(reader: Reader): Expression {
  const { kind, text } = reader;
  if (kind === 'mark' && text === '(') {
    reader.step();
    const inner = readInner(reader, 0);
    if (!reader.takeMark(')')) throw reader.error();
    return inner;
  }
  if (kind === 'end' || kind === 'mark') throw reader.error();
  reader.step();
  if (kind === 'number') return { kind: 'value', value: Number(text) };
  if (kind === 'string') return { kind: 'value', value: text };
  if (kind === 'property') return { kind: 'property', name: text };
  if (reader.takeMark('(')) return readCall(reader, text);
  reader.unknown ??= text;
  return { kind: 'value', value: null };
}

function readCall(reader: Reader, name: string): Expression {
  const args: Expression[] = [];
  if (!reader.takeMark(')')) {
    do args.push(readInner(reader, 0));
    while (reader.takeMark(','));
    if (!reader.takeMark(')')) throw reader.error();
  }
  const run = functionNamed(name);
  if (!run) throw expressionError(`Unknown function name '${name}'`);
  const [least, most] = run.takes;
  if (args.length < least || args.length > most) {
    const wants = least === most ? `${least}` : `between ${least} and ${most}`;
    throw expressionError(`Function '${name}' expects ${wants} arguments, but got ${args.length}`);
  }
  return { kind: 'call', run, args };
}

type TokenKind = 'number' | 'string' | 'property' | 'symbol' | 'mark' | 'end';

const PIECES: readonly (readonly [TokenKind, RegExp])[] = [
  // A number has its own sign: `1+2` is two numbers.
  ['number', /[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  // A backslash before the last mark of all is no escape: there would be no end. Each has one reading.
  ['string', /'((?:\\['\\]|\\(?!['\\])|[^'\\])*\\?)'|"((?:\\["\\]|\\(?!["\\])|[^"\\])*\\?)"/y],
  ['property', /@([A-Za-z_]\w*)/y],
  ['symbol', /[A-Za-z_]\w*/y],
  ['mark', /==|!=|<=|>=|&&|\|\||[<>!+\-*/%^(),]/y],
];

/** The words of an expression; what is none of them is passed over, as the module does. */
class Reader {
  kind: TokenKind = 'end';
  text = '';
  /** A word that is no function, as far as anybody knows. */
  unknown: string | undefined;
  /** In how many others what is read now stands. */
  depth = 0;
  #at = 0;
  #offset = 0;
  #near = '';

  constructor(private readonly source: string) {
    this.step();
  }

  step(): void {
    for (; this.#at < this.source.length; this.#at++) {
      for (const [kind, pattern] of PIECES) {
        pattern.lastIndex = this.#at;
        const match = pattern.exec(this.source);
        if (match) {
          this.#found(kind, match);
          return;
        }
      }
    }
    this.kind = 'end';
  }

  takeMark(mark: string): boolean {
    if (this.kind !== 'mark' || this.text !== mark) return false;
    this.step();
    return true;
  }

  error(): RedisError {
    const hint = this.unknown === undefined ? '' : `: Unknown symbol '${this.unknown}'`;
    return expressionError(`Syntax error at offset ${this.#offset} near '${this.#near}'${hint}`);
  }

  #found(kind: TokenKind, match: RegExpExecArray): void {
    const inner = match[1] ?? match[2];
    this.kind = kind;
    this.text =
      kind === 'string' ? (inner ?? '').replace(/\\(['"\\])/g, '$1') : (inner ?? match[0]);
    this.#offset = this.#at;
    this.#at += match[0].length;
    if (kind !== 'mark') this.#near = this.text;
  }
}
