/** Commands that read samples. https://redis.io/docs/latest/develop/data-types/timeseries/ */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { wrongArity } from '../errors.ts';
import { MapReply, type Reply } from '../resp/reply.ts';
import type { Aggregation, TimeSeries } from '../values/time-series.ts';
import { aggregatorFor } from './ts-aggregate.ts';
import { needSeries, readCount, sampleReply, tsError, tsRead, valueReply } from './ts-common.ts';
import { type Found, findSeries, readMatchers } from './ts-labels.ts';
import {
  type Query,
  readAggregation,
  readAggregations,
  readBucketOptions,
  readQuery,
  Words,
} from './ts-query.ts';
import { latestOf } from './ts-rules.ts';
import { type Row, rowsOf } from './ts-samples.ts';

const FILTERS = '[FILTER_BY_TS timestamp [timestamp ...]] [FILTER_BY_VALUE min:double max:double]';
const STAMPS = '<start | - | end | + | mid | ~>';
const BUCKETS = `[[ALIGN align] AGGREGATION aggregators bucketDuration:int
  [BUCKETTIMESTAMP ${STAMPS}] [EMPTY]]`;
const SPAN = 'fromTimestamp:string toTimestamp:string [LATEST]';
const SHOWN = '[WITHLABELS | SELECTED_LABELS label [label ...]]';
const MATCHING = 'FILTER filterExpr:string [filterExpr:string ...]';

const ranging = {
  ...tsRead,
  complexity:
    'O(N/M+K) where N is the number of samples, M of those in a chunk, K of those returned.',
} as const;

const unkeyed = {
  ...ranging,
  keyUse: [],
  override: { ...tsRead.override, keys: [], arity: -4 },
} as const;

export const tsRangeCommands = [
  command('TS.GET key [LATEST]', {
    ...tsRead,
    summary: 'Returns the newest sample of a series.',
    complexity: 'O(1)',
    override: { categories: ['read', 'fast', 'timeseries'] },
    run: get,
  }),
  command(`TS.MGET [LATEST] ${SHOWN} ${MATCHING}`, {
    ...unkeyed,
    summary: 'Returns the newest samples of the series that a filter finds.',
    complexity: 'O(N) where N is the number of series that the filter finds.',
    override: { ...unkeyed.override, arity: -3 },
    tips: ['dont_cache'],
    run: getMany,
  }),
  command(`TS.RANGE key ${SPAN} ${FILTERS} [COUNT count:int] ${BUCKETS}`, {
    ...ranging,
    summary: 'Returns samples of a series from the oldest on, or what buckets of them come to.',
    run: (ctx, args) => range(ctx, args, 'ts.range', false),
  }),
  command(`TS.REVRANGE key ${SPAN} ${FILTERS} [COUNT count:int] ${BUCKETS}`, {
    ...ranging,
    summary: 'Returns samples of a series from the newest on, or what buckets of them come to.',
    since: '1.4.0',
    run: (ctx, args) => range(ctx, args, 'ts.revrange', true),
  }),
  command(
    `TS.MRANGE ${SPAN} ${FILTERS} ${SHOWN} [COUNT count:int] ${BUCKETS} [EXCLUDEEMPTY]
     ${MATCHING} [GROUPBY label REDUCE reducer]`,
    {
      ...unkeyed,
      summary: 'Returns samples of the series that a filter finds, oldest first.',
      tips: ['dont_cache'],
      run: (ctx) => rangeMany(ctx, 'ts.mrange', false),
    },
  ),
  command(
    `TS.MREVRANGE ${SPAN} ${FILTERS} ${SHOWN} [COUNT count:int] ${BUCKETS} [EXCLUDEEMPTY]
     ${MATCHING} [GROUPBY label REDUCE reducer]`,
    {
      ...unkeyed,
      summary: 'Returns samples of the series that a filter finds, newest first.',
      since: '1.4.0',
      tips: ['dont_cache'],
      run: (ctx) => rangeMany(ctx, 'ts.mrevrange', true),
    },
  ),
  command(`TS.NRANGE numkeys:int key [key ...] ${SPAN} ${FILTERS} [COUNT count:int] ${BUCKETS}`, {
    ...ranging,
    summary: 'Returns samples of several series side by side, oldest first.',
    since: '8.10.0',
    override: { ...tsRead.override, arity: -5 },
    run: (ctx, args) => rangeAbreast(ctx, args, 'ts.nrange', false),
  }),
  command(
    `TS.NREVRANGE numkeys:int key [key ...] ${SPAN} ${FILTERS} [COUNT count:int] ${BUCKETS}`,
    {
      ...ranging,
      summary: 'Returns samples of several series side by side, newest first.',
      since: '8.10.0',
      override: { ...tsRead.override, arity: -5 },
      run: (ctx, args) => rangeAbreast(ctx, args, 'ts.nrevrange', true),
    },
  ),
];

