/**
 * Words: how a text becomes some, and how they are compared. Documents and queries must agree on it.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/escaping/
 */
import { utf8Decode, utf8Encode } from '../../bytes/bytes.ts';

const SEPARATORS = /[\s,.<>{}[\]"':;!@#$%^&*()\-+=~/|?`]/;
const ESCAPABLE = /[\s!-/:-@[-`{-~]/;

const isSeparator = (char: string): boolean => SEPARATORS.test(char);

/** What can stand in a word of a query without a backslash. */
export const isWordChar = (char: string): boolean => /[\w\x80-\xff]/.test(char);

/** Whether a backslash before it makes a character a part of its word. */
export const isEscapable = (char: string): boolean => ESCAPABLE.test(char);

/** In lower case, character by character of what the bytes spell. */
export function fold(bytes: string): string {
  if (!/[A-Z\x80-\xff]/.test(bytes)) return bytes;
  if (!/[\x80-\xff]/.test(bytes)) return bytes.toLowerCase();
  return utf8Encode(Array.from(utf8Decode(bytes), (char) => char.toLowerCase()).join(''));
}

/** A word without the backslashes that made its characters parts of it. */
export function withoutBackslashes(word: string): string {
  if (!word.includes('\\')) return word;
  return word.replace(/\\([\s\S])/g, (whole, char: string) => (isEscapable(char) ? char : whole));
}

/** A word of a text, as it is compared, and where it stands there. */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a text in their order, stopwords among them. */
export function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const start = at;
    while (at < text.length && (!isSeparator(text[at] as string) || isEscaped(text, start, at))) {
      at++;
    }
    if (at > start) yield { word: fold(withoutBackslashes(text.slice(start, at))), start, end: at };
    else at++;
  }
}

function isEscaped(text: string, start: number, at: number): boolean {
  return at > start && text[at - 1] === '\\' && text[at - 2] !== '\\';
}

/** Words too common to be indexed, unless an index names its own. */
export const defaultStopwords: ReadonlySet<string> = new Set(
  `a is the an and are as at be but by for if in into it no not of on or such that their then there
   these they this to was will with`.split(/\s+/),
);
