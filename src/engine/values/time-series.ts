import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { ModuleValue } from './module-value.ts';
import { Chunk } from './time-series-chunk.ts';
import type { Used } from './used.ts';

/** What becomes of a sample for a time that has one. */
export const duplicatePolicies = ['block', 'first', 'last', 'min', 'max', 'sum'] as const;
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

export const aggregations = [
  ...(['avg', 'sum', 'min', 'max', 'range', 'count', 'first', 'last'] as const),
  ...(['std.p', 'std.s', 'var.p', 'var.s', 'twa', 'countnan', 'countall'] as const),
] as const;
export type Aggregation = (typeof aggregations)[number];

/** Milliseconds since 1970, and a number. */
export interface Sample {
  readonly time: number;
  readonly value: number;
}

/** How a series is kept; TS.CREATE and TS.ALTER set it. */
export interface SeriesSettings {
  /** Milliseconds before the newest sample; 0 is for ever. */
  retention: number;
  /** Bytes. */
  chunkSize: number;
  isCompressed: boolean;
  policy: DuplicatePolicy | undefined;
  labels: readonly (readonly [name: string, value: string])[];
  /** A sample as near as this to the newest, in time and value, is passed over. */
  ignoreTime: number;
  ignoreValue: number;
}

/** Samples of each bucket of time become one of another series. */
export interface CompactionRule {
  target: string;
  readonly aggregation: Aggregation;
  /** How long a bucket is, in ms, and a time at which one begins. */
  readonly bucket: number;
  readonly align: number;
  /** When the bucket begins that is still filling; none before the first sample. */
  current: number | undefined;
  /** Samples up to here were there before the rule and do not count. */
  readonly after: number;
}

export const DEFAULT_CHUNK_BYTES = 4096;

export const defaultSettings: SeriesSettings = {
  retention: 0,
  chunkSize: DEFAULT_CHUNK_BYTES,
  isCompressed: true,
  policy: undefined,
  labels: [],
  ignoreTime: 0,
  ignoreValue: 0,
};

/** Why a sample was not taken. */
export type Refusal = 'old' | 'duplicate';

const SERIES_BYTES = 176;
const CHUNK_BYTES = 88;
/** A chunk with samples between its others may outgrow its size by so much before it is split. */
const SPLIT_AT = 1.2;

/** Samples in the order of their times. https://redis.io/docs/latest/develop/data-types/timeseries/ */
export class TimeSeries extends ModuleValue {
  readonly type = 'TSDB-TYPE';
  readonly settings: SeriesSettings;
  /** The series that this one is a compaction of. */
  source: string | undefined;
  rules: CompactionRule[] = [];
  #chunks: Chunk[] = [new Chunk()];

  constructor(settings: Partial<SeriesSettings> = {}) {
    super();
    this.settings = { ...defaultSettings, ...settings };
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** How many samples there are, those included that wait to be dropped. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  }

  get first(): Sample | undefined {
    return sampleOf(this.#chunks[0] as Chunk, 0);
  }

  get last(): Sample | undefined {
    const chunk = this.#chunks.at(-1) as Chunk;
    return sampleOf(chunk, chunk.count - 1);
  }

  /** Samples before this are too old to be seen. */
  get horizon(): number {
    const { retention } = this.settings;
    const { last } = this;
    return retention > 0 && last ? Math.max(0, last.time - retention) : 0;
  }

  get bytes(): number {
    const { labels, chunkSize } = this.settings;
    const texts = labels.reduce((sum, [name, value]) => sum + name.length + value.length + 64, 0);
    return SERIES_BYTES + texts + this.#chunks.length * (chunkSize + CHUNK_BYTES);
  }

  label(name: string): string | undefined {
    return this.settings.labels.find(([label]) => label === name)?.[1];
  }

  /** Whether a sample is so like the newest that it is passed over. */
  ignores(time: number, value: number, policy: DuplicatePolicy): boolean {
    const { last } = this;
    const { ignoreTime, ignoreValue } = this.settings;
    if (!last || policy !== 'last' || this.source !== undefined || time < last.time) return false;
    const isNear = Math.abs(value - last.value) <= ignoreValue;
    return isNear && time - last.time <= ignoreTime;
  }

  /** Puts a sample in its place. Returns why not, if not. */
  add(time: number, value: number, policy: DuplicatePolicy): Refusal | undefined {
    const { last } = this;
    if (!last || time > last.time) {
      this.#append(time, value);
      return undefined;
    }
    const { retention } = this.settings;
    if (retention > 0 && last.time - time > retention) return 'old';
    const at = this.#chunkFor(time);
    const chunk = this.#chunks[at] as Chunk;
    const index = chunk.indexOf(time);
    if (chunk.times[index] === time && index < chunk.count) {
      const merged = mergeSamples(chunk.values[index] as number, value, policy);
      if (merged === undefined) return 'duplicate';
      chunk.set(index, merged);
    } else chunk.insert(index, time, value);
    const { isCompressed, chunkSize } = this.settings;
    if (chunk.usedBytes(isCompressed) > chunkSize * SPLIT_AT) {
      this.#chunks.splice(at + 1, 0, chunk.split());
    }
    return undefined;
  }

  /** Takes out all samples of these times, both included. Returns how many. */
  delete(from: number, to: number): number {
    if (from > to) return 0;
    let gone = 0;
    for (const chunk of this.#chunks) {
      if (chunk.count === 0 || chunk.first > to || chunk.last < from) continue;
      const [first, end] = [chunk.indexOf(from), chunk.indexOf(to + 1)];
      gone += end - first;
      chunk.remove(first, end);
    }
    if (gone > 0) this.#keepChunks((chunk) => chunk.count > 0);
    return gone;
  }

  /** Visits the samples of these times that are not too old, until `visit` says false. */
  visit(
    from: number,
    to: number,
    visit: (time: number, value: number) => boolean | undefined,
  ): void {
    const start = Math.max(from, this.horizon);
    for (const chunk of this.#chunks) {
      if (chunk.count === 0 || chunk.last < start) continue;
      if (chunk.first > to) return;
      const { times, values, count } = chunk;
      for (let i = chunk.first >= start ? 0 : chunk.indexOf(start); i < count; i++) {
        const time = times[i] as number;
        if (time > to || visit(time, values[i] as number) === false) return;
      }
    }
  }

  /** The same from the newest to the oldest. */
  visitBackwards(
    from: number,
    to: number,
    visit: (time: number, value: number) => boolean | undefined,
  ): void {
    const start = Math.max(from, this.horizon);
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const chunk = this.#chunks[at] as Chunk;
      if (chunk.count === 0 || chunk.first > to) continue;
      const { times, values } = chunk;
      for (let i = chunk.indexOf(to + 1) - 1; i >= 0; i--) {
        const time = times[i] as number;
        if (time < start || visit(time, values[i] as number) === false) return;
      }
    }
  }

