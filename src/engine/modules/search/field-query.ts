/** The parts of a query that ask one field: ranges, circles, comparisons, tags, and vectors. */
import { parseDouble, parseInteger } from '../../bytes/numbers.ts';
import { redisError } from '../../errors.ts';
import { badSyntax } from './errors.ts';
import { fixed } from './explain.ts';
import type { Item, Lexer } from './lexer.ts';
import type { NumberRange } from './numbers.ts';
import { METRES, type Query, queryOf } from './query.ts';
import type { FieldKind } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import { blobSize } from './vector-shape.ts';
import { fold } from './words.ts';

/** The fields that a part names, and where in the query it does. */
interface Named {
  readonly names: readonly string[];
  readonly offset: number;
}

/** Throws from dialect 2 on, if there is no such field, or one of another kind. */
function check(
  lexer: Lexer,
  index: SearchIndex,
  { names, offset }: Named,
  kind: FieldKind,
): string {
  const [name = ''] = names;
  const field = index.field(name);
  if (names.length > 1) throw lexer.error();
  if (lexer.dialect < 2) return name;
  if (!field) throw lexer.fieldError('Unknown field', offset, name);
  if (field.kind !== kind) throw lexer.fieldError(`Expected a ${kind} field`, offset, name);
  return name;
}

/** `[1 10]`, `[-122 37 10 km]`, `[VECTOR_RANGE 0.5 $v]`, or `>= 3` without brackets. */
export function readBrackets(
  lexer: Lexer,
  index: SearchIndex,
  named: Named,
  form: 'range' | 'comparison',
): Query {
  if (form === 'comparison') return readComparison(lexer, index, named);
  const items = lexer.items(']');
  if (items[0]?.text.toUpperCase() === 'VECTOR_RANGE' && items.length === 3) {
    return readVectorRange(lexer, index, named, items);
  }
  if (items.length === 4) return readCircle(lexer, index, named, items);
  const [low, high] = items;
  if (!low || items.length > 2 || (!high && lexer.dialect < 2)) throw lexer.error();
  const field = check(lexer, index, named, 'NUMERIC');
  const [min, max] = [lexer.number(low), lexer.number(high ?? low)];
  return numeric(field, { min, max, isMinOpen: low.isOpen, isMaxOpen: high?.isOpen ?? false });
}

function numeric(field: string, range: NumberRange): Query {
  if (range.min > range.max) throw badRange(field, range);
  return queryOf({ kind: 'numeric', field, range });
}

export const badRange = (field: string, { min, max }: NumberRange) =>
  badSyntax(`Invalid numeric range (min > max): @${field}:[${fixed(min)} ${fixed(max)}]`);

const LEAST = { min: -Infinity, max: Infinity, isMinOpen: false, isMaxOpen: false };

function readComparison(lexer: Lexer, index: SearchIndex, named: Named): Query {
  const operator = ['==', '!=', '<=', '>=', '<', '>'].find((each) => lexer.take(each));
  if (operator === undefined) throw lexer.error();
  const field = check(lexer, index, named, 'NUMERIC');
  const match = /^\s*(\(?\s*)([^\s()|]+)/.exec(lexer.text.slice(lexer.at));
  if (!match) throw lexer.error();
  const item = { text: match[2] as string, isOpen: false, offset: lexer.at };
  lexer.at += match[0].length;
  const value = lexer.number(item);
  if (operator === '==' || operator === '!=') {
    const part = numeric(field, { ...LEAST, min: value, max: value });
    return operator === '==' ? part : queryOf({ kind: 'not', part });
  }
  const isOpen = operator.length === 1;
  return operator.startsWith('<')
    ? numeric(field, { ...LEAST, max: value, isMaxOpen: isOpen })
    : numeric(field, { ...LEAST, min: value, isMinOpen: isOpen });
}

function readCircle(lexer: Lexer, index: SearchIndex, named: Named, items: readonly Item[]): Query {
  const field = check(lexer, index, named, 'GEO');
  const [longitude = 0, latitude = 0, radius = 0] = items.slice(0, 3).map((i) => lexer.number(i));
  const given = items[3]?.text as string;
  const unit = given.startsWith('$') ? lexer.parameterNamed(given.slice(1)) : given;
  const circle = { centre: { longitude, latitude }, radius, unit };
  if (radius < 0) throw badSyntax('Invalid GeoFilter radius');
  if (!METRES.has(unit.toLowerCase())) throw badSyntax('Invalid GeoFilter unit');
  return queryOf({ kind: 'geo', field, circle });
}

/** `{red | light blue | gre*}`: any of these tags. */
export function readTags(lexer: Lexer, index: SearchIndex, named: Named): Query {
  const field = check(lexer, index, named, 'TAG');
  const parts: Query[] = [];
  do parts.push(readTag(lexer, index.field(field)?.isCaseSensitive === true));
  while (lexer.take('|'));
  lexer.expect('}');
  return queryOf({ kind: 'tag', field, parts });
}

function readTag(lexer: Lexer, isCaseSensitive: boolean): Query {
  const cased = (text: string) => (isCaseSensitive ? text : fold(text));
  const pattern = lexer.dialect >= 2 ? TAG_2 : TAG_1;
  const match = pattern.exec(lexer.text.slice(lexer.at));
  const raw = (match?.[0] ?? '').trim();
  if (!match || raw === '') {
    lexer.peek();
    throw lexer.error();
  }
  lexer.at += match[0].length;
  if (lexer.dialect >= 2 && raw.startsWith('$')) {
    return word(cased(lexer.parameterNamed(raw.slice(1))));
  }
  const quoted = /^"((?:\\[\s\S]|[^"\\])*)"$/.exec(raw);
  if (quoted) return word(cased((quoted[1] as string).replace(/\\([\s\S])/g, '$1')));
  const isPattern = lexer.dialect >= 2 && /^w'[\s\S]*'$/.exec(raw);
  if (isPattern) return queryOf({ kind: 'pattern', text: cased(raw.slice(2, -1)) });
  const [isOpenStart, isOpenEnd] = [raw.startsWith('*'), /(^|[^\\])\*$/.test(raw) && raw !== '*'];
  const bare = raw.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
  const text = cased(bare.replace(/\\([\s\S])/g, '$1').replace(/\s+/g, ' '));
  if (isOpenStart && isOpenEnd) return queryOf({ kind: 'infix', text });
  if (isOpenStart) return queryOf({ kind: 'suffix', text });
  return isOpenEnd ? queryOf({ kind: 'prefix', text }) : word(text);
}

