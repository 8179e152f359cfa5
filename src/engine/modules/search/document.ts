/** What an index and its queries read of a key: the fields of a hash, or what paths lead to in JSON. */
import { parseDouble } from '../../bytes/numbers.ts';
import { type RedisError, redisError } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { isError } from '../../resp/reply.ts';
import { isOnMap, type Point } from '../../values/geohash.ts';
import type { HashValue } from '../../values/hash.ts';
import { asNumber, isContainer, isNumber, type Json } from '../../values/json.ts';
import type { JsonDocument } from '../../values/json-document.ts';
import { printJson } from '../../values/json-print.ts';
import { parsePath } from '../json-path.ts';
import { select } from '../json-select.ts';
import type { Field } from './schema.ts';
import { blobSize, type Numbers, readVector, type VectorShape } from './vector-shape.ts';
import { fold } from './words.ts';

export interface Source {
  /** A value as text: of several the first. Undefined when there is none. */
  text(path: string): string | undefined;
  /** The values that a JSONPath leads to; the one of a hash. */
  values(path: string): readonly Json[];
  /** Everything, as a search that names no fields returns it. */
  entries(): Iterable<readonly [name: string, value: string]>;
}

/** What is at a key, for an index of hashes or of JSON documents. */
export function sourceAt(db: Database, key: string, isJson: boolean): Source | undefined {
  const value = db.peek(key);
  if (isJson) return value?.type === 'ReJSON-RL' ? new JsonSource(value) : undefined;
  return value?.type === 'hash' ? new HashSource(value.liveAt(db.fieldNow)) : undefined;
}

class HashSource implements Source {
  constructor(private readonly hash: HashValue) {}

  text(path: string): string | undefined {
    return this.hash.get(path);
  }

  values(path: string): readonly Json[] {
    const value = this.hash.get(path);
    return value === undefined ? [] : [value];
  }

  entries(): Iterable<readonly [string, string]> {
    return this.hash;
  }
}

class JsonSource implements Source {
  constructor(private readonly document: JsonDocument) {}

  text(path: string): string | undefined {
    const [first] = this.values(path);
    return first === undefined ? undefined : jsonText(first);
  }

  values(path: string): readonly Json[] {
    return select(this.document.root, parsePath(path).steps).map(({ value }) => value);
  }

  entries(): Iterable<readonly [string, string]> {
    return [['$', this.document.save()]];
  }
}

/** A value as replies show it: a string without its quotes, anything else in JSON. */
export const jsonText = (value: Json): string =>
  typeof value === 'string' ? value : printJson(value);

const mismatch = (field: Field, what: string): RedisError =>
  redisError(`SEARCH_JSON_TYPE_INVALID Invalid JSON type: ${what} (field ${field.name})`);

/** One value, or those of an array. */
const flat = (values: readonly Json[]): readonly Json[] =>
  values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter((v) => v !== null);

/** The texts of a TEXT field. Throws where JSON has something else. */
export function textsOf(source: Source, field: Field): string[] {
  return flat(source.values(field.path)).map((value) => {
    if (typeof value === 'string') return value;
    throw mismatch(field, 'String type can represent only strings or arrays of strings');
  });
}

/** The tags of a TAG field, as they are compared. */
export function tagsOf(source: Source, field: Field): string[] {
  const tags = flat(source.values(field.path)).flatMap((value) => {
    if (typeof value === 'boolean') return [String(value)];
    if (typeof value !== 'string') {
      throw mismatch(field, 'Tag type can represent only strings, booleans, or arrays of them');
    }
    return splitTags(value, field);
  });
  return [...new Set(tags)];
}

function splitTags(text: string, { separator, isCaseSensitive, indexesEmpty }: Field): string[] {
  const [whole = ''] = text.split('\0');
  const pieces = separator === undefined ? [whole] : whole.split(separator);
  const trimmed = pieces.map((piece) => piece.replace(/^[ \t-\r]+|[ \t-\r]+$/g, ''));
  const kept = indexesEmpty && whole === '' ? [''] : trimmed.filter((piece) => piece !== '');
  return isCaseSensitive ? kept : kept.map(fold);
}

/** The numbers of a NUMERIC field. */
export function numbersOf(source: Source, field: Field): number[] {
  return flat(source.values(field.path)).map((value) => {
    const number = isNumber(value) ? asNumber(value) : spelled(value);
    if (number !== undefined) return number;
    const shown = isContainer(value) ? printJson(value) : String(value);
    throw redisError(`SEARCH_NUMERIC_VALUE_INVALID Invalid numeric value: '${shown}'`);
  });
}

const spelled = (value: Json): number | undefined =>
  typeof value === 'string' ? parseDouble(value) : undefined;

/** The points of a GEO field: longitude and latitude, with a comma or a space between. */
export function pointsOf(source: Source, field: Field): Point[] {
  return flat(source.values(field.path)).map((value) => {
    const parts = typeof value === 'string' ? value.trim().split(/\s*,\s*|\s+/) : [];
    const [longitude = NaN, latitude = NaN] = parts.map((part) => parseDouble(part) ?? NaN);
    const point = { longitude, latitude };
    if (parts.length === 2 && isOnMap(point)) return point;
    throw redisError('SEARCH_GEO_FORMAT_BAD Invalid geo string');
  });
}

/** The vector of a VECTOR field: a blob in a hash, an array of numbers in JSON. */
export function vectorOf(source: Source, field: Field): Numbers | undefined {
  const [value] = source.values(field.path);
  const { vector: shape } = field;
  if (value === undefined || value === null || !shape) return undefined;
  const vector = Array.isArray(value) ? ofArray(value, shape) : ofBlob(value, shape);
  if (isError(vector)) throw vector;
  return vector;
}

function ofBlob(value: Json, shape: VectorShape): Numbers | RedisError {
  const blob = typeof value === 'string' ? value : '';
  return (
    readVector(blob, shape) ??
    redisError(
      `SEARCH_VECTOR_BLOB_SIZE_MISMATCH Could not add vector with blob size ${blob.length} (expected size ${blobSize(shape)})`,
    )
  );
}

function ofArray(value: readonly Json[], { type, dimension }: VectorShape): Numbers | RedisError {
  const numbers = value.map((each) => (isNumber(each) ? asNumber(each) : NaN));
  if (numbers.length !== dimension || numbers.some(Number.isNaN)) {
    return redisError('SEARCH_VECTOR_LEN_BAD Invalid vector length');
  }
  return type === 'FLOAT32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
}
