import { LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';
import type { ConsumerGroup } from './stream-group.ts';
import type { StreamId } from './stream-id.ts';
import type { Idempotence } from './stream-idempotence.ts';
import { Used } from './used.ts';

/**
 * A stream: an append-only log of entries under growing ids.
 * https://redis.io/docs/latest/develop/data-types/streams/
 */

export type { StreamId };

export const MIN_ID: StreamId = 0n;
export const MAX_ID: StreamId = (1n << 128n) - 1n;
const SEQUENCE_BITS = 64n;
const MAX_SEQUENCE = (1n << SEQUENCE_BITS) - 1n;

export const makeId = (ms: bigint, sequence: bigint): StreamId => (ms << SEQUENCE_BITS) | sequence;
export const msOf = (id: StreamId): bigint => id >> SEQUENCE_BITS;
export const sequenceOf = (id: StreamId): bigint => id & MAX_SEQUENCE;
export const printId = (id: StreamId): string => `${msOf(id)}-${sequenceOf(id)}`;

export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values in turns. */
  readonly fields: readonly string[];
}

/** How large a node may be: stream-node-max-entries and stream-node-max-bytes; 0 is no limit. */
export interface StreamLimits {
  readonly streamNodeMaxEntries: number;
  readonly streamNodeMaxBytes: number;
}

/** Entries that Redis keeps in one listpack; trimming with `~` drops only whole ones. */
interface Node {
  /** The first entry ever added to it, which the others are stored as differences from. */
  readonly master: StreamEntry;
  readonly entries: StreamEntry[];
  /** Entries ever added to it, deleted ones included. */
  added: number;
  bytes: number;
}

export interface Trim {
  /** Which entries may go: all but the newest so many, or those before an id. */
  readonly keep: { readonly maxLength: number } | { readonly minId: StreamId };
  readonly approximate: boolean;
  /** How many entries may go at most, when approximate; 0 is no limit. */
  readonly limit: number;
}

export class StreamValue extends Used {
  readonly type = 'stream';
  readonly encoding = 'stream';
  readonly groups = new Map<string, ConsumerGroup>();
  lastId: StreamId = MIN_ID;
  maxDeletedId: StreamId = MIN_ID;
  /** Entries ever added. */
  entriesAdded = 0n;
  /** What is known of entries that may be added once only; undefined until somebody asks for that. */
  idempotence: Idempotence | undefined;
  #nodes: Node[] = [];
  #size = 0;

  /** The number of entries. */
  get size(): number {
    return this.#size;
  }

  /** The number of nodes, for XINFO STREAM and MEMORY USAGE. */
  get nodeCount(): number {
    return this.#nodes.length;
  }

  get first(): StreamEntry | undefined {
    return this.#nodes[0]?.entries[0];
  }

  get last(): StreamEntry | undefined {
    return this.#nodes.at(-1)?.entries.at(-1);
  }

  /** Adds an entry; its id must be greater than the last one. */
  append(id: StreamId, fields: readonly string[], limits: StreamLimits): void {
    const entry = { id, fields };
    let node = this.#nodes.at(-1);
    if (!node || isFull(node, fields, limits)) {
      node = { master: entry, entries: [], added: 0, bytes: bytesOfMaster(entry) };
      this.#nodes.push(node);
    }
    node.entries.push(entry);
    node.added++;
    node.bytes += bytesOf(entry, node.master);
    this.#size++;
    this.lastId = id;
    this.entriesAdded++;
  }

  /** The entries node by node, with how many were ever added to each and the first that was. */
  nodes(): readonly Readonly<Node>[] {
    return this.#nodes;
  }

