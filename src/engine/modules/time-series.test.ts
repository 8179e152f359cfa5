import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from '../persistence/disk.ts';
import { readPayload, writePayload } from '../persistence/payload.ts';
import { defaultSettings } from '../server/settings.ts';
import type { Aggregation, DuplicatePolicy, Sample } from '../values/time-series.ts';
import { TimeSeries } from '../values/time-series.ts';
import { printValue } from './ts-common.ts';
import type { Query } from './ts-query.ts';
import { rowsOf } from './ts-samples.ts';

const open: Query = {
  from: 0,
  to: Infinity,
  isReverse: false,
  latest: false,
  count: Infinity,
  times: undefined,
  values: undefined,
  buckets: undefined,
};

const ask = (series: TimeSeries, query: Partial<Query>) =>
  rowsOf(series, { ...open, ...query }, undefined);

type Step =
  | {
      readonly do: 'add';
      readonly time: number;
      readonly value: number;
      readonly policy: DuplicatePolicy;
    }
  | { readonly do: 'delete'; readonly from: number; readonly to: number };

const time = fc.integer({ min: 0, max: 300 });
const value = fc.integer({ min: -9, max: 9 });
const policy = fc.constantFrom<DuplicatePolicy>('block', 'first', 'last', 'min', 'max', 'sum');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('add'), time, value, policy }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), from: time, to: time }) },
);
const steps = fc.array(step, { maxLength: 150 });

/** The same in an array, without any thought of speed. */
function model(all: readonly Step[], retention = 0): Sample[] {
  let samples: Sample[] = [];
  for (const each of all) {
    if (each.do === 'delete') {
      samples = samples.filter(({ time }) => time < each.from || time > each.to);
      continue;
    }
    const newest = Math.max(-1, ...samples.map(({ time }) => time));
    if (retention > 0 && newest - each.time > retention) continue;
    const old = samples.find(({ time }) => time === each.time);
    const merged = old ? merge(old.value, each.value, each.policy) : each.value;
    samples = samples.filter(({ time }) => time !== each.time);
    samples.push({ time: each.time, value: merged });
  }
  samples.sort((a, b) => a.time - b.time);
  const newest = samples.at(-1)?.time ?? 0;
  return retention === 0 ? samples : samples.filter(({ time }) => newest - time <= retention);
}

function merge(old: number, fresh: number, how: DuplicatePolicy): number {
  if (how === 'block' || how === 'first') return old;
  if (how === 'last') return fresh;
  return { min: Math.min(old, fresh), max: Math.max(old, fresh), sum: old + fresh }[how];
}

function build(all: readonly Step[], settings = {}): TimeSeries {
  const series = new TimeSeries({ chunkSize: 48, ...settings });
  for (const each of all) {
    if (each.do === 'add') series.add(each.time, each.value, each.policy);
    else series.delete(each.from, each.to);
  }
  return series;
}

test('a series holds what an array would, in either encoding, forwards and backwards', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), time, time, (all, isCompressed, from, to) => {
      const series = build(all, { isCompressed });
      const expected = model(all).filter((sample) => sample.time >= from && sample.time <= to);
      const rows = expected.map(({ time, value }) => ({ time, values: [value] }));
      expect(ask(series, { from, to })).toEqual(rows);
      expect(ask(series, { from, to, isReverse: true })).toEqual(rows.toReversed());
      expect(ask(series, { from, to, count: 2 })).toEqual(rows.slice(0, 2));
      expect(series.size).toBe(model(all).length);
    }),
  );
});

test('what is older than the retention is neither taken nor seen', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }).map((all) => all.filter((each) => each.do === 'add')),
      fc.integer({ min: 1, max: 100 }),
      (all, retention) => {
        const series = build(all, { retention });
        const rows = model(all, retention).map(({ time, value }) => ({ time, values: [value] }));
        expect(ask(series, {})).toEqual(rows);
      },
    ),
  );
});

