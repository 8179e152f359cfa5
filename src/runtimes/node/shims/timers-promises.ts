/** Stands in for Node's `timers/promises`. */
import { timersPromises } from './small.ts';

export const { setTimeout, setImmediate, setInterval } = timersPromises;
export default timersPromises;
