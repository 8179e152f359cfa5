import { parseDuration } from './duration.ts';
import {
  type Aggregation,
  type Binary,
  type Expr,
  isComparison,
  isSetOperator,
  type Selector,
  type Subquery,
  typeOf,
} from './expression.ts';
import { functions } from './functions.ts';
import { type Matcher, NAME, regularExpression } from './series.ts';
import { PromqlError, place, type Token, tokenize } from './tokens.ts';
import type { ValueType } from './value.ts';

/** By how strongly they bind. */
const operators: Readonly<Record<string, number>> = {
  ...{ or: 1, and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '<=': 3, '<': 3, '>=': 3, '>': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, '^': 6 },
};

const aggregations = new Set(
  'sum avg min max count group stddev stdvar topk bottomk quantile count_values'.split(' '),
);
/** Of what type the first argument is, where there are two. */
const parameters: ReadonlyMap<string, ValueType> = new Map([
  ...(['topk', 'bottomk', 'quantile'] as const).map((op) => [op, 'scalar'] as const),
  ['count_values', 'string'],
]);

/**
 * Reads an expression: selectors, ranges, subqueries, offsets, `@`, arithmetic, comparisons, set
 * operators, the matching of vectors, aggregations and functions. Throws a PromqlError.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/
 */
export function parsePromql(text: string): Expr {
  const reader = new Reader(text);
  if (reader.token.kind === 'end') reader.fail('no expression found in input');
  const expr = reader.expression(0);
  if (reader.token.kind !== 'end') reader.unexpected('');
  return expr;
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(private readonly text: string) {
    this.#tokens = tokenize(text);
  }

  get token(): Token {
    return this.#tokens[this.#next] as Token;
  }

  fail(problem: string, at = this.token.at): never {
    throw new PromqlError(`${place(this.text, at)}: parse error: ${problem}`);
  }

  unexpected(where: string): never {
    const { kind, text } = this.token;
    if (kind === 'end') this.fail(`unexpected end of input${where}`);
    const what = {
      name: 'identifier ',
      number: 'number ',
      string: 'string ',
      duration: 'duration ',
    };
    const known = kind === 'sign' ? '' : what[kind];
    this.fail(`unexpected ${known}${kind === 'string' ? text : JSON.stringify(text)}${where}`);
  }

  /** Operators that bind at least so strongly, from left to right; `^` from right to left. */
  expression(least: number): Expr {
    let left = this.#unary();
    for (;;) {
      const op = this.token.text.toLowerCase();
      const strength = Object.hasOwn(operators, op) ? (operators[op] as number) : 0;
      if (strength === 0 || strength < least) return left;
      const { at } = this.token;
      this.#next++;
      const isBool = this.#takeName('bool');
      const matching = this.#matching();
      const right = this.expression(op === '^' ? strength : strength + 1);
      left = this.#binary({ kind: 'binary', op, left, right, isBool, matching }, at);
    }
  }

  #binary(expr: Binary, at: number): Expr {
    const types = [typeOf(expr.left), typeOf(expr.right)];
    const bad = types.find((type) => type !== 'scalar' && type !== 'instant vector');
    if (bad) {
      const problem = 'binary expression must contain only scalar and instant vector types';
      this.fail(problem, at);
    }
    const scalars = types.filter((type) => type === 'scalar').length;
    if (expr.isBool && !isComparison(expr.op)) {
      this.fail('bool modifier can only be used on comparison operators', at);
    }
    if (isComparison(expr.op) && scalars === 2 && !expr.isBool) {
      this.fail('comparisons between scalars must use BOOL modifier', at);
    }
    if (isSetOperator(expr.op) && scalars > 0) {
      this.fail(`set operator "${expr.op}" not allowed in binary scalar expression`, at);
    }
    if (isSetOperator(expr.op) && expr.matching?.group) {
      this.fail(`no grouping allowed for "${expr.op}" operation`, at);
    }
    return expr;
  }

  #unary(): Expr {
    const { text } = this.token;
    if (this.token.kind !== 'sign' || (text !== '-' && text !== '+')) return this.#postfix();
    this.#next++;
    const of = this.expression(operators['*'] as number);
    if (text === '+') return of;
    return of.kind === 'number' ? { ...of, value: -of.value } : { kind: 'negated', of };
  }

  /** A range or a subquery in brackets may follow, then an offset and `@`, each of them once. */
  #postfix(): Expr {
    let expr = this.#primary();
    while (this.token.text === '[') expr = this.#range(expr);
    for (const seen = new Set<string>(); ; ) {
      const { text } = this.token;
      const modifier = this.#takeName('offset') ? 'offset' : this.#take('@') ? '@' : undefined;
      if (!modifier) return expr;
      if (expr.kind !== 'selector' && expr.kind !== 'subquery') {
        const what = 'an instant vector selector or range vector selector or a subquery';
        this.fail(`${modifier} modifier must be preceded by ${what}`);
      }
      if (seen.has(modifier)) this.fail(`${text} may not be set multiple times`);
      seen.add(modifier);
      expr = modifier === '@' ? { ...expr, fixed: this.#instant() } : this.#offset(expr);
    }
  }

  #range(of: Expr): Selector | Subquery {
    this.#expect('[', '');
    const rangeMs = this.#duration();
    if (!this.token.text.startsWith(':')) {
      this.#expect(']', ' in matrix selector');
      if (of.kind === 'selector' && of.rangeMs === undefined) return { ...of, rangeMs };
      this.fail('ranges only allowed for vector selectors');
    }
    const step = this.token.text.slice(1);
    this.#next++;
    const stepMs =
      step !== '' ? parseDuration(step) : this.token.text === ']' ? undefined : this.#duration();
    this.#expect(']', ' in subquery selector');
    const type = typeOf(of);
    if (type !== 'instant vector') {
      this.fail(`subquery is only allowed on instant vector, got ${type} instead`);
    }
    return { kind: 'subquery', of, rangeMs, stepMs, offsetMs: 0, fixed: undefined };
  }

  #offset<E extends Selector | Subquery>(expr: E): E {
    const sign = this.#take('-') ? -1 : 1;
    return { ...expr, offsetMs: sign * this.#duration() };
  }

  /** What follows `@`: seconds since 1970, start() or end(). */
  #instant(): number | 'start' | 'end' {
    for (const name of ['start', 'end'] as const) {
      if (!this.#takeName(name)) continue;
      this.#expect('(', ' in @');
      this.#expect(')', ' in @');
      return name;
    }
    const sign = this.#take('-') ? -1 : 1;
    const { kind, text } = this.token;
    if (kind !== 'number') this.unexpected(' in @, expected timestamp');
    this.#next++;
    return sign * Math.round(Number(text) * 1000);
  }

  #duration(): number {
    const { kind, text } = this.token;
    const ms = kind === 'duration' || kind === 'number' ? parseDuration(text) : undefined;
    if (ms === undefined) this.unexpected(' in duration expression');
    if (ms === 0) this.fail('duration must be greater than 0');
    this.#next++;
    return ms;
  }

  #primary(): Expr {
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.#next++;
      return { kind: 'number', value: Number(text) };
    }
    if (kind === 'string') return { kind: 'string', value: this.#string() };
    if (this.#take('(')) {
      const inner = this.expression(0);
      this.#expect(')', '');
      return inner;
    }
    if (text === '{') return this.#selector(undefined);
    if (kind !== 'name') this.unexpected('');
    if (/^(inf|nan)$/i.test(text)) {
      this.#next++;
      return { kind: 'number', value: /nan/i.test(text) ? Number.NaN : Infinity };
    }
    return this.#named();
  }

  #named(): Expr {
    const { text, at } = this.token;
    const after = this.#tokens[this.#next + 1]?.text;
    const lower = text.toLowerCase();
    const opensAggregation = after === '(' || after === 'by' || after === 'without';
    this.#next++;
    if (aggregations.has(lower) && opensAggregation) return this.#aggregation(lower, at);
    if (after === '(') return this.#call(text, at);
    return this.#selector(text);
  }

  #aggregation(op: string, at: number): Expr {
    let grouping = this.#grouping();
    const args = this.#args();
    grouping ??= this.#grouping();
    const first = parameters.get(op);
    const wanted = first ? 2 : 1;
    if (args.length !== wanted) {
      const found = `expected ${wanted}, got ${args.length}`;
      this.fail(`wrong number of arguments for aggregate expression provided, ${found}`, at);
    }
    const of = args.at(-1) as Expr;
    this.#mustBe(of, 'instant vector', 'aggregation expression', at);
    const parameter = first ? args[0] : undefined;
    if (first) this.#mustBe(parameter as Expr, first, 'aggregation parameter', at);
    const all = { without: false, labels: [] };
    return { kind: 'aggregation', op, grouping: grouping ?? all, parameter, of };
  }

  #grouping(): Aggregation['grouping'] | undefined {
    const without = this.#takeName('without');
    if (!without && !this.#takeName('by')) return undefined;
    return { without, labels: this.#labelNames() };
  }

  #matching(): Binary['matching'] {
    const on = this.#takeName('on');
    if (!on && !this.#takeName('ignoring')) return undefined;
    const labels = this.#labelNames();
    const many = this.#takeName('group_left')
      ? 'left'
      : this.#takeName('group_right')
        ? 'right'
        : undefined;
    if (!many) return { on, labels, group: undefined };
    const include = this.token.text === '(' ? this.#labelNames() : [];
    const twice = on ? include.find((label) => labels.includes(label)) : undefined;
    if (twice !== undefined) {
      this.fail(`label "${twice}" must not occur in ON and GROUP clause at once`);
    }
    return { on, labels, group: { many, include } };
  }

  #labelNames(): string[] {
    this.#expect('(', ' in grouping opts');
    const names: string[] = [];
    while (!this.#take(')')) {
      if (this.token.kind !== 'name') this.unexpected(' in grouping opts, expected label');
      names.push(this.token.text);
      this.#next++;
      if (!this.#take(',') && this.token.text !== ')') {
        this.unexpected(' in grouping opts, expected "," or ")"');
      }
    }
    return names;
  }

  #call(name: string, at: number): Expr {
    const known = functions.get(name);
    if (!known) this.fail(`unknown function with name "${name}"`, at);
    const args = this.#args();
    const { takes, optional = 0, isOpen = false } = known;
    if ((args.length > takes.length && !isOpen) || args.length < takes.length - optional) {
      const count =
        optional > 0 || isOpen ? `at least ${takes.length - optional}` : `${takes.length}`;
      const problem = `expected ${count} argument(s) in call to "${name}", got ${args.length}`;
      this.fail(problem, at);
    }
    args.forEach((arg, i) => {
      this.#mustBe(arg, (takes[i] ?? takes.at(-1)) as ValueType, `call to function "${name}"`, at);
    });
    return { kind: 'call', name, args };
  }

  #mustBe(expr: Expr, type: ValueType, where: string, at: number): void {
    const found = typeOf(expr);
    if (found !== type) this.fail(`expected type ${type} in ${where}, got ${found}`, at);
  }

  #args(): Expr[] {
    this.#expect('(', '');
    const args: Expr[] = [];
    while (!this.#take(')')) {
      args.push(this.expression(0));
      if (!this.#take(',') && this.token.text !== ')') this.unexpected('');
    }
    return args;
  }

  #selector(name: string | undefined): Selector {
    const { at } = this.token;
    const matchers: Matcher[] = name === undefined ? [] : [{ label: NAME, op: '=', value: name }];
    if (this.#take('{')) {
      while (!this.#take('}')) {
        matchers.push(this.#matcher());
        if (!this.#take(',') && this.token.text !== '}') {
          this.unexpected(' in label matching, expected "," or "}"');
        }
      }
    }
    if (!matchers.some(refusesEmpty)) {
      this.fail('vector selector must contain at least one non-empty matcher', at);
    }
    return { kind: 'selector', matchers, rangeMs: undefined, offsetMs: 0, fixed: undefined };
  }

  #matcher(): Matcher {
    const { kind, text: label } = this.token;
    if (kind !== 'name') this.unexpected(' in label matching, expected label name');
    this.#next++;
    const op = this.token.text;
    if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') {
      this.unexpected(' in label matching, expected label matching operator');
    }
    this.#next++;
    const given = this.token;
    if (given.kind !== 'string') this.unexpected(' in label matching, expected string');
    const value = this.#string();
    if (op === '=~' || op === '!~') {
      try {
        regularExpression(value);
      } catch {
        this.fail(`error parsing regexp: ${JSON.stringify(value)}`, given.at);
      }
    }
    return { label, op, value };
  }

  #string(): string {
    const { text } = this.token;
    this.#next++;
    const inner = text.slice(1, -1);
    if (text.startsWith('`')) return inner;
    return inner.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
  }

  #take(sign: string): boolean {
    if (this.token.kind !== 'sign' || this.token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #takeName(name: string): boolean {
    if (this.token.kind !== 'name' || this.token.text.toLowerCase() !== name) return false;
    this.#next++;
    return true;
  }

  #expect(sign: string, where: string): void {
    if (!this.#take(sign)) this.unexpected(`${where}, expected "${sign}"`);
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const refusesEmpty = ({ op, value }: Matcher): boolean => {
  if (op === '=') return value !== '';
  if (op === '!=') return value === '';
  return regularExpression(value).test('') === (op === '!~');
};
