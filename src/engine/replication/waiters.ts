import type { Wait } from '../commands/wait.ts';
import type { ReplicationClient, ReplicationHost } from './host.ts';
import type { Primary } from './primary.ts';

interface Owner {
  readonly primary: Primary;
}

interface Waiter {
  readonly wait: Wait;
  readonly offset: number;
  readonly replicas: number;
}

/** Clients of WAIT: each until so many replicas have acknowledged its writes. */
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

  add(client: ReplicationClient, wait: Wait, replicas: number): void {
    this.#waiting.set(client, { wait, offset: client.writeOffset, replicas });
  }

  /** Answers those for whom enough replicas have acknowledged. */
  serve(): void {
    for (const [client, { wait, offset, replicas }] of this.#waiting) {
      const count = this.count(offset);
      const isOver = client.blocked?.wait !== wait;
      if (!isOver && count < replicas) continue;
      this.#waiting.delete(client);
      if (!isOver) this.host.unblock(client, count);
    }
  }

  forget(client: ReplicationClient): void {
    this.#waiting.delete(client);
  }
}
