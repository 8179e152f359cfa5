/**
 * The nodes of a list: a doubly linked chain of small arrays, filled, split and merged by the same
 * rules as Redis's quicklist. Both ends cost O(1); an index is found by walking node by node from
 * the nearer end. `ListValue` is what commands use.
 */
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';

export type End = 'head' | 'tail';

/** One node: a listpack in Redis. */
export class QuicklistNode {
  previous: QuicklistNode | undefined;
  next: QuicklistNode | undefined;
  /** The size of the listpack. */
  bytes = LISTPACK_OVERHEAD_BYTES;
  #items: string[] = [];
  /** What was pushed to the head since somebody looked, newest last: cheaper than moving all others. */
  #heads: string[] = [];

  get length(): number {
    return this.#items.length + this.#heads.length;
  }

  /** The elements, from the head on. Read-only, and valid until the next change. */
  get items(): readonly string[] {
    return this.#all();
  }

  push(end: End, element: string): void {
    (end === 'tail' ? this.#items : this.#heads).push(element);
    this.bytes += listpackEntryBytes(element);
  }

  pop(end: End): string {
    const element = end === 'tail' ? this.#all().pop() : (this.#heads.pop() ?? this.#items.shift());
    this.bytes -= listpackEntryBytes(element as string);
    return element as string;
  }

  /** Takes `deleteCount` elements out at `offset` and puts `elements` there. Returns the former. */
  splice(offset: number, deleteCount: number, elements: readonly string[] = []): string[] {
    const removed = this.#all().splice(offset, deleteCount, ...elements);
    for (const element of removed) this.bytes -= listpackEntryBytes(element);
    for (const element of elements) this.bytes += listpackEntryBytes(element);
    return removed;
  }

  /** Replaces all elements. */
  refill(elements: readonly string[]): void {
    this.#items = [];
    this.#heads = [];
    this.bytes = LISTPACK_OVERHEAD_BYTES;
    for (const element of elements) this.push('tail', element);
  }

  #all(): string[] {
    if (this.#heads.length > 0) {
      this.#items = this.#heads.reverse().concat(this.#items);
      this.#heads = [];
    }
    return this.#items;
  }
}

/** Where an element is: its node, and its index there. */
export interface Place {
  readonly node: QuicklistNode;
  readonly offset: number;
}

export class Quicklist {
  head: QuicklistNode | undefined;
  tail: QuicklistNode | undefined;
  size = 0;
  /** As long as this holds, everything stays in one node: the encoding `listpack`. */
  isListpack = true;

  push(end: End, element: string, limits: EncodingLimits): void {
    const node = this[end];
    const fits = node && this.#hasRoom(node, element, limits);
    (fits ? node : this.#addNode(end)).push(end, element);
    this.size++;
  }

  /** Adds a node behind the others, whatever its size. */
  appendNode(elements: readonly string[]): void {
    this.#addNode('tail').refill(elements);
    this.size += elements.length;
  }

  pop(end: End): string | undefined {
    const node = this[end];
    if (!node) return undefined;
    this.size--;
    const element = node.pop(end);
    if (node.length === 0) this.#unlink(node);
    return element;
  }

  /** Where the element at an index in [0, size) is. */
  locate(index: number): Place {
    if (index < this.size / 2) {
      let node = this.head as QuicklistNode;
      let offset = index;
      for (; offset >= node.length; node = node.next as QuicklistNode) {
        offset -= node.length;
      }
      return { node, offset };
    }
    let node = this.tail as QuicklistNode;
    let offset = index - this.size + node.length;
    while (offset < 0) {
      node = node.previous as QuicklistNode;
      offset += node.length;
    }
    return { node, offset };
  }

  /** Puts an element next to the one at `place`. */
  insert(place: Place, side: 'before' | 'after', element: string, limits: EncodingLimits): void {
    const { node, offset } = place;
    const at = side === 'after' ? offset + 1 : offset;
    this.size++;
    if (this.#hasRoom(node, element, limits)) {
      node.splice(at, 0, [element]);
    } else if (at === node.length) {
      this.#insertBetween(node, node.next, 'head', element, limits);
    } else if (at === 0) {
      this.#insertBetween(node.previous, node, 'tail', element, limits);
    } else {
      this.#insertSplitting(node, at, side, element, limits);
    }
  }

  /** Deletes the elements with indexes in [from, to). Nodes are not merged, as in Redis. */
  deleteRange(from: number, to: number): void {
    if (from >= to) return;
    const first = this.locate(from);
    this.size -= to - from;
    let { offset } = first;
    let left = to - from;
    let next: QuicklistNode | undefined;
    for (let node: QuicklistNode | undefined = first.node; node && left > 0; node = next) {
      next = node.next;
      left -= node.splice(offset, left).length;
      offset = 0;
      if (node.length === 0) this.#unlink(node);
    }
  }

  /** Deletes up to `count` elements equal to `element`, from `end` on. Returns how many. */
  deleteEqual(element: string, end: End, count: number): number {
    let deleted = 0;
    let next: QuicklistNode | undefined;
    for (let node = this[end]; node && deleted < count; node = next) {
      next = end === 'head' ? node.next : node.previous;
      deleted += deleteInNode(node, element, end, count - deleted);
      if (node.length === 0) this.#unlink(node);
    }
    this.size -= deleted;
    return deleted;
  }

  /** Redis only estimates the size of a new element, with 8 bytes for its header. */
  #hasRoom(node: QuicklistNode, element: string, limits: EncodingLimits): boolean {
    if (this.isListpack) return true;
    return !exceedsNodeLimit(limits, node.bytes + element.length + 8, node.length + 1);
  }

