import { redisError } from '../errors.ts';
import { type Field, fieldOf } from '../values/loose-json.ts';

/**
 * Expressions over the attributes of a vector set's elements: `.year > 1980 and .genre in ["sf"]`. They
 * are turned into postfix form once, and run for each element.
 * https://redis.io/docs/latest/develop/data-types/vector-sets/filtered-search/
 */

type Operation =
  | { readonly kind: 'constant'; readonly value: Field }
  | { readonly kind: 'selector'; readonly name: string }
  | { readonly kind: 'operator'; readonly operator: Operator };

interface Operator {
  readonly operands: 0 | 1 | 2;
  readonly precedence: number;
  readonly bindsRight?: boolean;
  readonly run: (a: Field, b: Field) => Field;
}

const truth = (value: boolean): number => (value ? 1 : 0);

const binary = (precedence: number, run: Operator['run']): Operator => ({
  operands: 2,
  precedence,
  run,
});
const arithmetic = (precedence: number, run: (a: number, b: number) => number): Operator =>
  binary(precedence, (a, b) => run(toNumber(a), toNumber(b)));
const comparison = (run: (a: number, b: number) => boolean): Operator =>
  binary(3, (a, b) => truth(run(toNumber(a), toNumber(b))));

const not: Operator = { operands: 1, precedence: 7, run: (a) => truth(!isTrue(a)) };
const and = binary(2, (a, b) => truth(isTrue(a) && isTrue(b)));
const or = binary(1, (a, b) => truth(isTrue(a) || isTrue(b)));
const parenthesis: Operator = { operands: 0, precedence: 0, run: () => 0 };

const operators: Readonly<Record<string, Operator>> = {
  '(': parenthesis,
  ')': parenthesis,
  or,
  '||': or,
  and,
  '&&': and,
  '>': comparison((a, b) => a > b),
  '<': comparison((a, b) => a < b),
  '>=': comparison((a, b) => a >= b),
  '<=': comparison((a, b) => a <= b),
  '==': binary(3, (a, b) => truth(isSame(a, b))),
  '!=': binary(3, (a, b) => truth(!isSame(a, b))),
  in: binary(3, (a, b) => truth(Array.isArray(b) && b.some((each) => isSame(a, each)))),
  '+': arithmetic(4, (a, b) => a + b),
  '-': arithmetic(4, (a, b) => a - b),
  '*': arithmetic(5, (a, b) => a * b),
  '/': arithmetic(5, (a, b) => a / b),
  '%': arithmetic(5, (a, b) => a % b),
  '**': { ...arithmetic(6, (a, b) => a ** b), bindsRight: true },
  not,
  '!': not,
};

/** Longest first, as they are to be recognised. */
const symbols = Object.keys(operators)
  .filter((name) => !/[a-z]/.test(name))
  .sort((a, b) => b.length - a.length);

/** What is no number counts as 0; the whole of a string must be one. */
function toNumber(value: Field): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return 0;
  const number = Number(value);
  return Number.isNaN(number) ? 0 : number;
}

function isTrue(value: Field): boolean {
  if (typeof value === 'number') return value !== 0;
  return value !== '' && value !== null;
}

/** Two strings are compared as such, null is nothing else, and all else is compared as numbers. */
function isSame(a: Field, b: Field): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (a === null || b === null) return a === b;
  return toNumber(a) === toNumber(b);
}

/** A test for elements by their attributes. Throws where the expression is none. */
export function readFilter(expression: string): (attributes: string | undefined) => boolean {
  const program = new Compiler(expression).compile();
  return (attributes) => attributes !== undefined && run(program, attributes);
}

function run(program: readonly Operation[], attributes: string): boolean {
  const stack: Field[] = [];
  for (const operation of program) {
    if (operation.kind === 'constant') stack.push(operation.value);
    else if (operation.kind === 'selector') {
      const field = fieldOf(attributes, operation.name);
      // Of what is not known nothing is true, nor the opposite.
      if (field === undefined) return false;
      stack.push(field);
    } else {
      const { operands, run: apply } = operation.operator;
      const b = operands === 2 ? (stack.pop() as Field) : 0;
      stack.push(apply(stack.pop() as Field, b));
    }
  }
  return isTrue(stack[0] as Field);
}

/** Reads an expression from left to right; operators wait until what binds more tightly is through. */
class Compiler {
  readonly #program: Operation[] = [];
  readonly #waiting: { readonly name: string; readonly operator: Operator }[] = [];
  /** How many values the program so far leaves. */
  #depth = 0;
  #at = 0;
  /** Whether a value has just ended, so that a minus subtracts. */
  #afterValue = false;

