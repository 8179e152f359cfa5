/**
 * Suggestions for what somebody begins to type, each with a score: what a key of FT.SUGADD holds.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/autocomplete/
 */
import { utf8Decode } from '../bytes/bytes.ts';
import { ModuleValue } from './module-value.ts';

interface Entry {
  /** The text in lower case, by its characters: so it is found. */
  readonly folded: string;
  readonly length: number;
  score: number;
  payload: string | undefined;
}

export interface Suggestion {
  readonly text: string;
  /** What was given, less for what is longer than the beginning or spelled otherwise. */
  readonly score: number;
  readonly payload: string | undefined;
}

/** What is there letter by letter beats everything else. */
const EXACT = 2 ** 31;

/** About so many bytes does a suggestion take beside its text. */
const ENTRY_BYTES = 48;

export class Suggestions extends ModuleValue {
  readonly type = 'trietype0';
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    let bytes = 0;
    for (const [text, { payload = '' }] of this.#entries) {
      bytes += text.length + payload.length + ENTRY_BYTES;
    }
    return bytes;
  }

  /** An empty text is not kept. The score takes the place of an older one, or is added to it. */
  add(text: string, score: number, adds: boolean, payload: string | undefined): void {
    if (text === '') return;
    const old = this.#entries.get(text);
    const single = Math.fround(adds && old ? old.score + score : score);
    if (old) {
      old.score = single;
      if (payload !== undefined) old.payload = payload;
      return;
    }
    const folded = fold(text);
    const length = Array.from(utf8Decode(text)).length;
    this.#entries.set(text, { folded, length, score: single, payload });
  }

  delete(text: string): boolean {
    return this.#entries.delete(text);
  }

  /** The best for a beginning; with `isFuzzy` one letter of it may be wrong. */
  best(prefix: string, isFuzzy: boolean, most: number): Suggestion[] {
    const folded = fold(prefix);
    const found: Suggestion[] = [];
    for (const [text, entry] of this.#entries) {
      const edits = editsBetween(folded, entry.folded, isFuzzy);
      if (edits === undefined || entry.score === -Infinity) continue;
      const score = rank(entry, entry.folded === folded, edits, prefix.length);
      found.push({ text, score, payload: entry.payload });
    }
    return found.sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : 1)).slice(0, most);
  }

  save(): string {
    const entries = Array.from(this.#entries, ([text, { score, payload }]) =>
      payload === undefined ? [text, String(score)] : [text, String(score), payload],
    );
    return JSON.stringify(entries);
  }

  static load(saved: string): Suggestions {
    const suggestions = new Suggestions();
    for (const [text, score, payload] of JSON.parse(saved) as [string, string, string?][]) {
      suggestions.add(text, Number(score), false, payload);
    }
    return suggestions;
  }

  copy(): Suggestions {
    return Suggestions.load(this.save());
  }
}

const fold = (bytes: string): string => utf8Decode(bytes).toLowerCase();

/** 0, or 1 where that is allowed and needed; undefined when a text does not begin so. */
function editsBetween(prefix: string, text: string, isFuzzy: boolean): number | undefined {
  if (!isFuzzy) return text.startsWith(prefix) ? 0 : undefined;
  // The module finds everything one letter away when nothing was typed yet.
  if (prefix === '') return 1;
  if (text.startsWith(prefix)) return 0;
  return isOneEditAway(prefix, text) ? 1 : undefined;
}

/** Whether one letter changed, left out or put in makes the prefix a beginning of the text. */
function isOneEditAway(prefix: string, text: string): boolean {
  let same = 0;
  while (same < prefix.length && prefix[same] === text[same]) same++;
  const [rest, left] = [prefix.slice(same), text.slice(same)];
  return (
    left.slice(1).startsWith(rest.slice(1)) ||
    left.startsWith(rest.slice(1)) ||
    left.slice(1).startsWith(rest)
  );
}

/** In single precision, step by step, as the module reckons. */
function rank(entry: Entry, isExact: boolean, edits: number, typed: number): number {
  const score = isExact ? EXACT : entry.score;
  const spelled = Math.fround(score / Math.exp(2 * edits));
  return Math.fround(spelled / Math.sqrt(1 + Math.abs(entry.length - typed)));
}
