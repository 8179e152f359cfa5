/** Node's globals. To be imported before anything that expects them, the clients above all. */
import { Buffer } from 'buffer/';
import { nodeProcess } from './shims/process.ts';
import {
  nodeClearImmediate,
  nodeClearTimer,
  nodeSetImmediate,
  nodeSetInterval,
  nodeSetTimeout,
} from './timers.ts';

Object.assign(globalThis, {
  Buffer,
  global: globalThis,
  process: nodeProcess,
  __dirname: '/usr/lib/node_modules',
  __filename: '/usr/lib/node_modules/index.js',
  setImmediate: nodeSetImmediate,
  clearImmediate: nodeClearImmediate,
});

/** From now on timers are the lab's: once there is a lab. */
export function useLabTimers(): void {
  Object.assign(globalThis, {
    setTimeout: nodeSetTimeout,
    setInterval: nodeSetInterval,
    clearTimeout: nodeClearTimer,
    clearInterval: nodeClearTimer,
  });
}
