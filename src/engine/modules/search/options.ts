/** Reads the words of a command as the search module does, and says what is wrong with them. */
import { parseDouble, parseInteger } from '../../bytes/numbers.ts';
import { badArguments, NOT_GIVEN, OUT_OF_BOUNDS, WRONG_TYPE } from './errors.ts';

export class Options {
  constructor(
    readonly argv: readonly string[],
    /** The next word to be read. */
    public at: number,
  ) {}

  get done(): boolean {
    return this.at >= this.argv.length;
  }

  peek(): string | undefined {
    return this.argv[this.at];
  }

  next(): string {
    return this.argv[this.at++] as string;
  }

  /** Whether the next word is this one, in any case. */
  is(token: string): boolean {
    return this.peek()?.toUpperCase() === token;
  }

  /** Passes over the next word if it is this one. */
  take(token: string): boolean {
    const matches = this.is(token);
    if (matches) this.at++;
    return matches;
  }

  /** The word that an option needs. */
  value(option: string): string {
    if (this.done) throw badArguments(`Bad arguments for ${option}: ${NOT_GIVEN}`);
    return this.next();
  }

  integer(option: string): number {
    const value = parseInteger(this.value(option));
    if (value === undefined) throw badArguments(`Bad arguments for ${option}: ${WRONG_TYPE}`);
    return Number(value);
  }

  count(option: string): number {
    const count = this.integer(option);
    if (count < 0) throw badArguments(`Bad arguments for ${option}: ${OUT_OF_BOUNDS}`);
    return count;
  }

  double(option: string): number {
    const value = parseDouble(this.value(option));
    if (value === undefined) throw badArguments(`Bad arguments for ${option}: ${WRONG_TYPE}`);
    return value;
  }

  /** A count, and so many words. */
  list(option: string): string[] {
    const words: string[] = [];
    // The count is anybody's: no list is that long before its words are there.
    for (let left = this.count(option); left > 0; left--) words.push(this.value(option));
    return words;
  }
}
