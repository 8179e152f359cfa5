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
  /** Says something in the server's log. */
  log(level: 'notice' | 'warning', message: string): void;
}

/** The libraries of functions, which are data too. */
export interface StoredFunctions {
  /** Their texts. */
  readonly codes: readonly string[];
  /** Loads libraries, those of the same name replaced. Throws a RedisError. */
  load(codes: readonly string[]): void;
  flush(): void;
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
