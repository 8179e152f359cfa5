/** A text of Lua as the page runs it: a script by EVAL, or a library by calling its functions. */
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { splitArgs } from '../engine/resp/split.ts';

/** What KEYS and ARGV hold: words as they are typed in the console, with quotes where they need them. */
export interface LuaWords {
  readonly keys: string;
  readonly args: string;
}

export const noWords: LuaWords = { keys: '', args: '' };

/** A text that FUNCTION LOAD takes. */
export const isLibrary = (text: string): boolean => /^#!lua\s[^\n]*\bname=\S/.test(text);

/** The functions that a library registers, as far as their names stand in it. */
export const functionsOf = (library: string): string[] =>
  [
    ...library.matchAll(/register_function\s*\(?\s*(?:\{[^}]*?function_name\s*=\s*)?['"](\w+)/g),
  ].map(([, name = '']) => name);

/** Typed words, as bytes. Throws where a quote is not closed. */
export function wordsIn(typed: string): string[] {
  const words = splitArgs(utf8Encode(typed));
  if (!words) throw new Error('A quote is not closed in the keys or arguments.');
  return words;
}

/** The commands that run a text, as a transcript: what the console would be asked. */
export function luaTranscript(text: string, { keys, args }: LuaWords): string {
  const count = splitArgs(keys)?.length ?? 0;
  const words = [String(count), keys.trim(), args.trim()].filter((word) => word !== '').join(' ');
  if (!isLibrary(text)) return `> EVAL ${quoted(text)} ${words}`;
  const calls = functionsOf(text).map((name) => `> FCALL ${name} ${words}`);
  return [`> FUNCTION LOAD REPLACE ${quoted(text)}`, ...calls].join('\n');
}

/** Words as they are typed. */
export const typedWords = (words: readonly string[]): string =>
  words.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : quoted(word))).join(' ');

/** As redis-cli reads it: in double quotes, what would end the row escaped. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
