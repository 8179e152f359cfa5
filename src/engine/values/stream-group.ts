import type { StreamId } from './stream-id.ts';

/** An entry that was delivered and not acknowledged. */
export interface Pending {
  /** Undefined when it was given back by XNACK: whoever claims next has it. */
  consumer: Consumer | undefined;
  /** When it was last delivered, in ms since 1970; 0 when it was given back. */
  deliveredAt: number;
  /** How often it was delivered; MAX_DELIVERIES is never again. */
  deliveries: number;
}

/** The delivery count of an entry that nobody can process: the largest integer there is. */
export const MAX_DELIVERIES = 2 ** 63;

/** A delivery count as it is told and written: of 64 bits. */
export const deliveriesOf = ({ deliveries }: Pick<Pending, 'deliveries'>): number | bigint =>
  deliveries >= MAX_DELIVERIES ? 2n ** 63n - 1n : deliveries;

export interface Consumer {
  readonly name: string;
  /** When it last tried to read or claim, in ms since 1970. */
  seenAt: number;
  /** When it last got an entry, in ms since 1970; undefined when it never did. */
  activeAt: number | undefined;
  /** How many entries it owes an acknowledgement for. */
  pending: number;
}

/** Consumers that share a stream: each entry goes to one of them, who acknowledges it. */
export class ConsumerGroup {
  readonly consumers = new Map<string, Consumer>();
  readonly #pending = new Map<StreamId, Pending>();
  /** Whether the map's order is that of the ids; claims with FORCE may break it. */
  #sorted = true;
  #highest: StreamId = -1n;
  /** What was given back, in that order. */
  readonly #released = new Set<StreamId>();

  constructor(
    public lastId: StreamId,
    /** How many entries of the stream have been read; undefined when nobody can know. */
    public entriesRead: bigint | undefined,
  ) {}

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** How many pending entries nobody has. */
  get releasedCount(): number {
    return this.#released.size;
  }

  pendingEntry(id: StreamId): Pending | undefined {
    return this.#pending.get(id);
  }

  /** The pending entries from an id on, ascending. */
  *pendingFrom(from: StreamId): Generator<[StreamId, Pending]> {
    this.#sort();
    for (const entry of [...this.#pending]) if (entry[0] >= from) yield entry;
  }

  /** The ids of the lowest and the highest pending entry. */
  pendingBounds(): [lowest: StreamId, highest: StreamId] | undefined {
    this.#sort();
    const ids = [...this.#pending.keys()];
    const [lowest, highest] = [ids[0], ids.at(-1)];
    return lowest === undefined || highest === undefined ? undefined : [lowest, highest];
  }

  /** The consumer of this name, made when there is none. */
  consumer(name: string, now: number): Consumer {
    const known = this.consumers.get(name);
    if (known) return known;
    const fresh = { name, seenAt: now, activeAt: undefined, pending: 0 };
    this.consumers.set(name, fresh);
    return fresh;
  }

  /** An entry is delivered to a consumer: it owes the acknowledgement, whoever owed it before. */
  deliver(id: StreamId, consumer: Consumer, now: number): Pending {
    const before = this.#pending.get(id);
    if (before?.consumer) before.consumer.pending--;
    this.#released.delete(id);
    const pending = { consumer, deliveredAt: now, deliveries: 1 };
    this.#add(id, pending);
    consumer.pending++;
    return pending;
  }

  /** An entry is given back to the group, last of those: it is pending, and nobody's. */
  release(id: StreamId, deliveries: number): void {
    const before = this.#pending.get(id);
    if (before?.consumer) before.consumer.pending--;
    this.#released.delete(id);
    this.#released.add(id);
    this.#add(id, { consumer: undefined, deliveredAt: 0, deliveries });
  }

  /** What was given back, in that order; then what is owed, from the one owed longest. */
  claimable(): [StreamId, Pending][] {
    const released = [...this.#released].map((id) => [id, this.#pending.get(id)] as const);
    const owed = [...this.pendingFrom(0n)].filter(([, { consumer }]) => consumer);
    owed.sort(([, a], [, b]) => a.deliveredAt - b.deliveredAt);
    return [...(released as [StreamId, Pending][]), ...owed];
  }

  /** Returns whether the entry was pending. */
  acknowledge(id: StreamId): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    if (pending.consumer) pending.consumer.pending--;
    this.#released.delete(id);
    return this.#pending.delete(id);
  }

  /** Removes a consumer with what it owes. Returns how many entries that were. */
  removeConsumer(name: string): number {
    const consumer = this.consumers.get(name);
    if (!consumer) return 0;
    const { pending } = consumer;
    for (const [id, entry] of this.#pending) {
      if (entry.consumer === consumer) this.#pending.delete(id);
    }
    this.consumers.delete(name);
    return pending;
  }

  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.lastId, this.entriesRead);
    for (const { name, seenAt, activeAt } of this.consumers.values()) {
      copy.consumer(name, seenAt).activeAt = activeAt;
    }
    for (const [id, { consumer, deliveredAt, deliveries }] of this.#pending) {
      if (!consumer) continue;
      copy.deliver(id, copy.consumer(consumer.name, 0), deliveredAt).deliveries = deliveries;
    }
    for (const id of this.#released) copy.release(id, this.#pending.get(id)?.deliveries ?? 0);
    return copy;
  }

  #add(id: StreamId, pending: Pending): void {
    if (!this.#pending.has(id)) {
      this.#sorted &&= id > this.#highest;
      if (id > this.#highest) this.#highest = id;
    }
    this.#pending.set(id, pending);
  }

  #sort(): void {
    if (this.#sorted) return;
    const entries = [...this.#pending].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#pending.clear();
    for (const [id, pending] of entries) this.#pending.set(id, pending);
    this.#sorted = true;
  }
}

/** What a stream knows of its own history; the counts of its groups follow from it. */
interface History {
  readonly first: { readonly id: StreamId } | undefined;
  readonly size: number;
  readonly entriesAdded: bigint;
  readonly lastId: StreamId;
  readonly maxDeletedId: StreamId;
}

/**
 * How many entries were ever added up to this id, where that can be told: at the ends of the stream,
 * and anywhere in it while nothing has been deleted from its middle.
 */
export function entriesUpTo(stream: History, id: StreamId): bigint | undefined {
  const { first, size, entriesAdded, lastId, maxDeletedId } = stream;
  if (entriesAdded === 0n) return 0n;
  if ((size === 0 && id <= lastId) || id === lastId) return entriesAdded;
  if (id > lastId || !first) return undefined;
  if (maxDeletedId !== 0n && maxDeletedId >= first.id) return undefined;
  if (id < first.id) return entriesAdded - BigInt(size);
  return id === first.id ? entriesAdded - BigInt(size) + 1n : undefined;
}

/** Whether entries from this id on have been deleted from the stream's middle. */
export const hasHolesFrom = (stream: History, id: StreamId): boolean =>
  stream.size > 0 && stream.maxDeletedId !== 0n && stream.maxDeletedId >= id;

/** How many entries the group has still to read; undefined when nobody can know. */
export function lagOf(stream: History, group: ConsumerGroup): bigint | undefined {
  if (stream.entriesAdded === 0n) return 0n;
  const read =
    group.entriesRead !== undefined && !hasHolesFrom(stream, group.lastId)
      ? group.entriesRead
      : entriesUpTo(stream, group.lastId);
  return read === undefined ? undefined : stream.entriesAdded - read;
}
