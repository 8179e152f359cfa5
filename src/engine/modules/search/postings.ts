/** In which documents a term is: an inverted index, term by term. */
import type { FieldSet } from './schema.ts';

/** Where a term is in one document. */
export interface Posting {
  readonly frequency: number;
  readonly fields: FieldSet;
  /** The places among the words of the document; none are kept for tags. */
  readonly places: readonly number[];
}

/**
 * The documents of one term, by ascending ids. What is gone stays until much of it is. What is known of
 * each is in a list of its own, which is quicker to walk through than objects are.
 */
export class Postings {
  readonly ids: number[] = [];
  readonly frequencies: number[] = [];
  readonly fields: FieldSet[] = [];
  /** One place by itself, or several. */
  readonly #places: (number | readonly number[])[] = [];
  #gone = 0;

  /** How many documents have the term. */
  get documents(): number {
    return this.ids.length - this.#gone;
  }

  /** Whether all that are listed are there. */
  get isWhole(): boolean {
    return this.#gone === 0;
  }

  /** The ids of later documents are higher. */
  add(id: number, { frequency, fields, places }: Posting): void {
    const [first, second] = places;
    this.ids.push(id);
    this.frequencies.push(frequency);
    this.fields.push(fields);
    this.#places.push(first !== undefined && second === undefined ? first : places);
  }

  placesAt(index: number): readonly number[] {
    const places = this.#places[index] ?? [];
    return typeof places === 'number' ? [places] : places;
  }

  /** A document with the term has gone. */
  lose(isThere: (id: number) => boolean): void {
    this.#gone++;
    if (this.#gone * 2 <= this.ids.length) return;
    let kept = 0;
    for (let i = 0; i < this.ids.length; i++) {
      if (isThere(this.ids[i] as number)) this.#move(i, kept++);
    }
    for (const list of [this.ids, this.frequencies, this.fields, this.#places]) list.length = kept;
    this.#gone = 0;
  }

  #move(from: number, to: number): void {
    this.ids[to] = this.ids[from] as number;
    this.frequencies[to] = this.frequencies[from] as number;
    this.fields[to] = this.fields[from] as FieldSet;
    this.#places[to] = this.#places[from] as number | readonly number[];
  }

  /** Where the first id that is not below `id` stands, from an index on. */
  indexFrom(id: number, from: number): number {
    let [low, step] = [from, 1];
    // What is looked for is mostly near: steps that double, then halves.
    while (low + step < this.ids.length && (this.ids[low + step] as number) < id) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, this.ids.length);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Terms with their documents. */
export class Terms {
  readonly #postings = new Map<string, Postings>();
  /** The terms in the order of their bytes, until there is a new one. */
  #sorted: readonly string[] | undefined;

  get size(): number {
    return this.#postings.size;
  }

  /** How many documents there are in all postings. */
  get records(): number {
    let records = 0;
    for (const postings of this.#postings.values()) records += postings.documents;
    return records;
  }

  get(term: string): Postings | undefined {
    return this.#postings.get(term);
  }

  add(term: string, id: number, posting: Posting): void {
    let postings = this.#postings.get(term);
    if (!postings) {
      postings = new Postings();
      this.#postings.set(term, postings);
      this.#sorted = undefined;
    }
    postings.add(id, posting);
  }

  /** A document with these terms has gone. */
  lose(terms: Iterable<string>, isThere: (id: number) => boolean): void {
    for (const term of terms) {
      const postings = this.#postings.get(term);
      postings?.lose(isThere);
      if (postings?.documents !== 0) continue;
      this.#postings.delete(term);
      this.#sorted = undefined;
    }
  }

  /** All terms by their bytes. */
  sorted(): readonly string[] {
    this.#sorted ??= [...this.#postings.keys()].sort();
    return this.#sorted;
  }

  /** Up to `most` terms that begin so, by their bytes. */
  withPrefix(prefix: string, most: number): string[] {
    const sorted = this.sorted();
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as string) < prefix) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < sorted.length && end - low < most && sorted[end]?.startsWith(prefix)) end++;
    return sorted.slice(low, end);
  }

  /** Up to `most` terms of which `fits` is true, by their bytes. */
  matching(fits: (term: string) => boolean, most: number): string[] {
    const found: string[] = [];
    for (const term of this.sorted()) {
      if (found.length >= most) break;
      if (fits(term)) found.push(term);
    }
    return found;
  }
}
