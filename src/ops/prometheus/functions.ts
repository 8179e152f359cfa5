import { dateFunctions } from './date-functions.ts';
import { labelFunctions } from './label-functions.ts';
import type { Sample } from './series.ts';
import {
  grouped,
  type Matrix,
  mapped,
  type Point,
  type PromqlFunction,
  projected,
  scalar,
  unnamed,
  type Value,
  type Vector,
  vector,
} from './value.ts';

/** A function of the samples of a range; undefined where they do not suffice. */
type OfRange = (samples: readonly Sample[], range: Matrix) => number | undefined;

const ofRange = (compute: OfRange): PromqlFunction => ({
  takes: ['range vector'],
  gives: 'instant vector',
  run([range]) {
    const matrix = range as Matrix;
    return vector(
      matrix.series.flatMap(({ labels, samples }) => {
        const value = compute(samples, matrix);
        return value === undefined ? [] : [{ labels: unnamed(labels), value }];
      }),
    );
  },
});

const ofEach = (compute: (value: number) => number): PromqlFunction => ({
  takes: ['instant vector'],
  gives: 'instant vector',
  run: ([points]) => mapped(points as Vector, compute),
});

const values = (samples: readonly Sample[]) => samples.map(({ value }) => value);
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const last = (samples: readonly Sample[]) => samples.at(-1) as Sample;

/**
 * How much a counter or gauge grew in the range, as Prometheus reckons it: what the samples show,
 * carried on to the ends of the range where they come near them. A counter that falls began anew.
 */
function growth(samples: readonly Sample[], { from, to }: Matrix, isCounter: boolean) {
  if (samples.length < 2) return undefined;
  const [first] = samples as readonly [Sample];
  const end = last(samples);
  let grown = end.value - first.value;
  if (isCounter) {
    samples.forEach(({ value }, i) => {
      const before = samples[i - 1]?.value ?? 0;
      if (i > 0 && value < before) grown += before;
    });
  }
  const sampled = end.at - first.at;
  const between = sampled / (samples.length - 1);
  let before = Math.min(first.at - from, Infinity);
  let after = to - end.at;
  if (before >= between * 1.1) before = between / 2;
  if (after >= between * 1.1) after = between / 2;
  // A counter was not below nought before the range.
  if (isCounter && grown > 0 && first.value >= 0) {
    before = Math.min(before, sampled * (first.value / grown));
  }
  return grown * ((sampled + before + after) / sampled);
}

const seconds = ({ from, to }: Matrix) => (to - from) / 1000;

function perSecond(samples: readonly Sample[], range: Matrix, isCounter: boolean) {
  const grown = growth(samples, range, isCounter);
  return grown === undefined ? undefined : grown / seconds(range);
}

/** From the last two samples only. */
function instantRate(samples: readonly Sample[]): number | undefined {
  const [before, now] = samples.slice(-2);
  if (!before || !now) return undefined;
  const grown = now.value < before.value ? now.value : now.value - before.value;
  return (grown * 1000) / (now.at - before.at);
}

/** Changes from one sample to the next that fulfil a condition. */
const steps = (samples: readonly Sample[], is: (before: number, now: number) => boolean) =>
  samples.filter(({ value }, i) => i > 0 && is((samples[i - 1] as Sample).value, value)).length;

/** The slope of the line through the samples, in units a second. */
function slope(samples: readonly Sample[]): number | undefined {
  if (samples.length < 2) return undefined;
  const start = (samples[0] as Sample).at;
  const xs = samples.map(({ at }) => (at - start) / 1000);
  const ys = values(samples);
  const middleX = sum(xs) / xs.length;
  const middleY = sum(ys) / ys.length;
  const covariance = sum(xs.map((x, i) => (x - middleX) * ((ys[i] as number) - middleY)));
  return covariance / sum(xs.map((x) => (x - middleX) ** 2));
}

/** The value below which a share of sorted numbers lies, between two of them by proportion. */
export function quantile(share: number, numbers: readonly number[]): number {
  if (numbers.length === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  const sorted = [...numbers].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] as number;
  const high = sorted[Math.min(Math.floor(rank) + 1, sorted.length - 1)] as number;
  return low + (high - low) * (rank - Math.floor(rank));
}

export const average = (numbers: readonly number[]): number => sum(numbers) / numbers.length;

export function variance(numbers: readonly number[]): number {
  const middle = average(numbers);
  return average(numbers.map((each) => (each - middle) ** 2));
}

