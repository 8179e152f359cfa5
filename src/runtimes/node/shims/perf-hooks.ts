/** Stands in for Node's `perf_hooks`. */
import { perfHooks } from './small.ts';

export const { performance } = perfHooks;
export default perfHooks;
