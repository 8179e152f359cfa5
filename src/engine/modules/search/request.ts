/** What FT.SEARCH, FT.AGGREGATE and FT.EXPLAIN are asked, as far as they have it in common. */
import { parseDouble } from '../../bytes/numbers.ts';
import { redisError } from '../../errors.ts';
import { ENGLISH, isLanguage, otherLanguage } from './definition.ts';
import { badArguments, badDefinition, badQuery, badSyntax } from './errors.ts';
import { badRange } from './field-query.ts';
import type { NumberRange } from './numbers.ts';
import type { Options } from './options.ts';
import { METRES, narrow, type Query, queryOf } from './query.ts';
import { type Reading, readQuery } from './query-reader.ts';
import type { FieldSet } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import type { Settings } from './settings.ts';

/** How a query is read and looked up. */
export interface Request {
  dialect: number;
  parameters: Map<string, string>;
  isVerbatim: boolean;
  keepsStopwords: boolean;
  scorer: string;
  /** What HAMMING compares with. */
  payload: string | undefined;
  slop: number | undefined;
  isInOrder: boolean;
  inFields: readonly string[] | undefined;
  inKeys: ReadonlySet<string> | undefined;
  /** FILTER and GEOFILTER. */
  filters: Query[];
}

export const newRequest = (settings: Settings): Request => ({
  ...{ dialect: settings.number('DEFAULT_DIALECT'), scorer: settings.text('DEFAULT_SCORER') },
  ...{ parameters: new Map(), isVerbatim: false, keepsStopwords: false },
  ...{ payload: undefined, slop: undefined, isInOrder: false, inFields: undefined },
  ...{ inKeys: undefined, filters: [] },
});

/** Reads an option if it is one of these. Returns whether it was. */
export function readRequestOption(request: Request, options: Options): boolean {
  const { at } = options;
  const word = options.next().toUpperCase();
  const isKnown = readFlag(request, word) || readValue(request, options, word);
  if (!isKnown) options.at = at;
  return isKnown;
}

function readFlag(request: Request, word: string): boolean {
  if (word === 'VERBATIM') request.isVerbatim = true;
  else if (word === 'NOSTOPWORDS') request.keepsStopwords = true;
  else if (word === 'INORDER') request.isInOrder = true;
  else return false;
  return true;
}

function readValue(request: Request, options: Options, word: string): boolean {
  if (word === 'DIALECT') request.dialect = readDialect(options);
  else if (word === 'PARAMS') readParameters(request, options);
  else if (word === 'SLOP') request.slop = options.integer(word);
  else if (word === 'TIMEOUT') readTimeout(options);
  else if (word === 'SCORER') request.scorer = options.value(word);
  else if (word === 'PAYLOAD') request.payload = options.value(word);
  else if (word === 'LANGUAGE') readLanguage(options.value(word));
  else if (word === 'EXPANDER') options.value(word);
  else if (word === 'INFIELDS') request.inFields = options.list(word);
  else if (word === 'INKEYS') request.inKeys = new Set(options.list(word));
  else if (word === 'FILTER') readFilter(request, options);
  else if (word === 'GEOFILTER') readGeoFilter(request, options);
  else return false;
  return true;
}

function readDialect(options: Options): number {
  if (options.done) throw badArguments('Need an argument for DIALECT');
  const text = options.next();
  if (/^[1-4]$/.test(text)) return Number(text);
  throw badArguments('DIALECT requires a non negative integer >=1 and <= 4');
}

function readParameters(request: Request, options: Options): void {
  const count = options.count('PARAMS');
  if (count === 0 || count % 2 !== 0) {
    throw badDefinition('Parameters must be specified in PARAM VALUE pairs');
  }
  for (let i = 0; i < count; i += 2) {
    const name = options.value('PARAMS');
    if (request.parameters.has(name)) throw badDefinition(`Duplicate parameter \`${name}\``);
    request.parameters.set(name, options.value('PARAMS'));
  }
}

