/**
 * Marks the words of a query in a text, and cuts the text down to what is around them.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/highlight/
 */
import { isWithin } from './edits.ts';
import type { Query } from './query.ts';
import { stem } from './stemmer.ts';
import { wildcard } from './wildcard.ts';
import { tokens } from './words.ts';

export interface Highlight {
  /** Undefined is all. */
  readonly fields: readonly string[] | undefined;
  readonly open: string;
  readonly close: string;
}

export interface Summarize {
  readonly fields: readonly string[] | undefined;
  /** So many pieces at most, each with about so many words around its own. */
  readonly fragments: number;
  readonly length: number;
  readonly separator: string;
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly isHit: boolean;
  readonly isStopword: boolean;
}

/** Words of the text, by their numbers. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** So wide is a word for the reckoning, in bytes. */
const WORD_WIDTH = 6;

/** So many words may stand between two hits of one fragment. */
const MOST_BETWEEN = 7;

export class Marker {
  readonly #tests: ((word: string) => boolean)[] = [];

  constructor(
    query: Query,
    private readonly stopwords: ReadonlySet<string>,
  ) {
    this.#collect(query);
  }

  /** The text marked, cut down, or both. */
  apply(text: string, wrap: Highlight | undefined, trim: Summarize | undefined): string {
    const words = this.#read(text);
    if (!trim) return mark(text, words, 0, text.length, wrap);
    const runs = runsOf(words).slice(0, trim.fragments);
    if (runs.length === 0) return wrap ? text : beginning(text, words, trim);
    return runs
      .map((_, i) => {
        const [from, to] = extent(text, words, runs, i, trim.length);
        return mark(text, words, from, to, wrap) + trim.separator;
      })
      .join('');
  }

  #collect(query: Query): void {
    if ('parts' in query && query.kind !== 'tag')
      for (const part of query.parts) this.#collect(part);
    else if (query.kind === 'optional') this.#collect(query.part);
    else {
      const test = testOf(query);
      if (test) this.#tests.push(test);
    }
  }

  #isHit(word: string): boolean {
    const forms = [word, `+${stem(word)}`];
    return this.#tests.some((test) => forms.some(test));
  }

  #read(text: string): Word[] {
    return Array.from(tokens(text), ({ word, start, end }) => ({
      ...{ start, end, isHit: this.#isHit(word), isStopword: this.stopwords.has(word) },
    }));
  }
}

function testOf(query: Query): ((word: string) => boolean) | undefined {
  switch (query.kind) {
    case 'word':
      return (word) => word === query.word;
    case 'prefix':
      return (word) => word.startsWith(query.text);
    case 'suffix':
      return (word) => word.endsWith(query.text);
    case 'infix':
      return (word) => word.includes(query.text);
    case 'pattern':
      return wildcard(query.text);
    case 'fuzzy':
      return (word) => isWithin(query.text, word, query.distance);
    default:
      return undefined;
  }
}

function mark(
  text: string,
  words: readonly Word[],
  from: number,
  to: number,
  wrap: Highlight | undefined,
): string {
  if (!wrap) return text.slice(from, to);
  let [marked, at] = ['', from];
  for (const { start, end, isHit } of words) {
    if (!isHit || start < from || end > to) continue;
    marked += text.slice(at, start) + wrap.open + text.slice(start, end) + wrap.close;
    at = end;
  }
  return marked + text.slice(at, to);
}

/** The front of a text in which nothing was found. */
function beginning(text: string, words: readonly Word[], trim: Summarize): string {
  const last = words.at(-1);
  if (!last) return text;
  const budget = WORD_WIDTH * trim.length * trim.fragments + WORD_WIDTH - 1;
  const beyond = words.find(({ end }, i) => end > budget || i === words.length - 1) ?? last;
  return text.slice(0, Math.max(beyond.start, 1)).trimEnd();
}

/** Hits that are near one another share a fragment. */
function runsOf(words: readonly Word[]): Run[] {
  const runs: Run[] = [];
  words.forEach(({ isHit }, i) => {
    if (!isHit) return;
    const run = runs.at(-1);
    if (run && wordsBetween(words, run.last, i) <= MOST_BETWEEN) {
      runs[runs.length - 1] = { first: run.first, last: i };
    } else runs.push({ first: i, last: i });
  });
  return runs;
}

const wordsBetween = (words: readonly Word[], from: number, to: number): number =>
  words.slice(from + 1, to).filter(({ isStopword }) => !isStopword).length;

/** Where a fragment begins and ends: as much around its hits as its length allows, on both sides. */
function extent(
  text: string,
  words: readonly Word[],
  runs: readonly Run[],
  index: number,
  length: number,
): [from: number, to: number] {
  const { first, last } = runs[index] as Run;
  const inside = words
    .slice(first, last + 1)
    .filter(({ isHit, isStopword }) => !isHit && !isStopword).length;
  const left = Math.max(length - inside, 0);
  const budget = WORD_WIDTH * Math.floor(left / 2);
  const [head, tail] = [words[first] as Word, words[last] as Word];
  // Neither the first nor the last word of the text, nor a word of the next fragment.
  const least = Math.max((runs[index - 1]?.last ?? 0) + 1, 1);
  const most = Math.min(runs[index + 1]?.first ?? words.length - 1, words.length - 1);
  let from = head.start;
  for (let i = first - 1; i >= least; i--) {
    const { start } = words[i] as Word;
    if (head.start - start >= budget) break;
    from = start;
  }
  let to = tail.end;
  for (let i = last + 1; i < most; i++) {
    const { end } = words[i] as Word;
    if (end - tail.end > budget) break;
    to = end;
  }
  if (to === tail.end && left > 0 && to < text.length) to++;
  return [from, to];
}
