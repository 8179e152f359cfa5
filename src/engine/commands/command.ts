import type { Reply } from '../resp/reply.ts';
import type { Args } from './args.ts';
import type { Context } from './context.ts';
import { type KeySpec, parseSyntax, type Syntax } from './syntax.ts';
import type { Wait } from './wait.ts';

/** Flags as COMMAND INFO prints them. https://redis.io/docs/latest/commands/command/#flags */
export type Flag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'asking'
  | 'fast'
  | 'no_auth'
  | 'may_replicate'
  | 'allow_busy'
  | 'no_async_loading'
  | 'no_multi'
  | 'no_mandatory_keys'
  | 'movablekeys'
  | 'module'
  | 'protected'
  | 'touches_arbitrary_keys';

/** The groups of redis.io's command page; most imply an ACL category. */
export type Group =
  | 'generic'
  | 'string'
  | 'list'
  | 'set'
  | 'sorted-set'
  | 'hash'
  | 'pubsub'
  | 'transactions'
  | 'connection'
  | 'server'
  | 'scripting'
  | 'hyperloglog'
  | 'bitmap'
  | 'geo'
  | 'stream'
  | 'cluster'
  | 'sentinel'
  | 'array'
  | 'module';

/** The ACL categories that modules bring. */
export const moduleCategories = [
  'json',
  'timeseries',
  'search',
  'bloom',
  'cuckoo',
  'cms',
  'topk',
  'tdigest',
] as const;

/** The ACL categories, in the order in which COMMAND INFO and ACL CAT print them. */
export const categories = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'array',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
  ...moduleCategories,
] as const;
export type Category = (typeof categories)[number];

export interface Row<Needs> {
  /** One sentence of our own. */
  readonly summary: string;
  readonly since: string;
  readonly group: Group;
  /** The module that brings it. */
  readonly module?: string;
  readonly complexity: string;
  readonly flags: readonly Flag[];
  /**
   * How the command touches the keys of each key spec, in the order in which the syntax names them:
   * the key-spec flags, as `RW access update`. https://redis.io/docs/latest/develop/reference/key-specs/
   */
  readonly keyUse?: readonly string[];
  /** Since when it is deprecated, and what to use instead. */
  readonly deprecated?: { readonly since: string; readonly instead: string };
  /** Hints for clients: `nondeterministic_output`, `request_policy:all_shards`, … */
  readonly tips?: readonly string[];
  /** Options that came after Redis 7.0, by their token: in which version. */
  readonly optionsSince?: Readonly<Record<string, string>>;
  /** What changed in which version, for COMMAND DOCS. */
  readonly history?: readonly (readonly [version: string, change: string])[];
  /** Only what the syntax, the flags and the group do not give away. */
  readonly override?: {
    readonly arity?: number;
    readonly keys?: readonly KeySpec[];
    /** Instead of the category that the group implies. */
    readonly categories?: readonly Category[];
  };
  /** Writes, and yet what it looks up counts as keyspace hits and misses, as for a read. */
  readonly readsKeys?: boolean;
  /** For other servers and for tests, not for applications. */
  readonly isInternal?: boolean;
  /** A container that is also a command of its own, as COMMAND. */
  readonly isContainer?: boolean;
  /**
   * Runs the command. Returns the reply, or a Wait when the client must block; throws a RedisError.
   * Containers such as CONFIG have none.
   */
  readonly run?: (ctx: Context & Needs, args: Args) => Reply | Wait;
  /** The keys in an argv, where key specs cannot say (SORT … STORE, MIGRATE, EVAL). Indexes into argv. */
  readonly findKeys?: (argv: readonly string[]) => readonly number[];
}

export interface Command<Needs = unknown> extends Omit<Row<Needs>, 'flags'>, Syntax {
  readonly syntax: string;
  readonly flags: ReadonlySet<Flag>;
  readonly categories: readonly Category[];
  /** How many words of an argv are the name: 2 for a subcommand. */
  readonly words: number;
  /** CONFIG, CLIENT, …: its second word names a subcommand. */
  readonly isContainer: boolean;
  readonly isWrite: boolean;
  readonly isReadOnly: boolean;
  /** Its lookups are keyspace hits and misses. */
  readonly countsLookups: boolean;
  /** EVAL and its like, which monitors see before what they call. */
  readonly isScript: boolean;
  /** DEBUG and MODULE: only where the configuration lets them. */
  readonly isProtected: boolean;
  /** May find keys that nobody named expired: they go each for itself, in no transaction. */
  readonly touchesArbitraryKeys: boolean;
  /** A use of data that is one step, or one for each argument, however much there is. */
  readonly isShort: boolean;
}

