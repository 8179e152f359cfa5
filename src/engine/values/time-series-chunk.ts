/**
 * A run of samples of a time series. They lie here as plain numbers; how many bits they would take
 * compressed, as differences from one to the next, is reckoned as they come, since that decides when
 * a chunk is full. https://www.vldb.org/pvldb/vol8/p1816-teller.pdf
 */

/** Bits that a change of the distance between two times may take, after a prefix that says which. */
const DELTA_BITS = [5, 8, 11, 15, 32] as const;
const LEADING_BITS = 5;
const LENGTH_BITS = 6;
const SAMPLE_BYTES = 16;
const FIRST_CAPACITY = 16;

const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);

export class Chunk {
  times = new Float64Array(FIRST_CAPACITY);
  values = new Float64Array(FIRST_CAPACITY);
  count = 0;
  /** What the samples take compressed; the first stands in the chunk's header. */
  #bits = 0;
  #delta = 0;
  #high = 0;
  #low = 0;
  #leading = 32;
  #trailing = 32;

  /** Bytes that its samples take. */
  usedBytes(isCompressed: boolean): number {
    return isCompressed ? Math.ceil(this.#bits / 8) : this.count * SAMPLE_BYTES;
  }

  get first(): number {
    return this.times[0] as number;
  }

  get last(): number {
    return this.times[this.count - 1] as number;
  }

  /** Adds a sample that is newer than all; false when it would not fit into so many bytes. */
  append(time: number, value: number, bytes: number, isCompressed: boolean): boolean {
    const bits = this.#cost(time, value);
    const needed = isCompressed ? this.#bits + bits : (this.count + 1) * SAMPLE_BYTES * 8;
    if (needed > bytes * 8 && this.count > 0) return false;
    this.#push(time, value, bits);
    return true;
  }

  /** The index of the first sample at or after a time. */
  indexOf(time: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts a sample among the others, at its index. */
  insert(at: number, time: number, value: number): void {
    this.#reserve();
    this.times.copyWithin(at + 1, at, this.count);
    this.values.copyWithin(at + 1, at, this.count);
    this.times[at] = time;
    this.values[at] = value;
    this.count++;
    this.#reckon();
  }

  set(at: number, value: number): void {
    this.values[at] = value;
    this.#reckon();
  }

  /** Takes samples out, from one index up to another. */
  remove(from: number, to: number): void {
    this.times.copyWithin(from, to, this.count);
    this.values.copyWithin(from, to, this.count);
    this.count -= to - from;
    this.#reckon();
  }

  /** Gives the newer half of the samples to another chunk. */
  split(): Chunk {
    const half = this.count >>> 1;
    const other = new Chunk();
    for (let i = half; i < this.count; i++) {
      other.append(this.times[i] as number, this.values[i] as number, Infinity, false);
    }
    this.remove(half, this.count);
    return other;
  }

  #push(time: number, value: number, bits: number): void {
    this.#reserve();
    this.#delta = this.count === 0 ? 0 : time - this.last;
    this.times[this.count] = time;
    this.values[this.count] = value;
    this.count++;
    this.#bits += bits;
    floats[0] = value;
    this.#low = words[0] as number;
    this.#high = words[1] as number;
  }

  /** All of it anew, after a change in the middle. */
  #reckon(): void {
    const { count } = this;
    this.#bits = 0;
    this.#leading = this.#trailing = 32;
    this.count = 0;
    for (let i = 0; i < count; i++) {
      const [time, value] = [this.times[i] as number, this.values[i] as number];
      this.#push(time, value, this.#cost(time, value));
    }
  }

  #reserve(): void {
    if (this.count < this.times.length) return;
    const [times, values] = [this.times, this.values];
    this.times = new Float64Array(this.count * 2);
    this.values = new Float64Array(this.count * 2);
    this.times.set(times);
    this.values.set(values);
  }

  /** How many bits a sample would take that comes next. */
  #cost(time: number, value: number): number {
    if (this.count === 0) return 0;
    return timeBits(time - this.last - this.#delta) + this.#valueBits(value);
  }

  /** One bit when it is the same; otherwise the bits that differ, and where they stand if they moved. */
  #valueBits(value: number): number {
    floats[0] = value;
    const low = ((words[0] as number) ^ this.#low) >>> 0;
    const high = ((words[1] as number) ^ this.#high) >>> 0;
    if (low === 0 && high === 0) return 1;
    const leading = Math.min(high === 0 ? 32 + Math.clz32(low) : Math.clz32(high), 31);
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    const isInside = leading >= this.#leading && trailing >= this.#trailing;
    if (isInside && this.#leading + this.#trailing < 64) return 2 + this.#blockBits();
    this.#leading = leading;
    this.#trailing = trailing;
    return 2 + LEADING_BITS + LENGTH_BITS + this.#blockBits();
  }

  #blockBits(): number {
    return 64 - this.#leading - this.#trailing;
  }
}

function timeBits(change: number): number {
  if (change === 0) return 1;
  const prefix = DELTA_BITS.findIndex(
    (bits) => change >= -(2 ** (bits - 1)) && change < 2 ** (bits - 1),
  );
  return prefix < 0 ? DELTA_BITS.length + 1 + 64 : prefix + 2 + (DELTA_BITS[prefix] as number);
}

const trailingZeros = (word: number): number => 31 - Math.clz32(word & -word);