const folds: Readonly<Record<string, (values: readonly number[]) => number>> = {
  avg: (values) => sum(values) / values.length,
  sum: (values) => sum(values),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  range: (values) => Math.max(...values) - Math.min(...values),
  count: (values) => values.length,
  first: (values) => values[0] as number,
  last: (values) => values.at(-1) as number,
  'var.p': (values) => spread(values) / values.length,
  'var.s': (values) => (values.length === 1 ? 0 : spread(values) / (values.length - 1)),
  'std.p': (values) => Math.sqrt(spread(values) / values.length),
  'std.s': (values) => (values.length === 1 ? 0 : Math.sqrt(spread(values) / (values.length - 1))),
};

const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);
const spread = (values: readonly number[]) =>
  sum(values.map((each) => (each - sum(values) / values.length) ** 2));

const floorTo = (at: number, width: number, align: number) =>
  Math.floor((at - align) / width) * width + align;

test('buckets come to what an array divided into them does', () => {
  const width = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(steps, width, width, time, time, (all, width, align, from, to) => {
      const series = build(all);
      const groups = new Map<number, Sample[]>();
      for (const sample of model(all)) {
        if (sample.time < from || sample.time > to) continue;
        const start = floorTo(sample.time, width, align);
        groups.set(start, [...(groups.get(start) ?? []), sample]);
      }
      const names = Object.keys(folds) as Aggregation[];
      const buckets = { aggregations: names, width, align, fillsEmpty: false, offset: 0 };
      const rows = ask(series, { from, to, buckets });
      expect(rows.map((row) => row.time)).toEqual([...groups.keys()].map((at) => Math.max(0, at)));
      [...groups.values()].forEach((samples, i) => {
        const values = samples.map((sample) => sample.value);
        names.forEach((name, column) => {
          expect(rows[i]?.values[column]).toBeCloseTo(folds[name]?.(values) as number, 9);
        });
      });
    }),
  );
});

/** The mean height of the line between samples over a bucket, in a thousand small steps. */
function meanHeight(samples: readonly Sample[], start: number, end: number): number {
  const [from, to] = [
    Math.max(start, samples[0]?.time ?? 0),
    Math.min(end, samples.at(-1)?.time ?? 0),
  ];
  if (to <= from) return samples.find(({ time }) => time >= start && time < end)?.value ?? NaN;
  const parts = 1000;
  const heights = Array.from({ length: parts }, (_, i) => from + ((i + 0.5) * (to - from)) / parts);
  return sum(heights.map((at) => heightAt(samples, at))) / parts;
}

function heightAt(samples: readonly Sample[], at: number): number {
  const after = samples.findIndex(({ time }) => time >= at);
  const [a, b] = [samples[after - 1] as Sample, samples[after] as Sample];
  return a.value + ((b.value - a.value) * (at - a.time)) / (b.time - a.time);
}

test('the time-weighted mean is the mean height of the line, empty buckets included', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 2, max: 40 }), (all, width) => {
      const samples = model(all);
      const buckets = {
        aggregations: ['twa'] as const,
        width,
        align: 0,
        fillsEmpty: true,
        offset: 0,
      };
      for (const { time, values } of ask(build(all), { buckets })) {
        expect(values[0]).toBeCloseTo(meanHeight(samples, time, time + width), 1);
      }
    }),
    { numRuns: 40 },
  );
});

