/**
 * The heaviest items of a stream, by HeavyKeeper: rows of counters, each of which belongs to one item at a
 * time. Others that come to it wear it down by chance, the less likely the more it has counted, and whoever
 * wears it down to nothing has it then. The k items that count most are kept by name.
 * https://redis.io/docs/latest/develop/data-types/probabilistic/top-k/
 */
import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { murmur32 } from '../bytes/murmur.ts';
import { type Field, pack, packedSize, unpack } from '../bytes/packed.ts';
import { MAX_SKETCH_BYTES, ModuleValue } from './module-value.ts';

export interface TopKShape {
  readonly k: number;
  readonly width: number;
  readonly depth: number;
  /** How likely a counter of 1 is worn down; of n it is the nth power. */
  readonly decay: number;
}

export interface HeavyItem {
  readonly item: string;
  readonly count: number;
}

/** One of the k; no item until one has come. */
interface Kept {
  item: string | undefined;
  fingerprint: number;
  count: number;
}

const FINGERPRINT_SEED = 1919;
const CHANCE_SEED = 1;
const TABLE_SIZE = 256;
const SKETCH_BYTES = 2088;
const COUNTER_BYTES = 8;
const KEPT_BYTES = 24;

const HEADER: readonly Field[] = ['u32', 'u32', 'u32', 'f64', 'u32'];
const KEPT: readonly Field[] = ['u8', 'u32', 'u32', 'u32'];

export class TopK extends ModuleValue {
  readonly type = 'TopK-TYPE';
  /** A heap: none counts more than those below it, so the lightest comes first. */
  #kept: Kept[];
  #counts: Uint32Array;
  #owners: Uint32Array;
  readonly #chances: readonly number[];
  /**
   * How often chance was asked. Its answers follow from this alone, so that replicas, and whoever reads
   * an append-only file, come to the same counts; in a real server they may not.
   */
  #draws = 0;

  constructor(readonly shape: TopKShape) {
    super();
    const { k, width, depth, decay } = shape;
    this.#kept = Array.from({ length: k }, () => ({ item: undefined, fingerprint: 0, count: 0 }));
    this.#counts = new Uint32Array(width * depth);
    this.#owners = new Uint32Array(width * depth);
    this.#chances = Array.from({ length: TABLE_SIZE }, (_, count) => decay ** count);
  }

  /** Undefined when it would be too large. */
  static create(shape: TopKShape): TopK | undefined {
    const { k, width, depth } = shape;
    const bytes = width * depth * COUNTER_BYTES + k * KEPT_BYTES;
    return bytes > MAX_SKETCH_BYTES ? undefined : new TopK(shape);
  }

  get bytes(): number {
    const { k, width, depth } = this.shape;
    return SKETCH_BYTES + width * depth * COUNTER_BYTES + k * KEPT_BYTES;
  }

