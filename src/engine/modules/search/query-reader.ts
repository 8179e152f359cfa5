/**
 * Reads queries. In dialect 1, which is the default, a field, a `-` and a `~` reach over all words that
 * follow; from dialect 2 on they take one thing each.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/dialects/
 */
import { parseInteger } from '../../bytes/numbers.ts';
import { notSimulated, redisError } from '../../errors.ts';
import { badSyntax } from './errors.ts';
import { readBrackets, readTags, readVectorClause } from './field-query.ts';
import { Lexer } from './lexer.ts';
import { join, narrow, nothing, type Query, queryOf } from './query.ts';
import type { Field, FieldSet } from './schema.ts';
import type { SearchIndex } from './search-index.ts';
import { stem } from './stemmer.ts';
import { fold, isWordChar, withoutBackslashes } from './words.ts';

/** How a query is to be read. */
export interface Reading {
  readonly dialect: number;
  readonly parameters: ReadonlyMap<string, string>;
  /** Words stand for themselves only. */
  readonly isVerbatim: boolean;
  /** Words that say nothing are searched, too. */
  readonly keepsStopwords: boolean;
}

/** Throws where the query makes no sense for this index. */
export function readQuery(text: string, index: SearchIndex, reading: Reading): Query {
  const reader = new QueryReader(
    new Lexer(text, reading.dialect, reading.parameters),
    index,
    reading,
  );
  return reader.read();
}

/** So deep may brackets and operators stand within one another, as the module's parser can hold them. */
const [DEEPEST, DEEPEST_LOOSELY] = [253, 97];

class QueryReader {
  #depth = 0;

  constructor(
    private readonly lexer: Lexer,
    private readonly index: SearchIndex,
    private readonly reading: Reading,
  ) {}

