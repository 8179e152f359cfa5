/**
 * Walks through the documents that a part of a query fits, by ascending ids. Each part answers one
 * question: which is the first document at or after this one.
 */
import { END, type IdSet } from './id-set.ts';
import { closeTogether, type Nearness, spread } from './nearness.ts';
import type { Postings } from './postings.ts';
import type { Ranking } from './ranking.ts';
import { EVERY_FIELD, type FieldSet } from './schema.ts';
import type { SearchIndex } from './search-index.ts';

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
  score(): number {
    return this.weight * this.worth();
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
  protected abstract worth(): number;
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
  #index = 0;

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
    let at = postings.indexFrom(target, this.#index);
    while (at < postings.ids.length && !this.#isAsked(at)) at++;
    this.#index = at;
    return postings.ids[at] ?? END;
  }

  /** Whether it is in one of the fields, of a document that is still there. */
  #isAsked(at: number): boolean {
    const { postings, fields } = this;
    if (fields !== EVERY_FIELD && ((postings.fields[at] as FieldSet) & fields) === 0) return false;
    return postings.isWhole || this.index.has(postings.ids[at] as number);
  }

  protected worth(): number {
    const frequency = this.postings.frequencies[this.#index] as number;
    return this.ranking.term(frequency, this.#rarity, this.id);
  }

  override places(): readonly number[] | undefined {
    return this.hasPlaces ? this.postings.placesAt(this.#index) : undefined;
  }
}

/** Documents that were found otherwise: by a number, a place, a vector. */
export class IdsStep extends Step {
  readonly size: number;

  constructor(
    private readonly ids: IdSet,
    private readonly ranking: Ranking,
  ) {
    super();
    this.size = ids.size;
  }

  protected find(target: number): number {
    return this.ids.from(target);
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

  protected worth(): number {
    return this.ranking.every(this.id);
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

  protected worth(): number {
    return this.part.seek(this.id) === this.id ? this.part.score() : 0;
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

  protected worth(): number {
    let sum = 0;
    for (const part of this.parts) {
      if (part.id !== this.id) continue;
      const score = part.score();
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

  protected worth(): number {
    let sum = 0;
    for (const part of this.#parts) sum += part.score();
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
