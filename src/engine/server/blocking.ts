import { Wait } from '../commands/wait.ts';
import type { Database } from '../keyspace/database.ts';
import type { Type } from '../keyspace/value.ts';
import { isError, type Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Client, QueuedCommand } from './client.ts';
import type { Turns } from './turns.ts';

/** What blocking needs of the server. */
export interface BlockingHost {
  readonly clock: Clock;
  /** Runs a blocked command again; a Wait when it would still block. */
  retry(client: Client, call: QueuedCommand): Reply | Wait;
  /** Who was freed goes on when it is its turn. */
  readonly turns: Turns;
  /** While the process sleeps nobody is served. */
  readonly halts: { readonly isAsleep: boolean };
  /** Writes a reply that comes later than its command, and has it sent. */
  reply(client: Client, reply: Reply): void;
}

/**
 * Clients that wait for keys. Whoever has waited longest is served first: after each command, for
 * every key that changed, the commands of its waiters run again in order; one that would still block
 * stays in the queue.
 */
export class Blocking {
  /** Waiters by `db:key`, in order of arrival. */
  readonly #waiters = new Map<string, Set<Client>>();
  /** Changed keys that somebody waits for, in the order in which they changed. */
  readonly #ready = new Map<string, { readonly db: Database; readonly key: string }>();
  #serving = false;
  /** Cancels the next try of a client for which time matters. */
  readonly #alarms = new Map<Client, () => void>();

  readonly #clients = new Set<Client>();

  constructor(private readonly host: BlockingHost) {}

  get size(): number {
    return this.#clients.size;
  }

  /** How many keys somebody waits for, as INFO's total_blocking_keys. */
  get keys(): number {
    return this.#waiters.size;
  }

  /** Parks a client until a key changes, time is up, or it is unblocked. */
  block(client: Client, call: QueuedCommand, wait: Wait): void {
    const { clock } = this.host;
    const cancelTimeout =
      wait.timeoutMs === 0
        ? () => {}
        : clock.schedule(wait.timeoutMs, () => this.unblock(client, wait.onTimeout));
    client.blocked = { call, wait, db: client.db, since: clock.now, cancelTimeout };
    this.#clients.add(client);
    this.#tryAgainIn(client, wait.retryInMs);
    for (const key of wait.keys) {
      const id = idOf(client.db, key);
      const waiters = this.#waiters.get(id);
      if (waiters) waiters.add(client);
      else this.#waiters.set(id, new Set([client]));
    }
  }

  /** Ends a client's wait with this reply, and goes on with what it has sent since. */
  unblock(client: Client, reply: Reply): void {
    if (!client.blocked) return;
    this.forget(client);
    this.host.reply(client, reply);
    this.host.turns.take(client);
  }

  /** Ends a client's wait without a reply: it has gone. */
  forget(client: Client): void {
    const { blocked } = client;
    if (!blocked) return;
    blocked.cancelTimeout();
    this.#tryAgainIn(client, undefined);
    client.blocked = undefined;
    client.argv = [];
    this.#clients.delete(client);
    for (const key of blocked.wait.keys) {
      const id = idOf(blocked.db, key);
      const waiters = this.#waiters.get(id);
      waiters?.delete(client);
      if (waiters?.size === 0) this.#waiters.delete(id);
    }
  }

  /** Notes that a key changed; its waiters are served after the command. */
  keyChanged(db: Database, key: string): void {
    if (this.#waiters.size === 0) return;
    const id = idOf(db.index, key);
    if (this.#waiters.has(id)) this.#ready.set(id, { db, key });
  }

  /** As keyChanged for every key of these databases, after FLUSHDB or SWAPDB. */
  databasesChanged(...databases: readonly Database[]): void {
    for (const id of this.#waiters.keys()) {
      for (const db of databases) {
        const prefix = `${db.index}:`;
        if (id.startsWith(prefix)) this.#ready.set(id, { db, key: id.slice(prefix.length) });
      }
    }
  }

  /** Runs the commands of those who waited for what has changed. */
  serve(): void {
    if (this.#ready.size === 0 || this.#serving || this.host.halts.isAsleep) return;
    this.#serving = true;
    const freed: Client[] = [];
    try {
      for (const [id, { db, key }] of this.#ready) {
        // Deleted first, so that what a served command changes is noticed again.
        this.#ready.delete(id);
        const type = db.peek(key)?.type;
        for (const client of [...(this.#waiters.get(id) ?? [])]) {
          if (this.#offer(client, type)) freed.push(client);
        }
      }
    } finally {
      this.#serving = false;
    }
    for (const client of freed) this.host.turns.take(client);
  }

  /** Gives a client its chance, now that there is a value of this type. True when it is free. */
  #offer(client: Client, type: Type | undefined): boolean {
    if (!client.blocked) return false;
    const { call, wait } = client.blocked;
    if (wait.type !== undefined && wait.type !== type) {
      if (!wait.losses) return false;
      return this.#free(client, wait.losses.key);
    }
    const reply = this.host.retry(client, wait.retryAs ? { ...call, argv: wait.retryAs } : call);
    if (reply instanceof Wait) {
      this.#tryAgainIn(client, reply.retryInMs);
      return false;
    }
    const lostGroup = wait.losses && isError(reply) && reply.code === 'NOGROUP';
    return this.#free(client, lostGroup ? wait.losses.group : reply);
  }

  /** Gives a client another chance after a while, unless something else happens before. */
  #tryAgainIn(client: Client, ms: number | undefined): void {
    this.#alarms.get(client)?.();
    this.#alarms.delete(client);
    if (ms === undefined) return;
    const tryAgain = () => {
      if (this.#offer(client, client.blocked?.wait.type)) this.host.turns.take(client);
    };
    this.#alarms.set(client, this.host.clock.schedule(ms, tryAgain));
  }

  #free(client: Client, reply: Reply): true {
    this.forget(client);
    this.host.reply(client, reply);
    return true;
  }
}

const idOf = (db: number, key: string) => `${db}:${key}`;
