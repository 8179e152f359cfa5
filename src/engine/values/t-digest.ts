/**
 * A t-digest: numbers are gathered into centroids, each a mean and a weight, small at both ends and large
 * in the middle, so that extreme quantiles are nearly exact. New numbers wait beside the merged ones until
 * there is no room, or until somebody asks. Interpolation as by Dunning's merging digest.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/t-digest/
 */
import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { type Field, pack, packedSize, unpack } from '../bytes/packed.ts';
import { MAX_SKETCH_BYTES, ModuleValue } from './module-value.ts';

interface Centroid {
  mean: number;
  weight: number;
}

const DIGEST_BYTES = 80;
const CENTROID_BYTES = 16;

const HEADER: readonly Field[] = ['u32', 'f64', 'f64', 'u32', 'u32', 'f64'];

export class TDigest extends ModuleValue {
  readonly type = 'TDIS-TYPE';
  min = Infinity;
  max = -Infinity;
  /** How often the waiting numbers were merged. */
  compressions = 0;
  #merged: Centroid[] = [];
  #waiting: Centroid[] = [];
  #mergedWeight = 0;
  #waitingWeight = 0;

  constructor(readonly compression: number) {
    super();
  }

  /** Undefined when it would be too large. */
  static create(compression: number): TDigest | undefined {
    const digest = new TDigest(compression);
    return digest.bytes > MAX_SKETCH_BYTES ? undefined : digest;
  }

  /** So many centroids there can be. */
  get capacity(): number {
    return 6 * this.compression + 10;
  }

  get bytes(): number {
    return DIGEST_BYTES + CENTROID_BYTES * this.capacity;
  }

  /** How many numbers were added. */
  get size(): number {
    return this.#mergedWeight + this.#waitingWeight;
  }

  get state() {
    return {
      mergedNodes: this.#merged.length,
      unmergedNodes: this.#waiting.length,
      mergedWeight: this.#mergedWeight,
      unmergedWeight: this.#waitingWeight,
    };
  }

  reset(): void {
    this.min = Infinity;
    this.max = -Infinity;
    this.compressions = 0;
    this.#merged = [];
    this.#waiting = [];
    this.#mergedWeight = 0;
    this.#waitingWeight = 0;
  }

