/**
 * The groups of synonyms of an index. A group is a term like any other, `~` before its name, which
 * stands in documents beside each word of the group.
 * https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/synonyms/
 */
import { fold } from './words.ts';

export class Synonyms {
  readonly #groups = new Map<string, string[]>();

  /** Puts words into a group. */
  add(group: string, words: readonly string[]): void {
    for (const word of words.map(fold)) {
      const groups = this.#groups.get(word) ?? [];
      if (!groups.includes(group)) groups.push(group);
      this.#groups.set(word, groups);
    }
  }

  /** The groups that a word is in. */
  groupsOf(word: string): readonly string[] {
    return this.#groups.get(word) ?? [];
  }

  /** Every word with its groups. */
  entries(): Iterable<readonly [word: string, groups: readonly string[]]> {
    return this.#groups;
  }
}
