import { parseDouble, parseInteger, parseSafeInteger } from '../bytes/numbers.ts';
import {
  mustBePositive,
  notAFloat,
  notAnInteger,
  type RedisError,
  redisError,
  syntaxError,
} from '../errors.ts';

/**
 * Reads a command's arguments left to right. Throws the same errors as Redis, in the same order.
 * The first word, or the first two of a subcommand, are the name and are skipped.
 */
export class Args {
  #next: number;

  constructor(
    readonly argv: readonly string[],
    nameWords: number,
  ) {
    this.#next = nameWords;
  }

  get done(): boolean {
    return this.#next >= this.argv.length;
  }

  /** How many arguments are still to be read. */
  get left(): number {
    return this.argv.length - this.#next;
  }

  string(): string {
    const arg = this.argv[this.#next++];
    if (arg === undefined) throw syntaxError();
    return arg;
  }

  /** The next argument without consuming it. */
  peek(): string | undefined {
    return this.argv[this.#next];
  }

  rest(): readonly string[] {
    return this.take(this.left);
  }

  /** The next `count` arguments. */
  take(count: number): readonly string[] {
    if (count > this.left) throw syntaxError();
    const from = this.#next;
    this.#next += count;
    return this.argv.slice(from, this.#next);
  }

  /** A 64-bit signed integer in canonical form: no spaces, no "+1", no "007". */
  int(error: () => RedisError = notAnInteger): bigint {
    const value = parseInteger(this.string());
    if (value === undefined) throw error();
    return value;
  }

  /**
   * A 64-bit integer as a JS number, for indexes and counts, where what is beyond 2^53 is as good as
   * infinite.
   */
  index(error: () => RedisError = notAnInteger): number {
    const text = this.string();
    const small = parseSafeInteger(text);
    if (small !== undefined) return small;
    const value = parseInteger(text);
    if (value === undefined) throw error();
    return Number(value);
  }

  /** The same where the sign says something by itself: the one integer without a negative is refused. */
  negatable(): number {
    if (this.peek() !== '-9223372036854775808') return this.index();
    throw redisError(
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }

  /** An integer from `min` to `max`; `error` is the command's own, where it has one. */
  range(min: number, max: number, error?: string): number {
    const value = this.index(error === undefined ? notAnInteger : () => redisError(error));
    if (value >= min && value <= max) return value;
    if (error !== undefined) throw redisError(error);
    if (min === 0 && value < 0) throw mustBePositive();
    throw redisError(`ERR value is out of range, value must between ${min} and ${max}`);
  }

  /** What C keeps in an int, such as the number of a database. */
  int32(error?: string): number {
    return this.range(-(2 ** 31), 2 ** 31 - 1, error);
  }

  double(error: () => RedisError = notAFloat): number {
    const value = parseDouble(this.string());
    if (value === undefined) throw error();
    return value;
  }

  /** Whether the next argument is this token, in any case. `name` is in upper case. */
  isToken(name: string): boolean {
    const next = this.argv[this.#next];
    return next !== undefined && next.length === name.length && next.toUpperCase() === name;
  }

  /** Consumes the next argument if it is this token, in any case. */
  token(name: string): boolean {
    const matches = this.isToken(name);
    if (matches) this.#next++;
    return matches;
  }

  /** Consumes the next argument if it is one of these tokens, and says which. */
  oneOf<T extends string>(...names: readonly T[]): T | undefined {
    return names.find((name) => this.token(name));
  }

  end(): void {
    if (!this.done) throw syntaxError();
  }
}
