/** Puts what was found in order: by score, or by the values of a field. */
import type { Database } from '../../keyspace/database.ts';
import { sourceAt } from './document.ts';
import type { Hit } from './matching.ts';
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
 * The first so many in order: of equals the first that was written comes first, and those without a value
 * come last.
 */
export function sortHits(
  hits: readonly Hit[],
  sorting: Sorting | undefined,
  from: Values,
  most: number,
): readonly Hit[] {
  if (!sorting) return bestOf(hits, most);
  const keyed = hits.map((hit) => ({ hit, value: sortKey(hit, sorting.by, from) }));
  const direction = sorting.isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined);
    }
    return direction * (compareValues(a.value, b.value) ?? 0);
  });
  return keyed.map(({ hit }) => hit);
}

/** So few are better put one by one where they belong than all sorted. */
const FEW = 100;

/** The hits with the highest scores, the highest first. */
function bestOf(hits: readonly Hit[], most: number): readonly Hit[] {
  if (most > FEW) return [...hits].sort((a, b) => b.score - a.score);
  const best: Hit[] = [];
  for (const hit of hits) {
    const last = best[most - 1];
    if (most === 0 || (last && last.score >= hit.score)) continue;
    let at = Math.min(best.length, most - 1);
    for (; at > 0 && (best[at - 1] as Hit).score < hit.score; at--) best[at] = best[at - 1] as Hit;
    best[at] = hit;
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
