/** What a Prometheus keeps: series of samples, found by their labels. */

/** The labels of a series, the name of its metric as `__name__` among them. */
export type Labels = ReadonlyMap<string, string>;

/** A value at an instant, ms since 1970. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

export const NAME = '__name__';

/** A condition on one label, `=` `!=` `=~` `!~`; a label that is not there is the empty string. */
export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Labels from a plain object. */
export const labelsOf = (values: Readonly<Record<string, string>>): Labels =>
  new Map(Object.entries(values));

/** The same for labels that are equal, whatever their order. Empty labels are as if not there. */
export const keyOf = (labels: Labels): string =>
  JSON.stringify([...labels].filter(([, value]) => value !== '').sort(byFirst));

const byFirst = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : a > b ? 1 : 0);

/** `up{job="redis"}`: as expressions and pages write a series. */
export function printLabels(labels: Labels): string {
  const others = [...labels]
    .filter(([name]) => name !== NAME)
    .sort(byFirst)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const name = labels.get(NAME) ?? '';
  return others.length === 0 && name !== '' ? name : `${name}{${others.join(', ')}}`;
}

/** Whether a regular expression, anchored at both ends as Prometheus does, can be used. */
export function regularExpression(text: string): RegExp {
  return new RegExp(`^(?:${text})$`, 's');
}

/** Whether labels fulfil all of these, made once for as many as are to be looked at. */
function matching(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map(({ label, op, value }) => {
    const isWanted = op === '=' || op === '=~';
    const pattern = op === '=' || op === '!=' ? undefined : regularExpression(value);
    return (labels: Labels) => {
      const found = labels.get(label) ?? '';
      return (pattern ? pattern.test(found) : found === value) === isWanted;
    };
  });
  return (labels) => tests.every((test) => test(labels));
}

/** Samples in memory, for `retentionMs` of the lab's time. */
export class SampleStore {
  readonly #series = new Map<string, { labels: Labels; samples: Sample[] }>();

  constructor(private readonly retentionMs = 15 * 24 * 3_600_000) {}

  /** Adds a sample; one that is not newer than the last of its series is dropped. */
  append(labels: Labels, at: number, value: number): void {
    const key = keyOf(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, samples: [] };
      this.#series.set(key, series);
    }
    const last = series.samples.at(-1);
    if (last && last.at >= at) return;
    series.samples.push({ at, value });
    const oldest = at - this.retentionMs;
    if ((series.samples[0]?.at ?? at) < oldest) {
      series.samples = series.samples.filter((sample) => sample.at >= oldest);
    }
  }

  /** The series that fit, with their samples after `from` and up to `to` (ms). */
  select(matchers: readonly Matcher[], from: number, to: number): Series[] {
    const found: Series[] = [];
    const isMatch = matching(matchers);
    for (const { labels, samples } of this.#series.values()) {
      if (!isMatch(labels)) continue;
      const within = samples.slice(firstAfter(samples, from), firstAfter(samples, to));
      if (within.length > 0) found.push({ labels, samples: within });
    }
    return found;
  }

  /** All values that a label has. */
  valuesOf(label: string): string[] {
    const values = new Set<string>();
    for (const { labels } of this.#series.values()) {
      const value = labels.get(label);
      if (value) values.add(value);
    }
    return [...values].sort();
  }
}

/** The index of the first sample later than an instant. */
function firstAfter(samples: readonly Sample[], at: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle] as Sample).at > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
