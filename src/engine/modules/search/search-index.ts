/**
 * One index: the documents that it follows, and where their words, tags, numbers, places and vectors
 * are. https://redis.io/docs/latest/develop/ai/search-and-query/administration/indexing/
 */
import { RedisError } from '../../errors.ts';
import type { Point } from '../../values/geohash.ts';
import { type Definition, ENGLISH, isLanguage, otherLanguage } from './definition.ts';
import { numbersOf, pointsOf, type Source, tagsOf, textsOf, vectorOf } from './document.ts';
import { evaluate } from './expression.ts';
import { NumberIndex } from './numbers.ts';
import { type Posting, Terms } from './postings.ts';
import { EVERY_FIELD, type Field } from './schema.ts';
import { stem } from './stemmer.ts';
import { Synonyms } from './synonyms.ts';
import { isTrue, numberOf } from './value.ts';
import type { Numbers } from './vector-shape.ts';
import { tokens } from './words.ts';

/** A document as the index knows it. */
export interface IndexedDocument {
  readonly id: number;
  readonly key: string;
  readonly payload: string | undefined;
  readonly words: readonly string[];
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

/** Words shorter than this have no stem in the index. */
const MIN_STEM_LENGTH = 4;

/** So many ids may be of no use before all are given anew. */
const SPARE_IDS = 10_000;

/** So far apart are the words of two values of one field. */
const VALUE_GAP = 100;

/** What could not be indexed. */
export class Failures {
  count = 0;
  lastError = 'N/A';
  lastKey = 'N/A';

  note(error: string, key: string): void {
    this.count++;
    this.lastError = error;
    this.lastKey = key;
  }
}

export class SearchIndex {
  fields: readonly Field[];
  readonly synonyms = new Synonyms();
  readonly failures = new Failures();
  /** How often it was named by a command. */
  uses = 0;
  words = new Terms();
  /** By ids: how many words documents have, those of heavier fields counting more. */
  lengths: number[] = [0];
  /** By ids: what documents are worth whatever is searched, from 0 to 1. */
  scores: number[] = [0];
  /** By ids: how often the most frequent term of a document is in it. */
  topFrequencies: number[] = [0];
  #documents: (IndexedDocument | undefined)[] = [undefined];
  #ids = new Map<string, number>();
  #length = 0;
  #tags = new Map<string, Terms>();
  #numbers = new Map<string, NumberIndex>();
  #points = new Map<string, Map<number, readonly Point[]>>();
  #vectors = new Map<string, Map<number, Numbers>>();
  #missing = new Map<string, Set<number>>();

  constructor(readonly definition: Definition) {
    this.fields = definition.fields;
  }

  get name(): string {
    return this.definition.name;
  }

  /** How many documents there are. */
  get size(): number {
    return this.#ids.size;
  }

  /** The highest id that was given. */
  get lastId(): number {
    return this.#documents.length - 1;
  }

  /** Whether most ids are of documents that have gone: each write takes a new one. */
  get isWorn(): boolean {
    return this.lastId > 2 * this.size + SPARE_IDS;
  }

  /** How long a document is on average; 0 without any. */
  get averageLength(): number {
    return this.size === 0 ? 0 : this.#length / this.size;
  }

