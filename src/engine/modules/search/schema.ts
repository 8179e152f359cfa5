/**
 * The fields of an index: what each is called, where its values are, and how they are indexed.
 * https://redis.io/docs/latest/develop/ai/search-and-query/indexing/field-and-type-options/
 */
import { notSimulated, type RedisError } from '../../errors.ts';
import { badArguments, badQuery } from './errors.ts';
import type { Options } from './options.ts';
import { readVectorShape, type VectorShape } from './vector-shape.ts';

export type FieldKind = 'TEXT' | 'TAG' | 'NUMERIC' | 'GEO' | 'VECTOR';

export interface Field {
  /** The field of a hash, or the path into a JSON document. */
  readonly path: string;
  /** What queries call it. */
  readonly name: string;
  readonly kind: FieldKind;
  /** TEXT: how much a word counts, and whether it is found by its stem. */
  readonly weight: number;
  readonly stems: boolean;
  /** TEXT: its bit in a set of fields. */
  readonly bit: number;
  /** TAG. */
  readonly separator: string | undefined;
  readonly isCaseSensitive: boolean;
  readonly vector: VectorShape | undefined;
  readonly hasSuffixTrie: boolean;
  readonly indexesEmpty: boolean;
  readonly indexesMissing: boolean;
  readonly isSortable: boolean;
  /** SORTABLE UNF: sorted by what is there, not by its lower case. */
  readonly isUnformatted: boolean;
  readonly isIndexed: boolean;
}

/** A set of TEXT fields, by their bits. */
export type FieldSet = number;
export const EVERY_FIELD: FieldSet = 0xffff_ffff;

const MAX_TEXT_FIELDS = 32;

/** Reads the fields that follow SCHEMA, and adds them to those that are there. */
export function readFields(options: Options, known: readonly Field[], isJson: boolean): Field[] {
  if (options.done) throw badArguments('Fields arguments are missing');
  const fields = [...known];
  while (!options.done) fields.push(readField(options, fields, isJson));
  return fields;
}

type Draft = { -readonly [Key in keyof Field]: Field[Key] };

function readField(options: Options, known: readonly Field[], isJson: boolean): Field {
  const path = options.next();
  const name = options.take('AS') ? readName(options) : path;
  const field = blank(path, name, readKind(options, name));
  if (known.some((other) => other.name === name)) {
    throw badQuery(`Duplicate field in schema - ${name}`);
  }
  if (field.kind === 'VECTOR') field.vector = readVectorShape(options);
  if (field.kind === 'TEXT') field.bit = nextBit(known);
  while (readTypeOption(options, field)) options.at++;
  readSorting(options, field);
  field.isUnformatted &&= field.isSortable;
  if (field.isSortable && (isJson || field.kind === 'NUMERIC')) field.isUnformatted = true;
  field.separator ??= field.kind === 'TAG' && !isJson ? ',' : undefined;
  return field;
}

function blank(path: string, name: string, kind: FieldKind): Draft {
  return {
    ...{ path, name, kind, weight: 1, stems: true, bit: 0 },
    ...{ separator: undefined, isCaseSensitive: false, vector: undefined },
    ...{ hasSuffixTrie: false, indexesEmpty: false, indexesMissing: false },
    ...{ isSortable: false, isUnformatted: false, isIndexed: true },
  };
}

function readName(options: Options): string {
  if (options.done) throw badArguments('AS requires an argument');
  return options.next();
}

const kinds: readonly string[] = ['TEXT', 'TAG', 'NUMERIC', 'GEO', 'VECTOR'];

function readKind(options: Options, name: string): FieldKind {
  if (options.done) throw badArguments(`Field \`${name}\` does not have a type`);
  const word = options.next().toUpperCase();
  if (word === 'GEOSHAPE') throw notSimulated('GEOSHAPE', 'index shapes');
  if (!kinds.includes(word)) throw badArguments(`Invalid field type for field \`${name}\``);
  return word as FieldKind;
}

function nextBit(known: readonly Field[]): number {
  const count = known.filter(({ kind }) => kind === 'TEXT').length;
  if (count >= MAX_TEXT_FIELDS) throw tooManyFields();
  return (1 << count) >>> 0;
}

const tooManyFields = (): RedisError =>
  notSimulated(`more than ${MAX_TEXT_FIELDS} TEXT fields`, 'take 128 with MAXTEXTFIELDS');

/** Reads the option that is next, and stands on its last word; false when it is none. */
function readTypeOption(options: Options, field: Draft): boolean {
  const word = options.peek()?.toUpperCase();
  const holdsWords = field.kind === 'TEXT' || field.kind === 'TAG';
  if (word === 'INDEXMISSING') field.indexesMissing = true;
  else if (word === 'WITHSUFFIXTRIE' && holdsWords) field.hasSuffixTrie = true;
  else if (word === 'INDEXEMPTY' && holdsWords) field.indexesEmpty = true;
  else if (field.kind === 'TEXT') return readTextOption(options, field, word);
  else if (field.kind === 'TAG') return readTagOption(options, field, word);
  else return false;
  return true;
}

function readTextOption(options: Options, field: Draft, word: string | undefined): boolean {
  if (word === 'NOSTEM') field.stems = false;
  else if (word === 'WEIGHT') {
    options.at++;
    field.weight = options.double('weight');
    options.at--;
  } else if (word === 'PHONETIC') {
    throw notSimulated('PHONETIC', 'also find words that sound alike');
  } else return false;
  return true;
}

function readTagOption(options: Options, field: Draft, word: string | undefined): boolean {
  if (word === 'CASESENSITIVE') field.isCaseSensitive = true;
  else if (word === 'SEPARATOR') {
    options.at++;
    field.separator = options.value('SEPARATOR');
    options.at--;
    if (field.separator.length !== 1) {
      // The module prints its format, not what was given.
      throw badArguments('Tag separator must be a single character. Got `%s`');
    }
  } else return false;
  return true;
}

/** What comes last, and ends the options of a field. */
function readSorting(options: Options, field: Draft): void {
  for (;;) {
    if (options.take('SORTABLE')) {
      field.isSortable = true;
      if (options.take('UNF')) field.isUnformatted = true;
    } else if (options.take('NOINDEX')) field.isIndexed = false;
    else break;
  }
  if (!field.isIndexed && field.indexesMissing) {
    throw badArguments(
      `'Field cannot be defined with both \`NOINDEX\` and \`INDEXMISSING\` \`${field.name}\` '`,
    );
  }
}
