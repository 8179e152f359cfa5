/** The reply of FT.SEARCH: documents with what was asked of each. */

import { printShortestDouble } from '../../bytes/numbers.ts';
import type { Context } from '../../commands/context.ts';
import type { Database } from '../../keyspace/database.ts';
import { MapReply, type Reply, Status } from '../../resp/reply.ts';
import { printJson } from '../../values/json-print.ts';
import { doubleReply, namedReplies } from '../replies.ts';
import { type Source, sourceAt } from './document.ts';
import type { Hit } from './hits.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { type Sorting, sortKey } from './sorting.ts';
import { type Highlight, Marker, type Summarize } from './summary.ts';
import { printNumber } from './value.ts';

/** What the reply has in it. */
export interface Listing {
  hasContent: boolean;
  withScores: boolean;
  withPayloads: boolean;
  withSortKeys: boolean;
  /** Undefined is everything that a document has. */
  returns: readonly (readonly [what: string, name: string])[] | undefined;
  highlight: Highlight | undefined;
  summarize: Summarize | undefined;
  dialect: number;
}

interface Setting {
  readonly ctx: Context;
  readonly db: Database;
  readonly index: SearchIndex;
  readonly query: Query;
  readonly distances: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly sorting: Sorting | undefined;
}

type Pair = readonly [name: string, value: string];

interface Row {
  readonly hit: Hit;
  readonly pairs: readonly Pair[] | undefined;
}

/** A page of what was found. Whatever has gone meanwhile is neither listed nor counted. */
export function listingReply(
  setting: Setting,
  listing: Listing,
  page: readonly Hit[],
  total: number,
): Reply {
  const loads = listing.hasContent && listing.returns?.length !== 0;
  const rows: Row[] = [];
  for (const hit of page) {
    const source = loads && sourceAt(setting.db, hit.document.key, setting.index.definition.isJson);
    if (loads && !source) continue;
    rows.push({ hit, pairs: source ? pairsOf(setting, listing, hit, source) : undefined });
  }
  const count = total - (page.length - rows.length);
  if (setting.ctx.protocol === 3) return mapOfRows(setting, listing, rows, count);
  return [count, ...rows.flatMap((row) => flatRow(setting, listing, row))];
}

/** The extras of a row, by the names that RESP3 gives them. */
function extrasOf(setting: Setting, listing: Listing, { hit }: Row): [string, Reply][] {
  return [
    ...(listing.withScores ? [['score', doubleReply(hit.score)] as [string, Reply]] : []),
    ...(listing.withPayloads ? [['payload', hit.document.payload ?? null] as [string, Reply]] : []),
    ...(listing.withSortKeys ? [['sortkey', sortKeyReply(setting, hit)] as [string, Reply]] : []),
  ];
}

/** A number after `#`, a text after `$`. */
function sortKeyReply({ sorting, ...from }: Setting, hit: Hit): Reply {
  const value = sorting && sortKey(hit, sorting.by, from);
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? `#${printShortestDouble(value)}` : `$${String(value)}`;
}

function flatRow(setting: Setting, listing: Listing, row: Row): Reply[] {
  const extras = extrasOf(setting, listing, row).map(([, reply]) => reply);
  return [row.hit.document.key, ...extras, ...(row.pairs ? [row.pairs.flat()] : [])];
}

function mapOfRows(setting: Setting, listing: Listing, rows: readonly Row[], total: number): Reply {
  return resultMap(
    rows.map((row) =>
      namedReplies([
        ['id', row.hit.document.key],
        ...extrasOf(setting, listing, row),
        ...(row.pairs ? [['extra_attributes', new MapReply(row.pairs)] as [string, Reply]] : []),
        ['values', []],
      ]),
    ),
    total,
  );
}

/** What searches and aggregations answer in RESP3. */
export const resultMap = (
  results: readonly Reply[],
  total: number,
  warnings: readonly string[] = [],
): Reply =>
  namedReplies([
    ['attributes', []],
    ['format', new Status('STRING')],
    ['results', results],
    ['total_results', total],
    ['warning', warnings],
  ]);

/** A result of an aggregation in RESP3. */
export const resultOf = (entries: readonly (readonly [Reply, Reply])[]): Reply =>
  namedReplies([
    ['extra_attributes', new MapReply(entries)],
    ['values', []],
  ]);

/** The fields of a document that are listed, the one it was sorted by first. */
function pairsOf(setting: Setting, listing: Listing, hit: Hit, source: Source): Pair[] {
  const { index, sorting, distances } = setting;
  const distanceOf = (name: string): string | undefined => {
    const distance = distances.get(name)?.get(hit.document.id);
    return distance === undefined ? undefined : printNumber(distance);
  };
  const textFor = (name: string): string | undefined =>
    distanceOf(name) ?? fieldText(index, source, name, listing.dialect);
  const first = [...distances.keys(), ...(sorting ? [sorting.by] : [])];
  const pairs = listing.returns
    ? inReplyOrder(listing.returns, first).map(([what, name]) => [name, textFor(what)] as const)
    : [...first.map((name) => [name, textFor(name)] as const), ...source.entries()];
  const seen = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (value !== undefined && !seen.has(name)) seen.set(name, value);
  }
  return marked(setting, listing, [...seen]);
}

/** What the module has read already, to sort by it, comes before what RETURN adds. */
const inReplyOrder = (
  returns: readonly (readonly [what: string, name: string])[],
  first: readonly string[],
): readonly (readonly [what: string, name: string])[] => {
  const isFirst = ([what, name]: readonly [string, string]) =>
    what === name && first.includes(name);
  return [...returns.filter(isFirst), ...returns.filter((each) => !isFirst(each))];
};

/** A field by its name in the index, or else where it lies in the document. */
export function fieldText(
  index: SearchIndex,
  source: Source,
  name: string,
  dialect: number,
): string | undefined {
  const path = index.field(name)?.path ?? name;
  if (!index.definition.isJson) return source.text(path);
  const isPath = path.startsWith('$') || index.field(name) !== undefined;
  if (!isPath) return undefined;
  if (dialect < 3) return source.text(path);
  const values = source.values(path);
  return values.length === 0 ? undefined : printJson([...values]);
}

/** With the words of the query marked, where that is asked for. */
function marked({ index, query }: Setting, listing: Listing, pairs: Pair[]): Pair[] {
  const { highlight, summarize } = listing;
  if (!highlight && !summarize) return pairs;
  const marker = new Marker(query, index.definition.stopwords);
  const isText = (name: string) => {
    const field = index.field(name) ?? index.fields.find(({ path }) => path === name);
    return field?.kind === 'TEXT';
  };
  const isNamed = (fields: readonly string[] | undefined, name: string) =>
    fields === undefined || fields.includes(name);
  return pairs.map(([name, value]) => {
    if (!isText(name)) return [name, value];
    const wrap = highlight && isNamed(highlight.fields, name) ? highlight : undefined;
    const trim = summarize && isNamed(summarize.fields, name) ? summarize : undefined;
    return [name, marker.apply(value, wrap, trim)];
  });
}