  get #isLoose(): boolean {
    return this.reading.dialect < 2;
  }

  read(): Query {
    const { lexer } = this;
    if (lexer.peek() === undefined) return nothing();
    const query = this.#readEvery() ?? this.#readSequence();
    const whole = lexer.take('=>') ? readVectorClause(lexer, this.index, query) : query;
    if (lexer.peek() !== undefined) throw lexer.error();
    return whole;
  }

  /** A `*` by itself, in brackets or not. */
  #readEvery(): Query | undefined {
    const match = /^[\s(]*\*[\s)]*/.exec(this.lexer.text);
    const rest = match && this.lexer.text.slice(match[0].length);
    if (!match || (rest !== '' && !rest?.startsWith('=>'))) return undefined;
    const count = (char: string) => match[0].split(char).length;
    if (count('(') !== count(')')) return undefined;
    this.lexer.at = match[0].length;
    return queryOf({ kind: 'every' });
  }

  get #isAtEnd(): boolean {
    const next = this.lexer.peek();
    return next === undefined || next === ')' || this.lexer.is('=>');
  }

  /** Everything up to the end, or the bracket that closes it. */
  #readSequence(): Query {
    return this.#isLoose ? this.#readLoosely() : this.#readUnion();
  }

  /** Dialect 1: from left to right, `|` binds no less than standing together. */
  #readLoosely(): Query {
    let query = this.#readItem();
    while (!this.#isAtEnd) {
      const kind = this.lexer.take('|') ? 'union' : 'intersection';
      query = join(kind, query, this.#readItem(), 1);
    }
    return query;
  }

  #readUnion(): Query {
    const { dialect } = this.reading;
    let query = this.#readIntersection();
    while (this.lexer.take('|')) query = join('union', query, this.#readIntersection(), dialect);
    return query;
  }

  #readIntersection(): Query {
    const { dialect } = this.reading;
    let query = this.#readItem();
    while (!this.#isAtEnd && !this.lexer.is('|')) {
      query = join('intersection', query, this.#readItem(), dialect);
    }
    return query;
  }

  /** One thing; in dialect 1 words that stand together are one. */
  #readItem(): Query {
    const query = this.#isLoose ? this.#readWords() : this.#readOne();
    return this.#readAttributes(query);
  }

  #readWords(): Query {
    if (!this.#isAtWord()) return this.#readOne();
    let query = this.#readOne();
    while (this.#isAtWord()) query = join('intersection', query, this.#readOne(), 1);
    return query;
  }

  #isAtWord(): boolean {
    const next = this.lexer.peek();
    return next !== undefined && (isWordChar(next) || next === '\\') && !this.#isAtPattern();
  }

  #isAtPattern(): boolean {
    return this.reading.dialect >= 2 && /^w'/.test(this.lexer.text.slice(this.lexer.at));
  }

  #readOne(): Query {
    const { lexer } = this;
    const next = lexer.peek();
    if (next === '-' || next === '~') return this.#readOperator(next);
    if (lexer.take('(')) return this.#readGroup();
    if (next === '@') return this.#readField();
    return this.#readText();
  }

  #readOperator(operator: '-' | '~'): Query {
    this.lexer.take(operator);
    const part = this.#within(() => (this.#isLoose ? this.#readReach() : this.#readItem()));
    if (part.kind === 'empty') return part;
    return queryOf({ kind: operator === '-' ? 'not' : 'optional', part });
  }

  /** Dialect 1: as far as there is neither another operator, a phrase, nor a `|`. */
  #readReach(): Query {
    let query = this.#readItem();
    while (!this.#isAtEnd && !['|', '-', '~', '"'].includes(this.lexer.peek() as string)) {
      query = join('intersection', query, this.#readItem(), 1);
    }
    return query;
  }

  #readGroup(): Query {
    const query = this.#within(() => this.#readSequence());
    this.lexer.expect(')');
    return query;
  }

  /** Reads what stands within something else. Throws where that is too deep. */
  #within(read: () => Query): Query {
    this.#depth++;
    if (this.#isLoose && this.#depth > DEEPEST_LOOSELY) throw this.lexer.error();
    if (this.#depth > DEEPEST) {
      throw badSyntax('Parser stack overflow. Try moving nested parentheses more to the left');
    }
    const query = read();
    this.#depth--;
    return query;
  }

  #readField(): Query {
    const { lexer } = this;
    const offset = lexer.at;
    lexer.take('@');
    const names = [lexer.fieldName()];
    while (lexer.take('|')) {
      lexer.take('@');
      names.push(lexer.fieldName());
    }
    const fields = { names, offset };
    if (this.reading.dialect >= 2 && names.length === 1 && !lexer.is(':')) {
      return readBrackets(lexer, this.index, fields, 'comparison');
    }
    lexer.expect(':');
    if (lexer.take('{')) return readTags(lexer, this.index, fields);
    if (lexer.take('[')) return readBrackets(lexer, this.index, fields, 'range');
    return this.#readNarrowed(names, offset);
  }

  #readNarrowed(names: readonly string[], offset: number): Query {
    const set = this.#setOf(names, offset);
    const isGroup = this.lexer.take('(');
    const query = isGroup
      ? this.#readGroup()
      : this.#isLoose
        ? this.#readWords()
        : this.#readText();
    narrow(query, set);
    return query;
  }

  #setOf(names: readonly string[], offset: number): FieldSet {
    let set = 0;
    for (const name of names) {
      const field = this.index.field(name);
      if (!this.#isLoose && !field) throw this.lexer.fieldError('Unknown field', offset, name);
      if (!this.#isLoose && field?.kind !== 'TEXT') {
        throw this.lexer.fieldError('Expected a TEXT field', offset, name);
      }
      set = (set | (field?.kind === 'TEXT' ? field.bit : 0)) >>> 0;
    }
    return set;
  }

  /** A word, a part of one, a phrase, or what a parameter holds. */
  #readText(): Query {
    const { lexer } = this;
    if (lexer.take('"')) return this.#readPhrase();
    if (lexer.take('%')) return this.#readFuzzy();
    if (lexer.take('$')) return this.#expand(fold(lexer.parameter()));
    if (this.#isAtPattern()) return this.#readPattern();
    if (lexer.take('*')) return this.#readSuffix();
    if (this.reading.dialect >= 2 && lexer.take('ismissing(')) return this.#readMissing();
    const word = lexer.word();
    if (word === '') throw lexer.error();
    const text = fold(withoutBackslashes(word));
    if (!lexer.touches('*')) return this.#expand(text);
    lexer.at++;
    return queryOf({ kind: 'prefix', text });
  }

  #readSuffix(): Query {
    const word = this.lexer.word();
    if (word === '') throw this.lexer.error();
    const text = fold(withoutBackslashes(word));
    if (!this.lexer.touches('*')) return queryOf({ kind: 'suffix', text });
    this.lexer.at++;
    return queryOf({ kind: 'infix', text });
  }

  #readFuzzy(): Query {
    let distance = 1;
    while (this.lexer.take('%')) distance++;
    const text = fold(withoutBackslashes(this.lexer.word()));
    for (let i = 0; i < distance; i++) this.lexer.expect('%');
    if (distance > 3 || text === '') throw this.lexer.error();
    return queryOf({ kind: 'fuzzy', text, distance });
  }

  #readPattern(): Query {
    const { lexer } = this;
    const match = /^w'((?:\\[\s\S]|[^'])*)'/.exec(lexer.text.slice(lexer.at));
    if (!match) throw lexer.error();
    lexer.at += match[0].length;
    return queryOf({ kind: 'pattern', text: fold(match[1] as string) });
  }

  #readMissing(): Query {
    const { lexer } = this;
    lexer.expect('@');
    const field = lexer.fieldName();
    lexer.expect(')');
    if (this.index.field(field)?.indexesMissing !== true) {
      throw badSyntax("'ismissing' requires field to be defined with 'INDEXMISSING'");
    }
    return queryOf({ kind: 'missing', field });
  }

  #readPhrase(): Query {
    const { lexer } = this;
    const parts: Query[] = [];
    while (!lexer.take('"')) {
      const next = lexer.peek();
      if (next === undefined) throw lexer.error();
      const word = lexer.word();
      if (word === '') lexer.at++;
      else {
        const text = fold(withoutBackslashes(word));
        const isPlain = !lexer.touches('*') && (!this.#isLoose || !this.#isStopword(text));
        if (!isPlain) throw lexer.error();
        parts.push(queryOf({ kind: 'word', word: text, isExpanded: false }));
      }
    }
    if (parts.length === 1) return parts[0] as Query;
    return parts.length === 0 ? nothing() : queryOf({ kind: 'phrase', parts });
  }

  #isStopword(word: string): boolean {
    return !this.reading.keepsStopwords && this.index.definition.stopwords.has(word);
  }

  /** A word with the forms by which it is found as well: its stem, and its groups of synonyms. */
  #expand(word: string): Query {
    if (this.#isStopword(word)) return nothing();
    const plain = queryOf({ kind: 'word', word, isExpanded: false });
    if (this.reading.isVerbatim) return plain;
    const forms = [...stemsOf(word, this.index.fields), ...this.#groupsOf(word)];
    if (forms.length === 0) return plain;
    const expanded = forms.map((form) => queryOf({ kind: 'word', word: form, isExpanded: true }));
    return queryOf({ kind: 'union', parts: [plain, ...expanded] });
  }

  #groupsOf(word: string): string[] {
    return this.index.synonyms.groupsOf(word).map((group) => `~${group}`);
  }

  /** `=> { $weight: 2; $slop: 1; $inorder: true; }` after a part of a query. */
  #readAttributes(query: Query): Query {
    const { lexer } = this;
    if (!/^=>\s*\{/.test(lexer.peek() === undefined ? '' : lexer.text.slice(lexer.at)))
      return query;
    lexer.take('=>');
    lexer.take('{');
    while (!lexer.take('}')) {
      if (lexer.peek() === undefined) throw lexer.error();
      lexer.expect('$');
      const name = lexer.word();
      lexer.expect(':');
      const match = /^\s*([^;}\s]+)\s*;?/.exec(lexer.text.slice(lexer.at));
      if (!match) throw lexer.error();
      lexer.at += match[0].length;
      setAttribute(query, name, match[1] as string);
    }
    return query;
  }
}

