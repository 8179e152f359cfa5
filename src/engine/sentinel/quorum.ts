/** Whether the Sentinels that are up are enough. */
import type { Instance } from './instance.ts';

/** For agreeing that a primary is down, and for letting one of them act. */
export function isReachable(others: Iterable<Instance>, quorum: number) {
  const all = [...others];
  const usable = all.filter(({ isDown }) => !isDown).length + 1;
  return { usable, quorum: usable >= quorum, majority: usable >= majorityOf(all.length + 1) };
}

export const majorityOf = (sentinels: number): number => Math.floor(sentinels / 2) + 1;
