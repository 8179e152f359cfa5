/**
 * Members ordered by score, then by their bytes: what the skiplist is in Redis. Here it is a row of
 * sorted chunks of a few hundred members. Finding a place is a binary search over the chunks and one
 * inside; ranks come from running totals over the chunks. All in O(log N), on contiguous memory.
 */
import { Counts } from './counts.ts';

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Says whether an entry stands before the place that is looked for. */
export type IsBefore = (score: number, member: string) => boolean;

/** The entries of a chunk, in two arrays of the same length. */
interface Chunk {
  scores: number[];
  members: string[];
}

/** A full chunk is split in two; one below a quarter of this joins a neighbour. */
const MAX_CHUNK = 512;

export class ScoreIndex {
  readonly #chunks: Chunk[] = [{ scores: [], members: [] }];
  readonly #counts = new Counts();
  #size = 0;

  constructor() {
    this.#recount();
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an entry that is not there yet. */
  insert(score: number, member: string): void {
    const isBefore = before(score, member);
    const at = this.#chunkOf(isBefore);
    const chunk = this.#chunk(at);
    const offset = partitionPoint(chunk, isBefore);
    chunk.scores.splice(offset, 0, score);
    chunk.members.splice(offset, 0, member);
    this.#size++;
    if (chunk.members.length > MAX_CHUNK) this.#split(at, offset);
    else this.#counts.add(at, 1);
  }

  /** Removes an entry that is there. */
  remove(score: number, member: string): void {
    const isBefore = before(score, member);
    const at = this.#chunkOf(isBefore);
    const chunk = this.#chunk(at);
    const offset = partitionPoint(chunk, isBefore);
    chunk.scores.splice(offset, 1);
    chunk.members.splice(offset, 1);
    this.#size--;
    this.#counts.add(at, -1);
    if (chunk.members.length < MAX_CHUNK / 4) this.#join(at);
  }

  /** How many entries stand before a place; so also the rank of the first one that does not. */
  countBefore(isBefore: IsBefore): number {
    const at = this.#chunkOf(isBefore);
    return this.#counts.before(at) + partitionPoint(this.#chunk(at), isBefore);
  }

  /** How many entries stand before this one: its rank. */
  rankOf(score: number, member: string): number {
    return this.countBefore(before(score, member));
  }

  /** The entries with ranks in [from, to), in ascending order. */
  range(from: number, to: number): Scored[] {
    const entries: Scored[] = [];
    if (from >= to) return entries;
    let { index, offset } = this.#counts.find(from);
    while (entries.length < to - from) {
      const { scores, members } = this.#chunk(index++);
      const end = Math.min(members.length, offset + to - from - entries.length);
      for (; offset < end; offset++) {
        entries.push({ member: members[offset] as string, score: scores[offset] as number });
      }
      offset = 0;
    }
    return entries;
  }

  /** Removes the entries with ranks in [from, to). */
  removeRange(from: number, to: number): void {
    if (from >= to) return;
    const first = this.#counts.find(from);
    let { offset } = first;
    let left = to - from;
    for (let at = first.index; left > 0; at++) {
      const { scores, members } = this.#chunk(at);
      scores.splice(offset, left);
      left -= members.splice(offset, left).length;
      offset = 0;
    }
    this.#size -= to - from;
    this.#dropEmpty();
    this.#join(Math.min(first.index, this.#chunks.length - 1));
  }

  *[Symbol.iterator](): Generator<Scored> {
    for (const { scores, members } of this.#chunks) {
      for (let i = 0; i < members.length; i++) {
        yield { member: members[i] as string, score: scores[i] as number };
      }
    }
  }

  #chunk(at: number): Chunk {
    return this.#chunks[at] as Chunk;
  }

  /** The first chunk whose last entry is not before the place, or else the last chunk. */
  #chunkOf(isBefore: IsBefore): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { scores, members } = this.#chunk(middle);
      const last = members.length - 1;
      if (isBefore(scores[last] as number, members[last] as string)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Splits a chunk in halves, or just behind a new last entry, so that appending fills chunks. */
  #split(at: number, offset: number): void {
    const { scores, members } = this.#chunk(at);
    const appended = at === this.#chunks.length - 1 && offset === members.length - 1;
    const middle = appended ? offset : members.length >> 1;
    this.#chunks.splice(at + 1, 0, {
      scores: scores.splice(middle),
      members: members.splice(middle),
    });
    this.#recount();
  }

  /** Joins a small chunk with the next or the previous one, unless both would soon be split again. */
  #join(at: number): void {
    const left = at + 1 < this.#chunks.length ? at : at - 1;
    if (left < 0) return;
    const [one, two] = [this.#chunk(left), this.#chunk(left + 1)];
    const [ones, twos] = [one.members.length, two.members.length];
    // No chunk may stay empty: the search looks at the last entry of each.
    if (ones > 0 && twos > 0 && ones + twos > MAX_CHUNK / 2) return;
    one.scores.push(...two.scores);
    one.members.push(...two.members);
    this.#chunks.splice(left + 1, 1);
    this.#recount();
  }

  #dropEmpty(): void {
    const kept = this.#chunks.filter(({ members }) => members.length > 0);
    this.#chunks.splice(0, this.#chunks.length, ...kept);
    if (kept.length === 0) this.#chunks.push({ scores: [], members: [] });
    this.#recount();
  }

  #recount(): void {
    this.#counts.reset(this.#chunks.map(({ members }) => members.length));
  }
}

/** The place of an entry: what has a lower score, or the same and lower bytes, is before it. */
const before =
  (score: number, member: string): IsBefore =>
  (otherScore, otherMember) =>
    otherScore < score || (otherScore === score && otherMember < member);

function partitionPoint({ scores, members }: Chunk, isBefore: IsBefore): number {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(scores[middle] as number, members[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}
