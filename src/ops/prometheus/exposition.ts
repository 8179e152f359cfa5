import { type Labels, labelsOf, NAME } from './series.ts';

/**
 * The text in which programs tell their metrics.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'untyped';
  readonly samples: readonly {
    /** Behind the name, as `_bucket` of a histogram. */
    readonly suffix?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

export const printMetrics = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ suffix = '', labels = {}, value }) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
        const braces = pairs.length > 0 ? `{${pairs.join(',')}}` : '';
        return `${name}${suffix}${braces} ${printValue(value)}\n`;
      });
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

function printValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Math.abs(value) < 1e21 && Math.abs(value) >= 1e6) return exponential(value);
  return String(value);
}

/** Go's client writes numbers of seven digits and more like this: `1.234567e+06`. */
const exponential = (value: number) => value.toExponential().replace(/e\+(\d)$/, 'e+0$1');

/** Reads such a text. Throws with the line that cannot be read. */
export function parseMetrics(text: string): { readonly labels: Labels; readonly value: number }[] {
  const found: { labels: Labels; value: number }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/.exec(line);
    const value = readValue(parts?.[3] ?? '');
    if (!parts || value === undefined) {
      throw new Error(`expected a metric in line ${index + 1}: ${JSON.stringify(line)}`);
    }
    const labels = readLabels(parts[2] ?? '');
    found.push({ labels: labelsOf({ [NAME]: parts[1] as string, ...labels }), value });
  }
  return found;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name as string] = (value as string).replace(/\\(.)/g, (_, char: string) =>
      char === 'n' ? '\n' : char,
    );
  }
  return labels;
}

function readValue(text: string): number | undefined {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}
