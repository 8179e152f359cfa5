import type { Reply } from '../resp/reply.ts';

/**
 * What a handler returns when the client must block: BLPOP on an empty list, WAIT. The server runs
 * the command again whenever one of the keys changes, and answers `onTimeout` when time is up, or at
 * once where blocking is not allowed (in a transaction or a script).
 */
export class Wait {
  readonly keys: readonly string[];
  /** Milliseconds from now; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly onTimeout: Reply;

  constructor(options: { keys: readonly string[]; timeoutMs: number; onTimeout: Reply }) {
    this.keys = options.keys;
    this.timeoutMs = options.timeoutMs;
    this.onTimeout = options.onTimeout;
  }
}
