/**
 * A cuckoo filter as the probabilistic module keeps it: of each item one byte, its fingerprint, in one of
 * two buckets that follow from its hash. Where both are full, fingerprints are pushed to their other
 * bucket; where that comes to no end, another layer of buckets is begun. Hashes, sizes and the form of a
 * dump are those of the module.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/cuckoo-filter/
 */
import { murmur64 } from '../bytes/murmur.ts';
import { type Field, pack, packedSize, unpack } from '../bytes/packed.ts';
import { chunkAt, fillLayers, joinLayers, loadChunkInto, type Part } from './dump-chunks.ts';
import { MAX_SKETCH_BYTES, ModuleValue } from './module-value.ts';

export interface CuckooShape {
  readonly capacity: number;
  /** Fingerprints to a bucket. */
  readonly bucketSize: number;
  /** So often an item may push another before a layer counts as full. */
  readonly maxIterations: number;
  /** So many times larger is each layer than the one before; 0: there is but one. */
  readonly expansion: number;
}

/** `full` may not grow, `failed` cannot. */
export type CuckooAddition = 'added' | 'present' | 'full' | 'failed';

interface Layer {
  readonly buckets: number;
  readonly data: Uint8Array;
}

/** What finds an item: its byte, and the low bits of its hash, which choose a bucket. */
interface Trace {
  readonly fingerprint: number;
  readonly hash: number;
}

/** No fingerprint is 0: that is a free place. */
const FREE = 0;
const FINGERPRINTS = 255n;
const FILTER_BYTES = 40;
const LAYER_BYTES = 16;
/** When more than so many of its items have gone, a filter gets rid of layers. */
const COMPACT_AFTER = 0.1;

const HEADER: readonly Field[] = ['u64', 'u64', 'u64', 'u64', 'u16', 'u16', 'u16'];
export const CUCKOO_HEADER_BYTES = packedSize(HEADER);

export class CuckooFilter extends ModuleValue {
  readonly type = 'MBbloomCF';
  items = 0;
  /** Since the last time that layers were got rid of. */
  deletes = 0;
  readonly layers: Layer[] = [];

  private constructor(
    readonly shape: Omit<CuckooShape, 'capacity'>,
    /** Of the first layer; a power of two. */
    readonly buckets: number,
  ) {
    super();
  }

  /** Undefined when it would be too large. */
  static create({ capacity, ...shape }: CuckooShape): CuckooFilter | undefined {
    const buckets = powerOfTwo(Math.floor(capacity / shape.bucketSize));
    const expansion = shape.expansion === 0 ? 0 : powerOfTwo(shape.expansion);
    const filter = new CuckooFilter({ ...shape, expansion }, buckets);
    return filter.#grow() ? filter : undefined;
  }

  get bytes(): number {
    return this.layers.reduce((sum, { data }) => sum + LAYER_BYTES + data.length, FILTER_BYTES);
  }

  has(item: string): boolean {
    return this.#has(traceOf(item));
  }

  /** How often the item seems to be there. */
  count(item: string): number {
    const trace = traceOf(item);
    let count = 0;
    for (const layer of this.layers) {
      for (const bucket of this.#bucketsOf(layer, trace)) {
        for (const each of bucket) if (each === trace.fingerprint) count++;
      }
    }
    return count;
  }

