/** Answers a query from the samples of one series. */
import { notSimulated } from '../errors.ts';
import type { Sample, TimeSeries } from '../values/time-series.ts';
import { type Aggregator, aggregatorFor, bucketStart } from './ts-aggregate.ts';
import type { Buckets, Query } from './ts-query.ts';

/** A time, and a number for each aggregation; one where there is none. */
export interface Row {
  readonly time: number;
  readonly values: readonly number[];
}

/** More rows than this of nothing are not made. */
const MAX_EMPTY = 1_000_000;

/** The rows that a query asks for, in the order in which it asks for them. */
export function rowsOf(series: TimeSeries, query: Query, latest: Sample | undefined): Row[] {
  const rows = query.buckets
    ? new Bucketing(series, query, query.buckets).rows(latest)
    : plainRows(series, query, latest);
  return rows.length > query.count ? rows.slice(0, query.count) : rows;
}

function plainRows(series: TimeSeries, query: Query, latest: Sample | undefined): Row[] {
  const rows: Row[] = [];
  const passes = filterOf(query);
  const take = (time: number, value: number): boolean => {
    if (passes(time, value)) rows.push({ time, values: [value] });
    return rows.length < query.count;
  };
  const isWanted = latest && latest.time >= query.from && latest.time <= query.to;
  if (query.isReverse) {
    if (isWanted) take(latest.time, latest.value);
    if (rows.length < query.count) series.visitBackwards(query.from, query.to, take);
  } else {
    series.visit(query.from, query.to, take);
    if (isWanted && rows.length < query.count) take(latest.time, latest.value);
  }
  return rows;
}

function filterOf({ times, values }: Query): (time: number, value: number) => boolean {
  if (!times && !values) return () => true;
  const [min, max] = values ?? [-Infinity, Infinity];
  return (time, value) =>
    (!times || times.has(time)) && (!values || (value >= min && value <= max));
}

/** Goes through samples in the order of time, from bucket to bucket. */
class Bucketing {
  readonly #rows: Row[] = [];
  readonly #aggregators: readonly Aggregator[];
  /** The bucket that is filling begins and ends here. */
  #start = NaN;
  #end = -Infinity;
  /** The sample that came last; no time when there was none. */
  #lastTime = NaN;
  #lastValue = NaN;
  readonly #passes: (time: number, value: number) => boolean;

  constructor(
    private readonly series: TimeSeries,
    private readonly query: Query,
    private readonly buckets: Buckets,
  ) {
    this.#aggregators = buckets.aggregations.map(aggregatorFor);
    this.#passes = filterOf(query);
  }

  rows(latest: Sample | undefined): Row[] {
    const { series, query } = this;
    const from = Math.max(query.from, series.horizon);
    const before = this.#neighbour((visit) => series.visitBackwards(0, from - 1, visit));
    if (before) this.#note(before.time, before.value);
    series.visit(from, query.to, (time, value) => this.#add(time, value));
    if (latest && latest.time >= from && latest.time <= query.to) {
      this.#add(latest.time, latest.value);
    }
    this.#finish(from);
    if (query.isReverse) this.#rows.reverse();
    return this.#rows;
  }

  #add(time: number, value: number): boolean {
    if (!this.#passes(time, value)) return true;
    if (time >= this.#end) this.#move({ time, value });
    for (const aggregator of this.#aggregators) aggregator.add(time, value);
    this.#note(time, value);
    return true;
  }

  #note(time: number, value: number): void {
    this.#lastTime = time;
    this.#lastValue = value;
  }

  get #last(): Sample | undefined {
    return Number.isNaN(this.#lastTime)
      ? undefined
      : { time: this.#lastTime, value: this.#lastValue };
  }

  /** Ends the bucket that was filling, and begins that of the next sample. */
  #move(next: Sample): void {
    const { width, align } = this.buckets;
    const start = bucketStart(next.time, width, align);
    if (Number.isNaN(this.#start)) {
      if (this.#last) this.#fill(this.#bucketOf(this.#first()), start, next);
    } else {
      this.#close(next);
      this.#fill(this.#end, start, next);
    }
    this.#open(start);
  }

  #finish(from: number): void {
    const { query, series } = this;
    const next = this.#neighbour((visit) =>
      series.visit(Math.max(query.to, from) + 1, Infinity, visit),
    );
    const end = this.#bucketOf(query.to) + this.buckets.width;
    if (!Number.isNaN(this.#start)) {
      this.#close(next);
      if (next) this.#fill(this.#end, end, next);
    } else if (this.#last && next) this.#fill(this.#bucketOf(this.#first()), end, next);
  }

  #first(): number {
    return Math.max(this.query.from, this.series.horizon);
  }

  #bucketOf(time: number): number {
    return bucketStart(time, this.buckets.width, this.buckets.align);
  }

  #open(start: number): void {
    this.#start = start;
    this.#end = start + this.buckets.width;
    const bucket = { start, end: this.#end };
    const before = this.#last;
    for (const aggregator of this.#aggregators) aggregator.open(bucket, before);
  }

  #close(next: Sample | undefined): void {
    const time = Math.max(0, this.#start) + this.buckets.offset;
    const values = this.#aggregators.map((aggregator) => aggregator.close(next));
    this.#rows.push({ time, values });
  }

  /** Rows for the buckets without samples from one time up to another, if they are asked for. */
  #fill(from: number, to: number, next: Sample): void {
    const { width, fillsEmpty } = this.buckets;
    if (!fillsEmpty) return;
    if ((to - from) / width > MAX_EMPTY) {
      throw notSimulated('a range of so many empty buckets', 'return them all');
    }
    for (let start = from; start < to; start += width) {
      this.#open(start);
      this.#close(next);
    }
  }

  /** The nearest sample outside of the range that passes the filters. */
  #neighbour(walk: (visit: (time: number, value: number) => boolean) => void): Sample | undefined {
    let found: Sample | undefined;
    walk((time, value) => {
      if (!this.#passes(time, value)) return true;
      found = { time, value };
      return false;
    });
    return found;
  }
}
