/** Where persistence meets the server: what it finds there, and how a file's commands are run. */
import type { Database } from '../keyspace/database.ts';
import type { Search } from '../modules/search/registry.ts';
import type { Disk } from '../persistence/disk.ts';
import {
  LoadError,
  type PersistenceHost,
  type StoredFunctions,
  type StoredIndexes,
  type StoredReplication,
} from '../persistence/host.ts';
import { Persistence } from '../persistence/persistence.ts';
import type { Replication } from '../replication/replication.ts';
import { isError } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Client, QueuedCommand } from './client.ts';
import type { Config } from './config.ts';
import { type CommandTable, lookUp } from './lookup.ts';
import type { Propagation } from './propagation.ts';
import type { Settings } from './settings.ts';
import { REDIS_VERSION } from './version.ts';

/** How much a line of the log matters, from the least on. */
export const logLevels = ['debug', 'verbose', 'notice', 'warning'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Says something in the server's log. */
export type Log = (level: LogLevel, message: string) => void;

/** A log in which is said only what matters as much as the directive `loglevel` asks for. */
export const asLoudAsAsked =
  (config: Host['config'], log: Log): Log =>
  (level, message) => {
    const levels: readonly string[] = logLevels;
    if (levels.indexOf(level) >= levels.indexOf(config.text('loglevel'))) log(level, message);
  };

interface Host {
  readonly clock: Clock;
  readonly config: Config;
  readonly settings: Settings;
  readonly disk: Disk;
  readonly log: Log;
  readonly databases: readonly Database[];
  readonly table: CommandTable;
  readonly memory: { readonly used: number };
  readonly propagation: Propagation;
  readonly isNested: boolean;
  readonly isDown: boolean;
  stopwatch(): number;
  dirty: number;
  now: number;
  isLoading: boolean;
  readonly scripts: { readonly functions: Functions };
  readonly modules: { readonly search: Search };
  readonly replication: Replication;
  readonly cluster:
    | { readonly state: { readonly myself: { readonly isReplica: boolean } } }
    | undefined;
  internalClient(): Client;
  /** Runs a command, and nothing that goes with one of a client. */
  replay(client: Client, call: QueuedCommand): void;
}

interface Functions {
  readonly libraries: readonly { readonly code: string }[];
  restore(codes: readonly string[], policy: 'REPLACE' | 'APPEND'): void;
  flush(): void;
}

/**
 * The server's persistence, its files read where it holds data. Throws a LoadError if it cannot start
 * with them.
 */
export function persistenceOf(host: Host, holdsData = true): Persistence {
  const persistence = new Persistence(new ServerFiles(host));
  const { aof } = persistence;
  const feed = aof.feed.bind(aof);
  host.config.onChange('appendonly', (text) => {
    if (text === 'yes') {
      persistence.startAof();
      host.propagation.aof = feed;
    } else {
      host.propagation.aof = undefined;
      aof.close();
    }
    return undefined;
  });
  if (!holdsData) return persistence;
  persistence.load();
  if (aof.isOn) host.propagation.aof = feed;
  return persistence;
}

/** A replica of a cluster hears whom to follow only after its files have been read. */
const storedReplication = ({ replication, cluster }: Host): StoredReplication => ({
  get isReplica() {
    return replication.isReplica || cluster?.state.myself.isReplica === true;
  },
  get place() {
    return replication.place;
  },
  resume(place, expired) {
    replication.resume(place, this.isReplica);
    for (const { db, key } of expired) replication.primary.feed(db, ['DEL', key]);
  },
});

class ServerFiles implements PersistenceHost {
  readonly clock: Clock;
  readonly databases: readonly Database[];
  readonly settings: Settings;
  readonly config: Config;
  readonly disk: Disk;
  readonly log: Log;
  readonly version = REDIS_VERSION;
  readonly functions: StoredFunctions;
  readonly indexes: StoredIndexes;
  readonly replication: StoredReplication;
  #loader: Client | undefined;

  constructor(private readonly host: Host) {
    this.clock = host.clock;
    this.databases = host.databases;
    this.settings = host.settings;
    this.config = host.config;
    this.disk = host.disk;
    this.log = host.log;
    this.replication = storedReplication(host);
    const stored = () => host.scripts.functions;
    this.functions = {
      get codes() {
        return stored().libraries.map(({ code }) => code);
      },
      load: (codes, replaces) => {
        if (codes.length > 0) stored().restore(codes, replaces ? 'REPLACE' : 'APPEND');
      },
      flush: () => stored().flush(),
    };
    const { search } = host.modules;
    this.indexes = {
      get commands() {
        return search.commands;
      },
      load: (commands) => search.restore(commands, host.databases[0] as Database),
    };
  }

  get usedMemory(): number {
    return this.host.memory.used;
  }

  get isNested(): boolean {
    return this.host.isNested;
  }

  stopwatch(): number {
    return this.host.stopwatch();
  }

  get isDown(): boolean {
    return this.host.isDown;
  }

  get dirty(): number {
    return this.host.dirty;
  }

  set dirty(count: number) {
    this.host.dirty = count;
  }

  replay(db: number, argv: readonly string[]): void {
    const { host } = this;
    const command = lookUp(host.table, argv);
    if (isError(command)) {
      throw new LoadError(`Unknown command '${argv[0]}' reading the append only file`);
    }
    this.#loader ??= host.internalClient();
    this.#loader.db = db;
    // An expiry that has passed by now was ahead when the command was written; a later one may have
    // moved it. Groups of streams compare instants with the present.
    host.isLoading = true;
    host.now = command.group === 'stream' ? host.clock.now : 0;
    host.replay(this.#loader, { command, argv });
    host.now = host.clock.now;
    host.isLoading = false;
  }
}
