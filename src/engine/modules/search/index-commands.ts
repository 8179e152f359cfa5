/** Makes, changes, drops and lists indexes. https://redis.io/docs/latest/commands/ft.create/ */
import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { redisError, wrongArity } from '../../errors.ts';
import { ok, type Reply, SetReply, Status } from '../../resp/reply.ts';
import { noIndex } from './errors.ts';
import { isDuplicateField } from './registry.ts';
import {
  replicated,
  type SearchContext,
  type SearchNeeds,
  searchChange,
  searchDrop,
  searched,
  searchLook,
  searchRead,
} from './rows.ts';

const CREATE = `index [ON <HASH | JSON>] [PREFIX count:int prefix:string [prefix:string ...]]
  [FILTER filter] [LANGUAGE default_lang] [LANGUAGE_FIELD lang_attribute] [SCORE default_score:double]
  [SCORE_FIELD score_attribute] [PAYLOAD_FIELD payload_attribute] [MAXTEXTFIELDS]
  [TEMPORARY seconds:double] [NOOFFSETS] [NOHL] [NOFIELDS] [NOFREQS]
  [STOPWORDS count:int [stopword:string [stopword:string ...]]] [SKIPINITIALSCAN] SCHEMA
  field_name [AS alias] <TEXT | TAG | NUMERIC | GEO | VECTOR> [SORTABLE [UNF]] [NOINDEX]`;
const ALTER = 'index [SKIPINITIALSCAN] SCHEMA ADD field options';

const creating = {
  ...searchChange,
  complexity: 'O(K) where K is the number of fields; then O(N) for the keys that are there.',
  override: { ...searchChange.override, arity: -5 },
} as const;
const altering = { ...creating, override: { ...searchChange.override, arity: -6 } } as const;
const dropping = {
  ...searchDrop,
  since: '2.0.0',
  complexity: 'O(1), or O(N) with DD.',
} as const;
const dropCategories = { categories: ['write', 'slow', 'dangerous', 'search'] } as const;
const aliasing = { ...searchChange, complexity: 'O(1)' } as const;

export const indexCommands = [
  command<SearchNeeds>(`FT.CREATE ${CREATE}`, {
    ...creating,
    summary: 'Makes an index of hashes or JSON documents.',
    run: replicated((ctx) => create(ctx, false)),
  }),
  command<SearchNeeds>(`FT._CREATEIFNX ${CREATE}`, {
    ...creating,
    summary: 'Makes an index unless there is one of that name.',
    isInternal: true,
    run: replicated((ctx) => create(ctx, true)),
  }),
  command<SearchNeeds>(`FT.ALTER ${ALTER}`, {
    ...altering,
    summary: 'Adds fields to an index.',
    run: replicated((ctx) => alter(ctx, false)),
  }),
  command<SearchNeeds>(`FT._ALTERIFNX ${ALTER}`, {
    ...altering,
    summary: 'Adds fields to an index unless they are there.',
    isInternal: true,
    run: replicated((ctx) => alter(ctx, true)),
  }),
  command<SearchNeeds>('FT.DROPINDEX index [DD]', {
    ...dropping,
    summary: 'Deletes an index, and with DD its documents.',
    override: { categories: [...dropCategories.categories] },
    run: (ctx, args) => drop(ctx, args, false),
  }),
  command<SearchNeeds>('FT._DROPINDEXIFX index [DD]', {
    ...dropping,
    summary: 'Deletes an index if there is one.',
    isInternal: true,
    override: { categories: [...dropCategories.categories] },
    run: (ctx, args) => drop(ctx, args, true),
  }),
  command<SearchNeeds>('FT._LIST', {
    ...searchRead,
    summary: 'Lists all indexes.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of indexes.',
    override: { categories: ['admin', 'slow', 'search'], arity: -1 },
    run: list,
  }),
  command<SearchNeeds>('FT.ALIASADD alias index', {
    ...aliasing,
    summary: 'Gives an index another name.',
    run: replicated((ctx, args) => {
      searched(ctx);
      ctx.search.addAlias(args.string(), args.string());
      return ok;
    }),
  }),
  command<SearchNeeds>('FT._ALIASADDIFNX alias index', {
    ...aliasing,
    summary: 'Gives an index another name unless it has it.',
    isInternal: true,
    run: replicated(addAliasLeniently),
  }),
  command<SearchNeeds>('FT.ALIASUPDATE alias index', {
    ...aliasing,
    summary: 'Makes an alias stand for another index.',
    run: replicated((ctx, args) => {
      searched(ctx);
      ctx.search.moveAlias(args.string(), args.string());
      return ok;
    }),
  }),
  command<SearchNeeds>('FT.ALIASDEL alias', {
    ...searchDrop,
    complexity: 'O(1)',
    summary: 'Deletes an alias.',
    run: replicated((ctx, args) => {
      searched(ctx);
      ctx.search.deleteAlias(args.string());
      return ok;
    }),
  }),
  command<SearchNeeds>('FT._ALIASDELIFX alias', {
    ...searchDrop,
    complexity: 'O(1)',
    summary: 'Deletes an alias if there is one.',
    isInternal: true,
    run: replicated((ctx, args) => {
      const alias = args.string();
      if (ctx.search.find(alias)) ctx.search.deleteAlias(alias);
      return ok;
    }),
  }),
  command<SearchNeeds>('FT.ALIASLIST index', {
    ...searchLook,
    since: '8.10.0',
    complexity: 'O(N) where N is the number of aliases.',
    summary: 'Lists the other names of an index.',
    run: listAliases,
  }),
];

