/**
 * The value of a sorted set: members with scores, in the order of their scores and, where these are
 * equal, of their bytes. Everything that selects members turns into a range of ranks first: count,
 * LIMIT and direction are then mere arithmetic.
 * https://redis.io/docs/latest/develop/data-types/sorted-sets/
 */

import { printDouble } from '../bytes/numbers.ts';
import type { Random } from '../time/random.ts';
import { Dict } from './dict.ts';
import { type EncodingLimits, LISTPACK_OVERHEAD_BYTES, listpackEntryBytes } from './encoding.ts';
import { type Scored, ScoreIndex } from './score-index.ts';
import { Used } from './used.ts';

export type { Scored } from './score-index.ts';

/** Ranks from 0 for the lowest score: those in [from, to). Empty if from >= to. */
export interface RankRange {
  readonly from: number;
  readonly to: number;
}

/** Scores from min to max; each bound itself belongs to the range unless it is exclusive. */
export interface ScoreRange {
  readonly min: number;
  readonly max: number;
  readonly minExclusive: boolean;
  readonly maxExclusive: boolean;
}

/** A bound of ZRANGEBYLEX: before everything, behind everything, or at a member. */
export type LexBound = '-' | '+' | { readonly member: string; readonly exclusive: boolean };

/** Members from min to max, where all have the same score. */
export interface LexRange {
  readonly min: LexBound;
  readonly max: LexBound;
}

export class SortedSetValue extends Used {
  readonly type = 'zset';
  readonly #scores = new Dict<number>();
  #index = new ScoreIndex();
  #isListpack = true;

  get encoding(): 'listpack' | 'skiplist' {
    return this.#isListpack ? 'listpack' : 'skiplist';
  }

  /** The number of members. */
  get size(): number {
    return this.#scores.size;
  }

