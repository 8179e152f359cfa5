import type { Wait } from '../commands/wait.ts';
import type { Reply } from '../resp/reply.ts';
import type { ReplicationClient, ReplicationHost } from './host.ts';
import type { Primary } from './primary.ts';

interface Owner {
  readonly primary: Primary;
}

interface Waiter {
  readonly wait: Wait;
  readonly answer: () => Reply | undefined;
}

/** Clients of WAIT and WAITAOF: each until enough servers have its writes. */
export class Waiters {
  readonly #waiting = new Map<ReplicationClient, Waiter>();

  constructor(
    private readonly host: ReplicationHost,
    private readonly owner: Owner,
  ) {}

  /** How many replicas have the stream up to this offset. */
  count(offset: number): number {
    return this.owner.primary.online.filter(({ ackOffset }) => ackOffset >= offset).length;
  }

  /** How many replicas have the stream up to this offset in their append-only files. */
  countInFiles(offset: number): number {
    return this.owner.primary.online.filter(({ fileOffset }) => fileOffset >= offset).length;
  }

  /** Lets a client wait until `answer` has one. */
  add(client: ReplicationClient, wait: Wait, answer: () => Reply | undefined): void {
    this.#waiting.set(client, { wait, answer });
  }

  /** Answers those who have waited long enough. */
  serve(): void {
    for (const [client, { wait, answer }] of this.#waiting) {
      const isOver = client.blocked?.wait !== wait;
      const reply = isOver ? undefined : answer();
      if (!isOver && reply === undefined) continue;
      this.#waiting.delete(client);
      if (reply !== undefined) this.host.unblock(client, reply);
    }
  }

  forget(client: ReplicationClient): void {
    this.#waiting.delete(client);
  }
}
