/** FT.SEARCH, and FT.EXPLAIN, which only shows the query. https://redis.io/docs/latest/commands/ft.search/ */
import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { notSimulated } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { type Reply, Status } from '../../resp/reply.ts';
import { badArguments, noProperty } from './errors.ts';
import { explain } from './explain.ts';
import { type Listing, listingReply } from './listing.ts';
import { match } from './matching.ts';
import { Options } from './options.ts';
import type { Query } from './query.ts';
import { rankingOf } from './ranking.ts';
import type { Search } from './registry.ts';
import {
  newRequest,
  queryFor,
  type Request,
  readLimit,
  readRequestOption,
  unknownOption,
} from './request.ts';
import { type SearchContext, type SearchNeeds, searched, searchLook, searchRead } from './rows.ts';
import type { SearchIndex } from './search-index.ts';
import { type Sorting, sortHits } from './sorting.ts';
import { readHighlight, readSummarize } from './summary-options.ts';

export const searchCommands = [
  command<SearchNeeds>(
    `FT.SEARCH index query [NOCONTENT] [VERBATIM] [NOSTOPWORDS] [WITHSCORES] [WITHPAYLOADS]
     [WITHSORTKEYS] [FILTER numeric_field:string min:string max:string [FILTER
     numeric_field:string min:string max:string ...]] [GEOFILTER geo_field:string lon:double
     lat:double radius:double <m | km | mi | ft>] [INKEYS count:int inkey:string [inkey:string ...]]
     [INFIELDS count:int field:string [field:string ...]] [RETURN count:int identifier
     [identifier ...]] [SUMMARIZE] [HIGHLIGHT] [SLOP slop:int] [TIMEOUT timeout:int] [INORDER]
     [LANGUAGE language] [EXPANDER expander] [SCORER scorer] [EXPLAINSCORE] [PAYLOAD payload]
     [SORTBY sortby [ASC | DESC]] [LIMIT offset:int num:int] [PARAMS nargs:int name:string
     value:string] [DIALECT dialect:int]`,
    {
      ...searchRead,
      summary: 'Returns the documents of an index that fit a query, the best first.',
      override: { ...searchRead.override, arity: -3 },
      run: search,
    },
  ),
  command<SearchNeeds>('FT.EXPLAIN index query [DIALECT dialect:int]', {
    ...searchLook,
    summary: 'Shows how a query is understood.',
    complexity: 'O(1)',
    run: (ctx) => explained(ctx),
  }),
  command<SearchNeeds>('FT.EXPLAINCLI index query [DIALECT dialect:int]', {
    ...searchLook,
    summary: 'Shows how a query is understood, line by line.',
    complexity: 'O(1)',
    run: (ctx) =>
      explained(ctx)
        .split('\n')
        .map((line) => new Status(line)),
  }),
];

/** Of FT.SEARCH only. */
interface Asked {
  readonly request: Request;
  readonly listing: Listing;
  sorting: Sorting | undefined;
  offset: number;
  count: number;
}

function search(ctx: SearchContext, _: Args): Reply {
  const db = searched(ctx);
  const index = ctx.search.open(ctx.argv[1] as string, db);
  const asked = readAsked(ctx.argv, ctx.search);
  const query = queryFor(ctx.argv[2] as string, index, asked.request);
  const { hits, distances } = lookUp(query, index, asked.request, ctx.search, db);
  const { listing, sorting } = asked;
  if (sorting) checkSorting(sorting, index, distances);
  const end = asked.offset + asked.count;
  const page = sortHits(hits, sorting, { db, index, distances }, asked.offset, end);
  return listingReply({ ctx, db, index, query, distances, sorting }, listing, page, hits.size);
}

function checkSorting(
  { by }: Sorting,
  index: SearchIndex,
  distances: ReadonlyMap<string, unknown>,
): void {
  if (!index.field(by) && !distances.has(by)) throw noProperty(by);
}

/** The documents that fit and are still alive. */
export function lookUp(
  query: Query,
  index: SearchIndex,
  request: Request,
  { settings }: Search,
  db: Database,
) {
  const ranking = rankingOf(request.scorer, index, request.payload);
  const found = match(query, index, ranking, {
    maxExpansions: settings.number('MAXPREFIXEXPANSIONS'),
    minPrefix: settings.number('MINPREFIX'),
  });
  const { inKeys } = request;
  const isWanted = (key: string) =>
    (!inKeys || inKeys.has(key)) && (db.expiring === 0 || db.has(key));
  const hits = inKeys || db.expiring > 0 ? found.hits.where(isWanted) : found.hits;
  return { hits, distances: found.distances };
}

function readAsked(argv: readonly string[], { settings }: Search): Asked {
  const options = new Options(argv, 3);
  const request = newRequest(settings);
  const asked: Asked = {
    request,
    listing: {
      ...{ hasContent: true, withScores: false, withPayloads: false, withSortKeys: false },
      ...{ returns: undefined, highlight: undefined, summarize: undefined, dialect: 1 },
    },
    ...{ sorting: undefined, offset: 0, count: 10 },
  };
  const most = settings.number('MAXSEARCHRESULTS');
  while (!options.done) {
    const isKnown = readRequestOption(request, options) || readListingOption(asked, options, most);
    if (!isKnown) throw unknownOption(options);
  }
  asked.listing.dialect = request.dialect;
  return asked;
}

function readListingOption(asked: Asked, options: Options, most: number): boolean {
  const { listing } = asked;
  if (options.take('NOCONTENT')) listing.hasContent = false;
  else if (options.take('WITHSCORES')) listing.withScores = true;
  else if (options.take('WITHPAYLOADS')) listing.withPayloads = true;
  else if (options.take('WITHSORTKEYS')) listing.withSortKeys = true;
  else if (options.take('RETURN')) listing.returns = readReturns(options);
  else if (options.take('LIMIT')) Object.assign(asked, readLimit(options, most));
  else if (options.take('SORTBY')) asked.sorting = readSorting(options);
  else if (options.take('HIGHLIGHT')) listing.highlight = readHighlight(options);
  else if (options.take('SUMMARIZE')) listing.summarize = readSummarize(options);
  else if (options.take('EXPLAINSCORE')) {
    throw notSimulated('EXPLAINSCORE', 'tell how scores come about');
  } else return false;
  return true;
}

/** What is to be returned, and under which name: the count is of words, AS among them. */
function readReturns(options: Options): (readonly [what: string, name: string])[] {
  const end = options.count('RETURN') + options.at;
  const returns: [string, string][] = [];
  while (options.at < end) {
    const what = options.value('RETURN');
    if (options.at >= end || !options.take('AS')) returns.push([what, what]);
    else {
      if (options.at >= end) {
        throw badArguments('RETURN path AS name - must be accompanied with NAME');
      }
      returns.push([what, options.value('RETURN')]);
    }
  }
  return returns;
}

function readSorting(options: Options): Sorting {
  if (options.done) throw badArguments('Bad SORTBY arguments');
  const by = options.next().replace(/^@/, '');
  const isDescending = options.take('DESC');
  if (!isDescending) options.take('ASC');
  // All are counted, whether that is asked for or not.
  options.take('WITHCOUNT');
  return { by, isDescending };
}

/** The query as it is understood, which must be right, and so must all that is asked beside it. */
function explained(ctx: SearchContext): string {
  const index = ctx.search.open(ctx.argv[1] as string, searched(ctx));
  const { request } = readAsked(ctx.argv, ctx.search);
  return explain(queryFor(ctx.argv[2] as string, index, request), index.fields);
}
