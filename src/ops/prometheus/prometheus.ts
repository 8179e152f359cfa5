import type { OpsHost } from '../host.ts';
import { fetchHttp, serveHttp } from '../http.ts';
import { AlertingRule } from './alerts.ts';
import { apiOf } from './api.ts';
import type { AlertRule, PrometheusConfig, RecordRule, RuleGroup } from './config.ts';
import { STALE } from './evaluate.ts';
import { parseMetrics } from './exposition.ts';
import { RecordingRule, type Rule } from './recording.ts';
import { keyOf, type Labels, NAME, SampleStore } from './series.ts';
import { type Target, targetsOf } from './target.ts';

export const PROMETHEUS_PORT = 9090;
const SCRAPE_TIMEOUT_MS = 10_000;

/**
 * A Prometheus on a host of the lab: it scrapes its targets and evaluates its rules in the lab's
 * time, and answers questions by HTTP on port 9090.
 */
export class Prometheus {
  readonly store = new SampleStore();
  readonly targets: readonly Target[];
  readonly rules: readonly (readonly [group: string, Rule])[];
  readonly startedAt: number;
  readonly #host: OpsHost;
  /** The series that a target or a rule had last. */
  readonly #known = new Map<Target | Rule, Map<string, Labels>>();
  readonly #ends = new Set<() => void>();

  constructor(
    host: OpsHost,
    readonly config: PrometheusConfig,
    groups: readonly RuleGroup[],
  ) {
    this.#host = host;
    this.startedAt = host.now();
    this.targets = config.jobs.flatMap(targetsOf);
    this.rules = groups.flatMap(({ name, rules }) =>
      rules.map((rule) => [name, ruleOf(rule)] as const),
    );
  }

  /** Begins. False when the port is taken. */
  start(): boolean {
    const close = this.#host.listen(PROMETHEUS_PORT, serveHttp(apiOf(this, this.#host)));
    if (!close) return false;
    this.#ends.add(close);
    for (const target of this.targets) {
      this.#repeat(0, target.job.intervalMs, () => this.#scrape(target));
    }
    const { evaluationIntervalMs } = this.config;
    this.#repeat(evaluationIntervalMs, evaluationIntervalMs, () => this.#evaluateRules());
    return true;
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  #repeat(first: number, ms: number, task: () => void): void {
    const next = (wait: number) => {
      const cancel = this.#host.after(wait, () => {
        this.#ends.delete(cancel);
        next(ms);
        task();
      });
      this.#ends.add(cancel);
    };
    next(first);
  }

  async #scrape(target: Target): Promise<void> {
    const at = this.#host.now();
    const problem = await this.#fetch(target, at).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    target.health = problem === undefined ? 'up' : 'down';
    target.lastError = problem ?? '';
    target.lastScrapeAt = at;
    target.scrapes++;
    this.store.append(named('up', target), at, Number(problem === undefined));
    if (problem !== undefined) this.#forget(target, new Map(), at);
  }

  /** Why nothing came, or undefined. */
  async #fetch(target: Target, at: number): Promise<string | undefined> {
    const { dial, after } = this.#host;
    const limits = { after, limitMs: Math.min(SCRAPE_TIMEOUT_MS, target.job.intervalMs) };
    const { status, body } = await fetchHttp(dial, target, limits);
    if (status !== 200) return `server returned HTTP status ${status}`;
    const series = new Map<string, Labels>();
    const metrics = parseMetrics(body);
    for (const { labels, value } of metrics) {
      const whole = new Map([...labels, ...target.labels]);
      series.set(keyOf(whole), whole);
      this.store.append(whole, at, value);
    }
    this.#forget(target, series, at);
    this.store.append(named('scrape_samples_scraped', target), at, metrics.length);
    return undefined;
  }

  /** Series that were there the time before and are not now have ended. */
  #forget(target: Target | Rule, present: Map<string, Labels>, at: number): void {
    for (const [key, labels] of this.#known.get(target) ?? []) {
      if (!present.has(key)) this.store.append(labels, at, STALE);
    }
    this.#known.set(target, present);
  }

  /** One rule after the other: what one has recorded those after it know. */
  #evaluateRules(): void {
    const at = this.#host.now();
    for (const [, rule] of this.rules) {
      const points = rule.evaluate(this.store, at, this.config.evaluationIntervalMs);
      for (const { labels, value } of points) this.store.append(labels, at, value);
      this.#forget(rule, new Map(points.map(({ labels }) => [keyOf(labels), labels])), at);
    }
  }
}

const ruleOf = (rule: AlertRule | RecordRule): Rule =>
  rule.kind === 'alert' ? new AlertingRule(rule) : new RecordingRule(rule);

const named = (metric: string, { labels }: Target): Labels => new Map([[NAME, metric], ...labels]);