  /** How many places in inverted indexes are taken. */
  get records(): number {
    let { records } = this.words;
    for (const tags of this.#tags.values()) records += tags.records;
    for (const numbers of this.#numbers.values()) records += numbers.records;
    return records;
  }

  field(name: string): Field | undefined {
    return this.fields.find((field) => field.name === name);
  }

  document(id: number): IndexedDocument | undefined {
    return this.#documents[id];
  }

  has = (id: number): boolean => this.#documents[id] !== undefined;

  /** The first document of at least this id; Infinity when there is none. */
  nextDocument(id: number): number {
    for (let next = id; next < this.#documents.length; next++) {
      if (this.#documents[next]) return next;
    }
    return Infinity;
  }

  idOf(key: string): number | undefined {
    return this.#ids.get(key);
  }

  keys(): Iterable<string> {
    return this.#ids.keys();
  }

  tags(field: string): Terms {
    return getOrMake(this.#tags, field, () => new Terms());
  }

  numbers(field: string): NumberIndex {
    return getOrMake(this.#numbers, field, () => new NumberIndex());
  }

  points(field: string): Map<number, readonly Point[]> {
    return getOrMake(this.#points, field, () => new Map());
  }

  vectors(field: string): Map<number, Numbers> {
    return getOrMake(this.#vectors, field, () => new Map());
  }

  /** The documents without a value for a field. */
  missing(field: string): Set<number> {
    return getOrMake(this.#missing, field, () => new Set());
  }

  /** Forgets all documents. */
  clear(): void {
    this.words = new Terms();
    this.lengths = [0];
    this.scores = [0];
    this.topFrequencies = [0];
    this.#documents = [undefined];
    this.#ids = new Map();
    this.#length = 0;
    this.#tags = new Map();
    this.#numbers = new Map();
    this.#points = new Map();
    this.#vectors = new Map();
    this.#missing = new Map();
  }

  /** What is at a key now takes the place of what was there; undefined is nothing. */
  refresh(key: string, source: Source | undefined): void {
    this.#remove(key);
    if (!source || !this.#isWanted(source)) return;
    try {
      this.#add(key, read(source, this));
    } catch (error) {
      if (!(error instanceof RedisError)) throw error;
      this.failures.note(error.message, key);
    }
  }

  #isWanted(source: Source): boolean {
    const { filter } = this.definition;
    if (!filter) return true;
    const pathOf = (name: string) => this.field(name)?.path ?? name;
    const row = (name: string) => {
      const text = source.text(pathOf(name));
      return text === undefined ? null : (numberOf(text) ?? text);
    };
    try {
      return isTrue(evaluate(filter.expression, row));
    } catch (error) {
      if (error instanceof RedisError) return false;
      throw error;
    }
  }

  #remove(key: string): void {
    const id = this.#ids.get(key);
    const document = id === undefined ? undefined : this.#documents[id];
    if (id === undefined || !document) return;
    this.#ids.delete(key);
    this.#documents[id] = undefined;
    this.#length -= this.lengths[id] as number;
    this.words.lose(document.words, this.has);
    for (const [field, tags] of document.tags) this.tags(field).lose(tags, this.has);
    for (const kept of [this.#numbers, this.#points, this.#vectors, this.#missing]) {
      for (const one of kept.values()) one.delete(id);
    }
  }

  #add(key: string, content: Content): void {
    const id = this.#documents.length;
    const { score, payload, length, words, tags } = content;
    let topFrequency = 0;
    for (const [word, posting] of words) {
      this.words.add(word, id, posting);
      topFrequency = Math.max(topFrequency, posting.frequency);
    }
    for (const [field, values] of tags) {
      for (const value of values) this.tags(field).add(value, id, TAGGED);
    }
    for (const [field, values] of content.numbers) this.numbers(field).add(id, values);
    for (const [field, points] of content.points) this.points(field).set(id, points);
    for (const [field, vector] of content.vectors) this.vectors(field).set(id, vector);
    for (const field of content.missing) this.missing(field).add(id);
    this.#documents.push({ id, key, payload, words: [...words.keys()], tags });
    this.lengths.push(length);
    this.scores.push(score);
    this.topFrequencies.push(topFrequency);
    this.#ids.set(key, id);
    this.#length += length;
  }
}

/** Any bit will do: nobody asks tags for their fields. */
const TAGGED: Posting = { frequency: 1, fields: 1, places: [] };

function getOrMake<V>(map: Map<string, V>, name: string, make: () => V): V {
  let value = map.get(name);
  if (value === undefined) {
    value = make();
    map.set(name, value);
  }
  return value;
}

/** Everything that is indexed of a document. */
interface Content {
  readonly score: number;
  readonly payload: string | undefined;
  readonly length: number;
  readonly words: ReadonlyMap<string, Posting>;
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  readonly points: ReadonlyMap<string, readonly Point[]>;
  readonly vectors: ReadonlyMap<string, Numbers>;
  readonly missing: readonly string[];
}

/** Reads a document whole, before anything of it is indexed. Throws where a value does not fit. */
function read(source: Source, index: SearchIndex): Content {
  const { scoreField, payloadField, languageField, score } = index.definition;
  checkLanguage(languageField && source.text(languageField));
  const words = new WordCollector(index);
  const tags = new Map<string, string[]>();
  const numbers = new Map<string, number[]>();
  const points = new Map<string, Point[]>();
  const vectors = new Map<string, Numbers>();
  const missing: string[] = [];
  for (const field of index.fields) {
    if (!field.isIndexed) continue;
    if (field.indexesMissing && source.values(field.path).length === 0) missing.push(field.name);
    if (field.kind === 'TEXT') words.collect(textsOf(source, field), field);
    else if (field.kind === 'TAG') tags.set(field.name, tagsOf(source, field));
    else if (field.kind === 'NUMERIC') numbers.set(field.name, numbersOf(source, field));
    else if (field.kind === 'GEO') points.set(field.name, pointsOf(source, field));
    else {
      const vector = vectorOf(source, field);
      if (vector) vectors.set(field.name, vector);
    }
  }
  const own = scoreField === undefined ? undefined : numberOf(source.text(scoreField));
  return {
    score: own !== undefined && own >= 0 && own <= 1 ? own : score,
    payload: payloadField === undefined ? undefined : source.text(payloadField),
    ...{ length: words.length, words: words.postings, tags, numbers, points, vectors, missing },
  };
}

function checkLanguage(language: string | undefined): void {
  const name = language?.toLowerCase();
  if (name && name !== ENGLISH && isLanguage(name)) throw otherLanguage(name);
}

/** The words of a document's TEXT fields, one after the other. */
class WordCollector {
  readonly postings = new Map<string, { frequency: number; fields: number; places: number[] }>();
  length = 0;
  #place = 0;
  readonly #keeps: (option: string) => boolean;

  constructor(private readonly index: SearchIndex) {
    const { flags } = index.definition;
    this.#keeps = (option) => !flags.includes(option);
  }

  collect(texts: readonly string[], field: Field): void {
    const weight = Math.max(1, Math.trunc(field.weight));
    const { stopwords } = this.index.definition;
    texts.forEach((text, i) => {
      if (i > 0) this.#place += VALUE_GAP;
      if (text === '' && field.indexesEmpty) this.#add('', weight, field);
      for (const { word } of tokens(text)) {
        if (stopwords.has(word)) continue;
        this.#place++;
        this.length += weight;
        this.#addForms(word, weight, field);
      }
    });
  }

  /** A word, its stem, and the groups of synonyms that it is in. */
  #addForms(word: string, weight: number, field: Field): void {
    this.#add(word, weight, field);
    const stemmed = field.stems && word.length >= MIN_STEM_LENGTH ? stem(word) : word;
    if (stemmed !== word) this.#add(`+${stemmed}`, 1, field);
    for (const group of this.index.synonyms.groupsOf(word)) {
      this.#add(`~${group}`, weight, field);
    }
  }

  #add(term: string, weight: number, { bit }: Field): void {
    let posting = this.postings.get(term);
    if (!posting) {
      posting = { frequency: 0, fields: 0, places: [] };
      this.postings.set(term, posting);
    }
    posting.frequency = this.#keeps('NOFREQS') ? posting.frequency + weight : 1;
    posting.fields = this.#keeps('NOFIELDS') ? (posting.fields | bit) >>> 0 : EVERY_FIELD;
    if (this.#keeps('NOOFFSETS')) posting.places.push(this.#place);
  }
}