  /** The neighbour on the element's other side takes it, if it exists and has room. */
  #insertBetween(
    left: QuicklistNode | undefined,
    right: QuicklistNode | undefined,
    end: End,
    element: string,
    limits: EncodingLimits,
  ): void {
    const neighbour = end === 'head' ? right : left;
    const fits = neighbour && this.#hasRoom(neighbour, element, limits);
    (fits ? neighbour : this.#link(left, right)).push(end, element);
  }

  /** The half of a full node on the pivot's far side moves to a new node, with the element. */
  #insertSplitting(
    node: QuicklistNode,
    at: number,
    side: 'before' | 'after',
    element: string,
    limits: EncodingLimits,
  ): void {
    if (side === 'after') {
      const rest = node.splice(at, node.length - at);
      this.#link(node, node.next).refill([element, ...rest]);
    } else {
      const rest = node.splice(0, at);
      this.#link(node.previous, node).refill([...rest, element]);
    }
    this.#mergeAround(node, limits);
  }

  #mergeAround(center: QuicklistNode, limits: EncodingLimits): void {
    const { previous, next } = center;
    this.#merge(previous?.previous, previous, limits);
    this.#merge(next, next?.next, limits);
    const merged = this.#merge(center.previous, center, limits);
    const target = merged ? (center.previous as QuicklistNode) : center;
    this.#merge(target, target.next, limits);
  }

  /** Moves all of `right` into `left` if that is within the limit. */
  #merge(
    left: QuicklistNode | undefined,
    right: QuicklistNode | undefined,
    limits: EncodingLimits,
  ): boolean {
    if (!left || !right) return false;
    const bytes = left.bytes + right.bytes - MERGE_SAVING_BYTES;
    const count = left.length + right.length;
    if (exceedsNodeLimit(limits, bytes, count)) return false;
    left.splice(left.length, 0, right.items);
    this.#unlink(right);
    return true;
  }

  #addNode(end: End): QuicklistNode {
    return end === 'head' ? this.#link(undefined, this.head) : this.#link(this.tail, undefined);
  }

  /** A new, empty node between two neighbours. */
  #link(left: QuicklistNode | undefined, right: QuicklistNode | undefined): QuicklistNode {
    const node = new QuicklistNode();
    node.previous = left;
    node.next = right;
    if (left) left.next = node;
    else this.head = node;
    if (right) right.previous = node;
    else this.tail = node;
    return node;
  }

  /** Takes a node out. Its own pointers stay, so that a walk may go on from it. */
  #unlink(node: QuicklistNode): void {
    if (node.previous) node.previous.next = node.next;
    else this.head = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.tail = node.previous;
  }
}

/** Whether a node of so many bytes and elements is more than list-max-listpack-size allows. */
export function exceedsNodeLimit(limits: EncodingLimits, bytes: number, count: number): boolean {
  const limit = nodeLimit(limits);
  // Where the limit counts elements, a node must not grow beyond 8 KB all the same.
  const maxBytes = limit.bytes < Infinity ? limit.bytes : MAX_COUNTED_NODE_BYTES;
  return bytes > maxBytes || count > limit.count;
}

const MAX_COUNTED_NODE_BYTES = 8192;

/** What Redis 7.0 expects to save by a merge: the header of a ziplist, which listpacks replaced. */
const MERGE_SAVING_BYTES = 11;

/** The limit of a node, in bytes or in elements. */
export function nodeLimit({ listMaxListpackSize: size }: EncodingLimits): {
  readonly bytes: number;
  readonly count: number;
} {
  if (size >= 0) return { bytes: Infinity, count: Math.max(size, 1) };
  return { bytes: 2048 << Math.min(-size, 5), count: Infinity };
}

function deleteInNode(node: QuicklistNode, element: string, end: End, count: number): number {
  if (!node.items.includes(element)) return 0;
  const places = node.items.flatMap((item, i) => (item === element ? [i] : []));
  const gone = new Set(end === 'head' ? places.slice(0, count) : places.slice(-count));
  node.refill(node.items.filter((_, i) => !gone.has(i)));
  return gone.size;
}
