/**
 * Members ordered by score, then by their bytes: what the skiplist is in Redis. Here it is a row of
 * sorted chunks of a hundred members or two. Finding a place is a binary search for the chunk and one
 * inside; ranks come from running totals over the chunks. All in O(log N), on contiguous memory.
 */
import { Counts } from './counts.ts';

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Says whether an entry stands before the place that is looked for. */
export type IsBefore = (score: number, member: string) => boolean;

/** Entries in order, in two arrays of the same length. */
interface Entries {
  readonly scores: number[];
  readonly members: string[];
}

/**
 * A chunk with more members than this is split; one below a quarter of it may join another. With twice
 * as many a ZADD among ten thousand takes half as long again.
 */
const MAX_CHUNK = 256;

export class ScoreIndex {
  /** Never without a chunk, and only the first may be empty. */
  readonly #chunks: Entries[] = [{ scores: [], members: [] }];
  /** For each chunk a bound: nothing in it is lower, everything in the chunks before it is. */
  readonly #floors: Entries = { scores: [0], members: [''] };
  readonly #counts = new Counts();

  constructor() {
    this.#counts.splice(0, 0, 0);
  }

  /** Adds an entry that is not there yet. */
  insert(score: number, member: string): void {
    const at = this.#chunkOf(upTo(score, member));
    const chunk = this.#chunk(at);
    const offset = partitionPoint(chunk, below(score, member));
    insertAt(chunk, offset, score, member);
    this.#counts.add(at, 1);
    if (chunk.members.length > MAX_CHUNK) this.#split(at, offset);
  }

  /** Removes an entry that is there. */
  remove(score: number, member: string): void {
    const at = this.#chunkOf(upTo(score, member));
    const chunk = this.#chunk(at);
    removeAt(chunk, partitionPoint(chunk, below(score, member)), 1);
    this.#counts.add(at, -1);
    this.#join(at);
  }

  /** Gives an entry another score; where its neighbours stay the same, in place. */
  move(member: string, from: number, to: number): void {
    const chunk = this.#chunk(this.#chunkOf(upTo(from, member)));
    const offset = partitionPoint(chunk, below(from, member));
    if (fits(chunk, offset, to, member)) {
      chunk.scores[offset] = to;
    } else {
      this.remove(from, member);
      this.insert(to, member);
    }
  }

  /** How many entries stand before this one: its rank. */
  rankOf(score: number, member: string): number {
    return this.countBefore(below(score, member));
  }

  /** How many entries stand before a place; so also the rank of the first one that does not. */
  countBefore(isBefore: IsBefore): number {
    const at = this.#chunkOf(isBefore);
    return this.#counts.before(at) + partitionPoint(this.#chunk(at), isBefore);
  }

  /** The entries with ranks in [from, to), in ascending order; `to` is not above their number. */
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

  /** Removes the entries with ranks in [from, to); `to` is not above their number. */
  removeRange(from: number, to: number): void {
    if (from >= to) return;
    const { index, offset } = this.#counts.find(from);
    let left = to - from;
    let at = index;
    for (let start = offset; left > 0; start = 0) {
      const chunk = this.#chunk(at);
      const count = Math.min(left, chunk.members.length - start);
      removeAt(chunk, start, count);
      left -= count;
      if (chunk.members.length === 0 && this.#chunks.length > 1) this.#dropChunk(at);
      else this.#counts.add(at++, -count);
    }
    this.#join(Math.min(index, this.#chunks.length - 1));
  }

  *[Symbol.iterator](): Generator<Scored> {
    for (const { scores, members } of this.#chunks) {
      for (let i = 0; i < members.length; i++) {
        yield { member: members[i] as string, score: scores[i] as number };
      }
    }
  }

  #chunk(at: number): Entries {
    return this.#chunks[at] as Entries;
  }

  /** The last chunk whose bound stands before a place, which is where the place is; or the first. */
  #chunkOf(isBefore: IsBefore): number {
    return Math.max(partitionPoint(this.#floors, isBefore) - 1, 0);
  }

  /** Splits a chunk in halves, or just before a new last entry, so that appending fills chunks. */
  #split(at: number, offset: number): void {
    const { scores, members } = this.#chunk(at);
    const isAppended = at === this.#chunks.length - 1 && offset === members.length - 1;
    const middle = isAppended ? offset : members.length >> 1;
    const right = { scores: scores.splice(middle), members: members.splice(middle) };
    this.#chunks.splice(at + 1, 0, right);
    insertAt(this.#floors, at + 1, right.scores[0] as number, right.members[0] as string);
    this.#counts.splice(at, 1, members.length, right.members.length);
  }

  /** Joins a small chunk with the next or previous one, unless both would soon be split again. */
  #join(at: number): void {
    if (this.#chunk(at).members.length >= MAX_CHUNK / 4 || this.#chunks.length === 1) return;
    const left = at + 1 < this.#chunks.length ? at : at - 1;
    const [one, two] = [this.#chunk(left), this.#chunk(left + 1)];
    const isEmpty = one.members.length === 0 || two.members.length === 0;
    if (!isEmpty && one.members.length + two.members.length > MAX_CHUNK / 2) return;
    one.scores.push(...two.scores);
    one.members.push(...two.members);
    this.#counts.add(left, two.members.length);
    this.#dropChunk(left + 1);
  }

  #dropChunk(at: number): void {
    this.#chunks.splice(at, 1);
    removeAt(this.#floors, at, 1);
    this.#counts.splice(at, 1);
  }
}

const below =
  (score: number, member: string): IsBefore =>
  (otherScore, otherMember) =>
    otherScore < score || (otherScore === score && otherMember < member);

const upTo =
  (score: number, member: string): IsBefore =>
  (otherScore, otherMember) =>
    otherScore < score || (otherScore === score && otherMember <= member);

/** Whether an entry inside the chunk would stand between the same neighbours with another score. */
function fits({ scores, members }: Entries, at: number, score: number, member: string): boolean {
  if (at === 0 || at === members.length - 1) return false;
  const isBefore = below(score, member);
  return (
    isBefore(scores[at - 1] as number, members[at - 1] as string) &&
    !isBefore(scores[at + 1] as number, members[at + 1] as string)
  );
}

function insertAt({ scores, members }: Entries, at: number, score: number, member: string): void {
  scores.splice(at, 0, score);
  members.splice(at, 0, member);
}

function removeAt({ scores, members }: Entries, at: number, count: number): void {
  scores.splice(at, count);
  members.splice(at, count);
}

/** How many of the entries stand before the place. */
function partitionPoint({ scores, members }: Entries, isBefore: IsBefore): number {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(scores[middle] as number, members[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}