/** Up to the next `|` or `}`; dialect 1 wants a backslash before most signs. */
const TAG_1 = /^\s*\*?(?:\\[\s\S]|[\w\s\x80-\xff])+\*?\s*/;
const TAG_2 = /^\s*(?:"(?:\\[\s\S]|[^"\\])*"\s*|w'(?:\\[\s\S]|[^'\\])*'\s*|(?:\\[\s\S]|[^|{}\\])+)/;

const word = (text: string): Query => queryOf({ kind: 'word', word: text, isExpanded: false });

/** `=>[KNN 10 @v $blob AS distance]` after what is searched among. */
export function readVectorClause(lexer: Lexer, index: SearchIndex, among: Query): Query {
  if (lexer.dialect < 2 || !lexer.take('[')) throw lexer.error();
  const items = lexer.items(']');
  const texts = items.map(({ text }) => text);
  const [knn = '', count, field = '', parameter = '', ...rest] = texts;
  if (knn.toUpperCase() !== 'KNN' || !field.startsWith('@') || !parameter.startsWith('$')) {
    throw lexer.error();
  }
  const name = field.slice(1);
  const offset = items[2]?.offset ?? 0;
  check(lexer, index, { names: [name], offset }, 'VECTOR');
  const blob = readBlob(lexer, index, name, parameter.slice(1));
  const { distanceName, options } = readKnnOptions(lexer, rest);
  const vector = {
    ...{ field: name, parameter: parameter.slice(1), blob, radius: undefined, options },
    count: readCount(lexer, count ?? ''),
    distanceName: readTrailingName(lexer) ?? distanceName ?? `__${name}_score`,
    among: among.kind === 'every' ? undefined : among,
  };
  if (index.field(vector.distanceName)) {
    throw redisError(
      `SEARCH_INDEX_EXISTS Property \`${vector.distanceName}\` already exists in schema`,
    );
  }
  return queryOf({ kind: 'vector', vector });
}

function readCount(lexer: Lexer, text: string): number {
  const spelled = text.startsWith('$') ? lexer.parameterNamed(text.slice(1)) : text;
  const count = parseInteger(spelled);
  if (count === undefined || count < 1n) throw lexer.error();
  return Number(count);
}

function readBlob(lexer: Lexer, index: SearchIndex, field: string, parameter: string): string {
  const blob = lexer.parameterNamed(parameter);
  const shape = index.field(field)?.vector;
  if (shape && blob.length !== blobSize(shape)) {
    throw redisError(
      `SEARCH_VECTOR_BLOB_SIZE_MISMATCH Error parsing vector similarity query: query vector blob size (${blob.length}) does not match index's expected size (${blobSize(shape)}).`,
    );
  }
  return blob;
}

function readKnnOptions(lexer: Lexer, words: readonly string[]) {
  let distanceName: string | undefined;
  const options: [string, string][] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [name = '', value] = [words[i], words[i + 1]];
    if (value === undefined) throw lexer.error();
    const spelled = value.startsWith('$') ? lexer.parameterNamed(value.slice(1)) : value;
    if (name.toUpperCase() === 'AS') distanceName = spelled;
    else if (/^(EF_RUNTIME|HYBRID_POLICY|BATCH_SIZE|EPSILON)$/i.test(name)) {
      options.push([name, spelled]);
    } else throw lexer.error();
  }
  return { distanceName, options };
}

/** `=>{$YIELD_DISTANCE_AS: name}` after the brackets. */
function readTrailingName(lexer: Lexer): string | undefined {
  const match = /^\s*=>\s*\{([^}]*)\}/.exec(lexer.text.slice(lexer.at));
  if (!match) return undefined;
  lexer.at += match[0].length;
  return /\$yield_distance_as\s*:\s*([^;\s]+)/i.exec(match[1] as string)?.[1];
}

function readVectorRange(
  lexer: Lexer,
  index: SearchIndex,
  named: Named,
  [, radius, parameter]: readonly Item[],
): Query {
  if (lexer.dialect < 2) throw lexer.error();
  const field = check(lexer, index, named, 'VECTOR');
  const name = parameter?.text.replace(/^\$/, '') ?? '';
  const reach = radius?.text.startsWith('$')
    ? parseDouble(lexer.parameterNamed(radius.text.slice(1)))
    : parseDouble(radius?.text ?? '');
  if (reach === undefined || reach < 0) throw lexer.error();
  const blob = readBlob(lexer, index, field, name);
  const rest = { count: undefined, distanceName: undefined, options: [], among: undefined };
  return queryOf({
    kind: 'vector',
    vector: { field, parameter: name, blob, radius: reach, ...rest },
  });
}