/** Of the cumulative buckets of one histogram: the value below which the share lies. */
function bucketQuantile(share: number, buckets: readonly Point[]): number {
  const sorted = buckets
    .map(({ labels, value }) => ({ upper: upperOf(labels.get('le') ?? ''), count: value }))
    .filter(({ upper }) => !Number.isNaN(upper))
    .sort((a, b) => a.upper - b.upper);
  const total = sorted.at(-1);
  if (!total || total.upper !== Infinity || sorted.length < 2) return Number.NaN;
  if (total.count === 0 || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return -Infinity;
  if (share > 1) return Infinity;
  const rank = share * total.count;
  const index = sorted.findIndex(({ count }) => count >= rank);
  const bucket = sorted[index] as (typeof sorted)[number];
  const before = sorted[index - 1];
  if (bucket.upper === Infinity) return before?.upper ?? Number.NaN;
  if (!before && bucket.upper <= 0) return bucket.upper;
  const lower = before?.upper ?? 0;
  const below = before?.count ?? 0;
  return lower + (bucket.upper - lower) * ((rank - below) / (bucket.count - below));
}

const upperOf = (text: string) => (text === '+Inf' ? Infinity : Number(text || Number.NaN));

const numberOf = (value: Value | undefined) =>
  value?.type === 'scalar' ? value.value : Number.NaN;

const bounded = (
  names: readonly ('min' | 'max')[],
): Pick<PromqlFunction, 'takes' | 'gives' | 'run'> => ({
  takes: ['instant vector', ...names.map(() => 'scalar' as const)],
  gives: 'instant vector',
  run([points, ...limits]) {
    const limit = (name: 'min' | 'max', none: number) => {
      const index = names.indexOf(name);
      return index < 0 ? none : numberOf(limits[index]);
    };
    const low = limit('min', -Infinity);
    const high = limit('max', Infinity);
    if (low > high) return vector([]);
    return mapped(points as Vector, (value) => Math.max(low, Math.min(high, value)));
  },
});

const byValue = (sign: 1 | -1): PromqlFunction => ({
  takes: ['instant vector'],
  gives: 'instant vector',
  run: ([points]) =>
    vector([...(points as Vector).points].sort((a, b) => sign * (a.value - b.value))),
});

/** What is there yields nothing; of what is not see `isOfAbsence`. */
const absence: Pick<PromqlFunction, 'isOfAbsence' | 'gives' | 'run'> = {
  ...{ isOfAbsence: true, gives: 'instant vector', run: () => vector([]) },
};

const trigonometry = Object.fromEntries(
  (['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'] as const).map((name) => [
    name,
    ofEach(Math[name]),
  ]),
);

/** The functions that are simulated here, by their names. */
export const functions: ReadonlyMap<string, PromqlFunction> = new Map(
  Object.entries<PromqlFunction>({
    rate: ofRange((samples, range) => perSecond(samples, range, true)),
    increase: ofRange((samples, range) => growth(samples, range, true)),
    delta: ofRange((samples, range) => growth(samples, range, false)),
    irate: ofRange(instantRate),
    idelta: ofRange((samples) => {
      const [before, now] = samples.slice(-2);
      return before && now ? now.value - before.value : undefined;
    }),
    deriv: ofRange(slope),
    changes: ofRange((samples) => steps(samples, (before, now) => before !== now)),
    resets: ofRange((samples) => steps(samples, (before, now) => now < before)),
    avg_over_time: ofRange((samples) => average(values(samples))),
    sum_over_time: ofRange((samples) => sum(values(samples))),
    min_over_time: ofRange((samples) => Math.min(...values(samples))),
    max_over_time: ofRange((samples) => Math.max(...values(samples))),
    count_over_time: ofRange((samples) => samples.length),
    last_over_time: ofRange((samples) => last(samples).value),
    stddev_over_time: ofRange((samples) => Math.sqrt(variance(values(samples)))),
    stdvar_over_time: ofRange((samples) => variance(values(samples))),
    present_over_time: ofRange(() => 1),
    absent_over_time: { ...absence, takes: ['range vector'] },
    quantile_over_time: {
      ...{ takes: ['scalar', 'range vector'], gives: 'instant vector' },
      run([share, range], at) {
        const of = ofRange((samples) => quantile(numberOf(share), values(samples)));
        return of.run([range as Value], at);
      },
    },
    predict_linear: {
      ...{ takes: ['range vector', 'scalar'], gives: 'instant vector' },
      run([range, ahead], at) {
        const of = ofRange((samples) => {
          const rise = slope(samples);
          if (rise === undefined) return undefined;
          const middle = average(samples.map((sample) => (at - sample.at) / 1000));
          return average(values(samples)) + rise * (middle + numberOf(ahead));
        });
        return of.run([range as Value], at);
      },
    },
    abs: ofEach(Math.abs),
    ceil: ofEach(Math.ceil),
    floor: ofEach(Math.floor),
    sqrt: ofEach(Math.sqrt),
    exp: ofEach(Math.exp),
    ln: ofEach(Math.log),
    log2: ofEach(Math.log2),
    log10: ofEach(Math.log10),
    sgn: ofEach(Math.sign),
    deg: ofEach((value) => (value * 180) / Math.PI),
    rad: ofEach((value) => (value * Math.PI) / 180),
    ...trigonometry,
    pi: { takes: [], gives: 'scalar', run: () => scalar(Math.PI) },
    ...labelFunctions,
    ...dateFunctions,
    round: {
      ...{ takes: ['instant vector', 'scalar'], optional: 1, gives: 'instant vector' },
      run([points, to]) {
        const unit = to ? numberOf(to) : 1;
        return mapped(points as Vector, (value) => Math.floor(value / unit + 0.5) * unit);
      },
    },
    clamp: bounded(['min', 'max']),
    clamp_min: bounded(['min']),
    clamp_max: bounded(['max']),
    sort: byValue(1),
    sort_desc: byValue(-1),
    time: { takes: [], gives: 'scalar', run: (_, at) => scalar(at / 1000) },
    vector: {
      ...{ takes: ['scalar'], gives: 'instant vector' },
      run: ([value]) => vector([{ labels: new Map(), value: numberOf(value) }]),
    },
    scalar: {
      ...{ takes: ['instant vector'], gives: 'scalar' },
      run([points]) {
        const [only, ...others] = (points as Vector).points;
        return scalar(only && others.length === 0 ? only.value : Number.NaN);
      },
    },
    absent: { ...absence, takes: ['instant vector'] },
    histogram_quantile: {
      ...{ takes: ['scalar', 'instant vector'], gives: 'instant vector' },
      run([share, points]) {
        const groups = grouped((points as Vector).points, ({ labels }) =>
          projected(labels, ['le'], true),
        );
        return vector(
          groups.map(({ labels, items }) => ({
            labels,
            value: bucketQuantile(numberOf(share), items),
          })),
        );
      },
    },
  }),
);
