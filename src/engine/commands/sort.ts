import { parseDouble } from '../bytes/numbers.ts';
import { redisError, syntaxError, wrongType } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { ListValue } from '../values/list.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import type { KeySpec } from './syntax.ts';

/** SORT: elements of a list, set or sorted set, ordered by themselves or by other keys. https://redis.io/docs/latest/commands/sort/ */

const first: KeySpec = { begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } };
/** Keys made from patterns: nobody can tell them from the arguments. */
const fromPatterns: KeySpec = { begin: 'unknown', find: 'unknown' };
const OPTIONS = `[BY pattern:pattern] [LIMIT offset:int count:int] [GET pattern:pattern [GET pattern:pattern ...]] [ASC | DESC] [ALPHA]`;
const complexity =
  'O(N+M*log(M)) where N is the number of elements and M the number of returned ones.';

export const sortCommands = [
  command(`SORT key ${OPTIONS} [STORE destination:key]`, {
    readsKeys: true,
    summary: 'Sorts the elements of a list, a set or a sorted set; may store the result.',
    since: '1.0.0',
    group: 'generic',
    complexity,
    flags: ['write', 'denyoom'],
    keyUse: ['RO access', 'RO access', 'OW update'],
    override: {
      keys: [first, fromPatterns, fromPatterns],
      categories: ['set', 'sortedset', 'list', 'dangerous'],
    },
    findKeys: sortKeys,
    run: (ctx, args) => sort(ctx, args, { mayStore: true }),
  }),
  command(`SORT_RO key ${OPTIONS}`, {
    summary: 'Sorts the elements of a list, a set or a sorted set without ever writing.',
    since: '7.0.0',
    group: 'generic',
    complexity,
    flags: ['readonly'],
    keyUse: ['RO access', 'RO access'],
    override: {
      keys: [first, fromPatterns],
      categories: ['set', 'sortedset', 'list', 'dangerous'],
    },
    findKeys: () => [1],
    run: (ctx, args) => sort(ctx, args, { mayStore: false }),
  }),
];

/** The sorted key, and the last STORE destination. */
function sortKeys(argv: readonly string[]): number[] {
  const stores = argv.flatMap((arg, i) =>
    i > 1 && i + 1 < argv.length && arg.toUpperCase() === 'STORE' ? [i + 1] : [],
  );
  return [1, ...stores.slice(-1)];
}

interface Options {
  by: string | undefined;
  readonly get: string[];
  offset: number;
  /** Negative is no limit. */
  count: number;
  descending: boolean;
  alpha: boolean;
  store: string | undefined;
}

function readOptions(args: Args, mayStore: boolean): Options {
  const options: Options = {
    by: undefined,
    get: [],
    offset: 0,
    count: -1,
    descending: false,
    alpha: false,
    store: undefined,
  };
  while (!args.done) {
    if (args.token('ASC')) options.descending = false;
    else if (args.token('DESC')) options.descending = true;
    else if (args.token('ALPHA')) options.alpha = true;
    else if (args.left > 2 && args.token('LIMIT')) {
      options.offset = args.index();
      options.count = args.index();
    } else if (mayStore && args.left > 1 && args.token('STORE')) options.store = args.string();
    else if (args.left > 1 && args.token('BY')) options.by = args.string();
    else if (args.left > 1 && args.token('GET')) options.get.push(args.string());
    else throw syntaxError();
  }
  return options;
}

function sort(ctx: Context, args: Args, { mayStore }: { mayStore: boolean }): Reply {
  const key = args.string();
  const options = readOptions(args, mayStore);
  const value = ctx.db.lookUp(key);
  if (value && value.type !== 'list' && value.type !== 'set' && value.type !== 'zset') {
    throw wrongType();
  }
  if (value?.type === 'zset') value.unpack();
  const elements = value ? elementsOf(value, options, ctx.inScript) : [];
  const sorted = isConstant(options.by) ? elements : order(ctx, elements, options);
  const result = limit(sorted, options).flatMap((element) => project(ctx, element, options.get));
  return options.store === undefined ? result : store(ctx, options.store, result);
}

type Sortable = Extract<ReturnType<Context['db']['lookUp']>, { type: 'list' | 'set' | 'zset' }>;

function elementsOf(value: Sortable, options: Options, inScript: boolean): string[] {
  // What is stored or seen by a script must be the same everywhere, though a set has no order.
  const isFixed = options.store !== undefined || inScript;
  if (value.type === 'set') return isFixed ? [...value].sort() : [...value];
  const elements = value.type === 'list' ? [...value] : [...value].map(({ member }) => member);
  // Without sorting, what has an order of its own keeps it, in the direction asked for.
  return isConstant(options.by) && options.descending ? elements.reverse() : elements;
}

/** BY a name without a star sorts nothing: the elements stay as they come. */
const isConstant = (by: string | undefined): boolean => by !== undefined && !by.includes('*');

function order(ctx: Context, elements: readonly string[], options: Options): string[] {
  const { by, alpha, descending } = options;
  const weight = (element: string) => (by === undefined ? element : follow(ctx, by, element));
  const direction = descending ? -1 : 1;
  if (alpha) {
    const named = elements.map((element) => ({ element, by: weight(element) }));
    named.sort((a, b) => direction * compareNames(a.by, b.by));
    return named.map(({ element }) => element);
  }
  const scored = elements.map((element) => ({ element, score: toScore(weight(element)) }));
  scored.sort((a, b) => {
    const difference = a.score < b.score ? -1 : a.score > b.score ? 1 : 0;
    // Equal scores are told apart by name, so that the order is always the same.
    return direction * (difference || compareNames(a.element, b.element));
  });
  return scored.map(({ element }) => element);
}

function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function toScore(text: string | null): number {
  if (text === null) return 0;
  const score = parseDouble(text);
  if (score !== undefined) return score;
  throw redisError("ERR One or more scores can't be converted into double");
}

/**
 * The value that a pattern leads to: its star is replaced by the element, and `->field` reads a
 * hash. `#` is the element itself.
 */
function follow({ db }: Context, pattern: string, element: string): string | null {
  if (pattern === '#') return element;
  const star = pattern.indexOf('*');
  if (star < 0) return null;
  const arrow = pattern.indexOf('->', star + 1);
  const isHash = arrow >= 0 && arrow + 2 < pattern.length;
  const suffix = pattern.slice(star + 1, isHash ? arrow : undefined);
  const value = db.lookUp(pattern.slice(0, star) + element + suffix);
  if (isHash) {
    const field = pattern.slice(arrow + 2);
    if (value?.type !== 'hash' || value.hasExpired(field, db.fieldNow)) return null;
    return value.get(field) || null;
  }
  return value?.type === 'string' ? value.bytes : null;
}

function limit(sorted: readonly string[], { offset, count }: Options): readonly string[] {
  const start = Math.max(offset, 0);
  return sorted.slice(start, count < 0 ? undefined : start + count);
}

function project(ctx: Context, element: string, patterns: readonly string[]): (string | null)[] {
  if (patterns.length === 0) return [element];
  return patterns.map((pattern) => follow(ctx, pattern, element));
}

function store({ db, limits }: Context, key: string, result: readonly (string | null)[]): Reply {
  if (result.length > 0) {
    const list = new ListValue();
    list.push(
      'tail',
      result.map((element) => element ?? ''),
      limits,
    );
    db.set(key, list);
    db.changed('sortstore', key);
  } else if (db.has(key) && db.delete(key)) {
    db.changed('del', key);
  }
  return result.length;
}
