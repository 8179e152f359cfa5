/** Commands that tell of series, and that find them by their labels. */

import { compareBytes } from '../bytes/bytes.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { Wait } from '../commands/wait.ts';
import { wrongArity } from '../errors.ts';
import { MapReply, type Reply, SetReply, Status } from '../resp/reply.ts';
import type { CompactionRule, TimeSeries } from '../values/time-series.ts';
import { doubleReply, namedReplies } from './replies.ts';
import { needSeries, readCount, sampleReply, seriesAt, tsError, tsRead } from './ts-common.ts';
import { findSeries, readMatchers } from './ts-labels.ts';
import { pairsReply } from './ts-range.ts';
import { liveRules, liveSource } from './ts-rules.ts';

const searching = {
  ...tsRead,
  keyUse: [],
  complexity: 'O(N) where N is the number of series.',
  tips: ['dont_cache'],
} as const;

const MATCHING = 'filterExpr:string [filterExpr:string ...]';

export const tsInfoCommands = [
  command('TS.INFO key [DEBUG]', {
    ...tsRead,
    summary: 'Tells how a series is kept, and how many samples it has.',
    complexity: 'O(1)',
    override: { categories: ['read', 'fast', 'timeseries'] },
    tips: ['dont_cache'],
    run: info,
  }),
  command(`TS.QUERYINDEX ${MATCHING}`, {
    ...searching,
    summary: 'Returns the keys of the series that a filter finds.',
    run: ({ db }, args) =>
      new SetReply(findSeries(db, readMatchers(args.rest())).map(({ key }) => key)),
  }),
  command(`TS.QUERYLABELS <LABELS | VALUES label> [FILTER ${MATCHING}]`, {
    ...searching,
    summary:
      'Returns the names of labels, or the values of one, of the series that a filter finds.',
    since: '8.10.0',
    run: queryLabels,
  }),
  command(
    'TS.READ key timestamp [BLOCK milliseconds:int min_count:int] [MAX_COUNT max_count:int]',
    {
      ...tsRead,
      summary: 'Returns samples from a time on, and can wait for them.',
      since: '8.10.0',
      complexity: 'O(N) where N is the number of samples returned.',
      tips: ['dont_cache'],
      override: { ...tsRead.override, arity: -3 },
      run: read,
    },
  ),
];

function info(ctx: Context, args: Args): Reply {
  const { db, protocol } = ctx;
  const key = args.string();
  const isDebug = args.token('DEBUG');
  if (!args.done) throw wrongArity('ts.info');
  const series = needSeries(db, key);
  const { settings } = series;
  const fields: [string, Reply][] = [
    ['totalSamples', series.size],
    ['memoryUsage', series.bytes],
    ['firstTimestamp', series.first?.time ?? 0],
    ['lastTimestamp', series.last?.time ?? 0],
    ['retentionTime', settings.retention],
    ['chunkCount', series.chunks.length],
    ['chunkSize', settings.chunkSize],
    ['chunkType', new Status(settings.isCompressed ? 'compressed' : 'uncompressed')],
    ['duplicatePolicy', new Status(settings.policy ?? 'block')],
    ['labels', pairsReply(ctx, settings.labels)],
    ['sourceKey', liveSource(db, series, key) ?? null],
    ['rules', rulesReply(protocol, liveRules(db, key, series))],
    ['ignoreMaxTimeDiff', settings.ignoreTime],
    ['ignoreMaxValDiff', doubleReply(settings.ignoreValue)],
  ];
  if (isDebug) fields.push(['keySelfName', key], ['Chunks', chunksReply(series)]);
  return namedReplies(fields);
}

function rulesReply(protocol: number, rules: readonly CompactionRule[]): Reply {
  const about = ({ bucket, aggregation, align }: CompactionRule): Reply[] => [
    bucket,
    new Status(aggregation.toUpperCase()),
    align,
  ];
  if (protocol === 3) return new MapReply(rules.map((rule) => [rule.target, about(rule)]));
  return rules.map((rule) => [rule.target, ...about(rule)]);
}

