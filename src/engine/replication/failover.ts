import type { ReplicationHost } from './host.ts';
import type { Primary } from './primary.ts';
import type { Address } from './primary-link.ts';
import type { Replica } from './replica.ts';

export type FailoverState = 'no-failover' | 'waiting-for-sync' | 'failover-in-progress';

/** What handing over needs of the server's replication. */
interface Owner {
  readonly history: { readonly offset: number };
  readonly primary: Primary;
  follow(host: string, port: number): void;
  promote(): void;
}

export interface FailoverOrder {
  readonly to: Address | undefined;
  readonly isForced: boolean;
  readonly timeoutMs: number | undefined;
}

/** No pause lasts for ever; this one ends with the failover. Milliseconds. */
const LONG_ENOUGH = 1e12;

/**
 * FAILOVER: writes wait until a replica has all of them; then it is told to become the primary, and
 * we become its replica. https://redis.io/docs/latest/commands/failover/
 */
export class Failover {
  state: FailoverState = 'no-failover';
  #target: Address | undefined;
  #isForced = false;
  #endsAt: number | undefined;

  constructor(
    private readonly host: ReplicationHost,
    private readonly owner: Owner,
  ) {}

  start({ to, isForced, timeoutMs }: FailoverOrder): void {
    const { host } = this;
    this.#target = to;
    this.#isForced = isForced;
    this.#endsAt = timeoutMs === undefined ? undefined : host.clock.now + timeoutMs;
    this.state = 'waiting-for-sync';
    host.pauseWrites(LONG_ENOUGH);
    host.log('notice', `FAILOVER requested${to ? ` to ${to.host}:${to.port}` : ''}.`);
  }

  /** Goes on when the replica has everything, or when time is up. */
  check(): void {
    if (this.state !== 'waiting-for-sync') return;
    const { host } = this;
    if (this.#endsAt !== undefined && host.clock.now >= this.#endsAt) {
      if (!this.#isForced || !this.#target) {
        this.abort('Replica never caught up before timeout');
        return;
      }
      const { host: target, port } = this.#target;
      this.#handOver(
        this.#target,
        `Failover to ${target}:${port} time out exceeded, failing over.`,
      );
      return;
    }
    const replica = this.#candidate();
    if (!replica || replica.ackOffset !== this.owner.history.offset) return;
    const target = { host: replica.ip, port: replica.listeningPort };
    this.#handOver(
      target,
      `Failover target ${target.host}:${target.port} is synced, failing over.`,
    );
  }

  abort(why: string): void {
    if (this.state === 'no-failover') return;
    const to = this.#target && ` to ${this.#target.host}:${this.#target.port} while`;
    this.host.log('warning', `Aborting failover${to ?? ''}: ${why}`);
    const wasHandingOver = this.state === 'failover-in-progress';
    this.clear();
    if (wasHandingOver) this.owner.promote();
  }

  clear(): void {
    this.state = 'no-failover';
    this.#target = undefined;
    this.#endsAt = undefined;
    this.#isForced = false;
    this.host.resumeWrites();
  }

  /** The replica at this address, as it calls itself. */
  find({ host, port }: Address): Replica | undefined {
    return [...this.owner.primary.replicas].find(
      (replica) => replica.ip === host && replica.listeningPort === port,
    );
  }

  #candidate(): Replica | undefined {
    if (this.#target) return this.find(this.#target);
    const { primary, history } = this.owner;
    return [...primary.replicas].find(({ ackOffset }) => ackOffset === history.offset);
  }

  #handOver(target: Address, message: string): void {
    this.#target = target;
    this.state = 'failover-in-progress';
    this.host.log('notice', message);
    this.owner.follow(target.host, target.port);
  }
}