  /** Adds a whole node behind the others, as an RDB file has it. The counters stay as they are. */
  appendNode(entries: readonly StreamEntry[], added: number): void {
    const [master] = entries as readonly [StreamEntry];
    const start = bytesOfMaster(master);
    const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry, master), start);
    this.#nodes.push({ master, entries: [...entries], added, bytes });
    this.#size += entries.length;
  }

  get(id: StreamId): StreamEntry | undefined {
    const node = this.#nodes[this.#nodeOf(id)];
    return node?.entries[indexOf(node.entries, id)];
  }

  /** Up to `count` entries with ids from `from` to `to`, both inclusive, ascending or descending. */
  range(from: StreamId, to: StreamId, count = Infinity, reverse = false): StreamEntry[] {
    const found: StreamEntry[] = [];
    for (const entry of reverse ? this.#backwards(to) : this.#forwards(from)) {
      if (found.length >= count || (reverse ? entry.id < from : entry.id > to)) break;
      found.push(entry);
    }
    return found;
  }

  /** Deletes an entry; its id is remembered as a hole. Returns whether it was there. */
  delete(id: StreamId): boolean {
    const at = this.#nodeOf(id);
    const node = this.#nodes[at];
    const index = node ? indexOf(node.entries, id) : -1;
    if (!node || index < 0) return false;
    node.entries.splice(index, 1);
    if (node.entries.length === 0) this.#nodes.splice(at, 1);
    this.#size--;
    if (id > this.maxDeletedId) this.maxDeletedId = id;
    return true;
  }

  /** Drops the oldest entries, and tells each. Returns how many went. */
  trim(trim: Trim, tell: (id: StreamId) => void = () => {}): number {
    let dropped = 0;
    while (this.#nodes[0]) {
      const [{ entries }] = this.#nodes as [Node];
      if (!this.#mayDropAll(entries, trim)) break;
      if (trim.limit > 0 && dropped + entries.length > trim.limit) return dropped;
      dropped += entries.length;
      this.#size -= entries.length;
      this.#nodes.shift();
      for (const { id } of entries) tell(id);
    }
    return trim.approximate ? dropped : dropped + this.#trimFirstNode(trim, tell);
  }

  /** The bytes of each listpack that Redis would make of it, for MEMORY USAGE. */
  *blocks(): Generator<number> {
    for (const { bytes } of this.#nodes) yield bytes;
  }

  copy(): StreamValue {
    const copy = new StreamValue();
    copy.lastId = this.lastId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    copy.idempotence = this.idempotence?.copy();
    copy.#size = this.#size;
    copy.#nodes = this.#nodes.map((node) => ({ ...node, entries: [...node.entries] }));
    for (const [name, group] of this.groups) copy.groups.set(name, group.copy());
    return copy;
  }

  #mayDropAll(entries: readonly StreamEntry[], { keep }: Trim): boolean {
    if ('maxLength' in keep) return this.#size - entries.length >= keep.maxLength;
    return (entries.at(-1)?.id ?? MAX_ID) < keep.minId;
  }

  #trimFirstNode({ keep }: Trim, tell: (id: StreamId) => void): number {
    const node = this.#nodes[0];
    if (!node) return 0;
    const surplus =
      'maxLength' in keep
        ? this.#size - keep.maxLength
        : node.entries.filter(({ id }) => id < keep.minId).length;
    if (surplus <= 0) return 0;
    for (const { id } of node.entries.splice(0, surplus)) tell(id);
    this.#size -= surplus;
    return surplus;
  }

  /** The index of the last node that begins at or before an id, or 0. */
  #nodeOf(id: StreamId): number {
    let low = 0;
    let high = this.#nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#nodes[middle]?.entries[0]?.id ?? MAX_ID) <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  *#forwards(from: StreamId): Generator<StreamEntry> {
    for (let n = this.#nodeOf(from); n < this.#nodes.length; n++) {
      const { entries } = this.#nodes[n] as Node;
      for (let i = lowerBound(entries, from); i < entries.length; i++) {
        yield entries[i] as StreamEntry;
      }
    }
  }

  *#backwards(to: StreamId): Generator<StreamEntry> {
    for (let n = this.#nodeOf(to); n >= 0; n--) {
      const { entries } = (this.#nodes[n] as Node | undefined) ?? { entries: [] };
      for (let i = lowerBound(entries, to + 1n) - 1; i >= 0; i--) yield entries[i] as StreamEntry;
    }
  }
}

/** Whether an entry with these fields must go into another node. */
function isFull(node: Node, fields: readonly string[], limits: StreamLimits): boolean {
  const { streamNodeMaxEntries: maxEntries, streamNodeMaxBytes: maxBytes } = limits;
  const added = fields.reduce((sum, field) => sum + field.length, 0);
  const isTooLarge = node.bytes + added >= (maxBytes || MAX_NODE_BYTES);
  return isTooLarge || (maxEntries > 0 && node.added >= maxEntries);
}

/** No node is larger than this, whatever the limits say. */
const MAX_NODE_BYTES = 2 ** 30;

/** What the head of a node takes: two counts and the fields of its first entry, to refer to. */
function bytesOfMaster({ fields }: StreamEntry): number {
  const names = fields.filter((_, i) => i % 2 === 0);
  return sizeOf(['1', '0', String(names.length), ...names, '0']) + LISTPACK_OVERHEAD_BYTES;
}

/** What an entry takes: flags, how its id differs, its fields unless they are the first's, values. */
function bytesOf({ id, fields }: StreamEntry, master: StreamEntry): number {
  const isSame =
    fields.length === master.fields.length &&
    fields.every((field, i) => i % 2 > 0 || field === master.fields[i]);
  const data = isSame ? fields.filter((_, i) => i % 2 > 0) : [String(fields.length / 2), ...fields];
  const difference = [msOf(id) - msOf(master.id), sequenceOf(id) - sequenceOf(master.id)];
  return sizeOf(['0', ...difference.map(String), ...data, String(data.length + 3)]);
}

const sizeOf = (elements: readonly string[]): number =>
  elements.reduce((sum, element) => sum + listpackEntryBytes(element), 0);

/** The index of the first entry with at least this id. */
function lowerBound(entries: readonly StreamEntry[], id: StreamId): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as StreamEntry).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function indexOf(entries: readonly StreamEntry[], id: StreamId): number {
  const at = lowerBound(entries, id);
  return entries[at]?.id === id ? at : -1;
}
