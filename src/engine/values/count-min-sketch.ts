/**
 * A count-min sketch: rows of counters. An item adds to one counter of each row, which it may share with
 * others, so the least of them is its count or more, and never less.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/count-min-sketch/
 */
import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { murmur32 } from '../bytes/murmur.ts';
import { type Field, pack, packedSize, unpack } from '../bytes/packed.ts';
import { MAX_SKETCH_BYTES, ModuleValue } from './module-value.ts';

/** More than a counter can hold: it stays at this. */
export const MAX_COUNT = 2 ** 32 - 1;

/** Sketches are added up with weights, which may be negative. */
export interface Weighted {
  readonly sketch: CountMinSketch;
  readonly weight: bigint;
}

const HEADER: readonly Field[] = ['u64', 'u64', 'u32', 'u32'];
const POINTER_BYTES = 8;
/** The module reckons with 8 bytes for a counter, of which it uses 4. */
const RECKONED_BYTES = 8;

export class CountMinSketch extends ModuleValue {
  readonly type = 'CMSk-TYPE';
  /** The sum of all that was added. */
  total = 0n;
  #counters: Uint32Array;

  constructor(
    readonly width: number,
    readonly depth: number,
  ) {
    super();
    this.#counters = new Uint32Array(width * depth);
  }

  /** Undefined when it would be too large. */
  static create(width: number, depth: number): CountMinSketch | undefined {
    return width * depth * 4 > MAX_SKETCH_BYTES ? undefined : new CountMinSketch(width, depth);
  }

  get bytes(): number {
    return POINTER_BYTES + this.width * this.depth * RECKONED_BYTES;
  }

  /** Returns the count of the item afterwards. */
  add(item: string, by: bigint): number {
    let least = MAX_COUNT;
    for (let row = 0; row < this.depth; row++) {
      const at = this.#placeOf(item, row);
      const sum = Math.min((this.#counters[at] as number) + Number(by), MAX_COUNT);
      this.#counters[at] = sum;
      least = Math.min(least, sum);
    }
    this.total = BigInt.asIntN(64, this.total + by);
    return least;
  }

  count(item: string): number {
    let least = MAX_COUNT;
    for (let row = 0; row < this.depth; row++) {
      least = Math.min(least, this.#counters[this.#placeOf(item, row)] as number);
    }
    return least;
  }

  /** Becomes the sum of others of its size. False, and nothing is changed, if that does not fit. */
  merge(parts: readonly Weighted[]): boolean {
    const sums = new Uint32Array(this.#counters.length);
    for (let at = 0; at < sums.length; at++) {
      const sum = sumOf(parts, ({ sketch }) => BigInt(sketch.#counters[at] as number));
      if (sum === undefined || sum < 0n || sum > BigInt(MAX_COUNT)) return false;
      sums[at] = Number(sum);
    }
    const total = sumOf(parts, ({ sketch }) => sketch.total);
    if (total === undefined || total < 0n) return false;
    this.#counters = sums;
    this.total = total;
    return true;
  }

  save(): string {
    const [low, high] = [BigInt.asUintN(32, this.total), BigInt.asUintN(32, this.total >> 32n)];
    const header = pack(HEADER, [this.width, this.depth, Number(low), Number(high)]);
    return header + fromUint8(new Uint8Array(this.#counters.buffer));
  }

  static load(text: string): CountMinSketch {
    const [width = 0, depth = 0, low = 0, high = 0] = unpack(HEADER, text);
    const sketch = new CountMinSketch(width, depth);
    sketch.total = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
    sketch.#counters = new Uint32Array(toUint8(text.slice(packedSize(HEADER))).buffer);
    return sketch;
  }

  copy(): CountMinSketch {
    return CountMinSketch.load(this.save());
  }

  #placeOf(item: string, row: number): number {
    return row * this.width + (murmur32(item, row) % this.width);
  }
}

/** Undefined where 64 bits do not hold it, or a part of it. */
function sumOf(parts: readonly Weighted[], of: (part: Weighted) => bigint): bigint | undefined {
  let sum = 0n;
  for (const part of parts) {
    const product = of(part) * part.weight;
    sum += product;
    if (!fits(product) || !fits(sum)) return undefined;
  }
  return sum;
}

const fits = (number: bigint): boolean => BigInt.asIntN(64, number) === number;
