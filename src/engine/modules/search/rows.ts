/** What the rows of the search module have in common. */
import type { Args } from '../../commands/args.ts';
import type { Category } from '../../commands/command.ts';
import type { Context } from '../../commands/context.ts';
import { notSimulated } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Reply } from '../../resp/reply.ts';
import type { Search } from './registry.ts';

/** What the commands need of their server. */
export interface SearchNeeds {
  readonly search: Search;
  /** Defined where the server is part of a cluster. */
  readonly cluster: unknown;
}

export type SearchContext = Context & SearchNeeds;

export const searchRow = {
  group: 'module',
  module: 'search',
  since: '1.0.0',
  complexity: 'O(N) where N is the number of documents that fit.',
  tips: ['dont_cache'],
} as const;

const withCategories = (...categories: Category[]) => ({ categories: [...categories] });

export const searchRead = {
  ...searchRow,
  flags: ['readonly', 'module'],
  override: withCategories('read', 'search'),
} as const;

/** Looks at what an index is, not at what is in it. */
export const searchLook = { ...searchRead, override: withCategories('search') } as const;

export const searchChange = {
  ...searchRow,
  flags: ['write', 'denyoom', 'module'],
  override: withCategories('search'),
} as const;

export const searchDrop = {
  ...searchRow,
  flags: ['write', 'module'],
  override: withCategories('search'),
} as const;

/** The database that indexes follow. Throws where there is more to a search than this one server. */
export function searched(ctx: SearchContext): Database {
  if (ctx.cluster) throw notSimulated('searching in a cluster', 'ask every shard');
  return ctx.database(0) as Database;
}

/** A handler whose command goes to replicas and files as it was sent. */
export const replicated =
  (run: (ctx: SearchContext, args: Args) => Reply) =>
  (ctx: SearchContext, args: Args): Reply => {
    const reply = run(ctx, args);
    ctx.propagate(...ctx.argv);
    return reply;
  };
