import { cString, type RedisError, redisError } from '../errors.ts';

/** Reads the text of a path from left to right. */
export class PathReader {
  #at = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  peek(): string | undefined {
    return this.text[this.#at];
  }

  /** Consumes `word` if it comes next. */
  take(word: string): boolean {
    const isNext = this.text.startsWith(word, this.#at);
    if (isNext) this.#at += word.length;
    return isNext;
  }

  /** Consumes what a sticky pattern matches here, or nothing. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  blanks(): void {
    this.match(/\s*/y);
  }

  integer(): number | undefined {
    const digits = this.match(/-?\d+/y);
    return digits === undefined ? undefined : Number(digits);
  }

  /** A string in either kind of quotes, with a backslash before what is meant literally. */
  quoted(): string {
    const quote = this.peek();
    const body = this.match(quote === "'" ? SINGLE : DOUBLE);
    if (body === undefined) throw this.error('a name in quotes');
    return body.slice(1, -1).replace(/\\(.)/gs, '$1');
  }

  /** The path cannot be read on from here. */
  error(expected: string): RedisError {
    const found = cString(this.text.slice(this.#at, this.#at + 1));
    const what = found === '' ? '' : `, found ${JSON.stringify(found)}`;
    return redisError(
      `ERR Error occurred on position ${this.#at + 1}, expected ${expected}${what}`,
    );
  }
}

const SINGLE = /'(?:[^'\\]|\\.)*'/sy;
const DOUBLE = /"(?:[^"\\]|\\.)*"/sy;