  /** False when the sum of all weights would be more than a number can hold exactly. */
  add(mean: number, weight = 1): boolean {
    if (this.#merged.length + this.#waiting.length >= this.capacity - 1) this.compress();
    if (this.size + weight > Number.MAX_SAFE_INTEGER) return false;
    this.min = Math.min(this.min, mean);
    this.max = Math.max(this.max, mean);
    this.#waiting.push({ mean, weight });
    this.#waitingWeight += weight;
    return true;
  }

  /** Adds what another holds. False as for `add`. */
  merge(other: TDigest): boolean {
    this.compress();
    other.compress();
    return other.#merged.every(({ mean, weight }) => this.add(mean, weight));
  }

  /** Merges the waiting numbers: neighbours become one centroid as far as its place allows. */
  compress(): void {
    if (this.#waiting.length === 0) return;
    const all = [...this.#merged, ...this.#waiting].sort((a, b) => a.mean - b.mean);
    const total = this.size;
    const scale = this.compression / (2 * Math.PI * total * Math.log(total));
    const merged: Centroid[] = [];
    let before = 0;
    let last: Centroid | undefined;
    for (const next of all) {
      const together = (last?.weight ?? 0) + next.weight;
      const most = Math.min(spread(before / total), spread((before + together) / total));
      if (last && together * scale <= most) {
        last.weight = together;
        last.mean += ((next.mean - last.mean) * next.weight) / together;
        continue;
      }
      before += last?.weight ?? 0;
      last = { ...next };
      merged.push(last);
    }
    this.#merged = merged;
    this.#mergedWeight = total;
    this.#waiting = [];
    this.#waitingWeight = 0;
    this.compressions++;
  }

  /** The number below which a fraction of all lies; NaN when there are none. */
  quantile(fraction: number): number {
    this.compress();
    const nodes = this.#merged;
    if (nodes.length <= 1) return nodes[0]?.mean ?? NaN;
    const total = this.#mergedWeight;
    const index = fraction * total;
    // The least number and the greatest are always centroids of their own.
    if (index < 1) return this.min;
    if (index > total - 1) return this.max;
    return between(nodes, index) ?? this.max;
  }

  /** The fraction of all numbers that are smaller, and half of those that are equal; NaN of none. */
  cdf(value: number): number {
    this.compress();
    const nodes = this.#merged;
    if (nodes.length === 0) return NaN;
    if (value < this.min) return 0;
    if (value > this.max) return 1;
    return nodes.length === 1 ? 0.5 : fractionBelow(nodes, value, this.#mergedWeight);
  }

  /** The mean of what lies between two quantiles. */
  trimmedMean(low: number, high: number): number {
    this.compress();
    const nodes = this.#merged;
    if (nodes.length <= 1) return nodes[0]?.mean ?? NaN;
    const from = Math.floor(this.#mergedWeight * low);
    const to = Math.ceil(this.#mergedWeight * high);
    let [done, sum, count] = [0, 0, 0];
    for (const { mean, weight } of nodes) {
      let part = weight - Math.min(Math.max(0, from - done), weight);
      part = Math.min(Math.max(0, to - done), part);
      done += weight;
      sum += mean * part;
      count += part;
      if (done >= to) break;
    }
    return sum / count;
  }

  save(): string {
    const counts = [this.#merged.length, this.#waiting.length];
    const header = [this.compression, this.min, this.max, ...counts, this.compressions];
    const numbers = [...this.#merged, ...this.#waiting].flatMap(({ mean, weight }) => [
      mean,
      weight,
    ]);
    const bytes = fromUint8(new Uint8Array(new Float64Array(numbers).buffer));
    return pack(HEADER, header) + bytes;
  }

  static load(text: string): TDigest {
    const [compression = 0, min = 0, max = 0, merged = 0, , compressions = 0] = unpack(
      HEADER,
      text,
    );
    const digest = new TDigest(compression);
    const numbers = new Float64Array(toUint8(text.slice(packedSize(HEADER))).buffer);
    const nodes = Array.from({ length: numbers.length / 2 }, (_, i) => ({
      mean: numbers[2 * i] as number,
      weight: numbers[2 * i + 1] as number,
    }));
    digest.min = min;
    digest.max = max;
    digest.compressions = compressions;
    digest.#merged = nodes.slice(0, merged);
    digest.#waiting = nodes.slice(merged);
    digest.#mergedWeight = weightOf(digest.#merged);
    digest.#waitingWeight = weightOf(digest.#waiting);
    return digest;
  }

  copy(): TDigest {
    return TDigest.load(this.save());
  }
}

const weightOf = (nodes: readonly Centroid[]): number =>
  nodes.reduce((sum, { weight }) => sum + weight, 0);

/** How much a centroid at this quantile may hold, but for a factor: little at the ends. */
const spread = (quantile: number): number => quantile * (1 - quantile);

/** The value at a place in the order of all numbers, between the middles of two centroids. */
function between(nodes: readonly Centroid[], index: number): number | undefined {
  let before = (nodes[0] as Centroid).weight / 2;
  for (let i = 0; i + 1 < nodes.length; i++) {
    const [left, right] = [nodes[i] as Centroid, nodes[i + 1] as Centroid];
    const width = (left.weight + right.weight) / 2;
    if (before + width <= index) {
      before += width;
      continue;
    }
    // A centroid of one number is that number: there is nothing to interpolate within it.
    if (left.weight === 1 && index - before < 0.5) return left.mean;
    if (right.weight === 1 && before + width - index <= 0.5) return right.mean;
    const fromLeft = index - before - (left.weight === 1 ? 0.5 : 0);
    const toRight = before + width - index - (right.weight === 1 ? 0.5 : 0);
    const mean = (left.mean * toRight + right.mean * fromLeft) / (toRight + fromLeft);
    return Math.max(left.mean, Math.min(mean, right.mean));
  }
  return undefined;
}

/** The fraction of all numbers that lies below a value from the first mean to the last. */
function fractionBelow(nodes: readonly Centroid[], value: number, total: number): number {
  let before = 0;
  for (let i = 0; i + 1 < nodes.length; i++) {
    const [left, right] = [nodes[i] as Centroid, nodes[i + 1] as Centroid];
    if (left.mean === value) {
      const equal = nodes.filter(({ mean }) => mean === value);
      return (before + weightOf(equal) / 2) / total;
    }
    if (value < right.mean) return (before + shareOf(left, right, value)) / total;
    before += left.weight;
  }
  return 1 - 0.5 / total;
}

/** Of the weight of two neighbours what lies below a value between their means. */
function shareOf(left: Centroid, right: Centroid, value: number): number {
  if (left.weight === 1 && right.weight === 1) return 1;
  const single = left.weight === 1 ? 0.5 : 0;
  const other = right.weight === 1 ? 0.5 : 0;
  const width = (left.weight + right.weight) / 2 - single - other;
  const start = left.weight / 2 + single;
  return start + (width * (value - left.mean)) / (right.mean - left.mean);
}
