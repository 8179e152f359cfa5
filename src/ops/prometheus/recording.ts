import type { AlertingRule } from './alerts.ts';
import type { RecordRule } from './config.ts';
import { evaluate } from './evaluate.ts';
import { parsePromql } from './parse.ts';
import { NAME, type SampleStore } from './series.ts';
import { grouped, type Point, unnamed } from './value.ts';

/** A rule of a group, in time. */
export type Rule = AlertingRule | RecordingRule;

/**
 * A recording rule: what its expression yields is kept as series of another name.
 * https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
 */
export class RecordingRule {
  /** Why the last evaluation failed. */
  problem: string | undefined;

  constructor(readonly rule: RecordRule) {}

  /** Returns the series that it adds to the store. */
  evaluate(store: SampleStore, at: number, stepMs: number): Point[] {
    try {
      const points = this.#points(store, at, stepMs);
      this.problem = undefined;
      return points;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return [];
    }
  }

  #points(store: SampleStore, at: number, stepMs: number): Point[] {
    const { name, expression, labels } = this.rule;
    const found = evaluate(parsePromql(expression), store, at, { stepMs });
    const whole = found.type === 'scalar' ? [{ labels: new Map(), value: found.value }] : [];
    const points = (found.type === 'vector' ? found.points : whole).map(
      ({ labels: own, value }) => ({
        labels: new Map([...unnamed(own), ...Object.entries(labels), [NAME, name]]),
        value,
      }),
    );
    if (grouped(points, (point) => point.labels).length === points.length) return points;
    throw new Error('vector contains metrics with the same labelset after applying rule labels');
  }
}
