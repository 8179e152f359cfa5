import type { OpsHost } from '../host.ts';
import type { HttpHandler, HttpResponse } from '../http.ts';
import { plain } from '../http.ts';
import { type Alert, AlertingRule } from './alerts.ts';
import type { PrometheusConfig } from './config.ts';
import { parseDuration } from './duration.ts';
import { evaluate } from './evaluate.ts';
import { typeOf } from './expression.ts';
import { parsePromql } from './parse.ts';
import type { Rule } from './recording.ts';
import { keyOf, type Labels, type SampleStore } from './series.ts';
import type { Target } from './target.ts';
import { PromqlError } from './tokens.ts';
import { printNumber, type Value } from './value.ts';

/** What is asked about. */
export interface Knowledge {
  readonly store: SampleStore;
  readonly targets: readonly Target[];
  readonly rules: readonly (readonly [group: string, rule: Rule])[];
  readonly config: PrometheusConfig;
}

/**
 * The HTTP API of a Prometheus, in its shapes.
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export const apiOf =
  (server: Knowledge, host: OpsHost): HttpHandler =>
  async ({ path, query, body }) => {
    const parameters = new URLSearchParams([...query, ...new URLSearchParams(body)]);
    switch (path) {
      case '/api/v1/query':
        return answering(() => queryNow(server, host, parameters));
      case '/api/v1/query_range':
        return answering(() => queryRange(server, host, parameters));
      case '/api/v1/targets':
        return success(targets(server));
      case '/api/v1/alerts':
        return success({ alerts: alertsOf(server).map(alert) });
      case '/api/v1/rules':
        return success({ groups: groups(server) });
      case '/api/v1/label/__name__/values':
        return success(server.store.valuesOf('__name__'));
      case '/-/healthy':
        return plain('Prometheus Server is Healthy.\n');
      case '/-/ready':
        return plain('Prometheus Server is Ready.\n');
      default:
        return plain('404 page not found\n', 404);
    }
  };

const json = (status: number, value: unknown): HttpResponse => ({
  ...{ status, type: 'application/json', body: JSON.stringify(value) },
});
const success = (data: unknown) => json(200, { status: 'success', data });

/** What the question is wrong about is said as Prometheus says it. */
function answering(compute: () => unknown): HttpResponse {
  try {
    return success(compute());
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    return json(400, { status: 'error', errorType: 'bad_data', error: error.message });
  }
}

const bad = (name: string, text: string) =>
  new PromqlError(`invalid parameter "${name}": cannot parse ${JSON.stringify(text)}`);

/** Seconds since 1970, or a date, in ms. */
function instant(parameters: URLSearchParams, name: string, usual: number): number {
  const text = parameters.get(name);
  if (text === null) return usual;
  const ms = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(ms)) throw bad(name, text);
  return ms;
}

function queryNow(server: Knowledge, host: OpsHost, parameters: URLSearchParams): unknown {
  const at = instant(parameters, 'time', host.now());
  const stepMs = server.config.evaluationIntervalMs;
  const value = evaluate(parsePromql(parameters.get('query') ?? ''), server.store, at, { stepMs });
  return { resultType: value.type, result: resultOf(value, at) };
}

const MOST_POINTS = 11_000;

function queryRange(server: Knowledge, host: OpsHost, parameters: URLSearchParams): unknown {
  const start = instant(parameters, 'start', host.now() - 3_600_000);
  const end = instant(parameters, 'end', host.now());
  const text = parameters.get('step') ?? '15';
  const step = parseDuration(/^[\d.]+$/.test(text) ? `${Math.round(Number(text))}s` : text);
  if (!step) throw bad('step', text);
  if (end < start) {
    throw new PromqlError('invalid parameter "end": end timestamp must not be before start time');
  }
  if ((end - start) / step > MOST_POINTS) {
    throw new PromqlError(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const expr = parsePromql(parameters.get('query') ?? '');
  const type = typeOf(expr);
  if (type !== 'scalar' && type !== 'instant vector') {
    throw new PromqlError(
      `invalid parameter "query": invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
    );
  }
  const series = new Map<string, { metric: Record<string, string>; values: [number, string][] }>();
  const stepMs = server.config.evaluationIntervalMs;
  for (let at = start; at <= end; at += step) {
    const value = evaluate(expr, server.store, at, { start, end, stepMs });
    const points =
      value.type === 'scalar'
        ? [{ labels: new Map<string, string>(), value: value.value }]
        : value.type === 'vector'
          ? value.points
          : [];
    for (const point of points) {
      const key = keyOf(point.labels);
      const found = series.get(key) ?? { metric: objectOf(point.labels), values: [] };
      found.values.push([at / 1000, printNumber(point.value)]);
      series.set(key, found);
    }
  }
  return { resultType: 'matrix', result: [...series.values()] };
}

const objectOf = (labels: Labels): Record<string, string> => Object.fromEntries(labels);

function resultOf(value: Value, at: number): unknown {
  const second = at / 1000;
  switch (value.type) {
    case 'vector':
      return value.points.map((point) => ({
        metric: objectOf(point.labels),
        value: [second, printNumber(point.value)],
      }));
    case 'matrix':
      return value.series.map(({ labels, samples }) => ({
        metric: objectOf(labels),
        values: samples.map((sample) => [sample.at / 1000, printNumber(sample.value)]),
      }));
    case 'scalar':
      return [second, printNumber(value.value)];
    case 'string':
      return [second, value.value];
  }
}

const dateOf = (ms: number) => new Date(ms).toISOString();

function targets(server: Knowledge): unknown {
  return {
    activeTargets: server.targets.map((target) => ({
      labels: objectOf(target.labels),
      scrapePool: target.job.name,
      scrapeUrl: `http://${target.address}${target.path}`,
      lastError: target.lastError,
      lastScrape: target.lastScrapeAt === 0 ? '0001-01-01T00:00:00Z' : dateOf(target.lastScrapeAt),
      health: target.health,
      scrapeInterval: `${target.job.intervalMs / 1000}s`,
    })),
    droppedTargets: [],
  };
}

const alert = ({ labels, annotations, state, activeAt, value }: Alert) => ({
  ...{ labels: objectOf(labels), annotations, state },
  activeAt: dateOf(activeAt),
  value: String(value),
});

const alertsOf = ({ rules }: Knowledge): readonly Alert[] =>
  rules.flatMap(([, rule]) => (rule instanceof AlertingRule ? rule.alerts : []));

function groups(server: Knowledge): unknown {
  const names = [...new Set(server.rules.map(([name]) => name))];
  return names.map((name) => ({
    name,
    rules: server.rules.filter(([group]) => group === name).map(([, rule]) => aboutRule(rule)),
  }));
}

function aboutRule(each: Rule): unknown {
  const { name, expression: query, labels } = each.rule;
  const health = each.problem ? 'err' : 'ok';
  if (!(each instanceof AlertingRule)) return { name, query, labels, health, type: 'recording' };
  return {
    ...{
      name,
      query,
      duration: each.rule.forMs / 1000,
      state: each.state,
      type: 'alerting',
      health,
    },
    alerts: each.alerts.map(alert),
  };
}
