import { splitArgs } from '../engine/resp/split.ts';
import type { CommandDoc, Docs } from './docs.ts';
import { matchArgs, renderPieces, whole } from './syntax.ts';

/** What redis-cli shows in grey behind the cursor: the part of the syntax not yet typed. */

/**
 * The hint for a line of bytes, '' when there is none. It begins with a space unless the line ends
 * with one. The word under the cursor counts as typed, as in redis-cli 7.0, unless it fits nothing,
 * as the beginning of an option does.
 */
export function hintFor(docs: Docs, line: string): string {
  const words = typedWords(line);
  const found = words && findCommand(docs, words);
  if (!found) return '';
  const { doc, args } = found;
  const finished = /\s$/.test(line);
  const left =
    matchArgs(doc.args, args) ?? (finished ? undefined : matchArgs(doc.args, args.slice(0, -1)));
  const hint = renderPieces(left ?? []);
  return hint === '' || finished ? hint : ` ${hint}`;
}

/** The whole syntax of a command: `SET key value …`. */
export const syntaxOf = ({ name, args }: CommandDoc): string =>
  `${name} ${renderPieces(args.map(whole))}`.trim();

/** The words of a line, the last one perhaps not finished; undefined inside an odd quote. */
export function typedWords(line: string): string[] | undefined {
  // An open quote is closed for the look: `SET k "two wor` has typed a value.
  const words = splitArgs(line) ?? splitArgs(`${line}"`) ?? splitArgs(`${line}'`);
  return words && afterRepeat(words);
}

/** `5 INCR x` runs INCR five times. */
function afterRepeat(words: string[]): string[] {
  return words.length > 1 && /^\d+$/.test(words[0] as string) ? words.slice(1) : words;
}

/** The command that the words name, the longest name first, and the words after it. */
export function findCommand(docs: Docs, words: readonly string[]) {
  const inner = words.slice(lengthOfCarrier(words));
  for (const length of [2, 1]) {
    if (inner.length < length) continue;
    const doc = docs.get(inner.slice(0, length).join(' ').toUpperCase());
    if (doc) return { doc, args: inner.slice(length) };
  }
  return undefined;
}

/** These commands are followed by another command. */
function lengthOfCarrier(words: readonly string[]): number {
  const [first, second] = words.map((word) => word.toLowerCase());
  if (first === 'acl' && second === 'dryrun' && words.length > 3) return 3;
  const getsKeys = second === 'getkeys' || second === 'getkeysandflags';
  return first === 'command' && getsKeys && words.length > 2 ? 2 : 0;
}
