/** What fits a query. Ids and scores lie side by side, which is quicker than an object for each. */
import type { IndexedDocument, SearchIndex } from './search-index.ts';

/** A document that fits, and how well. */
export interface Hit {
  readonly document: IndexedDocument;
  readonly score: number;
}

export class Hits {
  readonly ids: number[] = [];
  readonly scores: number[] = [];

  constructor(private readonly index: SearchIndex) {}

  get size(): number {
    return this.ids.length;
  }

  add(id: number, score: number): void {
    this.ids.push(id);
    this.scores.push(score);
  }

  at(i: number): Hit {
    const document = this.index.document(this.ids[i] as number) as IndexedDocument;
    return { document, score: this.scores[i] as number };
  }

  /** All of them, in the order in which they were found. */
  list(): Hit[] {
    return this.ids.map((_, i) => this.at(i));
  }

  /** Those whose keys are wanted. */
  where(isWanted: (key: string) => boolean): Hits {
    const kept = new Hits(this.index);
    this.ids.forEach((id, i) => {
      const document = this.index.document(id) as IndexedDocument;
      if (isWanted(document.key)) kept.add(id, this.scores[i] as number);
    });
    return kept;
  }

  /** Divides all scores by the best of them. */
  normalise(): void {
    const best = this.scores.reduce((most, score) => Math.max(most, score), 0);
    if (best === 0) return;
    this.scores.forEach((score, i) => {
      this.scores[i] = score / best;
    });
  }
}
