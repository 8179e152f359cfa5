/** What a word may have been meant to be: words of the index that are like it, the most frequent first. */
import { isWithin } from './edits.ts';
import type { FieldSet } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import { fold } from './words.ts';

export interface Guess {
  readonly term: string;
  /** In what part of all documents it is. */
  readonly score: number;
}

interface Likeness {
  /** So many changes at most. */
  readonly distance: number;
  /** Words that are right, whether the index has them or not. */
  readonly include: readonly string[];
}

export function guessesFor(
  word: string,
  fields: FieldSet,
  index: SearchIndex,
  { distance, include }: Likeness,
): Guess[] {
  const found = new Map<string, Guess>();
  for (const term of index.words.sorted()) {
    if (!isWithin(word, term, distance) || !isIn(index, term, fields)) continue;
    const documents = index.words.get(term)?.documents ?? 0;
    found.set(term, { term, score: documents / index.size });
  }
  for (const term of include) {
    const folded = fold(term);
    if (!found.has(folded) && isWithin(word, folded, distance)) {
      found.set(folded, { term, score: 0 });
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}

/** Whether a term is in one of these fields of any document. */
function isIn(index: SearchIndex, term: string, fields: FieldSet): boolean {
  const postings = index.words.get(term);
  return (
    postings?.ids.some(
      (id, i) => index.has(id) && ((postings.fields[i] as FieldSet) & fields) !== 0,
    ) === true
  );
}