function get(ctx: Context, args: Args): Reply {
  const key = args.string();
  const latest = args.token('LATEST');
  if (!args.done) throw wrongArity('ts.get');
  return sampleReply(ctx, newest(ctx, key, needSeries(ctx.db, key), latest));
}

function newest({ db }: Context, key: string, series: TimeSeries, latest: boolean) {
  return (latest ? latestOf(db, key, series) : undefined) ?? series.last;
}

function getMany(ctx: Context): Reply {
  const { db, argv } = ctx;
  const filter = new Words('ts.mget', argv, 1).indexOf('FILTER');
  if (filter < 0 || filter + 1 >= argv.length) throw wrongArity('ts.mget');
  const words = new Words('ts.mget', argv, 1, filter);
  const shown = readShown(words);
  const found = findSeries(db, readMatchers(argv.slice(filter + 1)));
  const latest = words.has('LATEST');
  return byKey(
    ctx,
    found.map(({ key, series }) => [
      key,
      [labelsReply(ctx, series, shown), sampleReply(ctx, newest(ctx, key, series, latest))],
    ]),
  );
}

/** A map for RESP3, otherwise an array of arrays that begin with the key. */
function byKey(
  { protocol }: Context,
  entries: readonly (readonly [key: string, about: readonly Reply[]])[],
): Reply {
  if (protocol === 3) return new MapReply(entries);
  return entries.map(([key, about]) => [key, ...about]);
}

/** Which labels of a series are told: all, some, or none. */
type Shown = 'all' | readonly string[];

const optionWords = new Set([
  ...['LATEST', 'FILTER_BY_TS', 'FILTER_BY_VALUE', 'WITHLABELS', 'COUNT', 'ALIGN', 'AGGREGATION'],
  ...['BUCKETTIMESTAMP', 'EMPTY', 'EXCLUDEEMPTY', 'FILTER', 'GROUPBY', 'REDUCE'],
]);

function readShown(words: Words): Shown {
  const at = words.indexOf('SELECTED_LABELS');
  const all = words.has('WITHLABELS');
  if (at < 0) return all ? 'all' : [];
  if (all) throw tsError('cannot accept WITHLABELS and SELECT_LABELS together');
  const rest = words.argv.slice(at + 1, words.end);
  const end = rest.findIndex((word) => optionWords.has(word.toUpperCase()));
  const labels = end < 0 ? rest : rest.slice(0, end);
  if (labels.length === 0) throw tsError('SELECT_LABELS should have at least 1 parameter');
  return labels;
}

function labelsReply(ctx: Context, series: TimeSeries, shown: Shown): Reply {
  const { labels } = series.settings;
  return pairsReply(ctx, shown === 'all' ? labels : selected(shown, (name) => series.label(name)));
}

const selected = (names: readonly string[], labelOf: (name: string) => string | undefined) =>
  names.map((name) => [name, labelOf(name) ?? null] as const);

/** A map for RESP3, otherwise an array of pairs. */
export const pairsReply = (
  { protocol }: Context,
  pairs: readonly (readonly [string, Reply])[],
): Reply => (protocol === 3 ? new MapReply(pairs) : pairs.map((pair) => [...pair]));

const rowReply = (ctx: Context, { time, values }: Row): Reply => [
  time,
  ...values.map((value) => valueReply(ctx, value)),
];

