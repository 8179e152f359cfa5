/**
 * Walks through the documents that a part of a query fits, by ascending ids. Each part answers one
 * question: which is the first document at or after this one.
 */
import { closeTogether, type Nearness, spread } from './nearness.ts';
import type { Postings } from './postings.ts';
import type { Ranking } from './ranking.ts';
import { EVERY_FIELD, type FieldSet } from './schema.ts';
import type { IndexedDocument, SearchIndex } from './search-index.ts';

/** The end of every walk. */
export const END = Infinity;

export abstract class Step {
  /** The document that it stands at. */
  id = 0;
  /** How much it counts. */
  weight = 1;

  /** About how many documents it fits: the fewest are asked first. */
  abstract readonly size: number;

  /** Goes to the first document at or after this one that fits, and returns it. Never goes back. */
  seek(target: number): number {
    if (target > this.id) this.id = this.find(target);
    return this.id;
  }

  /** What the document where it stands is worth for this part. */
  score(document: IndexedDocument): number {
    return this.weight * this.worth(document);
  }

  /** Where its words stand in that document; undefined where it has no say in that. */
  places(): readonly number[] | undefined {
    return undefined;
  }

  /** How far its parts are apart in that document. */
  slop(): number {
    return 1;
  }

  protected abstract find(target: number): number;
  protected abstract worth(document: IndexedDocument): number;
}

/** What fits nothing. */
export class NoStep extends Step {
  readonly size = 0;

  protected find(): number {
    return END;
  }

  protected worth(): number {
    return 0;
  }
}

/** The documents of one term, in some fields. */
export class TermStep extends Step {
  readonly size: number;
  readonly #rarity: number;
  #index = -1;

  constructor(
    private readonly postings: Postings,
    private readonly fields: FieldSet,
    private readonly index: SearchIndex,
    private readonly ranking: Ranking,
    /** Tags have a worth, but no places. */
    private readonly hasPlaces: boolean,
  ) {
    super();
    this.size = postings.documents;
    this.#rarity = ranking.rarity(this.size);
  }

  protected find(target: number): number {
    const { postings } = this;
    let at = postings.indexFrom(target, Math.max(this.#index, 0));
    for (; at < postings.ids.length; at++) {
      const id = postings.ids[at] as number;
      if (this.#isAsked(at) && this.index.has(id)) {
        this.#index = at;
        return id;
      }
    }
    this.#index = at;
    return END;
  }

  #isAsked(at: number): boolean {
    return (
      this.fields === EVERY_FIELD || ((this.postings.fields[at] as FieldSet) & this.fields) !== 0
    );
  }

  protected worth(document: IndexedDocument): number {
    const frequency = this.postings.frequencies[this.#index] as number;
    return this.ranking.term(frequency, this.#rarity, document);
  }

  override places(): readonly number[] | undefined {
    return this.hasPlaces ? this.postings.placesAt(this.#index) : undefined;
  }
}

/** Documents that were found otherwise: by a number, a place, a vector. */
export class IdsStep extends Step {
  readonly size: number;
  #index = 0;

  constructor(
    /** Ascending. */
    private readonly ids: readonly number[],
    private readonly ranking: Ranking,
  ) {
    super();
    this.size = ids.length;
  }

  protected find(target: number): number {
    let [low, high] = [this.#index, this.ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ids[middle] as number) < target) low = middle + 1;
      else high = middle;
    }
    this.#index = low;
    return this.ids[low] ?? END;
  }

  protected worth(): number {
    return this.ranking.filter;
  }
}

/** A step that goes from document to document, whatever is in them. */
abstract class DocumentStep extends Step {
  readonly size: number;

  constructor(protected readonly index: SearchIndex) {
    super();
    this.size = index.size;
  }

  protected find(target: number): number {
    return this.index.nextDocument(target);
  }
}

/** Every document. */
export class EveryStep extends DocumentStep {
  constructor(
    index: SearchIndex,
    private readonly ranking: Ranking,
  ) {
    super(index);
  }

  protected worth(document: IndexedDocument): number {
    return this.ranking.every(document);
  }
}

/** Every document that a part does not fit. */
export class NotStep extends DocumentStep {
  constructor(
    private readonly part: Step,
    index: SearchIndex,
  ) {
    super(index);
  }

  protected override find(target: number): number {
    let id = super.find(target);
    while (id !== END && this.part.seek(id) === id) id = this.index.nextDocument(id + 1);
    return id;
  }

  protected worth(): number {
    return 0;
  }
}

/** Every document; those that the part fits are worth more. */
export class OptionalStep extends DocumentStep {
  constructor(
    private readonly part: Step,
    index: SearchIndex,
  ) {
    super(index);
  }

  protected worth(document: IndexedDocument): number {
    return this.part.seek(this.id) === this.id ? this.part.score(document) : 0;
  }
}

/** Documents that any part fits. */
export class AnyStep extends Step {
  readonly size: number;

  constructor(
    private readonly parts: readonly Step[],
    private readonly ranking: Ranking,
    /** Of the terms that one word may stand for only the first in a document counts. */
    private readonly countsFirst: boolean,
  ) {
    super();
    this.size = parts.reduce((sum, { size }) => sum + size, 0);
  }

  protected find(target: number): number {
    let least = END;
    for (const part of this.parts) {
      const id = part.seek(target);
      if (id < least) least = id;
    }
    return least;
  }

  protected worth(document: IndexedDocument): number {
    let sum = 0;
    for (const part of this.parts) {
      if (part.id !== this.id) continue;
      const score = part.score(document);
      if (this.countsFirst) return score;
      sum = this.ranking.takesBest ? Math.max(sum, score) : sum + score;
    }
    return sum;
  }

  override places(): readonly number[] {
    const places = this.parts
      .filter((part) => part.id === this.id)
      .flatMap((part) => part.places() ?? []);
    return places.sort((a, b) => a - b);
  }
}

/** Documents that all parts fit, near enough to one another. */
export class AllStep extends Step {
  readonly #parts: readonly Step[];

  constructor(
    parts: readonly Step[],
    private readonly nearness: Nearness | undefined,
  ) {
    super();
    // The rarest first; a phrase and what has an order keep theirs.
    this.#parts = nearness?.isInOrder ? parts : [...parts].sort((a, b) => a.size - b.size);
  }

  get size(): number {
    return Math.min(...this.#parts.map(({ size }) => size));
  }

  protected find(target: number): number {
    for (let id = target; ; id++) {
      id = this.#agree(id);
      if (id === END || !this.nearness || closeTogether(this.#places(), this.nearness)) return id;
    }
  }

  /** The first document at or after this one in which all parts meet. */
  #agree(target: number): number {
    let id = target;
    for (let i = 0; i < this.#parts.length; ) {
      const found = (this.#parts[i] as Step).seek(id);
      if (found === END) return END;
      if (found === id) i++;
      else {
        id = found;
        i = i === 0 ? 1 : 0;
      }
    }
    return id;
  }

  protected worth(document: IndexedDocument): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.score(document);
    return sum;
  }

  #places(): (readonly number[])[] {
    return this.#parts.map((part) => part.places()).filter((places) => places !== undefined);
  }

  override places(): readonly number[] {
    return this.#places()
      .flat()
      .sort((a, b) => a - b);
  }

  override slop(): number {
    return spread(this.#places());
  }
}
