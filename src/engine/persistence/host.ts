import type { Limits } from '../commands/context.ts';
import type { Database } from '../keyspace/database.ts';
import type { Clock } from '../time/clock.ts';
import type { Disk } from './disk.ts';

/** What persistence needs of its server. */
export interface PersistenceHost {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly databases: readonly Database[];
  readonly settings: Limits & { readonly skipsChecksums: boolean };
  readonly config: { text(directive: string): string };
  readonly functions: StoredFunctions;
  readonly indexes: StoredIndexes;
  /** The server's own version, for the files. */
  readonly version: string;
  /** Bytes, for the files. */
  readonly usedMemory: number;
  /** A transaction or a script is running: nothing is forked in the middle of it. */
  readonly isNested: boolean;
  readonly isDown: boolean;
  /** Microseconds of real time, or always 0. */
  stopwatch(): number;
  /** Writes since the start. */
  dirty: number;
  /** Runs a command of a file in this database; nobody hears of it. Throws on what no file holds. */
  replay(db: number, argv: readonly string[]): void;
  readonly replication: StoredReplication;
  /** Says something in the server's log. */
  log(level: 'notice' | 'warning', message: string): void;
}

/** A place in a replication stream: its history, how far it is, and the database that it speaks of. */
export interface StreamPlace {
  readonly id: string;
  readonly offset: number;
  readonly db: number;
}

/** What a snapshot says of replication, so that who starts with it need not copy everything anew. */
export interface StoredReplication {
  /** A replica deletes nothing by itself: it keeps what has expired. */
  readonly isReplica: boolean;
  /** Where the data is, if anybody could go on from there. */
  readonly place: StreamPlace | undefined;
  /** The data was read from a snapshot, but for these keys, which had expired. */
  resume(place: StreamPlace, expired: readonly ExpiredKey[]): void;
}

export interface ExpiredKey {
  readonly db: number;
  readonly key: string;
}

/** The libraries of functions, which are data too. */
export interface StoredFunctions {
  /** Their texts. */
  readonly codes: readonly string[];
  /** Loads libraries; one of the same name is replaced or a reason to fail. Throws a RedisError. */
  load(codes: readonly string[], replaces: boolean): void;
  flush(): void;
}

/** The indexes of the search module: what makes them is kept, what is in them is read from the keys. */
export interface StoredIndexes {
  /** The commands that make them. */
  readonly commands: readonly (readonly string[])[];
  /** Makes them, once the keys are there. */
  load(commands: readonly (readonly string[])[]): void;
}

/** The path of a file in the server's folder. */
export const pathOf = (
  host: Pick<PersistenceHost, 'config'>,
  ...names: readonly string[]
): string => [host.config.text('dir'), ...names].join('/');

/** Why a server cannot start with the files that it finds; its log says it, and it ends. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}