  /** The bytes of the listpack, or undefined for a skiplist. */
  get packedBytes(): number | undefined {
    if (!this.#isListpack) return undefined;
    let bytes = LISTPACK_OVERHEAD_BYTES;
    for (const [member, score] of this.#scores) {
      bytes += listpackEntryBytes(member) + listpackEntryBytes(printDouble(score));
    }
    return bytes;
  }

  has(member: string): boolean {
    return this.#scores.has(member);
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Adds a member or changes its score, which must not be NaN. Returns whether anything changed. */
  add(member: string, score: number, limits: EncodingLimits): boolean {
    const old = this.#scores.get(member);
    if (old === score) return false;
    if (old === undefined) this.#convertForGrowth(member, limits);
    const kept = this.#isListpack ? withoutNegativeZero(score) : score;
    this.#scores.set(member, kept);
    if (old === undefined) this.#index.insert(kept, member);
    else this.#index.move(member, old, kept);
    return true;
  }

  /** Removes a member. Returns whether it was there. A skiplist never becomes a listpack by this. */
  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#index.remove(score, member);
    return this.#scores.delete(member);
  }

  /** The number of members with lower places, or undefined if the member is not there. */
  rank(member: string): number | undefined {
    const score = this.#scores.get(member);
    return score === undefined ? undefined : this.#index.rankOf(score, member);
  }

  /** The members of these ranks, ascending; `reverse` gives the same members descending. */
  range({ from, to }: RankRange, reverse = false): Scored[] {
    const entries = this.#index.range(from, Math.min(to, this.size));
    return reverse ? entries.reverse() : entries;
  }

  /** Removes the members of these ranks and returns them, ascending. */
  removeRange(ranks: RankRange): Scored[] {
    const removed = this.range(ranks);
    this.#index.removeRange(ranks.from, Math.min(ranks.to, this.size));
    for (const { member } of removed) this.#scores.delete(member);
    return removed;
  }

  /** The ranks of the members whose scores are in the range. */
  ranksByScore({ min, max, minExclusive, maxExclusive }: ScoreRange): RankRange {
    const from = this.#index.countBefore((score) => (minExclusive ? score <= min : score < min));
    const to = this.#index.countBefore((score) => (maxExclusive ? score < max : score <= max));
    return { from, to: Math.max(from, to) };
  }

  /**
   * The ranks of the members in a lexicographic range. Where scores differ the question has no good
   * answer; Redis then depends on the direction, and so does a listpack here.
   */
  ranksByLex({ min, max }: LexRange, reverse = false): RankRange {
    if (this.#isListpack) return ranksByLexInOrder([...this.#index], { min, max }, reverse);
    const from = this.#index.countBefore((_, member) => !isAtLeast(member, min));
    const to = this.#index.countBefore((_, member) => isAtMost(member, max));
    return { from, to: Math.max(from, to) };
  }

  /** Members and scores in ascending order. */
  [Symbol.iterator](): Iterator<Scored> {
    return this.#index[Symbol.iterator]();
  }

  /** A member drawn with equal chances, or undefined in an empty set. */
  random(random: Random): string | undefined {
    return this.#scores.random(random);
  }

  /** One step of ZSCAN; see `Dict.scan`. A listpack is visited whole, in order. */
  scan(cursor: number, count: number, visit: (member: string, score: number) => void): number {
    if (!this.#isListpack) return this.#scores.scan(cursor, count, visit);
    for (const { member, score } of this) visit(member, score);
    return 0;
  }

  /** Packs a small result into a listpack, as ZUNIONSTORE, ZRANGESTORE and GEOSEARCHSTORE do. */
  compact(limits: EncodingLimits): void {
    if (this.#isListpack || this.size > limits.zsetMaxListpackEntries) return;
    const { zsetMaxListpackValue } = limits;
    if (!this.#scores.keys().every(({ length }) => length <= zsetMaxListpackValue)) return;
    this.#isListpack = true;
    const entries = [...this];
    this.#index = new ScoreIndex();
    for (const { member, score } of entries) {
      this.#scores.set(member, withoutNegativeZero(score));
      this.#index.insert(withoutNegativeZero(score), member);
    }
  }

  /** A sorted set of its own with the same content and encoding. */
  copy(): SortedSetValue {
    const copy = new SortedSetValue();
    for (const { member, score } of this) {
      copy.#scores.set(member, score);
      copy.#index.insert(score, member);
    }
    copy.#isListpack = this.#isListpack;
    return copy;
  }

  /** Makes it a skiplist, however small it is. */
  unpack(): void {
    this.#isListpack = false;
  }

  #convertForGrowth(member: string, limits: EncodingLimits): void {
    const fits =
      this.size < limits.zsetMaxListpackEntries && member.length <= limits.zsetMaxListpackValue;
    if (!fits) this.#isListpack = false;
  }
}

/** A listpack keeps scores that are integers as integers, and these have no -0. */
const withoutNegativeZero = (score: number): number => score + 0;

function isAtLeast(member: string, min: LexBound): boolean {
  if (typeof min === 'string') return min === '-';
  return min.exclusive ? member > min.member : member >= min.member;
}

function isAtMost(member: string, max: LexBound): boolean {
  if (typeof max === 'string') return max === '+';
  return max.exclusive ? member < max.member : member <= max.member;
}

/** Walks from one end to the first member in the range, and on to the last one in a row. */
function ranksByLexInOrder(
  entries: readonly Scored[],
  { min, max }: LexRange,
  reverse: boolean,
): RankRange {
  const first = entries[0];
  const last = entries.at(-1);
  const none = { from: 0, to: 0 };
  if (!first || !last || !isAtLeast(last.member, min) || !isAtMost(first.member, max)) return none;
  if (reverse) {
    const to = entries.findLastIndex(({ member }) => isAtMost(member, max)) + 1;
    const outside = entries.slice(0, to).findLastIndex(({ member }) => !isAtLeast(member, min));
    return { from: outside + 1, to };
  }
  const from = entries.findIndex(({ member }) => isAtLeast(member, min));
  const outside = entries.findIndex(({ member }, i) => i >= from && !isAtMost(member, max));
  return { from, to: outside < 0 ? entries.length : outside };
}
