import fc from 'fast-check';

/**
 * In CI every random test draws the same, so that a change is judged by what it changed; elsewhere
 * each run draws anew, and a failure prints the seed that repeats it.
 */
export const CI_SEED = 20_261_123;

if (process.env.CI) fc.configureGlobal({ seed: CI_SEED });
