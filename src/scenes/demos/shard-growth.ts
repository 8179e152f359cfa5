/**
 * Keys on shards by three rules, and how many of them another shard moves: the remainder of a hash, a
 * ring of points, slots that are given away.
 */
import { crc16, SLOT_COUNT, slotOf } from '../../engine/bytes/crc16.ts';

export const rules = {
  modulo: { name: 'hash modulo shards', placeOn: byModulo },
  ring: { name: 'ring, 100 points a shard', placeOn: byRing },
  slots: { name: '16384 slots', placeOn: bySlots },
} as const;

export type Rule = keyof typeof rules;
/** The shard of a key, counted from 0. */
export type Place = (key: string) => number;

export interface Growth {
  /** Keys on each shard, after it. */
  readonly counts: readonly number[];
  /** Keys that are elsewhere than they were. */
  readonly moved: number;
}

/** What becomes of so many keys when `before` shards become `after`. */
export function grow(rule: Rule, keys: number, before: number, after: number): Growth {
  const { placeOn } = rules[rule];
  const [from, to] = [placeOn(before), placeOn(after)];
  const counts = Array<number>(after).fill(0);
  let moved = 0;
  for (let n = 1; n <= keys; n++) {
    const shard = to(`user:${n}`);
    counts[shard] = (counts[shard] ?? 0) + 1;
    if (from(`user:${n}`) !== shard) moved += 1;
  }
  return { counts, moved };
}

function byModulo(shards: number): Place {
  return (key) => hashOf(key) % shards;
}

const POINTS = 100;

/** The next point clockwise says whose the key is. */
function byRing(shards: number): Place {
  const points = Array.from({ length: shards * POINTS }, (_, index) => {
    const shard = Math.floor(index / POINTS);
    return { at: hashOf(`shard-${shard}#${index % POINTS}`), shard };
  }).sort((a, b) => a.at - b.at);
  return (key) => {
    const at = hashOf(key);
    return (points.find((point) => point.at >= at) ?? points[0])?.shard ?? 0;
  };
}

/** A new shard is given an equal part of the slots of each that is there; the rest stay. */
function bySlots(shards: number): Place {
  const owners = new Uint8Array(SLOT_COUNT);
  for (let count = 2; count <= shards; count++) {
    const given = Array<number>(count).fill(0);
    const part = SLOT_COUNT / count / (count - 1);
    for (let slot = 0; slot < SLOT_COUNT; slot++) {
      const owner = owners[slot] ?? 0;
      if ((given[owner] ?? 0) >= part) continue;
      given[owner] = (given[owner] ?? 0) + 1;
      owners[slot] = count - 1;
    }
  }
  return (key) => owners[slotOf(key)] ?? 0;
}

/** 32 bits: FNV-1a, and a last stirring, as its high bits hardly know the last letters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 ^ crc16(text);
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
