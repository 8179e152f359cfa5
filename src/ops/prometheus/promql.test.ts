import { describe, expect, test } from 'vitest';
import { evaluate, STALE } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { labelsOf, printLabels, SampleStore } from './series.ts';
import { printNumber, type Value } from './value.ts';

const NOW = 1_000_000_000;

/** Series with a sample each 15 s, the last of them now. */
function storeWith(series: Readonly<Record<string, readonly number[]>>): SampleStore {
  const store = new SampleStore();
  for (const [name, values] of Object.entries(series)) {
    const [, metric = '', inner = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(name) ?? [];
    const pairs = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]);
    const labels = labelsOf({ __name__: metric, ...Object.fromEntries(pairs) });
    values.forEach((value, i) => {
      store.append(labels, NOW - (values.length - 1 - i) * 15_000, value);
    });
  }
  return store;
}

const shown = (value: Value): unknown => {
  if (value.type === 'vector') {
    return Object.fromEntries(
      value.points.map((point) => [printLabels(point.labels), printNumber(point.value)]),
    );
  }
  return value.type === 'matrix' ? value.series.length : printNumber(Number(value.value));
};

const ask = (text: string, store: SampleStore) => shown(evaluate(parsePromql(text), store, NOW));

const store = storeWith({
  'up{job="redis",instance="a:9121"}': [1, 1],
  'up{job="redis",instance="b:9121"}': [1, 0],
  'up{job="web",instance="c:80"}': [1, 1],
  'hits_total{instance="a:9121"}': [0, 30, 60, 90, 120],
  'misses_total{instance="a:9121"}': [0, 10, 20, 30, 40],
  'restarts_total{instance="a:9121"}': [100, 130, 10, 40, 70],
  'memory_bytes{instance="a:9121"}': [80],
  'memory_max_bytes{instance="a:9121"}': [100],
  'latency_bucket{le="0.1"}': [10],
  'latency_bucket{le="0.5"}': [30],
  'latency_bucket{le="1"}': [40],
  'latency_bucket{le="+Inf"}': [40],
});

