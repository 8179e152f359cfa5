import { compareBytes } from '../bytes/bytes.ts';
import type { Command } from '../commands/command.ts';
import { keysOf } from '../commands/key-positions.ts';
import { Push } from '../resp/reply.ts';
import type { Random } from '../time/random.ts';
import { Dict } from '../values/dict.ts';
import type { Client, Tracking } from './client.ts';

/** Where a RESP2 connection, which knows no pushes, subscribes for invalidations. */
const CHANNEL = '__redis__:invalidate';

/** What tracking needs of its server. */
interface TrackingHost {
  readonly clients: ReadonlyMap<number, Client>;
  readonly random: Random;
  readonly settings: { readonly trackingTableMaxKeys: number };
  readonly output: { deliver(client: Client, message: Push): void };
}

/**
 * Client-side caching. By default the server remembers which client read which key, and tells it once
 * when the key changes. With BCAST it remembers only prefixes, and tells of every change under them.
 * Keys are known by name alone, whatever their database.
 * https://redis.io/docs/latest/develop/reference/client-side-caching/
 */
export class TrackingTable {
  /** The numbers of the clients that may hold a copy of a key. */
  readonly #readers = new Dict<Set<number>>();
  readonly #tracking = new Set<Client>();
  /** BCAST: who hears of a prefix, and which keys changed, by whom, since they were last told. */
  readonly #prefixes = new Map<string, Prefix>();

  constructor(private readonly host: TrackingHost) {}

  get isUsed(): boolean {
    return this.#tracking.size > 0;
  }

  /** For INFO: clients with tracking, keys and (key, client) pairs remembered, prefixes. */
  get counts(): { clients: number; keys: number; items: number; prefixes: number } {
    let items = 0;
    for (const readers of this.#readers.values()) items += readers.size;
    return {
      clients: this.#tracking.size,
      keys: this.#readers.size,
      items,
      prefixes: this.#prefixes.size,
    };
  }

  enable(client: Client, tracking: Tracking): void {
    client.tracking = tracking;
    this.#tracking.add(client);
    for (const prefix of tracking.prefixes) {
      const known = this.#prefixes.get(prefix) ?? { clients: new Set(), changed: new Map() };
      known.clients.add(client);
      this.#prefixes.set(prefix, known);
    }
  }

  /** What was remembered of its reads is forgotten when those keys change. */
  disable(client: Client): void {
    for (const prefix of client.tracking?.prefixes ?? []) {
      const known = this.#prefixes.get(prefix);
      known?.clients.delete(client);
      if (known?.clients.size === 0) this.#prefixes.delete(prefix);
    }
    client.tracking = undefined;
    this.#tracking.delete(client);
  }

  /** After a command that reads: its client may now hold copies of the keys. */
  remember(client: Client, command: Command<never>, argv: readonly string[]): void {
    const { tracking } = client;
    if (!tracking || tracking.bcast) return;
    if (tracking.optin && tracking.caching !== 'yes') return;
    if (tracking.optout && tracking.caching === 'no') return;
    for (const key of keysOf(command, argv)) {
      const readers = this.#readers.get(key);
      if (readers) readers.add(client.id);
      else this.#readers.set(key, new Set([client.id]));
    }
  }

  /** A key was changed by a client, or by nobody when it expired. */
  changed(key: string, by: Client | undefined): void {
    if (this.#tracking.size === 0) return;
    for (const [prefix, { changed }] of this.#prefixes) {
      if (key.startsWith(prefix)) changed.set(key, by);
    }
    const readers = this.#readers.get(key);
    if (!readers) return;
    this.#readers.delete(key);
    for (const id of readers) {
      const client = this.host.clients.get(id);
      const { tracking } = client ?? {};
      if (!client || !tracking || tracking.bcast) continue;
      if (tracking.noloop && client === by) continue;
      this.#tell(client, [key]);
    }
  }

  /** Everything was flushed: every copy is worthless. */
  flushed(): void {
    for (const client of this.#tracking) this.#tell(client, null);
    this.#readers.clear();
  }

  /** After each command: CLIENT CACHING is over, and tracking-table-max-keys is kept to. */
  settle({ tracking, transaction, lastCommand }: Client): void {
    if (tracking?.caching && !transaction && !lastCommand.startsWith('client|')) {
      tracking.caching = undefined;
    }
    if (this.#tracking.size > 0) this.#keepWithinLimit();
  }

  /** When the server has run all that it has received: one message for each prefix. */
  broadcast(): void {
    for (const prefix of this.#prefixes.values()) {
      if (prefix.changed.size === 0) continue;
      const changed = [...prefix.changed].sort(([a], [b]) => compareBytes(a, b));
      prefix.changed.clear();
      for (const client of prefix.clients) {
        const { noloop = false } = client.tracking ?? {};
        const keys = changed.filter(([, by]) => !noloop || by !== client).map(([key]) => key);
        if (keys.length > 0) this.#tell(client, keys);
      }
    }
  }

  /** Sends keys, or null for all of them, to a client or to the one it redirects to. */
  #tell(client: Client, keys: readonly string[] | null): void {
    const tracking = client.tracking as Tracking;
    const target = tracking.redirect === 0 ? client : this.host.clients.get(tracking.redirect);
    if (!target) {
      tracking.isBroken = true;
      const message = new Push(['tracking-redir-broken', tracking.redirect]);
      if (client.protocol === 3) this.host.output.deliver(client, message);
    } else if (target.protocol === 3) {
      this.host.output.deliver(target, new Push(['invalidate', keys]));
    } else if (target !== client && target.isSubscriber) {
      this.host.output.deliver(target, new Push(['message', CHANNEL, keys]));
    }
  }

  /** Beyond tracking-table-max-keys some keys are forgotten, their readers told that they changed. */
  #keepWithinLimit(): void {
    const { trackingTableMaxKeys: max } = this.host.settings;
    while (max > 0 && this.#readers.size > max) {
      this.changed(this.#readers.random(this.host.random) as string, undefined);
    }
  }
}

interface Prefix {
  readonly clients: Set<Client>;
  readonly changed: Map<string, Client | undefined>;
}
