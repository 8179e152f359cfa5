/** Aggregations that are read part by part. https://redis.io/docs/latest/commands/ft.cursor-read/ */
import { redisError } from '../../errors.ts';
import type { Protocol } from '../../resp/encode.ts';
import type { Reply } from '../../resp/reply.ts';

export interface Cursor {
  readonly id: number;
  readonly index: string;
  /** How many rows go into a part, unless the reader says so. */
  readonly count: number;
  /** How long it may wait for its reader, in ms. */
  readonly maxIdle: number;
  usedAt: number;
  /** A part of the reply with so many rows, for a reader who speaks this protocol. */
  readonly read: (count: number, protocol: Protocol) => Reply;
  readonly isAtEnd: () => boolean;
}

export class Cursors {
  readonly #cursors = new Map<number, Cursor>();

  /** False when its index has as many as it may; those that waited too long do not count. */
  add(cursor: Cursor, most: number): boolean {
    this.#sweep(cursor.usedAt);
    if (this.of(cursor.index) >= most) return false;
    this.#cursors.set(cursor.id, cursor);
    return true;
  }

  /** How many there are for an index. */
  of(index: string): number {
    return [...this.#cursors.values()].filter((cursor) => cursor.index === index).length;
  }

  get size(): number {
    return this.#cursors.size;
  }

  /** Throws when there is none any more. */
  get(id: number, index: string, now: number): Cursor {
    this.#sweep(now);
    const cursor = this.#cursors.get(id);
    if (cursor?.index === index) return cursor;
    throw redisError(`Cursor not found, id: ${id}`);
  }

  delete(id: number): boolean {
    return this.#cursors.delete(id);
  }

  drop(index: string): void {
    for (const [id, cursor] of this.#cursors) {
      if (cursor.index === index) this.#cursors.delete(id);
    }
  }

  clear(): void {
    this.#cursors.clear();
  }

  #sweep(now: number): void {
    for (const [id, { usedAt, maxIdle }] of this.#cursors) {
      if (usedAt + maxIdle <= now) this.#cursors.delete(id);
    }
  }
}
