/** Looks a query up in an index: turns its parts into steps, and walks. */
import { distanceWithin, type Point } from '../../values/geohash.ts';
import { isWithin } from './edits.ts';
import { Hits } from './hits.ts';
import { END, IdSet } from './id-set.ts';
import type { Nearness } from './nearness.ts';
import type { Terms } from './postings.ts';
import { METRES, type Query, type VectorQuery } from './query.ts';
import type { Ranking } from './ranking.ts';
import type { FieldSet } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import {
  AllStep,
  AnyStep,
  EveryStep,
  IdsStep,
  NoStep,
  NotStep,
  OptionalStep,
  type Step,
  TermStep,
} from './steps.ts';
import { distanceOf, type Numbers, readVector } from './vector-shape.ts';
import { wildcard } from './wildcard.ts';

/** What is found, and what was reckoned on the way. */
export interface Found {
  readonly hits: Hits;
  /** The distances of vectors by the names that the query gave them. */
  readonly distances: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** What limits how a query is looked up. */
export interface MatchLimits {
  /** So many terms at most does one with a star stand for. */
  readonly maxExpansions: number;
  /** A part of a word with a star has at least so many characters. */
  readonly minPrefix: number;
}

/** All documents that fit a query, by ascending ids. */
export function match(
  query: Query,
  index: SearchIndex,
  ranking: Ranking,
  limits: MatchLimits,
): Found {
  const builder = new Builder(index, ranking, limits);
  const step = builder.build(query);
  const hits = new Hits(index);
  for (let id = step.seek(1); id !== END; id = step.seek(id + 1)) {
    const slop = ranking.usesSlop ? step.slop() : 1;
    hits.add(id, ranking.total(step.score(), id, slop));
  }
  if (ranking.name === 'BM25STD.NORM') hits.normalise();
  return { hits, distances: builder.distances };
}

class Builder {
  readonly distances = new Map<string, Map<number, number>>();

  constructor(
    private readonly index: SearchIndex,
    private readonly ranking: Ranking,
    private readonly limits: MatchLimits,
  ) {}

  build(query: Query): Step {
    const step = this.#build(query);
    step.weight = query.weight ?? 1;
    return step;
  }