/**
 * Every field of a command. All commands have them in this one order, whatever their rows leave out,
 * because engines read a field fastest where all objects look alike.
 */
const shape: object = {
  name: '',
  run: undefined,
  arity: 0,
  words: 1,
  flags: undefined,
  isContainer: false,
  isWrite: false,
  isReadOnly: false,
  countsLookups: false,
  isScript: false,
  isProtected: false,
  touchesArbitraryKeys: false,
  isShort: false,
  isInternal: undefined,
  syntax: '',
  args: undefined,
  keys: undefined,
  keyUse: undefined,
  findKeys: undefined,
  categories: undefined,
  summary: '',
  since: '',
  group: undefined,
  module: undefined,
  complexity: '',
  deprecated: undefined,
  tips: undefined,
  optionsSince: undefined,
  history: undefined,
  override: undefined,
};

/** Declares a command: everything the server, the docs and the tests know of it is on this one row. */
export function command<Needs = unknown>(syntax: string, row: Row<Needs>): Command<Needs> {
  const parsed = { ...parseSyntax(syntax), ...row.override };
  const flags = new Set(row.flags);
  if (parsed.keys.some(isMovable) || row.findKeys) flags.add('movablekeys');
  const isContainer = !row.run || row.isContainer === true;
  return {
    ...shape,
    ...row,
    ...parsed,
    arity: row.run ? parsed.arity : -2,
    isContainer,
    flags,
    syntax,
    words: parsed.name.split('|').length,
    categories: categoriesOf(row),
    isWrite: flags.has('write'),
    isReadOnly: flags.has('readonly'),
    countsLookups: flags.has('readonly') || row.readsKeys === true,
    isScript: flags.has('skip_monitor'),
    isProtected: flags.has('protected'),
    touchesArbitraryKeys: flags.has('touches_arbitrary_keys'),
    isShort: isShort(row),
  };
}

/**
 * INFO and its like are said to be, but have more to do, and tell of the times of others; behind MULTI a
 * queue grows, and libraries of functions run code.
 */
const isShort = ({ flags, group, complexity }: Row<never>): boolean =>
  (flags.includes('fast') || flags.includes('write')) &&
  group !== 'transactions' &&
  group !== 'scripting' &&
  /^O\((1|log\(N\))\)(?!.*O\()/.test(complexity);

/** Keys whose place depends on the arguments; a client must ask COMMAND GETKEYS for them. */
const isMovable = ({ begin, find }: KeySpec): boolean =>
  begin === 'unknown' || find === 'unknown' || 'keyword' in begin || 'keyNumIndex' in find;

const groupCategory: Partial<Record<Group, Category>> = {
  generic: 'keyspace',
  string: 'string',
  list: 'list',
  set: 'set',
  'sorted-set': 'sortedset',
  hash: 'hash',
  connection: 'connection',
  transactions: 'transaction',
  scripting: 'scripting',
  hyperloglog: 'hyperloglog',
  bitmap: 'bitmap',
  geo: 'geo',
  stream: 'stream',
  array: 'array',
};

/** The ACL categories that flags and group imply. https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/ */
function categoriesOf({ flags, group, override, run }: Row<never>): Category[] {
  if (!run && !override?.categories) return ['slow'];
  // Commands of modules belong to no category unless they say so.
  if (flags.includes('module')) return [...(override?.categories ?? [])];
  const implied = new Set<Category>(override?.categories);
  const ofGroup = groupCategory[group];
  if (ofGroup && !override?.categories) implied.add(ofGroup);
  if (flags.includes('write')) implied.add('write');
  if (flags.includes('readonly') && !implied.has('scripting')) implied.add('read');
  if (flags.includes('admin')) implied.add('admin').add('dangerous');
  if (flags.includes('pubsub')) implied.add('pubsub');
  if (flags.includes('blocking')) implied.add('blocking');
  implied.add(flags.includes('fast') ? 'fast' : 'slow');
  return categories.filter((category) => implied.has(category));
}
