/** Chance that is the same in each run, so that what is measured can be compared. */

/** Equal seeds give equal numbers, from 0 to below 1. */
export function luckFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