describe('PromQL', () => {
  test.each([
    ['1 + 2 * 3 ^ 2', '19'],
    ['-2 ^ 2', '-4'],
    ['2 ^ 3 ^ 2', '512'],
    ['10 % 4', '2'],
    ['1 / 0', '+Inf'],
    ['1 > bool 2', '0'],
    ['1h30m', undefined],
  ])('%s is %s', (text, result) => {
    if (result === undefined) expect(() => ask(text, store)).toThrow('unexpected duration');
    else expect(ask(text, store)).toBe(result);
  });

  test('series are chosen by their labels', () => {
    expect(ask('up{job="redis"}', store)).toEqual({
      'up{instance="a:9121", job="redis"}': '1',
      'up{instance="b:9121", job="redis"}': '0',
    });
    expect(ask('up{instance=~"[ab].*"} == 0', store)).toEqual({
      'up{instance="b:9121", job="redis"}': '0',
    });
    expect(ask('{__name__="up", job!~"red.*"}', store)).toEqual({
      'up{instance="c:80", job="web"}': '1',
    });
    expect(ask('nothing', store)).toEqual({});
    expect(ask('absent(nothing{job="x"})', store)).toEqual({ '{job="x"}': '1' });
  });

  test('aggregations keep the labels that they are by', () => {
    expect(ask('sum by (job) (up)', store)).toEqual({ '{job="redis"}': '1', '{job="web"}': '1' });
    expect(ask('count(up) by (job)', store)).toEqual({ '{job="redis"}': '2', '{job="web"}': '1' });
    expect(ask('avg without (instance) (up)', store)).toEqual({
      '{job="redis"}': '0.5',
      '{job="web"}': '1',
    });
    expect(ask('max(up)', store)).toEqual({ '{}': '1' });
    expect(ask('bottomk(1, up)', store)).toEqual({ 'up{instance="b:9121", job="redis"}': '0' });
    expect(ask('quantile(0.5, up)', store)).toEqual({ '{}': '1' });
  });

  test('a rate is carried on to the ends of the range, and a counter may begin anew', () => {
    // 120 in 60 s; the range ends with the last sample and begins with the first.
    expect(ask('rate(hits_total[1m])', store)).toEqual({ '{instance="a:9121"}': '2' });
    expect(ask('increase(hits_total[45s])', store)).toEqual({ '{instance="a:9121"}': '90' });
    expect(ask('irate(hits_total[1m])', store)).toEqual({ '{instance="a:9121"}': '2' });
    expect(ask('resets(restarts_total[2m])', store)).toEqual({ '{instance="a:9121"}': '1' });
    // 30 + 10 + 30 + 30 in 60 s, and half a step before it.
    expect(ask('increase(restarts_total[2m])', store)).toEqual({ '{instance="a:9121"}': '112.5' });
    expect(ask('rate(memory_bytes[1m])', store)).toEqual({});
    expect(ask('avg_over_time(hits_total[1m])', store)).toEqual({ '{instance="a:9121"}': '75' });
    expect(ask('hits_total offset 30s', store)).toEqual({ 'hits_total{instance="a:9121"}': '60' });
  });

  test('arithmetic matches series by their labels', () => {
    expect(ask('memory_bytes / memory_max_bytes > 0.75', store)).toEqual({
      '{instance="a:9121"}': '0.8',
    });
    const ratio =
      'rate(hits_total[1m]) / (rate(hits_total[1m]) + rate(misses_total[1m])) < bool 0.9';
    expect(ask(ratio, store)).toEqual({ '{instance="a:9121"}': '1' });
    expect(ask('up * on(instance) hits_total', store)).toEqual({ '{instance="a:9121"}': '120' });
    expect(ask('up and on(instance) hits_total', store)).toEqual({
      'up{instance="a:9121", job="redis"}': '1',
    });
    expect(ask('up unless on(instance) hits_total', store)).toEqual({
      'up{instance="b:9121", job="redis"}': '0',
      'up{instance="c:80", job="web"}': '1',
    });
    expect(() => ask('hits_total * on(nothing) up', store)).toThrow('many-to-many matching not');
    expect(() => ask('up * on(job) sum by (job) (up)', store)).toThrow('must be explicit');
  });

  test('the share of a histogram lies within its bucket', () => {
    expect(ask('histogram_quantile(0.25, latency_bucket)', store)).toEqual({ '{}': '0.1' });
    expect(ask('histogram_quantile(0.99, latency_bucket)', store)).toEqual({
      '{}': '0.9800000000000001',
    });
  });

  test('what is gone is no longer a value', () => {
    const gone = storeWith({ up: [1, STALE], old: [1] });
    expect(ask('up', gone)).toEqual({});
    expect(shown(evaluate(parsePromql('old'), gone, NOW + 299_000))).toEqual({ old: '1' });
    expect(shown(evaluate(parsePromql('old'), gone, NOW + 301_000))).toEqual({});
  });

  test.each([
    ['', 'no expression found in input'],
    ['up{', 'unexpected end of input in label matching'],
    ['up{job}', 'unexpected "}" in label matching, expected label matching operator'],
    ['sum(up', 'unexpected end of input'],
    ['rate(up)', 'expected type range vector in call to function "rate", got instant vector'],
    ['rate(up[5m]', 'unexpected end of input'],
    ['nosuch(up)', 'unknown function with name "nosuch"'],
    ['constructor(up)', 'unknown function with name "constructor"'],
    ['up[5m] + 1', 'binary expression must contain only scalar and instant vector types'],
    ['{}', 'vector selector must contain at least one non-empty matcher'],
    ['up{job=~"("}', 'error parsing regexp'],
    ['1 > 2', 'comparisons between scalars must use BOOL modifier'],
    ['up "x"', 'unexpected string "x"'],
    ["up 'x", 'unterminated quoted string'],
    ['up ? 1', "unexpected character: '?'"],
    ['rate(up[5m:1m])', 'subqueries are not simulated here'],
    ['up * on(job) group_left() up', 'group_left is not simulated here'],
  ])('%s is refused', (text, problem) => {
    expect(() => parsePromql(text)).toThrow(problem);
  });

  test('an error says where it is', () => {
    expect(() => parsePromql('sum(\n  up{job=})')).toThrow('2:10: parse error: unexpected "}"');
  });
});
