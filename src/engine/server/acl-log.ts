import { Double, mapOf, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import { type ClientListHost, describeClient } from './client-list.ts';

export type LogContext = 'toplevel' | 'multi' | 'lua';

interface Incident {
  readonly reason: 'auth' | 'command' | 'key' | 'channel';
  /** The command, key or channel that was refused. */
  readonly object: string;
  readonly username: string;
  readonly context?: LogContext;
}

interface Entry extends Required<Incident> {
  count: number;
  /** When it happened last, in ms since 1970. */
  at: number;
  /** The client that did it last, as CLIENT LIST prints it. */
  clientInfo: string;
}

/** What the log needs of the server. */
export interface LogHost extends ClientListHost {
  readonly config: { text(name: string): string };
}

/** The same within this time is one entry with a count. */
const GROUPING_MS = 60_000;
/** So many entries are looked at for the same. */
const SEARCHED = 10;

/** What was refused to whom, newest first. https://redis.io/docs/latest/commands/acl-log/ */
export class AclLog {
  #entries: Entry[] = [];

  constructor(private readonly host: LogHost) {}

  add(client: Client, incident: Incident): void {
    const { now } = this.host;
    const fresh = { context: 'toplevel' as const, ...incident };
    const same = this.#entries
      .slice(0, SEARCHED)
      .find((entry) => now - entry.at <= GROUPING_MS && isSame(entry, fresh));
    if (same) this.#entries.splice(this.#entries.indexOf(same), 1);
    const count = (same?.count ?? 0) + 1;
    this.#entries.unshift({
      ...fresh,
      count,
      at: now,
      clientInfo: describeClient(this.host, client),
    });
    this.#entries.length = Math.min(this.#entries.length, this.#maxLength);
  }

  latest(count: number): Reply[] {
    return this.#entries.slice(0, count).map((entry) => this.#reply(entry));
  }

  reset(): void {
    this.#entries = [];
  }

  get #maxLength(): number {
    return Number(this.host.config.text('acllog-max-len'));
  }

  #reply({ count, reason, context, object, username, at, clientInfo }: Entry): Reply {
    return mapOf({
      count,
      reason,
      context,
      object,
      username,
      'age-seconds': new Double((this.host.now - at) / 1000),
      'client-info': clientInfo,
    });
  }
}

const isSame = (a: Required<Incident>, b: Required<Incident>): boolean =>
  a.reason === b.reason &&
  a.context === b.context &&
  a.object === b.object &&
  a.username === b.username;
