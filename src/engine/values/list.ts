/**
 * The value of a list: elements in order, cheap at both ends.
 * https://redis.io/docs/latest/develop/data-types/lists/
 */
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES } from './encoding.ts';
import {
  type End,
  exceedsNodeLimit,
  nodeLimit,
  type Place,
  Quicklist,
  type QuicklistNode,
} from './quicklist.ts';

import { Used } from './used.ts';

export type { End } from './quicklist.ts';

/** What LPOS asks for, beside the element. */
export interface PositionQuery {
  /** Where the search begins. Positions count from the head in any case. */
  readonly from: End;
  /** How many matches to pass over first. */
  readonly skip: number;
  /** How many positions to return at most. */
  readonly count: number;
  /** How many elements to compare at most. */
  readonly maxCompared: number;
}

export class ListValue extends Used {
  readonly type = 'list';
  readonly #chain = new Quicklist();

  /** As Redis 7.2 and later name it; 7.0 and before call every list a quicklist. */
  get encoding(): 'listpack' | 'quicklist' {
    return this.#chain.isListpack ? 'listpack' : 'quicklist';
  }

  /** The number of elements. */
  get size(): number {
    return this.#chain.size;
  }

  /** Adds elements one after the other, so that the last one ends up outermost. */
  push(end: End, elements: readonly string[], limits: EncodingLimits): void {
    this.#convertForGrowth(elements, limits);
    for (const element of elements) this.#chain.push(end, element, limits);
  }

  /** Takes the outermost element off, or undefined if there is none. */
  pop(end: End, limits: EncodingLimits): string | undefined {
    const element = this.#chain.pop(end);
    this.#convertForShrinking(limits);
    return element;
  }

  /** Takes up to `count` elements off, the outermost first. */
  popMany(end: End, count: number, limits: EncodingLimits): string[] {
    const popped: string[] = [];
    while (popped.length < count && this.size > 0) popped.push(this.#chain.pop(end) as string);
    this.#convertForShrinking(limits);
    return popped;
  }

  /** Moves one element from an end to an end of this same list, and returns it. */
  rotate(from: End, to: End, limits: EncodingLimits): string | undefined {
    const element = this.#chain.pop(from);
    if (element !== undefined) this.#chain.push(to, element, limits);
    return element;
  }

  /** The element at an index; a negative one counts from the tail, -1 being the last. */
  at(index: number): string | undefined {
    const place = this.#place(index);
    return place?.node.items[place.offset];
  }

  /** Replaces the element at an index. Returns false if there is none. */
  set(index: number, element: string, limits: EncodingLimits): boolean {
    this.#convertForGrowth([element], limits);
    const place = this.#place(index);
    if (!place) return false;
    place.node.splice(place.offset, 1, [element]);
    this.#convertForShrinking(limits);
    return true;
  }

  /** Inserts beside the first element that equals `pivot`. Returns false if none does. */
  insert(
    side: 'before' | 'after',
    pivot: string,
    element: string,
    limits: EncodingLimits,
  ): boolean {
    this.#convertForGrowth([element], limits);
    for (let node = this.#chain.head; node; node = node.next) {
      const offset = node.items.indexOf(pivot);
      if (offset < 0) continue;
      this.#chain.insert({ node, offset }, side, element, limits);
      return true;
    }
    return false;
  }

  /**
   * Removes elements equal to `element`: all of them if `count` is 0, else that many, a negative
   * count from the tail on. Returns how many.
   */
  remove(element: string, count: number, limits: EncodingLimits): number {
    const end = count < 0 ? 'tail' : 'head';
    const removed = this.#chain.deleteEqual(element, end, Math.abs(count) || Infinity);
    if (removed > 0) this.#convertForShrinking(limits);
    return removed;
  }

  /** Keeps only the elements with indexes in [from, to), both in 0..size. */
  trim(from: number, to: number, limits: EncodingLimits): void {
    const end = Math.max(from, to);
    this.#chain.deleteRange(end, this.size);
    this.#chain.deleteRange(0, from);
    this.#convertForShrinking(limits);
  }

  /** The elements with indexes in [from, to), both in 0..size. */
  slice(from = 0, to = this.size): string[] {
    if (from >= to) return [];
    const { node: first, offset } = this.#chain.locate(from);
    let elements = first.items.slice(offset, offset + to - from);
    for (let node = first.next; node && elements.length < to - from; node = node.next) {
      elements = elements.concat(node.items.slice(0, to - from - elements.length));
    }
    return elements;
  }

  /** The indexes at which `element` is found, in the order of the search. */
  positions(element: string, query: PositionQuery): number[] {
    const found: number[] = [];
    let { skip } = query;
    let compared = 0;
    const fromHead = query.from === 'head';
    for (const item of this.elements(query.from)) {
      if (compared >= query.maxCompared || found.length >= query.count) break;
      compared++;
      if (item !== element) continue;
      if (skip > 0) skip--;
      else found.push(fromHead ? compared - 1 : this.size - compared);
    }
    return found;
  }

  [Symbol.iterator](): Generator<string> {
    return this.elements('head');
  }

  *elements(from: End): Generator<string> {
    for (const { items } of this.nodes(from)) {
      if (from === 'head') yield* items;
      else for (let i = items.length - 1; i >= 0; i--) yield items[i] as string;
    }
  }

  /** The listpacks that the list consists of, for DUMP, MEMORY USAGE and DEBUG OBJECT. */
  *nodes(
    from: End = 'head',
  ): Generator<Pick<QuicklistNode, 'bytes'> & { items: readonly string[] }> {
    const step = from === 'head' ? 'next' : 'previous';
    for (let node = this.#chain[from]; node; node = node[step]) yield node;
  }

  /** A list of these nodes, as RDB files keep them. One that fits a listpack is one, as since 7.2. */
  static ofNodes(nodes: Iterable<readonly string[]>, limits: EncodingLimits): ListValue {
    const list = new ListValue();
    const chain = list.#chain;
    for (const items of nodes) chain.appendNode(items);
    const { head, tail, size } = chain;
    chain.isListpack = head === tail && !exceedsNodeLimit(limits, head?.bytes ?? 0, size);
    return list;
  }

  /** A list of its own with the same elements, in the same nodes. */
  copy(): ListValue {
    const copy = new ListValue();
    copy.#chain.isListpack = this.#chain.isListpack;
    for (const { items } of this.nodes()) copy.#chain.appendNode(items);
    return copy;
  }

  #place(index: number): Place | undefined {
    const at = index < 0 ? index + this.size : index;
    return at >= 0 && at < this.size ? this.#chain.locate(at) : undefined;
  }

  /** Before elements are added, Redis checks whether a listpack could hold them all. */
  #convertForGrowth(elements: readonly string[], limits: EncodingLimits): void {
    if (!this.#chain.isListpack) return;
    let bytes = this.#chain.head?.bytes ?? LISTPACK_OVERHEAD_BYTES;
    for (const element of elements) bytes += element.length;
    const count = this.size + elements.length;
    if (exceedsNodeLimit(limits, bytes, count)) this.#chain.isListpack = false;
  }

  /** A quicklist of one node becomes a listpack again at half the limit, lest it flip all the time. */
  #convertForShrinking(limits: EncodingLimits): void {
    const { head, tail, isListpack } = this.#chain;
    if (isListpack || !head || head !== tail) return;
    const { bytes, count } = nodeLimit(limits);
    if (head.bytes <= bytes / 2 && this.size <= Math.floor(count / 2)) {
      this.#chain.isListpack = true;
    }
  }
}
