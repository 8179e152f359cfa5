/** How the samples of a bucket of time become one number. */
import type { Aggregation, Sample, TimeSeries } from '../values/time-series.ts';

/** A stretch of time, from its first ms up to the first of the next. */
export interface Bucket {
  readonly start: number;
  readonly end: number;
}

/** Gathers the samples of one bucket after the other. */
export interface Aggregator {
  /** A bucket begins; `before` is the newest sample before it. */
  open(bucket: Bucket, before: Sample | undefined): void;
  add(time: number, value: number): void;
  /** The bucket's number; `after` is the oldest sample after it. */
  close(after: Sample | undefined): number;
}

export function aggregatorFor(aggregation: Aggregation): Aggregator {
  switch (aggregation) {
    case 'avg':
      return new Folding((stats) => stats.sum / stats.count);
    case 'sum':
      return new Folding((stats) => stats.sum);
    case 'min':
      return new Folding((stats) => (stats.count === 0 ? NaN : stats.min));
    case 'max':
      return new Folding((stats) => (stats.count === 0 ? NaN : stats.max));
    case 'range':
      return new Folding((stats) => (stats.count === 0 ? NaN : stats.max - stats.min));
    case 'count':
      return new Folding((stats) => stats.count);
    case 'countnan':
      return new Folding((stats) => stats.nans);
    case 'countall':
      return new Folding((stats) => stats.count + stats.nans);
    case 'first':
      return new Folding((stats) => stats.first);
    case 'last':
      return new Folding((stats, before) =>
        stats.count === 0 ? (before?.value ?? NaN) : stats.last,
      );
    case 'var.p':
      return new Folding((stats) => variance(stats, stats.count));
    case 'var.s':
      return new Folding((stats) => sampleVariance(stats));
    case 'std.p':
      return new Folding((stats) => Math.sqrt(variance(stats, stats.count)));
    case 'std.s':
      return new Folding((stats) => Math.sqrt(sampleVariance(stats)));
    case 'twa':
      return new TimeWeighted();
  }
}

/** What is remembered of the samples that are numbers. */
class Stats {
  count = 0;
  nans = 0;
  sum = 0;
  squares = 0;
  min = Infinity;
  max = -Infinity;
  first = NaN;
  last = NaN;
}

class Folding implements Aggregator {
  #stats = new Stats();
  #before: Sample | undefined;

  constructor(private readonly result: (stats: Stats, before: Sample | undefined) => number) {}

  open(_bucket: Bucket, before: Sample | undefined): void {
    this.#stats = new Stats();
    this.#before = before;
  }

  add(_time: number, value: number): void {
    const stats = this.#stats;
    if (Number.isNaN(value)) {
      stats.nans++;
      return;
    }
    if (stats.count === 0) stats.first = value;
    stats.count++;
    stats.last = value;
    stats.sum += value;
    stats.squares += value * value;
    if (value < stats.min) stats.min = value;
    if (value > stats.max) stats.max = value;
  }

  close(): number {
    return this.result(this.#stats, this.#before);
  }
}

/** The mean of the squared distances from the mean; for a sample one less is divided by. */
const variance = ({ count, sum, squares }: Stats, by: number): number =>
  count === 0
    ? NaN
    : Math.max(0, (squares - (2 * sum * sum) / count + (sum / count) ** 2 * count) / by);

const sampleVariance = (stats: Stats): number =>
  stats.count === 1 ? 0 : variance(stats, stats.count - 1);

/**
 * The mean over time of the line that joins the samples. At the ends of the bucket it is where the line
 * to the neighbours outside crosses; without a neighbour the bucket counts from its first, or to its
 * last sample.
 */
class TimeWeighted implements Aggregator {
  #bucket: Bucket = { start: 0, end: 0 };
  #area = 0;
  /** Where the line has come to, and where it began to count. */
  #last: Sample | undefined;
  #from: number | undefined;

  open(bucket: Bucket, before: Sample | undefined): void {
    this.#bucket = bucket;
    this.#area = 0;
    this.#last = before;
    this.#from = before ? bucket.start : undefined;
  }

  add(time: number, value: number): void {
    if (Number.isNaN(value)) return;
    this.#goTo({ time, value }, time);
    this.#from ??= time;
  }

  close(after: Sample | undefined): number {
    if (after) this.#goTo(after, this.#bucket.end);
    if (this.#from === undefined || !this.#last) return NaN;
    const until = after ? this.#bucket.end : this.#last.time;
    return until <= this.#from ? this.#last.value : this.#area / (until - this.#from);
  }

  /** Adds what lies under the line to the next sample, as far as it is in the bucket. */
  #goTo(next: Sample, until: number): void {
    const last = this.#last;
    if (last && this.#from !== undefined) {
      const start = Math.max(last.time, this.#bucket.start);
      const height = (valueAt(last, next, start) + valueAt(last, next, until)) / 2;
      this.#area += height * (until - start);
    }
    this.#last = next;
  }
}

/** Where the line between two samples is at a time. */
const valueAt = (a: Sample, b: Sample, time: number): number =>
  a.time === b.time
    ? b.value
    : a.value + ((b.value - a.value) * (time - a.time)) / (b.time - a.time);

/** When the bucket begins that holds a time; buckets are counted from `align` in both directions. */
export const bucketStart = (time: number, width: number, align: number): number =>
  time - ((((time - align) % width) + width) % width);

/** What a bucket comes to, of the samples from `from` on. */
export function aggregateBucket(
  series: TimeSeries,
  aggregation: Aggregation,
  bucket: Bucket,
  from = bucket.start,
): number | undefined {
  const aggregator = aggregatorFor(aggregation);
  let isEmpty = true;
  aggregator.open(bucket, from > bucket.start ? undefined : series.before(bucket.start));
  series.visit(from, bucket.end - 1, (time, value) => {
    isEmpty = false;
    aggregator.add(time, value);
    return true;
  });
  return isEmpty ? undefined : aggregator.close(series.after(bucket.end - 1));
}
