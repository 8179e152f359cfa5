/**
 * How well a document answers a query, as a number: the scorers of the module.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/scoring/
 */
import { badQuery } from './errors.ts';
import type { IndexedDocument } from './search-index.ts';

/** Reckons with one scorer for all documents of an index. */
export interface Ranking {
  readonly name: string;
  /** Whether it counts how far apart the words of a query are. */
  readonly usesSlop: boolean;
  /** Of several that fit, only the best counts. */
  readonly takesBest: boolean;
  /** How rare a term is that so many documents have: reckoned once. */
  rarity(documents: number): number;
  /** What a term of this rarity is worth that is so often in a document. */
  term(frequency: number, rarity: number, id: number): number;
  /** What a document is worth because every one is looked for. */
  every(id: number): number;
  /** What a part without words is worth: a range, a negation. */
  readonly filter: number;
  /** The score, of what its parts are worth together. */
  total(parts: number, id: number, slop: number): number;
}

/** What a scorer knows of an index and, by their ids, of its documents. */
interface Facts {
  readonly size: number;
  readonly averageLength: number;
  readonly lengths: readonly number[];
  readonly scores: readonly number[];
  readonly topFrequencies: readonly number[];
  document(id: number): IndexedDocument | undefined;
}

const at = (numbers: readonly number[], id: number): number => numbers[id] as number;

/** The module reckons with this one in single precision. */
const K1 = Math.fround(1.2);
const B = 0.75;
const OLD_B = 0.5;

export const DEFAULT_SCORER = 'BM25STD';

export const scorers: readonly string[] = [
  'TFIDF',
  'TFIDF.DOCNORM',
  'BM25',
  'DISMAX',
  'DOCSCORE',
  'HAMMING',
  'BM25STD',
  'BM25STD.TANH',
  'BM25STD.NORM',
];

/** Throws for a name that no scorer has. `payload` is what HAMMING compares with. */
export function rankingOf(name: string, facts: Facts, payload: string | undefined): Ranking {
  switch (name) {
    case 'BM25STD':
      return standard(name, facts, (parts) => parts);
    case 'BM25STD.TANH':
      return standard(name, facts, (parts) => Math.tanh(parts / 4));
    case 'BM25STD.NORM':
      return standard(name, facts, (parts) => parts);
    case 'BM25':
      return oldBm25(facts);
    case 'TFIDF':
      return frequencies(name, facts, facts.topFrequencies);
    case 'TFIDF.DOCNORM':
      return frequencies(name, facts, facts.lengths);
    case 'DISMAX':
      return { ...plain(name, (parts) => parts), takesBest: true };
    case 'DOCSCORE':
      return plain(name, (_, id) => at(facts.scores, id));
    case 'HAMMING':
      return plain(name, (_, id) => closeness(facts.document(id)?.payload, payload));
    default:
      throw badQuery(`No such scorer ${name}`);
  }
}

/** Okapi BM25, with the document's length against the average. */
function standard(name: string, facts: Facts, shape: (parts: number) => number): Ranking {
  const { averageLength, lengths, scores } = facts;
  const worth = (frequency: number, rarity: number, id: number): number => {
    const ratio = averageLength > 0 ? at(lengths, id) / averageLength : 0;
    return (rarity * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + B * ratio));
  };
  return {
    ...{ name, usesSlop: false, takesBest: false, filter: 0 },
    rarity: (documents) => {
      const known = Math.min(documents, facts.size);
      return Math.log(1 + (facts.size - known + 0.5) / (known + 0.5));
    },
    term: worth,
    every: (id) => worth(1, 1, id),
    total: (parts, id) => shape(at(scores, id) * parts),
  };
}

/** How rare a term is, in whole bits, as the older scorers count. */
const bits = (size: number, documents: number): number =>
  Math.floor(Math.log2(1 + size / Math.max(documents, 1)));

function oldBm25(facts: Facts): Ranking {
  const base = K1 * (1 - OLD_B + OLD_B * facts.averageLength);
  return {
    ...{ name: 'BM25', usesSlop: true, takesBest: false, filter: 1, every: () => 1 },
    rarity: (documents) => bits(facts.size, documents),
    term: (frequency, rarity) => (rarity * frequency) / (frequency + base),
    total: (parts, id, slop) => (at(facts.scores, id) * parts) / slop,
  };
}

function frequencies(name: string, facts: Facts, norms: readonly number[]): Ranking {
  return {
    ...{ name, usesSlop: true, takesBest: false, filter: 1, every: () => 1 },
    rarity: (documents) => bits(facts.size, documents),
    term: (frequency, rarity) => frequency * rarity,
    total: (parts, id, slop) => {
      const divisor = at(norms, id) * slop;
      return divisor > 0 ? (at(facts.scores, id) * parts) / divisor : 0;
    },
  };
}

const plain = (name: string, total: (parts: number, id: number) => number): Ranking => ({
  ...{ name, usesSlop: false, takesBest: false, filter: 1, every: () => 1, total },
  rarity: () => 1,
  term: (frequency) => frequency,
});

/** By how many bits two payloads of one length differ; beyond a byte's worth they are unlike. */
function closeness(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length || a === '') return 0;
  let differing = 0;
  for (let i = 0; i < a.length; i++) {
    let bits = a.charCodeAt(i) ^ b.charCodeAt(i);
    for (; bits > 0; bits &= bits - 1) differing++;
  }
  return 1 / (1 + differing);
}