  /** Returns the item that is no longer among the k because of this one. */
  add(item: string, by: number): string | undefined {
    const fingerprint = murmur32(item, FINGERPRINT_SEED);
    let count = 0;
    for (let row = 0; row < this.shape.depth; row++) {
      count = Math.max(count, this.#addToRow(this.#placeOf(item, row), fingerprint, by));
    }
    if (count < (this.#kept[0] as Kept).count) return undefined;
    const at = this.#indexOf(item, fingerprint);
    if (at >= 0) {
      (this.#kept[at] as Kept).count = count;
      this.#sink(at);
      return undefined;
    }
    const lightest = this.#kept[0] as Kept;
    const expelled = lightest.item;
    Object.assign(lightest, { item, fingerprint, count });
    this.#sink(0);
    return expelled;
  }

  has(item: string): boolean {
    return this.#indexOf(item, murmur32(item, FINGERPRINT_SEED)) >= 0;
  }

  /** About how often it has come; may be much too little. */
  count(item: string): number {
    const fingerprint = murmur32(item, FINGERPRINT_SEED);
    const isKept = this.#indexOf(item, fingerprint) >= 0;
    const least = isKept ? (this.#kept[0] as Kept).count : 0;
    let most = 0;
    for (let row = 0; row < this.shape.depth; row++) {
      const at = this.#placeOf(item, row);
      const count = this.#counts[at] as number;
      if (this.#owners[at] === fingerprint && count >= least) most = Math.max(most, count);
    }
    return most;
  }

  /** The kept, the heaviest first. */
  list(): HeavyItem[] {
    return this.#kept
      .flatMap(({ item, count }) => (item === undefined ? [] : [{ item, count }]))
      .sort((a, b) => b.count - a.count);
  }

  save(): string {
    const { k, width, depth, decay } = this.shape;
    const kept = this.#kept.map(({ item, fingerprint, count }) => {
      const about = [item === undefined ? 0 : 1, item?.length ?? 0, fingerprint, count];
      return pack(KEPT, about) + (item ?? '');
    });
    const tables = [this.#counts, this.#owners].map((table) =>
      fromUint8(new Uint8Array(table.buffer)),
    );
    return pack(HEADER, [k, width, depth, decay, this.#draws]) + tables.join('') + kept.join('');
  }

  static load(text: string): TopK {
    const [k = 0, width = 0, depth = 0, decay = 0, draws = 0] = unpack(HEADER, text);
    const top = new TopK({ k, width, depth, decay });
    const size = width * depth * 4;
    let at = packedSize(HEADER);
    const table = () => new Uint32Array(toUint8(text.slice(at, at + size)).buffer);
    top.#counts = table();
    at += size;
    top.#owners = table();
    at += size;
    top.#draws = draws;
    for (const each of top.#kept) {
      const [isThere = 0, length = 0, fingerprint = 0, count = 0] = unpack(KEPT, text, at);
      at += packedSize(KEPT);
      const item = isThere === 1 ? text.slice(at, at + length) : undefined;
      Object.assign(each, { item, fingerprint, count });
      at += length;
    }
    return top;
  }

  copy(): TopK {
    return TopK.load(this.save());
  }

  #placeOf(item: string, row: number): number {
    const { width } = this.shape;
    return row * width + (murmur32(item, row) % width);
  }

  /** Returns what the item counts in this place now; 0 when it is another's. */
  #addToRow(at: number, fingerprint: number, by: number): number {
    const count = this.#counts[at] as number;
    if (count > 0 && this.#owners[at] !== fingerprint) return this.#wearDown(at, fingerprint, by);
    this.#owners[at] = fingerprint;
    this.#counts[at] = count + by;
    return count + by;
  }

  #wearDown(at: number, fingerprint: number, by: number): number {
    let count = this.#counts[at] as number;
    for (let left = by; left > 0; left--) {
      if (this.#chance() >= this.#chanceAt(count)) continue;
      count--;
      if (count > 0) continue;
      this.#owners[at] = fingerprint;
      this.#counts[at] = left;
      return left;
    }
    this.#counts[at] = count;
    return 0;
  }

  #chanceAt(count: number): number {
    return this.#chances[count] ?? this.shape.decay ** count;
  }

  #chance(): number {
    this.#draws = (this.#draws + 1) >>> 0;
    return murmur32(String(this.#draws), CHANCE_SEED) / 2 ** 32;
  }

  #indexOf(item: string, fingerprint: number): number {
    return this.#kept.findLastIndex(
      (each) => each.fingerprint === fingerprint && each.item === item,
    );
  }

  /** Lets one of the heap go down until none below it is lighter. */
  #sink(from: number): void {
    const sinking = this.#kept[from] as Kept;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [this.#kept[child], this.#kept[child + 1]];
      if (left && right && left.count > right.count) child++;
      const lighter = this.#kept[child];
      const isDeeper = at === from ? lighter && lighter.count <= sinking.count : true;
      if (!lighter || !isDeeper || (at !== from && lighter.count >= sinking.count)) break;
      this.#kept[at] = lighter;
      at = child;
    }
    this.#kept[at] = sinking;
  }
}
