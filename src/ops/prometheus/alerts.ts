import type { AlertRule } from './config.ts';
import { evaluate } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { keyOf, type Labels, NAME, type SampleStore } from './series.ts';
import { type Point, unnamed } from './value.ts';

export type AlertState = 'inactive' | 'pending' | 'firing';

/** An alert for one series that its rule found. */
export interface Alert {
  readonly rule: AlertRule;
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: Exclude<AlertState, 'inactive'>;
  readonly value: number;
  /** When its condition was met first, ms. */
  readonly activeAt: number;
}

/**
 * An alerting rule in time: for each series that its expression yields an alert is pending until the
 * condition has held for as long as `for` says, then it is firing; it ends when the series is no
 * longer there. https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export class AlertingRule {
  #alerts = new Map<string, Alert>();
  /** Why the last evaluation failed. */
  problem: string | undefined;

  constructor(readonly rule: AlertRule) {}

  get alerts(): readonly Alert[] {
    return [...this.#alerts.values()];
  }

  get state(): AlertState {
    const states = this.alerts.map(({ state }) => state);
    if (states.includes('firing')) return 'firing';
    return states.length > 0 ? 'pending' : 'inactive';
  }

  /** Returns the series that it adds to the store, 1 for each alert. */
  evaluate(store: SampleStore, at: number, stepMs: number): Point[] {
    const { rule } = this;
    const found = new Map<string, Alert>();
    try {
      const value = evaluate(parsePromql(rule.expression), store, at, { stepMs });
      this.problem = undefined;
      for (const point of value.type === 'vector' ? value.points : []) {
        const labels = new Map([
          ...unnamed(point.labels),
          ...Object.entries(rule.labels),
          ['alertname', rule.name],
        ]);
        const key = keyOf(labels);
        const activeAt = this.#alerts.get(key)?.activeAt ?? at;
        const state = at - activeAt >= rule.forMs ? 'firing' : 'pending';
        const annotations = expanded(rule.annotations, point.labels, point.value);
        found.set(key, { rule, labels, annotations, state, value: point.value, activeAt });
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#alerts = found;
    return this.alerts.map((alert) => ({ labels: seriesOf(alert), value: 1 }));
  }
}

/** `{{ $labels.instance }}` and `{{ $value }}` in annotations. */
function expanded(
  annotations: Readonly<Record<string, string>>,
  labels: Labels,
  value: number,
): Record<string, string> {
  const fill = (text: string) =>
    text
      .replace(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, (_, name: string) => labels.get(name) ?? '')
      .replace(/\{\{\s*\$value\s*\}\}/g, String(value));
  return Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, fill(text)]));
}

/** What a firing or pending alert is as a series of its own, `ALERTS{alertstate="firing"}`. */
const seriesOf = ({ labels, state }: Alert): Labels =>
  new Map([[NAME, 'ALERTS'], ['alertstate', state], ...labels]);
