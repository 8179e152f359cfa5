import { outOfRange, redisError } from '../errors.ts';
import type { Random } from '../time/random.ts';
import type { Args } from './args.ts';

/** Picking elements by chance: SRANDMEMBER, HRANDFIELD, ZRANDMEMBER. */

const LIMIT = 2 ** 63;

/** Reads the count of a random pick; a negative one allows repetitions. */
export function readSampleCount(args: Args): number {
  const text = args.peek();
  const count = args.index();
  if (text === '-9223372036854775808') {
    throw redisError(
      'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  return count;
}

/** With values or scores, each pick gives two items, so half the range is refused. */
export function checkDoubledCount(count: number): void {
  if (Math.abs(count) > LIMIT / 2) throw outOfRange();
}

/**
 * Indexes below `size` for a count as readSampleCount reads it: distinct ones for a positive count,
 * all of them in order when it covers everything; independent draws for a negative one.
 */
export function sample(random: Random, size: number, count: number): number[] {
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