function range(ctx: Context, args: Args, name: string, isReverse: boolean): Reply {
  const key = args.string();
  const series = needSeries(ctx.db, key);
  const query = readQuery(new Words(name, ctx.argv, 3), 2, isReverse);
  return rowsIn(ctx, { key, series }, query).map((row) => rowReply(ctx, row));
}

function rowsIn({ db }: Context, { key, series }: Found, query: Query): Row[] {
  return rowsOf(series, query, query.latest ? latestOf(db, key, series) : undefined);
}

function rangeMany(ctx: Context, name: string, isReverse: boolean): Reply {
  const { db, argv } = ctx;
  const filter = new Words(name, argv, 3).indexOf('FILTER');
  if (filter < 0) throw wrongArity(name);
  const words = new Words(name, argv, 3, filter);
  const group = readGroup(name, argv, filter);
  const query = readQuery(words, 1, isReverse);
  const shown = readShown(words);
  const matching = argv.slice(filter + 1, group?.at);
  if (matching.length === 0) throw wrongArity(name);
  const matchers = readMatchers(matching);
  const skipsEmpty = words.has('EXCLUDEEMPTY');
  if (skipsEmpty && group) throw tsError('EXCLUDEEMPTY is not allowed with GROUPBY');
  const found = findSeries(db, matchers);
  if (group) return groupReply(ctx, found, query, shown, group);
  const all = found.map((each) => ({ each, rows: rowsIn(ctx, each, query) }));
  const told = all.filter(({ rows }) => !skipsEmpty || rows.length > 0);
  return byKey(
    ctx,
    told.map(({ each, rows }) => [each.key, aboutSeries(ctx, each.series, shown, query, rows)]),
  );
}

function aboutSeries(
  ctx: Context,
  series: TimeSeries,
  shown: Shown,
  query: Query,
  rows: readonly Row[],
): Reply[] {
  const labels = labelsReply(ctx, series, shown);
  const samples = rows.map((row) => rowReply(ctx, row));
  if (ctx.protocol !== 3) return [labels, samples];
  const aggregators = [...(query.buckets?.aggregations ?? [])];
  return [labels, new MapReply([['aggregators', aggregators]]), samples];
}

interface Group {
  /** Where GROUPBY stands. */
  readonly at: number;
  readonly label: string;
  readonly reducer: Aggregation;
}

function readGroup(name: string, argv: readonly string[], filter: number): Group | undefined {
  const at = new Words(name, argv, filter + 1).indexOf('GROUPBY');
  if (at < 0) return undefined;
  const [label, reduce, reducer] = argv.slice(at + 1);
  const isWhole = argv.length === at + 4 && reduce?.toUpperCase() === 'REDUCE';
  if (!isWhole || label === undefined || reducer === undefined) throw wrongArity(name);
  return { at, label, reducer: readReducer(reducer) };
}

const noReducers: readonly Aggregation[] = ['first', 'last', 'twa'];

function readReducer(word: string): Aggregation {
  const name = word.toLowerCase();
  let reducer: Aggregation;
  try {
    reducer = readAggregation(name);
  } catch {
    throw tsError('Invalid reducer type');
  }
  if (noReducers.includes(reducer)) throw tsError('Invalid reducer type');
  return reducer;
}

/** Series with the same value of a label become one: what they have at each time is reduced to one value. */
function groupReply(
  ctx: Context,
  found: readonly Found[],
  query: Query,
  shown: Shown,
  { label, reducer }: Group,
): Reply {
  const groups = new Map<string, Found[]>();
  for (const each of found) {
    const value = each.series.label(label);
    if (value !== undefined) groups.set(value, [...(groups.get(value) ?? []), each]);
  }
  const names = [...groups.keys()].sort();
  return byKey(
    ctx,
    names.map((value) => {
      const members = groups.get(value) ?? [];
      const rows = reduceRows(ctx, members, query, reducer);
      const about = aboutGroup(ctx, label, value, reducer, members, shown);
      return [`${label}=${value}`, [...about, rows.map((row) => rowReply(ctx, row))]];
    }),
  );
}

