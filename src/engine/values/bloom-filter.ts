/**
 * A Bloom filter as the probabilistic module keeps it: layers, each larger and stricter than the one
 * before, so that together they stay below the rate of errors that was asked for. Hashes, sizes and the
 * form of a dump are those of the module.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/bloom-filter/
 */
import { murmur64 } from '../bytes/murmur.ts';
import { type Field, pack, packedSize, unpack } from '../bytes/packed.ts';
import { chunkAt, fillLayers, joinLayers, loadChunkInto, type Part } from './dump-chunks.ts';
import { MAX_SKETCH_BYTES, ModuleValue } from './module-value.ts';

/** One of the layers. */
export interface BloomLayer {
  readonly data: Uint8Array;
  readonly bits: number;
  readonly hashes: number;
  /** For so many items it is made. */
  readonly capacity: number;
  /** How likely it is to take a new item for one that it has, once it is full. */
  readonly error: number;
  readonly bitsPerItem: number;
  /** How many items it has. */
  size: number;
}

export interface BloomShape {
  readonly capacity: number;
  /** Between 0 and 1; what is more than a quarter is a quarter. */
  readonly errorRate: number;
  /** So many times larger is each layer than the one before. */
  readonly expansion: number;
  /** False: there is but one layer, and it refuses items when it is full. */
  readonly scales: boolean;
}

export type BloomAddition = 'added' | 'present' | 'full' | 'failed';

const MAX_ERROR = 0.25;
/** Each layer errs half as often as the one before; the sum of all stays below what was asked for. */
const TIGHTENING = 0.5;
const SEED = 0xc6a4a7935bd1e995n;

/** As the module writes them: what follows from them stands in dumps. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: its last digit is the module's.
const LN2 = 0.693147180559945;
const LN2_SQUARED = 0.480453013918201;

const CHAIN_BYTES = 32;
const LAYER_BYTES = 64;

/** Bits of the options in a dump. */
const Option = { noRounding: 1, hash64: 4, noScaling: 8 } as const;
const ALL_OPTIONS = 15;

const HEADER: readonly Field[] = ['u64', 'u32', 'u32', 'u32'];
const LAYER: readonly Field[] = ['u64', 'u64', 'u64', 'f64', 'f64', 'u32', 'u64', 'u8'];

export class BloomFilter extends ModuleValue {
  readonly type = 'MBbloom--';
  /** How many items were added that it did not seem to have. */
  size = 0;

  private constructor(
    readonly expansion: number,
    readonly scales: boolean,
    readonly layers: BloomLayer[],
  ) {
    super();
  }

  /** Undefined when it would be too large, or its rate of errors too small to be halved. */
  static create({ capacity, errorRate, expansion, scales }: BloomShape): BloomFilter | undefined {
    const error = Math.min(errorRate, MAX_ERROR) * (scales ? TIGHTENING : 1);
    const first = makeLayer(capacity, error);
    return first && new BloomFilter(expansion, scales, [first]);
  }

  get capacity(): number {
    return this.layers.reduce((sum, { capacity }) => sum + capacity, 0);
  }

  get bytes(): number {
    return this.layers.reduce((sum, { data }) => sum + LAYER_BYTES + data.length, CHAIN_BYTES);
  }

  has(item: string): boolean {
    return this.#holds(hashesOf(item));
  }

