/** The pieces of a query, where they are, and what is said when one is wrong. */
import { parseDouble } from '../../bytes/numbers.ts';
import type { RedisError } from '../../errors.ts';
import { badSyntax, noParameter, syntaxErrorAt } from './errors.ts';
import { isEscapable, isWordChar } from './words.ts';

export class Lexer {
  at = 0;
  /** Where the piece begins that was looked at last; errors tell it. */
  #mark = 0;
  /** The last word that was read; errors tell it, too. */
  #word = '';

  constructor(
    readonly text: string,
    readonly dialect: number,
    private readonly parameters: ReadonlyMap<string, string>,
  ) {}

  /** The next character that means something. What means nothing is passed over. */
  peek(): string | undefined {
    while (this.at < this.text.length && this.#isNoise()) this.at++;
    if (this.at < this.text.length) this.#mark = this.at;
    return this.text[this.at];
  }

  #isNoise(): boolean {
    const char = this.text[this.at] as string;
    if (isWordChar(char) || '()|-~@:"*%{}[]$\''.includes(char)) return false;
    if (char === '\\') return !isEscapable(this.text[this.at + 1] ?? '');
    return !this.text.startsWith('=>', this.at) && !(this.dialect >= 2 && /[<>=!]/.test(char));
  }

  take(token: string): boolean {
    if (this.peek() === undefined || !this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  is(token: string): boolean {
    return this.peek() !== undefined && this.text.startsWith(token, this.at);
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.error();
  }

  error(): RedisError {
    return syntaxErrorAt(this.#mark, this.#word);
  }

  /** What is wrong with a field of the query. */
  fieldError(what: string, offset: number, name: string): RedisError {
    return badSyntax(`${what} at offset ${offset} near ${name}`);
  }

  /** A word with its backslashes, or nothing. */
  word(): string {
    this.peek();
    const start = this.at;
    while (this.at < this.text.length) {
      const char = this.text[this.at] as string;
      if (isWordChar(char)) this.at++;
      else if (char === '\\' && isEscapable(this.text[this.at + 1] ?? '')) this.at += 2;
      else break;
    }
    if (this.at > start) this.#word = this.text.slice(start, this.at);
    return this.text.slice(start, this.at);
  }

  /** Whether the character comes at once, with nothing between. */
  touches(char: string): boolean {
    return this.text[this.at] === char;
  }

  /** The name of a field after its `@`. */
  fieldName(): string {
    const start = this.at;
    while (
      this.at < this.text.length &&
      !/[\s:|(){}[\]"'=<>!,;]/.test(this.text[this.at] as string)
    ) {
      this.at += this.text[this.at] === '\\' ? 2 : 1;
    }
    this.#word = this.text.slice(start, this.at);
    if (this.#word === '') throw this.error();
    return this.#word.replace(/\\(.)/g, '$1');
  }

  /** A parameter after its `$`. */
  parameter(): string {
    return this.parameterNamed(this.parameterName());
  }

  parameterName(): string {
    if (this.dialect < 2) throw this.error();
    const name = this.word();
    if (name === '') throw this.error();
    return name;
  }

  parameterNamed(name: string): string {
    const value = this.parameters.get(name);
    if (value === undefined) throw noParameter(name);
    return value;
  }

  /** The items between brackets, up to the one that closes them, with where each begins. */
  items(close: string): Item[] {
    const items: Item[] = [];
    for (;;) {
      while (/[\s,]/.test(this.text[this.at] ?? '')) this.at++;
      if (this.at < this.text.length) this.#mark = this.at;
      const char = this.text[this.at];
      if (char === undefined) throw this.error();
      if (char === close) break;
      const isOpen = char === '(';
      if (isOpen) this.at++;
      while (this.text[this.at] === ' ') this.at++;
      const start = this.at;
      while (!/[\s,\]]/.test(this.text[this.at] ?? ']')) this.at++;
      const text = this.text.slice(start, this.at);
      if (text === '') throw this.error();
      this.#word = text;
      items.push({ text, isOpen, offset: start });
    }
    this.at++;
    return items;
  }

  /** An item as a number; a parameter stands for what it holds. */
  number({ text, offset }: Item): number {
    const isParameter = text.startsWith('$') && this.dialect >= 2;
    const spelled = isParameter ? this.parameterNamed(text.slice(1)) : text;
    const value = parseDouble(spelled);
    if (value !== undefined && !Number.isNaN(value)) return value;
    if (isParameter)
      throw badSyntax(`Invalid numeric value (${spelled}) for parameter \`${text.slice(1)}\``);
    throw syntaxErrorAt(offset, text);
  }
}

/** Something between brackets. */
export interface Item {
  readonly text: string;
  /** A `(` stands before it: the end of a range that is not in it. */
  readonly isOpen: boolean;
  readonly offset: number;
}
