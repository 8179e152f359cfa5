/** Compaction: samples of a series, bucket by bucket, become samples of others. */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { CompactionRule, Sample, TimeSeries } from '../values/time-series.ts';
import { aggregateBucket, bucketStart } from './ts-aggregate.ts';
import { needSeries, readCount, tsError, tsWrite } from './ts-common.ts';
import { readAggregation } from './ts-query.ts';

const ruleRow = {
  ...tsWrite,
  flags: ['write', 'fast', 'module'],
  keyUse: ['RW access', 'RW access update'],
  complexity: 'O(1)',
  override: { categories: ['write', 'fast', 'timeseries'] },
} as const;

export const tsRuleCommands = [
  command(
    `TS.CREATERULE sourceKey:key destKey:key AGGREGATION aggregator bucketDuration:int
     [alignTimestamp:int]`,
    {
      ...ruleRow,
      summary: 'Makes a series the compaction of another.',
      override: { categories: ['write', 'timeseries'], arity: -5 },
      run: createRule,
    },
  ),
  command('TS.DELETERULE sourceKey:key destKey:key', {
    ...ruleRow,
    summary: 'Ends that a series is the compaction of another.',
    run: deleteRule,
  }),
];

function createRule({ db }: Context, args: Args): Reply {
  if (args.left < 5 || args.left > 6) throw wrongArity('ts.createrule');
  const [source = '', target = ''] = args.take(2);
  if (!args.token('AGGREGATION')) throw wrongArity('ts.createrule');
  const aggregation = readAggregation(args.string());
  const bucket = readBucket(args.string());
  const align = args.done ? 0 : readCount(args.string());
  if (align === undefined) throw tsError("Couldn't parse alignTimestamp");
  if (source === target) {
    throw tsError('the source key and destination key should be different');
  }
  const from = needSeries(db, source);
  if (liveSource(db, from, source)) throw tsError('the source key already has a source rule');
  const to = needSeries(db, target);
  if (liveSource(db, to, target)) {
    throw tsError('the destination key already has a src rule');
  }
  if (liveRules(db, target, to).length > 0)
    throw tsError('the destination key already has a dst rule');
  const after = from.last?.time ?? -1;
  const rule = { target, aggregation, bucket, align, current: undefined, after };
  from.rules = [...liveRules(db, source, from), rule];
  to.source = source;
  db.changed('ts.createrule:src', source);
  db.changed('ts.createrule:dest', target);
  return ok;
}

function readBucket(text: string): number {
  const bucket = Number(text);
  if (!/^-?\d+$/.test(text)) throw tsError("Couldn't parse AGGREGATION");
  if (bucket <= 0) throw tsError('bucketDuration must be greater than zero');
  return bucket;
}

function deleteRule({ db }: Context, args: Args): Reply {
  const [source = '', target = ''] = args.take(2);
  const from = needSeries(db, source);
  const to = needSeries(db, target);
  const rules = liveRules(db, source, from);
  if (!rules.some((rule) => rule.target === target)) {
    throw tsError('compaction rule does not exist');
  }
  from.rules = rules.filter((rule) => rule.target !== target);
  to.source = undefined;
  db.changed('ts.deleterule:src', source);
  db.changed('ts.deleterule:dest', target);
  return ok;
}

/**
 * The rules of a series whose targets are still there. The others stay where they are: what only
 * reads is not replicated, so that a series must not change by it.
 */
export function liveRules(db: Database, key: string, { rules }: TimeSeries): CompactionRule[] {
  const isLive = ({ target }: CompactionRule) => targetOf(db, key, target) !== undefined;
  return rules.every(isLive) ? rules : rules.filter(isLive);
}

function targetOf(db: Database, key: string, target: string): TimeSeries | undefined {
  const series = db.peek(target);
  return series?.type === 'TSDB-TYPE' && series.source === key ? series : undefined;
}

/** The name of the series that one is the compaction of, if that is still there. */
export function liveSource(db: Database, series: TimeSeries, key: string): string | undefined {
  if (series.source === undefined) return undefined;
  const source = db.peek(series.source);
  const isLive = source?.type === 'TSDB-TYPE' && source.rules.some(({ target }) => target === key);
  return isLive ? series.source : undefined;
}

const bucketOf = (rule: CompactionRule, start: number) => ({ start, end: start + rule.bucket });

/** A sample has come: it ends a bucket, or changes one that had ended. */
export function compact(db: Database, key: string, series: TimeSeries, time: number): void {
  for (const rule of liveRules(db, key, series)) {
    const start = bucketStart(time, rule.bucket, rule.align);
    const { current } = rule;
    if (current === undefined) rule.current = start;
    else if (start > current) {
      const value = bucketValue(series, rule, current);
      rule.current = start;
      if (value !== undefined) deliver(db, key, rule, current, value);
    } else if (start < current) recompact(db, key, series, rule, start);
  }
}

/** What a bucket comes to; in the first, samples that were there before the rule do not count. */
const bucketValue = (series: TimeSeries, rule: CompactionRule, start: number): number | undefined =>
  aggregateBucket(series, rule.aggregation, bucketOf(rule, start), Math.max(start, rule.after + 1));

function deliver(
  db: Database,
  key: string,
  rule: CompactionRule,
  start: number,
  value: number,
): void {
  const target = targetOf(db, key, rule.target);
  if (target?.add(Math.max(0, start), value, 'last') === undefined) {
    db.changed('ts.add:dest', rule.target);
  }
}

function recompact(
  db: Database,
  key: string,
  series: TimeSeries,
  rule: CompactionRule,
  start: number,
): void {
  const value = aggregateBucket(series, rule.aggregation, bucketOf(rule, start));
  if (value !== undefined) deliver(db, key, rule, start, value);
  else targetOf(db, key, rule.target)?.delete(Math.max(0, start), Math.max(0, start));
}

/** Samples have been taken out: every bucket that ended and had some of them is reckoned anew. */
export function compactDeleted(
  db: Database,
  key: string,
  series: TimeSeries,
  from: number,
  to: number,
): void {
  for (const rule of liveRules(db, key, series)) {
    const target = targetOf(db, key, rule.target);
    const starts: number[] = [];
    target?.visit(bucketStart(from, rule.bucket, rule.align), to, (time) => {
      starts.push(time);
      return true;
    });
    for (const start of starts) {
      recompact(db, key, series, rule, bucketStart(start, rule.bucket, rule.align));
    }
  }
}

/** The bucket of a compaction that is still filling, for LATEST. */
export function latestOf(db: Database, key: string, series: TimeSeries): Sample | undefined {
  const name = liveSource(db, series, key);
  const source = name === undefined ? undefined : db.peek(name);
  if (source?.type !== 'TSDB-TYPE') return undefined;
  const rule = source.rules.find(({ target }) => target === key);
  if (rule?.current === undefined) return undefined;
  const value = bucketValue(source, rule, rule.current);
  return value === undefined ? undefined : { time: Math.max(0, rule.current), value };
}