function stemsOf(word: string, fields: readonly Field[]): string[] {
  if (!fields.some(({ kind, stems }) => kind === 'TEXT' && stems)) return [];
  const stemmed = stem(word);
  return stemmed === word ? [`+${word}`] : [`+${stemmed}`, stemmed];
}

function setAttribute(query: Query, name: string, value: string): void {
  const refusal = () => badSyntax(`Invalid value (${value}) for \`${name}\``);
  switch (name.toLowerCase()) {
    case 'weight': {
      const weight = Number(value);
      if (!(weight >= 0)) throw refusal();
      query.weight = weight;
      break;
    }
    case 'slop': {
      const slop = parseInteger(value);
      if (slop === undefined) throw refusal();
      query.slop = Number(slop);
      break;
    }
    case 'inorder':
      if (!/^(true|false|0|1)$/i.test(value)) throw refusal();
      query.isInOrder = /^(true|1)$/i.test(value);
      break;
    case 'phonetic':
      if (/^(true|1)$/i.test(value)) throw notSimulated('$phonetic', 'find what sounds alike');
      break;
    case 'yield_distance_as':
      if (query.kind !== 'vector') throw badSyntax('Invalid attribute yield_distance_as');
      query.vector = { ...query.vector, distanceName: value };
      break;
    case 'epsilon':
    case 'ef_runtime':
    case 'hybrid_policy':
    case 'batch_size':
    case 'shard_k_ratio':
      break;
    default:
      throw redisError(`SEARCH_OPTION_INVALID Invalid attribute ${name}`);
  }
}