function reduceRows(
  ctx: Context,
  members: readonly Found[],
  query: Query,
  reducer: Aggregation,
): Row[] {
  const byTime = new Map<number, number[][]>();
  for (const member of members) {
    for (const { time, values } of rowsIn(ctx, member, { ...query, count: Infinity })) {
      const columns = byTime.get(time) ?? values.map(() => []);
      values.forEach((value, i) => {
        columns[i]?.push(value);
      });
      byTime.set(time, columns);
    }
  }
  const order = query.isReverse ? -1 : 1;
  const times = [...byTime.keys()].sort((a, b) => order * (a - b)).slice(0, query.count);
  return times.map((time) => ({
    time,
    values: (byTime.get(time) ?? []).map((column) => reduce(column, reducer)),
  }));
}

function reduce(values: readonly number[], reducer: Aggregation): number {
  const aggregator = aggregatorFor(reducer);
  aggregator.open({ start: 0, end: 1 }, undefined);
  for (const value of values) aggregator.add(0, value);
  return aggregator.close(undefined);
}

function aboutGroup(
  ctx: Context,
  label: string,
  value: string,
  reducer: Aggregation,
  members: readonly Found[],
  shown: Shown,
): Reply[] {
  const sources = members.map(({ key }) => key);
  const own = new Map([[label, value]]);
  if (ctx.protocol === 3) {
    const labels = shown === 'all' ? [...own] : selected(shown, (name) => own.get(name));
    const reducers = new MapReply([['reducers', [reducer]]]);
    return [new MapReply(labels), reducers, new MapReply([['sources', sources]])];
  }
  own.set('__reducer__', reducer).set('__source__', sources.join(','));
  return [pairsReply(ctx, shown === 'all' ? [...own] : selected(shown, (name) => own.get(name)))];
}

/** Rows of several series with a value for each; where a series has none at a time, NaN. */
function rangeAbreast(ctx: Context, args: Args, name: string, isReverse: boolean): Reply {
  const count = readCount(args.string());
  if (count === undefined) throw tsError('numkeys must be a positive integer');
  if (count === 0 || args.left < count + 2) throw wrongArity(name);
  const keys = args.take(count);
  const words = new Words(name, ctx.argv, count + 4);
  const queries = readQueries(words, count, isReverse);
  const found = keys.map((key) => ({ key, series: needSeries(ctx.db, key) }));
  const byTime = new Map<number, number[]>();
  const widths = queries.map(({ buckets }) => buckets?.aggregations.length ?? 1);
  const width = widths.reduce((sum, each) => sum + each, 0);
  let column = 0;
  found.forEach((each, i) => {
    for (const { time, values } of rowsIn(ctx, each, {
      ...(queries[i] as Query),
      count: Infinity,
    })) {
      const row = byTime.get(time) ?? Array.from<number>({ length: width }).fill(NaN);
      row.splice(column, values.length, ...values);
      byTime.set(time, row);
    }
    column += widths[i] as number;
  });
  const order = isReverse ? -1 : 1;
  const times = [...byTime.keys()].sort((a, b) => order * (a - b)).slice(0, queries[0]?.count);
  return times.map((time) => [
    time,
    (byTime.get(time) ?? []).map((value) => valueReply(ctx, value)),
  ]);
}

/** One query for each key: they differ in their aggregations only. */
function readQueries(words: Words, keys: number, isReverse: boolean): Query[] {
  const at = words.indexOf('AGGREGATION');
  const span = keys + 2;
  if (at < 0) {
    const query = readQuery(words, span, isReverse);
    return Array.from({ length: keys }, () => query);
  }
  const rest = words.argv.slice(at + 1);
  const width = rest.findIndex((word) => /^-?\d+$/.test(word));
  if (width < 1) throw tsError("Couldn't parse AGGREGATION");
  if (width !== keys) {
    throw tsError('the number of AGGREGATION arguments must be equal to numkeys');
  }
  // As one key would have it, so that what stands after the width is where it is looked for.
  const argv = [...words.argv.slice(0, at + 2), ...words.argv.slice(at + keys + 1)];
  const lists = rest.slice(0, width).map(readAggregations);
  const one = new Words(words.name, argv, words.start);
  readBucketOptions(one, at, lists[0] ?? [], Number(rest[width]));
  const query = readQuery(one, span, isReverse);
  return lists.map((aggregations) => ({
    ...query,
    buckets: query.buckets && { ...query.buckets, aggregations },
  }));
}
