import { describe, expect, test } from 'vitest';
import { type RecordRule, readRules } from './config.ts';
import { evaluate, STALE } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { RecordingRule } from './recording.ts';
import { labelsOf, printLabels, SampleStore } from './series.ts';
import { printNumber, type Value, vector } from './value.ts';

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

  test('many samples match one where a side says so, and get its labels', () => {
    const world = storeWith({
      'used{instance="a",space="1"}': [10],
      'used{instance="a",space="2"}': [20],
      'info{instance="a",version="7"}': [1],
      'limit{instance="a"}': [40],
    });
    expect(ask('used / on(instance) group_left limit', world)).toEqual({
      '{instance="a", space="1"}': '0.25',
      '{instance="a", space="2"}': '0.5',
    });
    expect(ask('info * on(instance) group_right(version) used', world)).toEqual({
      '{instance="a", space="1", version="7"}': '10',
      '{instance="a", space="2", version="7"}': '20',
    });
    expect(ask('used > on(instance) group_left limit / 3', world)).toEqual({
      'used{instance="a", space="2"}': '20',
    });
    expect(ask('limit > ignoring(version) info', world)).toEqual({ 'limit{instance="a"}': '40' });
    expect(() => ask('limit * on(instance) group_left used', world)).toThrow(
      'match group {instance="a"} on the right hand-side',
    );
  });

  test('a subquery evaluates at each multiple of its step', () => {
    // NOW is 40 s after a whole minute: the steps of 15 s were 10, 25, 40 and 55 s ago.
    expect(ask('max_over_time(sum(hits_total)[1m:15s])', store)).toEqual({ '{}': '90' });
    // Only the last of them is after the first sample of up.
    expect(ask('count_over_time(up[1m:15s])', store)).toMatchObject({
      '{instance="a:9121", job="redis"}': '1',
    });
    expect(ask('sum_over_time(memory_bytes[10m:] offset -1m)', store)).toEqual({
      '{instance="a:9121"}': '80',
    });
    expect(ask('max_over_time(rate(hits_total[1m])[30s:10s])', store)).toEqual({
      '{instance="a:9121"}': '2',
    });
  });

  test('@ looks at another instant, offset counts from there', () => {
    expect(ask('hits_total @ 999970', store)).toEqual({ 'hits_total{instance="a:9121"}': '60' });
    expect(ask('hits_total @ 1000000 offset 30s', store)).toEqual({
      'hits_total{instance="a:9121"}': '60',
    });
    const ends = evaluate(parsePromql('hits_total @ end() - hits_total @ start()'), store, NOW, {
      ...{ start: NOW - 30_000, end: NOW },
    });
    expect(shown(ends)).toEqual({ '{instance="a:9121"}': '60' });
  });

  test('labels are written and joined', () => {
    const text = 'label_replace(up{job="web"}, "host", "$1", "instance", "(.*):.*")';
    expect(ask(text, store)).toEqual({ 'up{host="c", instance="c:80", job="web"}': '1' });
    expect(ask('label_replace(up{job="web"}, "host", "x", "instance", "no")', store)).toEqual({
      'up{instance="c:80", job="web"}': '1',
    });
    expect(ask('label_join(up{job="web"}, "all", "-", "job", "instance")', store)).toEqual({
      'up{all="web-c:80", instance="c:80", job="web"}': '1',
    });
    expect(ask('count_values("up", up)', store)).toEqual({
      '{up="0"}': '1',
      '{up="1"}': '2',
    });
    expect(() => ask('label_replace(up, "instance", "x", "", "")', store)).toThrow('same labelset');
  });

  test('of what is not there absence tells, of time its parts', () => {
    expect(ask('absent_over_time(nothing{job="x"}[5m])', store)).toEqual({ '{job="x"}': '1' });
    expect(ask('absent_over_time(up[5m])', store)).toEqual({});
    expect(ask('present_over_time(memory_bytes[5m])', store)).toEqual({
      '{instance="a:9121"}': '1',
    });
    // 1970-01-12 13:46:40 UTC, a Monday.
    const parts = 'minute() + 100 * hour() + 10000 * day_of_month() + 1000000 * day_of_week()';
    expect(ask(parts, store)).toEqual({ '{}': '1121346' });
    expect(ask('timestamp(memory_bytes offset -30s) - days_in_month(vector(0))', store)).toEqual(
      {},
    );
    expect(ask('timestamp(hits_total offset 10s)', store)).toEqual({
      '{instance="a:9121"}': '999985',
    });
    expect(ask('sgn(vector(-3)) + year(vector(86400 * 365))', store)).toEqual({ '{}': '1970' });
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
    ['rate(1[5m:1m])', 'subquery is only allowed on instant vector, got scalar instead'],
    ['sum(up) offset 5m', 'offset modifier must be preceded by an instant vector selector'],
    ['up offset 5m offset 1m', 'offset may not be set multiple times'],
    ['up @ now', 'unexpected identifier "now" in @, expected timestamp'],
    [
      'up * on(job) group_left(job) up',
      'label "job" must not occur in ON and GROUP clause at once',
    ],
    ['up and on(job) group_left() up', 'no grouping allowed for "and" operation'],
    ['label_replace(up, "a", "b")', 'expected 5 argument(s) in call to "label_replace", got 3'],
    ['label_join(up)', 'expected at least 3 argument(s) in call to "label_join", got 1'],
    ['count_values(1, up)', 'expected type string in aggregation parameter, got scalar'],
  ])('%s is refused', (text, problem) => {
    expect(() => parsePromql(text)).toThrow(problem);
  });

  test('a recording rule keeps what it yields under its name', () => {
    const [group] = readRules(`groups:
  - name: redis
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: { team: cache }
`);
    const rule = new RecordingRule(group?.rules[0] as RecordRule);
    expect(shown(vector(rule.evaluate(store, NOW, 15_000)))).toEqual({
      'job:up:sum{job="redis", team="cache"}': '1',
      'job:up:sum{job="web", team="cache"}': '1',
    });
    const rules = (text: string) => readRules(`groups:\n- name: g\n  rules:\n  - ${text}`);
    expect(() => rules('{ record: a-b, expr: up }')).toThrow('invalid recording rule name: a-b');
    expect(() => rules('{ record: a, expr: up, for: 1m }')).toThrow("invalid field 'for'");
    expect(() => rules('{ record: a, alert: b, expr: up }')).toThrow("only one of 'record'");
  });

  test('an error says where it is', () => {
    expect(() => parsePromql('sum(\n  up{job=})')).toThrow('2:10: parse error: unexpected "}"');
  });
});
