import type { RedisError } from '../errors.ts';
import type { Type } from '../keyspace/value.ts';
import type { Reply } from '../resp/reply.ts';

/** What XREADGROUP says when it can wait no longer. */
export interface Losses {
  readonly key: RedisError;
  readonly group: RedisError;
}

/**
 * What a handler returns when the client must block: BLPOP on an empty list, WAIT. The server runs
 * the command again whenever one of the keys changes, and answers `onTimeout` when time is up, or at
 * once where blocking is not allowed (in a transaction or a script).
 */
export class Wait {
  readonly keys: readonly string[];
  /** What must be at a key for the command to be worth another try; anything, when not given. */
  readonly type: Type | undefined;
  /** Milliseconds from now; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly #onTimeout: Reply | (() => Reply);
  /** What to run instead of the command as it was sent: XREAD's `$` is the last id of now. */
  readonly retryAs: readonly string[] | undefined;

  /** In how many ms another try is worth it though no key changes: pending entries grow old. */
  readonly retryInMs: number | undefined;
  /** Errors that end the wait: the key has gone (or become another type), or its group has. */
  readonly losses: Losses | undefined;

  constructor(options: {
    keys: readonly string[];
    type?: Type;
    timeoutMs: number;
    onTimeout: Reply | (() => Reply);
    retryAs?: readonly string[];
    losses?: Losses;
    retryInMs?: number;
  }) {
    this.keys = options.keys;
    this.type = options.type;
    this.timeoutMs = options.timeoutMs;
    this.#onTimeout = options.onTimeout;
    this.retryAs = options.retryAs;
    this.losses = options.losses;
    this.retryInMs = options.retryInMs;
  }

  /** What is answered when time is up: as it is then. */
  get onTimeout(): Reply {
    return typeof this.#onTimeout === 'function' ? this.#onTimeout() : this.#onTimeout;
  }
}