  add(item: string, onlyNew: boolean): CuckooAddition {
    const trace = traceOf(item);
    if (onlyNew && this.#has(trace)) return 'present';
    let place = this.#freePlace(trace) ?? this.#push(trace);
    if (!place) {
      if (this.shape.expansion === 0) return 'full';
      if (!this.#grow()) return 'failed';
      place = this.#freePlace(trace) as Place;
    }
    place.bucket[place.at] = place.fingerprint;
    this.items++;
    return 'added';
  }

  /** Takes it out once. False when it does not seem to be there. */
  delete(item: string): boolean {
    const trace = traceOf(item);
    const found = this.#find(trace);
    if (!found) return false;
    found.bucket[found.at] = FREE;
    this.items--;
    this.deletes++;
    const isWorth = this.layers.length > 1 && this.deletes > this.items * COMPACT_AFTER;
    if (isWorth) this.compact(false);
    return true;
  }

  /** Moves items to earlier layers and drops the last as long as nothing is left in it. */
  compact(goesOn: boolean): void {
    for (let i = this.layers.length - 1; i > 0; i--) {
      const isEmpty = this.#emptyLayer(i);
      if (isEmpty && i === this.layers.length - 1) this.layers.pop();
      if (!isEmpty && !goesOn) break;
    }
    this.deletes = 0;
  }

  /** What CF.SCANDUMP gives first: all but the fingerprints. */
  header(): string {
    const { bucketSize, maxIterations, expansion } = this.shape;
    const { items, buckets, deletes, layers } = this;
    const fields = [items, buckets, deletes, layers.length, bucketSize, maxIterations, expansion];
    return pack(HEADER, fields);
  }

  /** A filter whose fingerprints are still to come; undefined when there can be none such. */
  static fromHeader(header: string): CuckooFilter | undefined {
    const [items = 0, buckets = 0, deletes = 0, count = 0, ...rest] = unpack(HEADER, header);
    const [bucketSize = 0, maxIterations = 0, expansion = 0] = rest;
    const isOdd = buckets === 0 || buckets !== powerOfTwo(buckets) || count === 0 || count > 65_535;
    if (isOdd || bucketSize === 0 || bucketSize > 255 || maxIterations === 0) return undefined;
    const filter = new CuckooFilter({ bucketSize, maxIterations, expansion }, buckets);
    filter.items = items;
    filter.deletes = deletes;
    while (filter.layers.length < count) if (!filter.#grow()) return undefined;
    return filter;
  }

  /** The fingerprints from a position on, 1 being the first, and the position after them. */
  chunk(position: number): Part | undefined {
    return chunkAt(this.#data, position);
  }

  /** Puts a chunk where it came from. False when it cannot have been there. */
  load(position: number, chunk: string): boolean {
    return loadChunkInto(this.#data, position, chunk) === undefined;
  }

  save(): string {
    return this.header() + joinLayers(this.#data);
  }

  static load(text: string): CuckooFilter {
    const filter = CuckooFilter.fromHeader(text.slice(0, CUCKOO_HEADER_BYTES)) as CuckooFilter;
    fillLayers(filter.#data, text, CUCKOO_HEADER_BYTES);
    return filter;
  }

  copy(): CuckooFilter {
    return CuckooFilter.load(this.save());
  }

  get #data(): Uint8Array[] {
    return this.layers.map(({ data }) => data);
  }

  #grow(): boolean {
    const { bucketSize, expansion } = this.shape;
    const buckets = this.buckets * expansion ** this.layers.length;
    if (this.bytes + buckets * bucketSize > MAX_SKETCH_BYTES || buckets === 0) return false;
    this.layers.push({ buckets, data: new Uint8Array(buckets * bucketSize) });
    return true;
  }

  #bucketAt({ data, buckets }: Layer, hash: number): Uint8Array {
    const { bucketSize } = this.shape;
    const at = (hash & (buckets - 1)) * bucketSize;
    return data.subarray(at, at + bucketSize);
  }

  #bucketsOf(layer: Layer, { hash, fingerprint }: Trace): [Uint8Array, Uint8Array] {
    return [this.#bucketAt(layer, hash), this.#bucketAt(layer, otherHash(hash, fingerprint))];
  }

  #has(trace: Trace): boolean {
    return this.#find(trace) !== undefined;
  }

  #find(trace: Trace): Place | undefined {
    for (const layer of this.layers) {
      const place = this.#placeOf(layer, trace, trace.fingerprint);
      if (place) return place;
    }
    return undefined;
  }

  /** A free place in the newest layer that has one. */
  #freePlace(trace: Trace): Place | undefined {
    for (const layer of this.layers.toReversed()) {
      const place = this.#placeOf(layer, trace, FREE);
      if (place) return place;
    }
    return undefined;
  }

  /** Where a byte is in one of the two buckets of an item. */
  #placeOf(layer: Layer, trace: Trace, byte: number): Place | undefined {
    for (const bucket of this.#bucketsOf(layer, trace)) {
      const at = bucket.indexOf(byte);
      if (at >= 0) return { bucket, at, fingerprint: trace.fingerprint };
    }
    return undefined;
  }

  /**
   * Puts an item in the place of another of the newest layer, that one in the place of a third, and so on,
   * until one finds a free place: that one and the place. All is as it was when none does.
   */
  #push(trace: Trace): Place | undefined {
    const { maxIterations, bucketSize } = this.shape;
    const layer = this.layers.at(-1) as Layer;
    const pushed: Place[] = [];
    let { hash, fingerprint } = trace;
    for (let i = 0; i < maxIterations; i++) {
      const bucket = this.#bucketAt(layer, hash);
      const at = i % bucketSize;
      const victim = bucket[at] as number;
      pushed.push({ bucket, at, fingerprint: victim });
      bucket[at] = fingerprint;
      fingerprint = victim;
      hash = otherHash(hash, fingerprint) & (layer.buckets - 1);
      const other = this.#bucketAt(layer, hash);
      const free = other.indexOf(FREE);
      if (free >= 0) return { bucket: other, at: free, fingerprint };
    }
    for (const { bucket, at, fingerprint: victim } of pushed.reverse()) bucket[at] = victim;
    return undefined;
  }

  /** Whether all that was in a layer found a place in those before it. */
  #emptyLayer(index: number): boolean {
    const { bucketSize } = this.shape;
    const { data } = this.layers[index] as Layer;
    let isEmpty = true;
    for (let at = 0; at < data.length; at++) {
      const fingerprint = data[at] as number;
      if (fingerprint === FREE) continue;
      const place = this.#earlierPlace(index, { hash: Math.floor(at / bucketSize), fingerprint });
      if (place) {
        place.bucket[place.at] = fingerprint;
        data[at] = FREE;
      } else isEmpty = false;
    }
    return isEmpty;
  }

  #earlierPlace(before: number, trace: Trace): Place | undefined {
    for (const layer of this.layers.slice(0, before)) {
      const place = this.#placeOf(layer, trace, FREE);
      if (place) return place;
    }
    return undefined;
  }
}

/** A place in a bucket, and the fingerprint that belongs or goes there. */
interface Place {
  readonly bucket: Uint8Array;
  readonly at: number;
  readonly fingerprint: number;
}

function traceOf(item: string): Trace {
  const hash = murmur64(item, 0);
  return {
    fingerprint: Number(hash % FINGERPRINTS) + 1,
    hash: Number(BigInt.asUintN(32, hash)),
  };
}

/** From either bucket of a fingerprint it leads to the other. */
const otherHash = (hash: number, fingerprint: number): number =>
  hash ^ Math.imul(fingerprint, 0x5bd1e995);

/** The next power of two, from 1 on. */
const powerOfTwo = (number: number): number =>
  number <= 1 ? 1 : 2 ** Math.ceil(Math.log2(number));
