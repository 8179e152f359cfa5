import type { Reply } from '../engine/resp/reply.ts';

/** What a command gets instead of a reply when its connection ends. */
export const lost = Symbol('lost');

interface Expectation {
  /** How many confirmations are missing: SUBSCRIBE answers one for each channel. */
  confirmations: number;
  readonly resolve: (reply: Reply | undefined | typeof lost) => void;
}

/** Who waits for what on one connection, in order. */
export class Expectations {
  readonly #queue: Expectation[] = [];

  /** Whether the next reply may be a confirmation. */
  get confirming(): boolean {
    return (this.#queue[0]?.confirmations ?? 0) > 0;
  }

  /** The next reply, or undefined when so many confirmations have come instead of it. */
  next(confirmations: number): Promise<Reply | undefined | typeof lost> {
    return new Promise((resolve) => this.#queue.push({ confirmations, resolve }));
  }

  /** Hands a reply to whoever is next; false when nobody is. */
  fulfil(reply: Reply): boolean {
    const next = this.#queue.shift();
    next?.resolve(reply);
    return next !== undefined;
  }

  confirm(): void {
    const [next] = this.#queue;
    if (!next || next.confirmations === 0 || --next.confirmations > 0) return;
    this.#queue.shift();
    next.resolve(undefined);
  }

  readonly loseAll = (): void => {
    for (const { resolve } of this.#queue.splice(0)) resolve(lost);
  };
}
