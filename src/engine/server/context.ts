import type { Cluster } from '../cluster/cluster.ts';
import { Args } from '../commands/args.ts';
import type { Command } from '../commands/command.ts';
import type { Context, Limits } from '../commands/context.ts';
import type { Wait } from '../commands/wait.ts';
import { RedisError, stringTooLong } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Search } from '../modules/search/registry.ts';
import type { Protocol } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';
import type { Scripts } from '../scripting/scripts.ts';
import type { Sentinel } from '../sentinel/sentinel.ts';
import type { Random } from '../time/random.ts';
import type { Client, QueuedCommand } from './client.ts';
import type { PubSub } from './pubsub.ts';
import type { SlowLog } from './slowlog.ts';
import type { Watches } from './watches.ts';

/** What the context reads from its server. */
interface ContextHost {
  readonly databases: readonly Database[];
  readonly now: number;
  readonly random: Random;
  readonly settings: Limits;
  readonly pubsub: PubSub;
  readonly watches: Watches;
  readonly slowlog: SlowLog;
  readonly scripts: Scripts<Client>;
  readonly cluster: Cluster | undefined;
  readonly sentinel: Sentinel | undefined;
  readonly modules: { readonly search: Search };
  runQueue(client: Client, queue: readonly QueuedCommand[]): Reply[];
}

/** What a handler gets: the base context, and what the server's own features need beyond it. */
export class CallContext<Server extends ContextHost = ContextHost> implements Context {
  /** What replicas and the AOF see instead of argv, when the handler said so. */
  propagated: (readonly string[])[] | undefined;
  #redacted: Set<number> | undefined;

  constructor(
    readonly server: Server,
    readonly client: Client,
    readonly argv: readonly string[],
    /** The primary sends it: what has expired, and when, was decided there. */
    private readonly isReplayed = false,
  ) {}

  get db(): Database {
    return this.server.databases[this.client.db] as Database;
  }

  database(index: number): Database | undefined {
    return this.server.databases[index];
  }

  get now(): number {
    return this.isReplayed ? 0 : this.server.now;
  }

  get random(): Random {
    return this.server.random;
  }

  /** Scripts call in the name of a client without a connection. */
  get inScript(): boolean {
    return this.client.id === 0;
  }

  get protocol(): Protocol {
    return this.client.protocol;
  }

  get limits(): Limits {
    return this.server.settings;
  }

  get pubsub(): PubSub {
    return this.server.pubsub;
  }

  get watches(): Watches {
    return this.server.watches;
  }

  get slowlog(): SlowLog {
    return this.server.slowlog;
  }

  get cluster(): Cluster | undefined {
    return this.server.cluster;
  }

  get sentinel(): Sentinel | undefined {
    return this.server.sentinel;
  }

  get search(): Search {
    return this.server.modules.search;
  }

  get scripts(): Scripts<Client> {
    return this.server.scripts;
  }

  /** The command as monitors and the slow log show it: without passwords. */
  get shownArgv(): readonly string[] {
    const redacted = this.#redacted;
    if (!redacted) return this.argv;
    return this.argv.map((arg, i) => (redacted.has(i) ? '(redacted)' : arg));
  }

  // Handlers take these by name, so they must know their context; and most take none, so that a
  // function is made only when one is taken: a context is made for every command.

  /** Has an argument hidden from monitors and the slow log. */
  get redact(): (index: number) => void {
    return (index) => {
      this.#redacted ??= new Set();
      this.#redacted.add(index);
    };
  }

  propagate(...argv: string[]): void {
    this.propagated ??= [];
    this.propagated.push(argv);
  }

  /** What the command changed was told by commands that it called. */
  get propagateNothing(): () => void {
    return () => {
      this.propagated ??= [];
    };
  }

  get runQueue(): (client: Client, queue: readonly QueuedCommand[]) => Reply[] {
    return (client, queue) => this.server.runQueue(client, queue);
  }
}

/** Runs the row's handler. A RedisError is the reply; anything else is a mistake of ours. */
export function runHandler<Server extends ContextHost>(
  command: Command<never>,
  ctx: CallContext<Server>,
): Reply | Wait {
  // The table proves that the context is what each of its rows needs.
  const run = command.run as (ctx: CallContext<Server>, args: Args) => Reply | Wait;
  try {
    return run(ctx, new Args(ctx.argv, command.words));
  } catch (error) {
    if (error instanceof RedisError) return error;
    if (error instanceof RangeError && error.message === 'Invalid string length') {
      return stringTooLong();
    }
    throw error;
  }
}