function create(ctx: SearchContext, isLenient: boolean): Reply {
  const db = searched(ctx);
  if (isLenient && ctx.search.named(ctx.argv[1] as string)) return ok;
  if (ctx.db !== db) throw redisError('Cannot create index on db != 0');
  ctx.search.create(ctx.argv, db);
  return ok;
}

function alter(ctx: SearchContext, isLenient: boolean): Reply {
  try {
    ctx.search.alter(ctx.argv, searched(ctx));
  } catch (error) {
    if (!isLenient || !isDuplicateField(error)) throw error;
  }
  return ok;
}

function drop(ctx: SearchContext, args: Args, isLenient: boolean): Reply {
  const db = searched(ctx);
  const name = args.string();
  if (args.left > 1) throw wrongArity(`_${(ctx.argv[0] as string).toUpperCase()}`);
  if (isLenient && !ctx.search.find(name)) return ok;
  const index = ctx.search.open(name, db);
  const deletesDocuments = args.token('DD');
  if (!args.done) throw redisError('SEARCH_ARG_UNRECOGNIZED Unknown argument');
  if (deletesDocuments) {
    for (const key of [...index.keys()]) {
      if (db.delete(key)) db.changed('del', key);
    }
  }
  ctx.search.drop(index);
  ctx.propagate(...ctx.argv);
  return ok;
}

function list(ctx: SearchContext, args: Args): Reply {
  searched(ctx);
  if (args.left > 1) throw wrongArity('FT._LIST');
  return setOf(
    ctx,
    Array.from(ctx.search.indexes, ({ name }) => new Status(name)),
  );
}

/** In RESP3 a set. */
function setOf({ protocol }: SearchContext, items: Reply[]): Reply {
  return protocol === 3 ? new SetReply(items) : items;
}

function addAliasLeniently(ctx: SearchContext, args: Args): Reply {
  searched(ctx);
  const [alias, name] = [args.string(), args.string()];
  const isThere = [...ctx.search.aliases].some(([a, n]) => a === alias && n === name);
  if (!isThere) ctx.search.addAlias(alias, name);
  return ok;
}

function listAliases(ctx: SearchContext, args: Args): Reply {
  searched(ctx);
  const name = args.string();
  if (!ctx.search.named(name)) throw noIndex(name);
  const names = [...ctx.search.aliases].filter(([, index]) => index === name);
  return setOf(
    ctx,
    names.map(([alias]) => alias),
  );
}