function chunksReply({ chunks, settings: { isCompressed, chunkSize } }: TimeSeries): Reply {
  return chunks.map((chunk) => {
    const { count } = chunk;
    const bytes = isCompressed ? chunkSize : chunk.usedBytes(false);
    const perSample = count === 0 ? 0 : bytes / count;
    return new MapReply([
      [new Status('startTimestamp'), count === 0 ? 0 : chunk.first],
      [new Status('endTimestamp'), count === 0 ? 0 : chunk.last],
      [new Status('samples'), count],
      [new Status('size'), bytes],
      [new Status('bytesPerSample'), doubleReply(perSample)],
    ]);
  });
}

function queryLabels({ db }: Context, args: Args): Reply {
  const wanted = args.oneOf('LABELS', 'VALUES');
  if (!wanted) throw tsError('unknown subtype, must be one of LABELS|VALUES');
  if (wanted === 'VALUES' && args.done) throw wrongArity('ts.querylabels');
  const label = wanted === 'VALUES' ? args.string() : undefined;
  const hasFilter = !args.done;
  if (hasFilter && !args.token('FILTER')) throw tsError('unknown argument, expected FILTER');
  if (hasFilter && args.done) throw tsError('FILTER given with no filter expressions');
  const found = findSeries(db, hasFilter ? readMatchers(args.rest()) : []);
  const words = found.flatMap(({ series }) =>
    series.settings.labels
      .filter(([name]) => label === undefined || name === label)
      .map(([name, value]) => (label === undefined ? name : value)),
  );
  return new SetReply([...new Set(words)].sort(compareBytes));
}

interface Reading {
  readonly maxCount: number;
  readonly block: { readonly timeoutMs: number; readonly minCount: number } | undefined;
}

function read(ctx: Context, args: Args): Reply | Wait {
  const { db, argv, inScript } = ctx;
  const [key = '', from = ''] = args.take(2);
  const { maxCount, block } = readReading(args);
  const isTime = ['-', '+', '$'].includes(from) || readCount(from) !== undefined;
  if (!isTime) throw tsError('invalid timestamp');
  const start = startOf(seriesAt(db, key), from);
  const samples = () => samplesFrom(ctx, key, start, maxCount);
  const now = samples();
  if (!block || now.length >= block.minCount) return now;
  if (inScript) {
    throw tsError(
      'blocking TS.READ (with BLOCK) is not allowed inside MULTI, EVAL, or a deny-blocking context',
    );
  }
  return new Wait({
    keys: [key],
    timeoutMs: block.timeoutMs,
    onTimeout: samples,
    // What `$` and `+` stand for is settled now.
    retryAs: argv.with(2, String(start)),
  });
}

function startOf(series: TimeSeries | undefined, from: string): number {
  const last = series?.last?.time;
  if (from === '-') return 0;
  if (from === '+') return last ?? 0;
  if (from === '$') return last === undefined ? 0 : last + 1;
  return Number(from);
}

function samplesFrom(ctx: Context, key: string, start: number, maxCount: number): Reply[] {
  const samples: Reply[] = [];
  seriesAt(ctx.db, key)?.visit(start, Infinity, (time, value) => {
    samples.push(sampleReply(ctx, { time, value }));
    return samples.length < maxCount;
  });
  return samples;
}

function readReading(args: Args): Reading {
  let maxCount: number | undefined;
  let block: Reading['block'];
  while (!args.done) {
    if (maxCount === undefined && args.left > 1 && args.token('MAX_COUNT')) {
      maxCount = readPositive(args.string(), 'MAX_COUNT must be a positive integer');
    } else if (!block && args.left > 2 && args.token('BLOCK')) block = readBlock(args);
    else throw wrongArity('ts.read');
  }
  if (block && maxCount !== undefined && block.minCount > maxCount) {
    throw tsError('BLOCK min_count must be <= MAX_COUNT');
  }
  return { maxCount: maxCount ?? Infinity, block };
}

function readBlock(args: Args): Reading['block'] {
  const [timeoutMs, minCount] = [readCount(args.string()), args.string()];
  if (timeoutMs === undefined || !/^-?\d+$/.test(minCount)) {
    throw tsError('BLOCK milliseconds must be a non-negative integer');
  }
  return {
    timeoutMs,
    minCount: readPositive(minCount, 'BLOCK min_count must be a positive integer'),
  };
}

function readPositive(text: string, error: string): number {
  const value = readCount(text);
  if (!value) throw tsError(error);
  return value;
}