function readTimeout(options: Options): void {
  if (options.done) throw badArguments('Need argument for TIMEOUT');
  if (!/^\d+$/.test(options.next())) {
    throw badArguments('TIMEOUT requires a non negative integer');
  }
}

function readLanguage(name: string): void {
  if (!isLanguage(name)) throw badQuery('No such language');
  if (name.toLowerCase() !== ENGLISH) throw otherLanguage(name.toLowerCase());
}

function readFilter(request: Request, options: Options): void {
  if (options.argv.length - options.at < 3) throw badArguments('FILTER requires 3 arguments');
  const field = options.next();
  const range = readRange(options);
  if (range.min > range.max) throw badRange(field, range);
  request.filters.push(queryOf({ kind: 'numeric', field, range }));
}

function readRange(options: Options): NumberRange {
  const end = (which: string) => {
    const text = options.next();
    const isOpen = text.startsWith('(');
    const value = parseDouble(isOpen ? text.slice(1) : text);
    if (value === undefined || Number.isNaN(value)) {
      throw badArguments(`Bad ${which} range: ${text}`);
    }
    return { value, isOpen };
  };
  const [low, high] = [end('lower'), end('upper')];
  return { min: low.value, max: high.value, isMinOpen: low.isOpen, isMaxOpen: high.isOpen };
}

function readGeoFilter(request: Request, options: Options): void {
  if (options.argv.length - options.at < 5) throw badArguments('GEOFILTER requires 5 arguments');
  const field = options.next();
  const [longitude, latitude, radius] = ['<lon>', '<lat>', '<radius>'].map((what) => {
    const value = parseDouble(options.next());
    if (value === undefined) {
      throw badArguments(`Bad arguments for ${what}: Could not convert argument to expected type`);
    }
    return value;
  }) as [number, number, number];
  const unit = options.next();
  if (!METRES.has(unit.toLowerCase())) throw badArguments(`Unknown distance unit ${unit}`);
  if (radius < 0) throw badSyntax('Invalid GeoFilter radius');
  const circle = { centre: { longitude, latitude }, radius, unit };
  request.filters.push(queryOf({ kind: 'geo', field, circle }));
}

/** The query with all that was asked beside it. */
export function queryFor(text: string, index: SearchIndex, request: Request): Query {
  const { slop, isInOrder, inFields, filters } = request;
  const reading: Reading = request;
  const query = readQuery(text, index, reading);
  if (inFields && inFields.length > 0) narrow(query, setOf(inFields, index));
  if (slop !== undefined && slop >= 0) query.slop = slop;
  if (isInOrder) query.isInOrder = true;
  if (filters.length === 0) return query;
  // All documents within a range are those within the range.
  const parts = query.kind === 'every' ? filters : [query, ...filters];
  return parts.length === 1 ? (parts[0] as Query) : queryOf({ kind: 'intersection', parts });
}

const setOf = (names: readonly string[], index: SearchIndex): FieldSet =>
  names.reduce((set, name) => (set | (index.field(name)?.bit ?? 0)) >>> 0, 0);

/** LIMIT: from where, and how many. */
export function readLimit(options: Options, most: number): { offset: number; count: number } {
  if (options.argv.length - options.at < 2) {
    throw badArguments('LIMIT requires two arguments');
  }
  const [offset = '', count = ''] = [options.next(), options.next()];
  if (!/^\d+$/.test(offset) || !/^\d+$/.test(count)) {
    throw badArguments('LIMIT needs two numeric arguments');
  }
  if (Number(count) > most) throw redisError(`SEARCH_LIMIT_OVER LIMIT exceeds maximum of ${most}`);
  return { offset: Number(offset), count: Number(count) };
}

/** An option that nobody knows, by where it stands after the query. */
export const unknownOption = (options: Options) =>
  redisError(
    `SEARCH_ARG_UNRECOGNIZED Unknown argument \`${options.peek()}\` at position ${options.at - 2} for <main>`,
  );