  /** The newest sample before a time, and the oldest after one. */
  before(time: number): Sample | undefined {
    let found: Sample | undefined;
    this.visitBackwards(0, time - 1, (at, value) => {
      found = { time: at, value };
      return false;
    });
    return found;
  }

  after(time: number): Sample | undefined {
    let found: Sample | undefined;
    this.visit(time + 1, Infinity, (at, value) => {
      found = { time: at, value };
      return false;
    });
    return found;
  }

  save(): string {
    const about: Saved = {
      settings: this.settings,
      source: this.source,
      rules: this.rules,
      counts: this.#chunks.map(({ count }) => count),
    };
    const samples = this.#chunks.map(
      ({ times, values, count }) => bytesOf(times, count) + bytesOf(values, count),
    );
    return `${JSON.stringify(about)}\n${samples.join('')}`;
  }

  static load(text: string): TimeSeries {
    const end = text.indexOf('\n');
    const about = JSON.parse(text.slice(0, end)) as Saved;
    const series = new TimeSeries(about.settings);
    series.source = about.source;
    // What is not there yet has its place all the same: equal series are saved as equal texts.
    series.rules = about.rules.map(({ current, after, ...rule }) => ({ ...rule, current, after }));
    let at = end + 1;
    series.#chunks = about.counts.map((count) => {
      const chunk = new Chunk();
      const times = numbersOf(text.slice(at, at + count * 8));
      const values = numbersOf(text.slice(at + count * 8, at + count * 16));
      at += count * 16;
      times.forEach((time, i) => {
        chunk.append(time, values[i] as number, Infinity, false);
      });
      return chunk;
    });
    return series;
  }

  /** Its key has another name now: the series at the other ends of its rules are told. */
  renamed(from: string, to: string, at: (key: string) => Used | undefined): void {
    for (const { target } of this.rules) {
      const series = at(target);
      if (series instanceof TimeSeries && series.source === from) series.source = to;
    }
    const source = this.source === undefined ? undefined : at(this.source);
    if (!(source instanceof TimeSeries)) return;
    for (const rule of source.rules) if (rule.target === from) rule.target = to;
  }

  /** The samples and settings, but not the ties to other series. */
  copy(): TimeSeries {
    const copy = TimeSeries.load(this.save());
    copy.rules = [];
    copy.source = undefined;
    return copy;
  }

  #append(time: number, value: number): void {
    const { chunkSize, isCompressed } = this.settings;
    if (this.#chunks.at(-1)?.append(time, value, chunkSize, isCompressed)) return;
    const chunk = new Chunk();
    chunk.append(time, value, chunkSize, isCompressed);
    this.#chunks.push(chunk);
    // Chunks go as a whole, when nothing in them can be seen any more.
    const { horizon } = this;
    this.#keepChunks((each) => each.last >= horizon);
  }

  #keepChunks(keep: (chunk: Chunk) => boolean): void {
    this.#chunks = this.#chunks.filter(keep);
    if (this.#chunks.length === 0) this.#chunks.push(new Chunk());
  }

  /** The index of the last chunk that begins at or before a time. */
  #chunkFor(time: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle] as Chunk).first <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

interface Saved {
  readonly settings: SeriesSettings;
  readonly source: string | undefined;
  readonly rules: CompactionRule[];
  /** How many samples each chunk has. */
  readonly counts: readonly number[];
}

function sampleOf(chunk: Chunk, at: number): Sample | undefined {
  if (at < 0 || at >= chunk.count) return undefined;
  return { time: chunk.times[at] as number, value: chunk.values[at] as number };
}

/** What is kept of two samples for one time, or undefined when the new one is refused. */
function mergeSamples(old: number, value: number, policy: DuplicatePolicy): number | undefined {
  if (policy === 'first') return old;
  if (policy === 'last') return value;
  if (policy === 'block' || Number.isNaN(old) || Number.isNaN(value)) return undefined;
  if (policy === 'min') return Math.min(old, value);
  return policy === 'max' ? Math.max(old, value) : old + value;
}

const bytesOf = (numbers: Float64Array, count: number): string =>
  fromUint8(new Uint8Array(numbers.buffer, 0, count * 8));

const numbersOf = (bytes: string): Float64Array => new Float64Array(toUint8(bytes).buffer);
