/**
 * What an aggregation is to do, step by step, and what its rows have in them.
 * https://redis.io/docs/latest/commands/ft.aggregate/
 */
import { parseDouble } from '../../bytes/numbers.ts';
import { redisError } from '../../errors.ts';
import { badArguments, NOT_GIVEN, noProperty, OUT_OF_BOUNDS, WRONG_TYPE } from './errors.ts';
import { type Expression, propertiesOf, readExpression } from './expression.ts';
import type { Options } from './options.ts';
import type { ReducerKind } from './reducers.ts';
import type { Field } from './schema.ts';
import type { SearchIndex } from './search-index.ts';

/** A property that rows have from the start. */
export interface Column {
  readonly name: string;
  readonly from:
    | { readonly kind: 'field'; readonly path: string; readonly field: Field | undefined }
    | { readonly kind: 'score' | 'key' | 'distance' }
    /** Made by a step. */
    | { readonly kind: 'made' };
  /** LOAD named it: it is read as it is in the document. */
  isLoaded: boolean;
}

export interface Fold {
  readonly kind: ReducerKind;
  readonly of: string | undefined;
  readonly by: string | undefined;
  readonly name: string;
}

export type PlanStep =
  | { readonly kind: 'group'; readonly by: readonly string[]; readonly folds: readonly Fold[] }
  | { readonly kind: 'apply'; readonly name: string; readonly expression: Expression }
  | { readonly kind: 'filter'; readonly expression: Expression }
  | SortStep;

export interface SortStep {
  readonly kind: 'sort';
  keys: readonly SortKey[];
  offset: number;
  count: number | undefined;
}

export interface SortKey {
  readonly name: string;
  readonly isDescending: boolean;
}

/** Which properties a step may read that no other has read. */
type Reach = 'schema' | 'row';

export class Plan {
  readonly columns: Column[] = [];
  readonly steps: PlanStep[] = [];
  /** LOAD *. */
  loadsAll = false;
  /** Fields are read from documents, by LOAD or for a sort. */
  reads = false;
  /** What rows have after a GROUPBY, and nothing else. */
  #stage: Set<string> | undefined;
  /** The sorting that SORTBY and LIMIT share until the next GROUPBY. */
  #sort: SortStep | undefined;

  constructor(
    private readonly index: SearchIndex,
    /** What the query brings is not known yet: nothing is missed. */
    private readonly isDraft: boolean,
  ) {}

  /** A property that the query or an option brings. */
  bring(name: string, kind: 'score' | 'distance'): void {
    this.columns.push({ name, from: { kind }, isLoaded: true });
  }

  /** LOAD count field [AS name] ..., or LOAD *. */
  load(options: Options): void {
    this.reads = true;
    if (options.done) throw badArguments(`Bad arguments for LOAD: ${NOT_GIVEN}`);
    if (options.take('*')) {
      this.loadsAll = true;
      return;
    }
    if (!/^-?\d+$/.test(options.peek() ?? '')) {
      throw badArguments('Bad arguments for LOAD: Expected number of fields or `*`');
    }
    const end = options.count('LOAD') + options.at;
    while (options.at < end) {
      const what = options.value('LOAD').replace(/^@/, '');
      const isNamed = options.at < end && options.take('AS');
      if (isNamed && options.at >= end) {
        throw badArguments('LOAD path AS name - must be accompanied with NAME');
      }
      this.#loadField(what, isNamed ? options.value('LOAD') : what);
    }
  }

  #loadField(what: string, name: string): void {
    const known = this.columns.find((column) => column.name === name);
    if (known) known.isLoaded = true;
    else this.columns.push({ name, from: this.#sourceOf(what), isLoaded: true });
  }

  #sourceOf(name: string): Column['from'] {
    if (name === '__key') return { kind: 'key' };
    const field = this.index.field(name);
    return { kind: 'field', path: field?.path ?? name, field };
  }