  #build(query: Query): Step {
    const { index, ranking } = this;
    switch (query.kind) {
      case 'empty':
        return new NoStep();
      case 'every':
        return new EveryStep(index, ranking);
      case 'union':
        return this.#any(
          query.parts.map((part) => this.build(part)),
          false,
        );
      case 'intersection':
        return this.#all(query.parts, nearnessOf(query));
      case 'phrase':
        return this.#all(query.parts, {
          slop: query.slop ?? 0,
          isInOrder: query.isInOrder ?? true,
        });
      case 'not':
        return new NotStep(this.build(query.part), index);
      case 'optional':
        return new OptionalStep(this.build(query.part), index);
      case 'tag':
        return this.#tags(query.field, query.parts);
      case 'numeric':
      case 'geo':
      case 'missing':
        return new IdsStep(this.#filtered(query), ranking);
      case 'vector':
        return new IdsStep(this.#nearest(query.vector), ranking);
      default:
        return this.#terms(query, index.words, query.fields, true);
    }
  }

  #all(parts: readonly Query[], nearness: Nearness | undefined): Step {
    return new AllStep(
      parts.map((part) => this.build(part)),
      nearness,
    );
  }

  /** What fits nothing is left out; of one part there is no union. */
  #any(parts: readonly Step[], countsFirst: boolean): Step {
    const steps = parts.filter((part) => !(part instanceof NoStep));
    const [first] = steps;
    if (!first) return new NoStep();
    return steps.length === 1 ? first : new AnyStep(steps, this.ranking, countsFirst);
  }

  #tags(field: string, parts: readonly Query[]): Step {
    if (this.index.field(field)?.kind !== 'TAG') return new NoStep();
    const terms = this.index.tags(field);
    const steps = parts.map((part) => this.#terms(part as TermQuery, terms, 1, false));
    return this.#any(steps, false);
  }

  /** The terms that a word, or a word with a star, stands for. */
  #terms(query: TermQuery, terms: Terms, fields: FieldSet, hasPlaces: boolean): Step {
    const step = (term: string): Step => {
      const postings = terms.get(term);
      if (!postings) return new NoStep();
      return new TermStep(postings, fields, this.index, this.ranking, hasPlaces);
    };
    if (query.kind === 'word') return step(query.word);
    const found = this.#expand(query, terms);
    return this.#any(found.map(step), true);
  }

  #expand(query: Exclude<TermQuery, { kind: 'word' }>, terms: Terms): string[] {
    const { text } = query;
    const { maxExpansions, minPrefix } = this.limits;
    switch (query.kind) {
      case 'prefix':
        return text.length < minPrefix ? [] : terms.withPrefix(text, maxExpansions);
      case 'suffix':
        if (text.length < minPrefix) return [];
        return terms.matching((term) => term.endsWith(text), maxExpansions);
      case 'infix':
        if (text.length < minPrefix) return [];
        return terms.matching((term) => term.includes(text), maxExpansions);
      case 'pattern':
        return terms.matching(wildcard(text), maxExpansions);
      case 'fuzzy':
        return terms.matching((term) => isWithin(text, term, query.distance), maxExpansions);
    }
  }

  #filtered(query: Query & { kind: 'numeric' | 'geo' | 'missing' }): IdSet {
    const { index } = this;
    const { field } = query;
    // A scope that leaves no field leaves nothing.
    if (query.fields === 0) return new IdSet(0);
    if (query.kind === 'missing') return new IdSet(index.lastId, index.missing(field));
    if (query.kind === 'numeric') {
      const isNumeric = index.field(field)?.kind === 'NUMERIC';
      return isNumeric ? index.numbers(field).within(query.range, index.lastId) : new IdSet(0);
    }
    const { centre, radius, unit } = query.circle;
    const metres = radius * (METRES.get(unit.toLowerCase()) ?? 1);
    const shape = { kind: 'circle', radius: metres } as const;
    const isNear = (point: Point) => distanceWithin(shape, centre, point) !== undefined;
    const found = new IdSet(index.lastId);
    for (const [id, points] of index.points(field)) if (points.some(isNear)) found.add(id);
    return found;
  }

  /** The documents with the nearest vectors. */
  #nearest(query: VectorQuery): IdSet {
    const { index } = this;
    const shape = index.field(query.field)?.vector;
    const asked = shape && readVector(query.blob, shape);
    if (!shape || !asked) return new IdSet(0);
    const measured = this.#candidates(query).map(([id, vector]) => ({
      id,
      distance: distanceOf(shape.metric, asked, vector),
    }));
    const { count = Infinity, radius = Infinity } = query;
    const nearest = measured
      .filter(({ distance }) => distance <= radius)
      .sort((a, b) => a.distance - b.distance || a.id - b.id)
      .slice(0, count);
    if (query.distanceName !== undefined) {
      this.distances.set(query.distanceName, new Map(nearest.map((n) => [n.id, n.distance])));
    }
    return new IdSet(
      index.lastId,
      nearest.map(({ id }) => id),
    );
  }

  #candidates({ field, among }: VectorQuery): (readonly [id: number, vector: Numbers])[] {
    const vectors = this.index.vectors(field);
    if (!among) return [...vectors];
    const step = this.build(among);
    const found: [number, Numbers][] = [];
    for (let id = step.seek(1); id !== END; id = step.seek(id + 1)) {
      const vector = vectors.get(id);
      if (vector) found.push([id, vector]);
    }
    return found;
  }
}

type TermQuery = Extract<
  Query,
  { kind: 'word' | 'prefix' | 'suffix' | 'infix' | 'pattern' | 'fuzzy' }
>;

function nearnessOf({ slop, isInOrder = false }: Query): Nearness | undefined {
  const limit = slop === undefined || slop < 0 ? undefined : slop;
  return limit === undefined && !isInOrder ? undefined : { slop: limit, isInOrder };
}
