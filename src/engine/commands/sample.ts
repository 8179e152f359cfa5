import { notSimulated, outOfRange } from '../errors.ts';
import type { Random } from '../time/random.ts';

/** Picking elements by chance: SRANDMEMBER, HRANDFIELD, ZRANDMEMBER. */

const LIMIT = 2 ** 63;
/** So many picks with repetitions are made; a Redis would go on until its memory is full. */
const MOST_PICKS = 2 ** 24;

/** With values or scores, each pick gives two items, so half the range is refused. */
export function checkDoubledCount(count: number): void {
  if (Math.abs(count) > LIMIT / 2) throw outOfRange();
}

/**
 * Indexes below `size` for a count as `args.negatable()` reads it: distinct ones for a positive count,
 * all of them in order when it covers everything; independent draws for a negative one.
 */
export function sample(random: Random, size: number, count: number): number[] {
  if (count < -MOST_PICKS && size > 0) throw notSimulated(`picking ${-count} times`, 'do it');
  if (count < 0) return Array.from({ length: size === 0 ? 0 : -count }, () => random.below(size));
  if (count >= size) return Array.from({ length: size }, (_, i) => i);
  // Floyd's algorithm: each subset is as likely as any other, in O(count).
  const picked = new Set<number>();
  for (let top = size - count; top < size; top++) {
    const index = random.below(top + 1);
    picked.add(picked.has(index) ? top : index);
  }
  return [...picked];
}
