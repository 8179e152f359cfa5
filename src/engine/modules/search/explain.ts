/** Prints a query as FT.EXPLAIN does. https://redis.io/docs/latest/commands/ft.explain/ */
import { isExpansion, type Query, type VectorQuery } from './query.ts';
import { EVERY_FIELD, type Field, type FieldSet } from './schema.ts';

/** The lines of a query, and an empty one. */
export function explain(query: Query, fields: readonly Field[]): string {
  const lines: string[] = [];
  const print = (part: Query, depth: number): void => {
    const scope = scopeOf(part, fields);
    const line = (text: string) => lines.push('  '.repeat(depth) + text);
    const block = (head: string, inner: readonly Query[], tail: string) => {
      line(scope + head);
      for (const each of inner) print(each, depth + 1);
      line(`}${tail}`);
    };
    const body = bodyOf(part);
    if (typeof body === 'string') line(scope + body + attributesOf(part));
    else block(body.head, body.inner, body.tail ?? attributesOf(part));
  };
  print(query, 0);
  return `${lines.join('\n')}\n`;
}

interface Block {
  readonly head: string;
  readonly inner: readonly Query[];
  readonly tail?: string;
}

function bodyOf(query: Query): string | Block {
  switch (query.kind) {
    case 'empty':
      return '<empty>';
    case 'every':
      return '<WILDCARD>';
    case 'word':
      return query.word === '' ? '""' : `${query.word}${query.isExpanded ? '(expanded)' : ''}`;
    case 'union':
      return { head: 'UNION {', inner: query.parts };
    case 'intersection':
      return { head: 'INTERSECT {', inner: query.parts };
    case 'phrase':
      return { head: 'EXACT {', inner: query.parts };
    case 'not':
      return { head: 'NOT{', inner: [query.part] };
    case 'optional':
      return { head: 'OPTIONAL{', inner: [query.part] };
    case 'tag':
      return { head: `TAG:@${query.field} {`, inner: query.parts };
    case 'vector':
      return ofVector(query.vector);
    default:
      return ofLeaf(query);
  }
}

type Leaf = Extract<
  Query,
  { kind: 'prefix' | 'suffix' | 'infix' | 'pattern' | 'fuzzy' | 'numeric' | 'geo' | 'missing' }
>;

function ofLeaf(query: Leaf): string {
  switch (query.kind) {
    case 'prefix':
      return `PREFIX{${query.text}*}`;
    case 'suffix':
      return `SUFFIX{*${query.text}}`;
    case 'infix':
      return `INFIX{*${query.text}*}`;
    case 'pattern':
      return `WILDCARD{${query.text}}`;
    case 'fuzzy':
      return `FUZZY{${query.text}}`;
    case 'missing':
      return `ISMISSING{${query.field}}`;
    case 'numeric': {
      const { min, max, isMinOpen, isMaxOpen } = query.range;
      const [low, high] = [isMinOpen ? '<' : '<=', isMaxOpen ? '<' : '<='];
      return `NUMERIC {${fixed(min)} ${low} @${query.field} ${high} ${fixed(max)}}`;
    }
    case 'geo': {
      const { centre, radius, unit } = query.circle;
      const place = `${fixed(centre.longitude)},${fixed(centre.latitude)}`;
      return `GEO ${query.field}:{${place} --> ${fixed(radius)} ${unit}}`;
    }
  }
}

function ofVector(vector: VectorQuery): string | Block {
  const sentence = describe(vector);
  if (!vector.among) return `VECTOR {${sentence}}`;
  return { head: 'VECTOR {', inner: [vector.among], tail: ` => {${sentence}}` };
}

function describe(vector: VectorQuery): string {
  const { field, parameter, count, radius, distanceName, options } = vector;
  const where = `\`$${parameter}\` in vector index associated with field @${field}`;
  const named = distanceName === undefined ? '' : `, yields distance as \`${distanceName}\``;
  if (radius !== undefined) {
    return `Vectors that are within ${radius} distance radius from ${where}${named}`;
  }
  const asked = options.map(([name, value]) => `, ${name} = ${value}`).join('');
  return `K=${count} nearest vectors to ${where}${asked}${named}`;
}

/** `@title|body:`, where not all fields are asked. */
function scopeOf(query: Query, fields: readonly Field[]): string {
  if (query.fields === EVERY_FIELD || query.kind === 'empty') return '';
  if (query.fields === 0) return '@NULL:';
  // These name their field themselves.
  if (query.kind === 'numeric' || query.kind === 'geo') return '';
  return `@${namesOf(query.fields, fields).join('|')}:`;
}

const namesOf = (set: FieldSet, fields: readonly Field[]): string[] =>
  fields.filter(({ bit }) => (bit & set) !== 0).map(({ name }) => name);

function attributesOf(query: Query): string {
  const weight = query.weight === undefined || query.weight === 1 ? undefined : query.weight;
  if (query.kind === 'word') return weight === undefined ? '' : ` => {$weight: ${weight};}`;
  const { slop = -1, isInOrder = false } = query;
  const said = [
    ...(weight === undefined || isExpansion(query) ? [] : [`$weight: ${weight};`]),
    ...(slop < 0 ? [] : [`$slop: ${slop};`]),
    ...(slop >= 0 || isInOrder ? [`$inorder: ${isInOrder};`] : []),
  ];
  return said.length === 0 ? '' : ` => { ${said.join(' ')} }`;
}

/** As "%f" of C. */
export function fixed(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(6);
  return value > 0 ? 'inf' : '-inf';
}