test('a compaction holds what a query in the same buckets says of all but the last', async () => {
  const names = [...Object.keys(folds), 'twa'] as Aggregation[];
  const adding = fc.array(fc.record({ time, value }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(adding, fc.constantFrom(...names), time, async (samples, name, cut) => {
      const lab = new LabSession(new Lab());
      const run = async (line: string) => (await lab.send('', [line])).reply ?? '';
      await run('TS.CREATE src DUPLICATE_POLICY LAST');
      await run('TS.CREATE dst');
      await run(`TS.CREATERULE src dst AGGREGATION ${name} 30`);
      // What comes late, goes, or takes another value moves the line in the buckets beside its own:
      // those stay as they were.
      const isLine = name === 'twa';
      const byTime = samples.toSorted((a, b) => a.time - b.time);
      const onceEach = byTime.filter(({ time }, i) => time !== byTime[i - 1]?.time);
      const given = isLine ? onceEach : samples;
      for (const each of given) await run(`TS.ADD src ${each.time} ${each.value}`);
      if (!isLine) await run(`TS.DEL src ${cut} ${cut + 10}`);
      await run('TS.ADD src 100000 1');
      const expected = await run(`TS.RANGE src - 99999 AGGREGATION ${name} 30`);
      expect(await run('TS.RANGE dst - +')).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

test('values are printed in the shortest digits that read back the same', () => {
  expect([0, 1, 100, 21.5, -3.25, 0.5, 1e-7, 1e20, 123456789.125, NaN].map(printValue)).toEqual([
    ...['0', '1', '100', '21.5', '-3.25', '5E-1', '1E-7', '1E20', '123456789.125', 'NaN'],
  ]);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(Number(printValue(number))).toBe(number === 0 ? 0 : number);
    }),
  );
});

test('chunks are full where the differences of their samples fill them', () => {
  const series = new TimeSeries({ chunkSize: 128 });
  for (let at = 1; at <= 1000; at++) series.add(at, 5, 'block');
  // As the module's own tests have it: each sample that is like the one before takes two bits.
  expect(series.chunks.map(({ first, last, count }) => [first, last, count])).toEqual([
    [1, 510, 510],
    [511, 1000, 490],
  ]);
  const plain = new TimeSeries({ chunkSize: 128, isCompressed: false });
  for (let at = 1; at <= 20; at++) plain.add(at, at, 'block');
  expect(plain.chunks.map(({ count }) => count)).toEqual([8, 8, 4]);
});

test('a series is the same after a restart, from either kind of file, and as a payload', async () => {
  const story = [
    'TS.CREATE src RETENTION 5000 CHUNK_SIZE 128 LABELS a 1',
    'TS.CREATE dst',
    'TS.CREATERULE src dst AGGREGATION twa 10 3',
    'TS.MADD src 1 1.5 src 2 NaN src 25 3 src 40 0.1',
  ];
  const questions = ['TS.INFO src', 'TS.INFO dst', 'TS.RANGE src - +', 'TS.RANGE dst - + LATEST'];
  for (const config of [{}, { appendonly: 'yes', 'aof-use-rdb-preamble': 'no' }]) {
    const disk = new VirtualDisk();
    const start = () => {
      const lab = new LabSession(new Lab({ disk, config }));
      return async (line: string) => (await lab.send('', [line])).reply;
    };
    const run = start();
    for (const line of story) await run(line);
    await run('appendonly' in config ? 'BGREWRITEAOF' : 'SAVE');
    const next = start();
    for (const question of questions) expect(await next(question)).toBe(await run(question));
  }
  const series = build([{ do: 'add', time: 1, value: 2, policy: 'last' }]);
  const read = readPayload(writePayload(series, true), defaultSettings()) as TimeSeries;
  expect(read.save()).toBe(series.save());
});

test('buckets of a million samples: 100 ms are wanted, and ten times as much is a mistake', () => {
  const series = new TimeSeries();
  for (let i = 0; i < 1_000_000; i++) series.add(i * 1000, Math.sin(i) * 100, 'block');
  const aggregations = ['avg'] as const;
  const buckets = { aggregations, width: 3_600_000, align: 0, fillsEmpty: false, offset: 0 };
  const start = performance.now();
  expect(ask(series, { buckets })).toHaveLength(278);
  expect(performance.now() - start).toBeLessThan(1000);
});
