/** What one node of a cluster knows of another, or of itself. */

import { fromUint8 } from '../bytes/bytes.ts';
import { SLOT_COUNT } from '../bytes/crc16.ts';

/** The flags of a node, as they travel over the bus. */
export const NodeFlag = {
  master: 1,
  slave: 2,
  /** It does not answer, as far as we can tell. */
  pfail: 4,
  /** It does not answer, as a majority has agreed. */
  fail: 8,
  myself: 16,
  /** We have not heard from it yet; its name is made up. */
  handshake: 32,
  noaddr: 64,
  /** Our first message to it is to be MEET. */
  meet: 128,
  /** Replicas of others may move to it when it has none. */
  migrateTo: 256,
  nofailover: 512,
  extensions: 1024,
} as const;

/** The port of the bus is greater than that of clients by so much, unless it is told. */
export const BUS_PORT_OFFSET = 10_000;

/** Bytes of a set of slots, a bit for each. */
export const SLOT_BYTES = SLOT_COUNT / 8;

/** A connection of the bus, in one direction. */
export interface BusLink {
  /** To whom we opened it; of those that others opened, who was heard on it. */
  node: ClusterNode | undefined;
  readonly isInbound: boolean;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly isOpen: boolean;
  /** The address of our end and of theirs, as far as it is known. */
  readonly localHost: string;
  readonly remoteHost: string;
  /** Bytes that were sent and that the system could not take. */
  readonly pending: number;
  send(bytes: string): void;
  close(): void;
}

/** A set of slots: what a node serves, or claims to serve. */
class SlotSet {
  readonly #bits = new Uint8Array(SLOT_BYTES);
  #bytes: string | undefined;
  #ranges: readonly (readonly [first: number, last: number])[] | undefined;
  size = 0;

  /** As it travels: bit n of byte m is slot 8m + n. */
  get bytes(): string {
    this.#bytes ??= fromUint8(this.#bits);
    return this.#bytes;
  }

  has(slot: number): boolean {
    return ((this.#bits[slot >> 3] as number) & (1 << (slot & 7))) !== 0;
  }

  add(slot: number): void {
    if (this.has(slot)) return;
    this.#bits[slot >> 3] = (this.#bits[slot >> 3] as number) | (1 << (slot & 7));
    this.size++;
    this.#changed();
  }

  delete(slot: number): boolean {
    if (!this.has(slot)) return false;
    this.#bits[slot >> 3] = (this.#bits[slot >> 3] as number) & ~(1 << (slot & 7));
    this.size--;
    this.#changed();
    return true;
  }

  /** Which of a set of slots, as it travels, are not in this one; ascending. */
  missing(bytes: string): number[] {
    const slots: number[] = [];
    for (let at = 0; at < SLOT_BYTES; at++) {
      const bits = bytes.charCodeAt(at) & ~(this.#bits[at] as number);
      for (let bit = 0; bits >> bit !== 0; bit++) {
        if ((bits >> bit) & 1) slots.push(8 * at + bit);
      }
    }
    return slots;
  }

  /** The ranges, ends included. */
  ranges(): readonly (readonly [first: number, last: number])[] {
    this.#ranges ??= this.#findRanges();
    return this.#ranges;
  }

  /** All of them, ascending. */
  list(): number[] {
    return this.ranges().flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    );
  }

  #changed(): void {
    this.#bytes = undefined;
    this.#ranges = undefined;
  }

  #findRanges(): [first: number, last: number][] {
    const ranges: [number, number][] = [];
    if (this.size === 0) return ranges;
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      if (!this.has(slot)) continue;
      const last = ranges.at(-1);
      if (last?.[1] === slot - 1) last[1] = slot;
      else ranges.push([slot, slot]);
    }
    return ranges;
  }
}

/** Whether a set of slots, as it travels, has a slot. */
export const hasSlot = (bytes: string, slot: number): boolean =>
  (bytes.charCodeAt(slot >> 3) & (1 << (slot & 7))) !== 0;

/** How many slots there are in a set of them, as it travels. */
export const countSlots = (bytes: string): number => new SlotSet().missing(bytes).length;

/** Where clients and other nodes reach a node. */
interface NodeAddress {
  readonly ip: string;
  readonly port: number;
  readonly busPort: number;
}

/** A node. Instants are ms since 1970; 0 is never. */
export class ClusterNode {
  readonly slots = new SlotSet();
  readonly replicas: ClusterNode[] = [];
  replicaOf: ClusterNode | undefined;
  configEpoch = 0;
  /** When we sent the ping that it has not answered yet. */
  pingSentAt = 0;
  pongAt = 0;
  /** When we heard anything from it. */
  heardAt = 0;
  failedAt = 0;
  /** When we voted for one of its replicas. */
  votedAt = 0;
  /** Since when it is without replicas that work, and could have one. */
  orphanedAt = 0;
  offset = 0;
  ip = '';
  port = 0;
  busPort = 0;
  hostname = '';
  /** Its primary's, for a replica. */
  shardId = '';
  link: BusLink | undefined;
  inbound: BusLink | undefined;
  /** Primaries that say that it fails, and when they last did. */
  readonly reports = new Map<ClusterNode, number>();

  constructor(
    public name: string,
    public flags: number,
    readonly createdAt: number,
  ) {}

  is(flag: keyof typeof NodeFlag): boolean {
    return (this.flags & NodeFlag[flag]) !== 0;
  }

  mark(flag: keyof typeof NodeFlag, on = true): void {
    if (on) this.flags |= NodeFlag[flag];
    else this.flags &= ~NodeFlag[flag];
  }

  isAt({ ip, port, busPort }: NodeAddress): boolean {
    return this.ip === ip && this.port === port && this.busPort === busPort;
  }

  /** It is there from now on: a link to where it was is of no use. */
  moveTo({ ip, port, busPort }: NodeAddress): void {
    this.ip = ip;
    this.port = port;
    this.busPort = busPort;
    this.link?.close();
    this.mark('noaddr', false);
  }

  get isPrimary(): boolean {
    return (this.flags & NodeFlag.master) !== 0;
  }

  get isReplica(): boolean {
    return (this.flags & NodeFlag.slave) !== 0;
  }

  get hasFailed(): boolean {
    return (this.flags & NodeFlag.fail) !== 0;
  }

  /** Whether we, or all, hold it for unreachable. */
  get isSuspect(): boolean {
    return (this.flags & (NodeFlag.pfail | NodeFlag.fail)) !== 0;
  }

  /** Who owns the slots that it serves: itself, or its primary. */
  get primary(): ClusterNode | undefined {
    return this.isPrimary ? this : this.replicaOf;
  }

  get workingReplicas(): number {
    return this.replicas.filter((replica) => !replica.hasFailed).length;
  }
}
