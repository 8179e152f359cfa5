/** Puts what was found in order: by score, or by the values of a field. */
import type { Database } from '../../keyspace/database.ts';
import { sourceAt } from './document.ts';
import type { Hit, Hits } from './hits.ts';
import type { SearchIndex } from './search-index.ts';
import { compareValues, numberOf, type Value } from './value.ts';
import { fold } from './words.ts';

export interface Sorting {
  /** A field of the index, or the distance of vectors. */
  readonly by: string;
  readonly isDescending: boolean;
}

/** Where values come from. */
export interface Values {
  readonly db: Database;
  readonly index: SearchIndex;
  readonly distances: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/**
 * A page of what was found, from one place to before another: of equals the first that was written comes
 * first, and those without a value come last.
 */
export function sortHits(
  hits: Hits,
  sorting: Sorting | undefined,
  values: Values,
  from: number,
  end: number,
): Hit[] {
  const order = sorting ? orderBy(hits, sorting, values) : bestOf(hits.scores, end);
  return Array.from(order.slice(from, end), (i) => hits.at(i));
}

/** The places of hits by the values of a field. */
function orderBy(hits: Hits, sorting: Sorting, from: Values): readonly number[] {
  const values = hits.ids.map((_, i) => sortKey(hits.at(i), sorting.by, from));
  const direction = sorting.isDescending ? -1 : 1;
  return values
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [values[i], values[j]];
      if (a === undefined || b === undefined)
        return Number(a === undefined) - Number(b === undefined);
      return direction * (compareValues(a, b) ?? 0);
    });
}

/** So few are better put one by one where they belong than all sorted. */
const FEW = 100;

/** The places of the highest scores, the highest first. */
function bestOf(scores: readonly number[], most: number): readonly number[] {
  const score = (i: number) => scores[i] as number;
  if (most > FEW) return scores.map((_, i) => i).sort((i, j) => score(j) - score(i));
  const best: number[] = [];
  // What does not exceed the last of enough is passed over.
  let least = most === 0 ? Infinity : -Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (score(i) <= least) continue;
    let at = Math.min(best.length, most - 1);
    for (; at > 0 && score(best[at - 1] as number) < score(i); at--) {
      best[at] = best[at - 1] as number;
    }
    best[at] = i;
    if (best.length === most) least = score(best[most - 1] as number);
  }
  return best;
}

/** What a document is sorted by; undefined where it has none. */
export function sortKey(hit: Hit, by: string, { db, index, distances }: Values): Value {
  const distance = distances.get(by)?.get(hit.document.id);
  if (distance !== undefined) return distance;
  const field = index.field(by);
  const source = sourceAt(db, hit.document.key, index.definition.isJson);
  const text = field && source?.text(field.path);
  if (!field || text === undefined) return undefined;
  if (field.kind === 'NUMERIC') return numberOf(text);
  return field.isSortable && !field.isUnformatted ? fold(text) : text;
}
