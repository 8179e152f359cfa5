import { quote } from '../engine/resp/print.ts';
import type { Docs } from './docs.ts';
import { findCommand, syntaxOf, typedWords } from './hints.ts';
import { matchArgs, type Next, nextOf } from './syntax.ts';

/** What Tab offers: commands, subcommands, `help` topics, the words of a syntax, and keys. */
export interface Candidate {
  /** What replaces the word under the cursor. */
  readonly text: string;
  /** The word with what follows it. */
  readonly syntax: string;
  /** One line of meaning; may be empty. */
  readonly meaning: string;
}

export interface Completion {
  /** Where the word under the cursor begins in the line. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
  /** A key may stand here: its beginning, for SCAN. */
  readonly keyPrefix?: string;
}

/** What the console itself understands, as redis-cli does. */
const locals: readonly Candidate[] = [
  { text: 'help', syntax: 'help [command|@group]', meaning: 'Explains a command.' },
  { text: 'clear', syntax: 'clear', meaning: 'Empties the screen.' },
  { text: 'connect', syntax: 'connect host port', meaning: 'Connects to another server.' },
  { text: ':set', syntax: ':set hints|nohints', meaning: 'Shows or hides hints.' },
];

/** What may stand at the end of `line`, the part of a typed line before the cursor. */
export function complete(docs: Docs, line: string): Completion {
  const start = startOfWord(line);
  const words = typedWords(line) ?? [];
  const typed = start < line.length ? (words.at(-1) ?? '') : '';
  const before = start < line.length ? words.slice(0, -1) : words;
  const result = before.length === 0 ? undefined : completeAfter(docs, before, typed);
  return { start, candidates: completeNames(docs, before, typed), ...result };
}

/** Commands, or what follows a container such as CONFIG. */
function completeNames(docs: Docs, before: readonly string[], typed: string): Candidate[] {
  if (/^(help|\?)$/i.test(before[0] ?? '')) return completeHelp(docs, before.slice(1), typed);
  const container = before.length === 0 ? '' : `${before.join(' ').toUpperCase()} `;
  const named = [...docs.values()]
    .filter(({ name }) => name.startsWith(container + typed.toUpperCase()))
    .map((doc) => ({
      text: asTyped(doc.name.slice(container.length), typed),
      syntax: syntaxOf(doc),
      meaning: doc.summary,
    }));
  const own = container === '' ? locals.filter(({ text }) => beginsWith(text, typed)) : [];
  return sorted([...named, ...own]);
}

function completeHelp(docs: Docs, before: readonly string[], typed: string): Candidate[] {
  if (before.length > 0 || !typed.startsWith('@')) return completeNames(docs, before, typed);
  const groups = new Set([...docs.values()].map(({ group }) => `@${group}`));
  return [...groups]
    .filter((group) => beginsWith(group, typed))
    .sort()
    .map((text) => ({ text, syntax: `help ${text}`, meaning: 'The commands of this group.' }));
}

/** The words that the syntax allows here, and whether a key may stand here. */
function completeAfter(
  docs: Docs,
  before: readonly string[],
  typed: string,
): Partial<Completion> | undefined {
  const found = findCommand(docs, before);
  if (!found) return undefined;
  const next = nextOf(matchArgs(found.doc.args, found.args) ?? []);
  const candidates = next
    .filter((choice): choice is Extract<Next, { token: string }> => 'token' in choice)
    .filter(({ token }) => token !== '' && beginsWith(token, typed))
    .map(({ token, syntax }) => ({ text: asTyped(token, typed), syntax, meaning: '' }));
  const wantsKey = next.some((choice) => 'type' in choice && choice.type === 'key');
  return { candidates, ...(wantsKey && { keyPrefix: typed }) };
}

/** Keys as candidates, quoted where the line needs it. */
export const keyCandidates = (keys: readonly string[]): Candidate[] =>
  [...new Set(keys)].sort().map((key) => ({ text: asWord(key), syntax: asWord(key), meaning: '' }));

/** A key as one would type it. */
export const asWord = (key: string): string => (/^[!#-&(-[\]-~]+$/.test(key) ? key : quote(key));

/** Small letters stay small: who types `get` does not shout. */
const asTyped = (name: string, typed: string): string =>
  /^[^A-Z]*[a-z][^A-Z]*$/.test(typed) ? name.toLowerCase() : name;

const beginsWith = (text: string, typed: string): boolean =>
  text.toLowerCase().startsWith(typed.toLowerCase());

const sorted = (candidates: Candidate[]): Candidate[] =>
  candidates.sort((a, b) => (a.text.toUpperCase() < b.text.toUpperCase() ? -1 : 1));

/** Where the last word of a line begins: its end when the line ends with a blank. */
function startOfWord(line: string): number {
  const [word = ''] =
    /(?:"(?:\\.|[^"\\])*(?:"|$)|'(?:\\'|[^'])*(?:'|$)|[^\s"'])*$/.exec(line) ?? [];
  return line.length - word.length;
}

/** What all candidates begin with, beyond what is typed. */
export function commonStart(candidates: readonly Candidate[]): string {
  const [first = '', ...others] = candidates.map(({ text }) => text);
  let length = first.length;
  for (const text of others) {
    while (!beginsWith(text, first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}