  /** GROUPBY count @property ... REDUCE ... */
  group(options: Options): void {
    const by = this.#readProperties(options);
    const folds: Fold[] = [];
    while (options.take('REDUCE')) {
      const fold = this.#readFold(options);
      const isTaken = by.includes(fold.name) || folds.some(({ name }) => name === fold.name);
      if (isTaken) throw badArguments(`Property \`${fold.name}\` specified more than once`);
      folds.push(fold);
    }
    this.steps.push({ kind: 'group', by, folds });
    this.#stage = new Set([...by, ...folds.map(({ name }) => name)]);
    this.#sort = undefined;
  }

  #readProperties(options: Options): string[] {
    const count = options.integer('GROUPBY');
    const names: string[] = [];
    for (let i = 0; i < count; i++) {
      const word = options.value('GROUPBY');
      if (!word.startsWith('@')) {
        throw badArguments(
          `Bad arguments for GROUPBY: Unknown property \`${word}\`. Did you mean \`@${word}\`?`,
        );
      }
      const name = word.slice(1);
      if (names.includes(name)) throw badArguments(`Property \`${name}\` specified more than once`);
      if (!this.#has(name, 'schema')) {
        throw redisError(`SEARCH_PROP_NOT_FOUND No such property \`${name}\``);
      }
      names.push(name);
    }
    if (count < 0) throw badArguments(`Bad arguments for GROUPBY: ${NOT_GIVEN}`);
    return names;
  }

  #readFold(options: Options): Fold {
    const name = options.value('REDUCE');
    const words = options.list(name);
    const about = readReducer(name, words);
    const [of, by] = [about.of, about.by].map((property) => {
      if (property !== undefined && !this.#has(property, 'schema')) throw notLoaded(property);
      return property;
    });
    const given = options.take('AS') ? options.value('AS') : undefined;
    return { kind: about.kind, of, by, name: given ?? generatedName(name, words) };
  }

  /** APPLY expression [AS name]. */
  apply(options: Options): void {
    const { text, expression } = this.#readExpression(options, 'APPLY');
    const name = options.take('AS') ? options.value('AS') : text;
    this.#make(name);
    this.steps.push({ kind: 'apply', name, expression });
  }

  filter(options: Options): void {
    this.steps.push({
      kind: 'filter',
      expression: this.#readExpression(options, 'FILTER').expression,
    });
  }

  #readExpression(options: Options, step: string) {
    const text = options.value(step);
    const expression = readExpression(text);
    for (const name of propertiesOf(expression)) {
      if (!this.#has(name, 'row')) throw notLoaded(name);
    }
    return { text, expression };
  }

  #make(name: string): void {
    if (this.#stage) this.#stage.add(name);
    else if (!this.columns.some((column) => column.name === name)) {
      this.columns.push({ name, from: { kind: 'made' }, isLoaded: true });
    }
  }

  /** SORTBY count @property [ASC | DESC] ... [MAX most]; the count is of words. */
  sort(options: Options): void {
    const words = options.list('SORTBY');
    const keys: { name: string; isDescending: boolean }[] = [];
    for (const word of words) {
      const last = keys.at(-1);
      if (word.startsWith('@')) keys.push({ name: word.slice(1), isDescending: false });
      else if (!/^(ASC|DESC)$/i.test(word)) {
        throw badArguments(`MISSING ASC or DESC after sort field (${word})`);
      } else if (last) last.isDescending = /^DESC$/i.test(word);
    }
    const most = options.take('MAX') ? options.count('MAX') : 0;
    const sort = this.#sorting();
    if (sort.keys.length > 0) throw badArguments('Multiple SORTBY steps are not allowed');
    for (const { name } of keys) if (!this.#has(name, 'schema')) throw noProperty(name);
    this.reads ||= keys.length > 0;
    sort.keys = keys;
    if (most > 0) sort.count = most;
  }

  limit(offset: number, count: number): void {
    Object.assign(this.#sorting(), { offset, count });
  }

  #sorting(): SortStep {
    if (!this.#sort) {
      this.#sort = { kind: 'sort', keys: [], offset: 0, count: undefined };
      this.steps.push(this.#sort);
    }
    return this.#sort;
  }

  /** Whether a step can read a property; what it can read of documents is read from now on. */
  #has(name: string, reach: Reach): boolean {
    if (this.isDraft) return true;
    if (this.#stage) return this.#stage.has(name);
    if (this.columns.some((column) => column.name === name)) return true;
    const field = this.index.field(name);
    const isReadable = field
      ? reach === 'schema' || field.isSortable || this.loadsAll
      : this.loadsAll;
    if (isReadable) this.columns.push({ name, from: this.#sourceOf(name), isLoaded: false });
    return isReadable;
  }
}

const notLoaded = (name: string) =>
  redisError(`SEARCH_PROP_NOT_FOUND Property \`${name}\` not loaded nor in pipeline`);

/** The name that a reduced property has when it is given none. */
function generatedName(reducer: string, words: readonly string[]): string {
  const args = words.map((word) => word.replace(/^@/, '')).join(',');
  return `__generated_alias${reducer}${args}`.toLowerCase();
}

interface About {
  readonly kind: ReducerKind;
  readonly of?: string;
  readonly by?: string;
}

const PLAIN = [
  ...(['SUM', 'MIN', 'MAX', 'AVG', 'STDDEV', 'TOLIST'] as const),
  ...(['COUNT_DISTINCT', 'COUNT_DISTINCTISH'] as const),
];

const MOST_SAMPLED = 1000;

function readReducer(name: string, words: readonly string[]): About {
  const upper = name.toUpperCase();
  if (upper === 'COUNT') {
    if (words.length > 0) throw badArguments('Count accepts 0 values only');
    return { kind: { name: 'COUNT' } };
  }
  const plain = PLAIN.find((each) => each === upper);
  const [first] = words;
  const isKnown = plain || /^(QUANTILE|RANDOM_SAMPLE|FIRST_VALUE)$/.test(upper);
  if (!isKnown) throw redisError(`SEARCH_REDUCER_NOT_FOUND No such reducer: ${name}`);
  if (first === undefined) throw badArguments(`Missing arguments for ${name}`);
  const of = first.replace(/^@/, '');
  if (plain) return { kind: { name: plain }, of };
  if (upper === 'QUANTILE') return { kind: readQuantile(name, words), of };
  if (upper === 'RANDOM_SAMPLE') return { kind: readSample(words), of };
  return { of, ...readFirstValue(name, words) };
}

function readQuantile(name: string, words: readonly string[]): ReducerKind {
  const quantile = words[1] === undefined ? undefined : parseDouble(words[1]);
  if (quantile === undefined) throw badArguments(`Bad arguments for ${name}: ${WRONG_TYPE}`);
  if (!(quantile >= 0 && quantile <= 1)) {
    throw badArguments('Percentage must be between 0.0 and 1.0');
  }
  return { name: 'QUANTILE', quantile };
}

function readSample(words: readonly string[]): ReducerKind {
  const refusal = (why: string) => badArguments(`Bad arguments for <sample size>: ${why}`);
  if (words[1] === undefined) throw refusal(NOT_GIVEN);
  if (!/^-?\d+$/.test(words[1])) throw refusal(WRONG_TYPE);
  const size = Number(words[1]);
  if (size < 0) throw refusal(OUT_OF_BOUNDS);
  if (size > MOST_SAMPLED) throw badArguments('Sample size too large');
  return { name: 'RANDOM_SAMPLE', size };
}

function readFirstValue(name: string, words: readonly string[]): Omit<About, 'of'> {
  const [, keyword, property, direction, extra] = words;
  const kind = { name: 'FIRST_VALUE', isSorted: false, isDescending: false } as const;
  if (keyword === undefined) return { kind };
  const refusal = (word: string, at: number) =>
    redisError(
      `SEARCH_ARG_UNRECOGNIZED Unknown argument \`${word}\` at position ${at} for ${name}`,
    );
  if (keyword.toUpperCase() !== 'BY') throw refusal(keyword, 1);
  if (property === undefined) throw badArguments(`Missing arguments for ${name}`);
  if (direction !== undefined && !/^(ASC|DESC)$/i.test(direction)) throw refusal(direction, 3);
  if (extra !== undefined) throw refusal(extra, 4);
  const isDescending = /^DESC$/i.test(direction ?? '');
  return { kind: { ...kind, isSorted: true, isDescending }, by: property.replace(/^@/, '') };
}