  constructor(private readonly text: string) {}

  compile(): readonly Operation[] {
    for (this.#skipBlanks(); this.#at < this.text.length; this.#skipBlanks()) this.#readToken();
    while (this.#waiting.length > 0) {
      const top = this.#waiting.pop() as { name: string; operator: Operator };
      if (top.name === '(') throw this.#error(0);
      this.#emit(top.operator);
    }
    if (this.#depth !== 1) throw this.#error(0);
    return this.#program;
  }

  #readToken(): void {
    const char = this.text[this.#at] as string;
    const isNegative =
      char === '-' && !this.#afterValue && /\d/.test(this.text[this.#at + 1] ?? '');
    if (/\d/.test(char) || isNegative) this.#value(this.#number());
    else if (char === '"' || char === "'") this.#value(this.#string());
    else if (char === '[') this.#value(this.#array());
    else if (char === '.') this.#selector();
    else this.#readOperator();
  }

  #value(value: Field): void {
    this.#push({ kind: 'constant', value });
  }

  #push(operation: Operation): void {
    this.#program.push(operation);
    this.#depth++;
    this.#afterValue = true;
  }

  #selector(): void {
    const [name = ''] = /^[a-zA-Z0-9_-]*/.exec(this.text.slice(this.#at + 1)) ?? [];
    this.#at += 1 + name.length;
    this.#push({ kind: 'selector', name });
  }

  #number(): number {
    const start = this.#at;
    const [digits = ''] = /^-?[0-9.eE]+/.exec(this.text.slice(start)) ?? [];
    this.#at += digits.length;
    const value = Number(digits);
    if (Number.isNaN(value)) throw this.#error(/e$/i.test(digits) ? this.#at : start);
    return value;
  }

  #string(): string {
    const quote = this.text[this.#at];
    const start = this.#at + 1;
    for (let i = start; i < this.text.length; i++) {
      if (this.text[i] === '\\') i++;
      else if (this.text[i] === quote) {
        this.#at = i + 1;
        return this.text.slice(start, i);
      }
    }
    throw this.#error(this.text.length);
  }

  #array(): Field[] {
    const items: Field[] = [];
    this.#at++;
    for (;;) {
      this.#skipBlanks();
      const char = this.text[this.#at] ?? '';
      if (char === ']') break;
      if (char === '"' || char === "'") items.push(this.#string());
      else if (/[-\d]/.test(char)) items.push(this.#number());
      else throw this.#error(this.#at);
      this.#skipBlanks();
      if (this.text[this.#at] === ',') this.#at++;
      else if (this.text[this.#at] !== ']') throw this.#error(this.#at);
    }
    this.#at++;
    return items;
  }

  #readOperator(): void {
    const rest = this.text.slice(this.#at);
    const [word] = /^[a-zA-Z]+/.exec(rest) ?? [];
    const name = word ?? symbols.find((symbol) => rest.startsWith(symbol));
    const operator = name === undefined ? undefined : operators[name];
    if (name === undefined || !operator) {
      // A word is passed over, and so is a run of what operators are made of.
      const [run = ''] = word === undefined ? (/^[-+*/%!<>=|&]+/.exec(rest) ?? []) : [word];
      throw this.#error(this.#at + run.length);
    }
    this.#at += name.length;
    this.#afterValue = name === ')';
    if (name === '(') this.#waiting.push({ name, operator });
    else if (name === ')') this.#close();
    else this.#queue(name, operator);
  }

  #close(): void {
    for (;;) {
      const top = this.#waiting.pop();
      if (!top) throw this.#error(0);
      if (top.name === '(') return;
      this.#emit(top.operator);
    }
  }

  #queue(name: string, operator: Operator): void {
    for (;;) {
      const top = this.#waiting.at(-1);
      if (!top || top.name === '(') break;
      const { precedence } = top.operator;
      if (precedence < operator.precedence) break;
      if (precedence === operator.precedence && operator.bindsRight) break;
      this.#waiting.pop();
      this.#emit(top.operator);
    }
    this.#waiting.push({ name, operator });
  }

  #emit(operator: Operator): void {
    if (this.#depth < operator.operands) throw this.#error(0);
    this.#depth += 1 - operator.operands;
    this.#program.push({ kind: 'operator', operator });
  }

  #skipBlanks(): void {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at++;
  }

  /** What stands from there on, or the whole where nothing does. */
  #error(at: number) {
    const rest = this.text.slice(at);
    return redisError(`ERR syntax error in FILTER expression near: ${rest || this.text}`);
  }
}