  add(item: string): BloomAddition {
    const hashes = hashesOf(item);
    if (this.#holds(hashes)) return 'present';
    const newest = this.layers.at(-1) as BloomLayer;
    const layer = newest.size < newest.capacity ? newest : this.#grow(newest);
    if (!layer) return this.scales ? 'failed' : 'full';
    for (const at of places(hashes, layer)) (layer.data[at >>> 3] as number) |= 1 << (at & 7);
    layer.size++;
    this.size++;
    return 'added';
  }

  /** What BF.SCANDUMP gives first: all but the bits. */
  header(): string {
    const { noRounding, hash64, noScaling } = Option;
    const options = noRounding + hash64 + (this.scales ? 0 : noScaling);
    const chain = [this.size, this.layers.length, options, this.expansion];
    const layers = this.layers.map(({ data, bits, size, error, bitsPerItem, hashes, capacity }) =>
      pack(LAYER, [data.length, bits, size, error, bitsPerItem, hashes, capacity, 0]),
    );
    return pack(HEADER, chain) + layers.join('');
  }

  /** A filter whose bits are still to come; undefined when the header is none. */
  static fromHeader(header: string): BloomFilter | undefined {
    const start = packedSize(HEADER);
    if (header.length < start) return undefined;
    const [size = 0, count = 0, options = 0, expansion = 0] = unpack(HEADER, header);
    const isOdd = count === 0 || options > ALL_OPTIONS || header.length !== headerSize(count);
    if (isOdd) return undefined;
    const filter = new BloomFilter(expansion, (options & Option.noScaling) === 0, []);
    for (let i = 0; i < count; i++) {
      const fields = unpack(LAYER, header, start + i * packedSize(LAYER));
      const layer = readLayer(fields, MAX_SKETCH_BYTES + CHAIN_BYTES - filter.bytes);
      if (!layer) return undefined;
      filter.layers.push(layer);
      filter.size += layer.size;
    }
    return filter.size === size ? filter : undefined;
  }

  /** The bits from a position on, 1 being the first, and the position after them. */
  chunk(position: number): Part | undefined {
    return chunkAt(this.#data, position);
  }

  /** Puts a chunk where it came from; says why not, if not. */
  load(position: number, chunk: string): 'bad' | 'beyond' | 'too big' | undefined {
    if (chunk === '' || position < chunk.length) return 'bad';
    return loadChunkInto(this.#data, position, chunk);
  }

  save(): string {
    return this.header() + joinLayers(this.#data);
  }

  static load(text: string): BloomFilter {
    const size = headerSize(unpack(HEADER, text)[1] as number);
    const filter = BloomFilter.fromHeader(text.slice(0, size)) as BloomFilter;
    fillLayers(filter.#data, text, size);
    return filter;
  }

  copy(): BloomFilter {
    return BloomFilter.load(this.save());
  }

  get #data(): Uint8Array[] {
    return this.layers.map(({ data }) => data);
  }

  #holds(hashes: Hashes): boolean {
    return this.layers.some((layer) => {
      for (const at of places(hashes, layer)) {
        if (((layer.data[at >>> 3] as number) & (1 << (at & 7))) === 0) return false;
      }
      return true;
    });
  }

  #grow(newest: BloomLayer): BloomLayer | undefined {
    if (!this.scales) return undefined;
    const room = MAX_SKETCH_BYTES - this.bytes;
    const layer = makeLayer(newest.capacity * this.expansion, newest.error * TIGHTENING, room);
    if (layer) this.layers.push(layer);
    return layer;
  }
}

interface Hashes {
  readonly first: bigint;
  readonly second: bigint;
}

function hashesOf(item: string): Hashes {
  const first = murmur64(item, SEED);
  return { first, second: murmur64(item, first) };
}

/** The bits of an item: two hashes stand for as many as are wanted. */
function* places({ first, second }: Hashes, { bits, hashes }: BloomLayer): Generator<number> {
  const size = BigInt(bits);
  let hash = first;
  for (let i = 0; i < hashes; i++) {
    yield Number(hash % size);
    hash = BigInt.asUintN(64, hash + second);
  }
}

const headerSize = (layers: number): number => packedSize(HEADER) + layers * packedSize(LAYER);

function makeLayer(
  capacity: number,
  error: number,
  room = MAX_SKETCH_BYTES,
): BloomLayer | undefined {
  const bitsPerItem = -Math.log(error) / LN2_SQUARED;
  const bytes = 8 * Math.ceil(Math.floor(capacity * bitsPerItem) / 64);
  // Of an error of nothing there are infinitely many bits.
  if (!(bytes > 0 && bytes <= room)) return undefined;
  return {
    data: new Uint8Array(bytes),
    bits: bytes * 8,
    hashes: hashesFor(bitsPerItem),
    capacity,
    error,
    bitsPerItem,
    size: 0,
  };
}

const hashesFor = (bitsPerItem: number): number => Math.ceil(LN2 * bitsPerItem);

/** So many hashes the smallest rate of errors asks for that there is. */
const MOST_HASHES = 1075;

function readLayer(fields: readonly number[], room: number): BloomLayer | undefined {
  const [bytes = 0, bits = 0, size = 0, error = 0, bitsPerItem = 0] = fields;
  const [hashes = 0, capacity = 0] = fields.slice(5);
  if (bytes === 0 || bits !== bytes * 8 || bytes > room) return undefined;
  if (hashes === 0 || hashes > MOST_HASHES || hashes !== hashesFor(bitsPerItem)) return undefined;
  if (!(error > 0 && error < 1) || capacity === 0) return undefined;
  return { data: new Uint8Array(bytes), bits, hashes, capacity, error, bitsPerItem, size };
}
