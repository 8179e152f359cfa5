import type { StreamId } from './stream-id.ts';

/**
 * What a stream remembers so that an entry which is sent twice is added once: of each producer the
 * ids that it gave its newest entries, for a while.
 * https://redis.io/docs/latest/develop/data-types/streams/idempotency/
 */
export class Idempotence {
  /** For how long an id is remembered, in seconds. */
  durationSeconds = 100;
  /** How many ids of a producer are remembered. */
  maxSize = 100;
  /** Entries that came with an id, ever. */
  added = 0;
  /** Entries that had come before, and were not added. */
  duplicates = 0;
  /** By producer and its id, oldest first. */
  readonly #producers = new Map<string, Map<string, Known>>();

  /** The producers of whom something is remembered. */
  get producers(): number {
    return this.#producers.size;
  }

  /** The ids remembered, of all producers. */
  get tracked(): number {
    return [...this.#producers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The entry that this producer added under this id, if that is remembered. `now` is in ms. */
  find(producer: string, id: string, now: number): StreamId | undefined {
    this.#forgetOld(now);
    return this.#producers.get(producer)?.get(id)?.entry;
  }

  /** Remembers an entry; the producer's oldest is forgotten when there are too many. */
  record(producer: string, id: string, entry: StreamId, now: number): void {
    const known = this.#producers.get(producer) ?? new Map<string, Known>();
    this.#producers.set(producer, known);
    known.set(id, { entry, at: now });
    this.added++;
    if (known.size > this.maxSize) known.delete(known.keys().next().value as string);
  }

  /** Other limits than before make it forget all ids, though not the counts. */
  configure(durationSeconds: number, maxSize: number): void {
    if (durationSeconds === this.durationSeconds && maxSize === this.maxSize) return;
    this.durationSeconds = durationSeconds;
    this.maxSize = maxSize;
    this.#producers.clear();
  }

  /** Everything remembered, oldest first for each producer. */
  *entries(): Generator<[producer: string, id: string, entry: StreamId]> {
    for (const [producer, known] of this.#producers) {
      for (const [id, { entry }] of known) yield [producer, id, entry];
    }
  }

  copy(): Idempotence {
    const copy = new Idempotence();
    copy.durationSeconds = this.durationSeconds;
    copy.maxSize = this.maxSize;
    for (const [producer, known] of this.#producers) {
      for (const [id, { entry, at }] of known) copy.record(producer, id, entry, at);
    }
    copy.added = this.added;
    copy.duplicates = this.duplicates;
    return copy;
  }

  #forgetOld(now: number): void {
    const oldest = now - this.durationSeconds * 1000;
    for (const [producer, known] of this.#producers) {
      for (const [id, { at }] of known) {
        if (at > oldest) break;
        known.delete(id);
      }
      if (known.size === 0) this.#producers.delete(producer);
    }
  }
}

interface Known {
  readonly entry: StreamId;
  /** When it was added, in ms since 1970. */
  readonly at: number;
}
