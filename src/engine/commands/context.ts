import type { Database } from '../keyspace/database.ts';
import type { UsageSettings } from '../keyspace/usage.ts';
import type { Protocol } from '../resp/encode.ts';
import type { Random } from '../time/random.ts';
import type { EncodingLimits } from '../values/encoding.ts';
import type { StreamLimits } from '../values/stream.ts';

/** The configuration that data commands read on every call, kept as plain fields for speed. */
export interface Limits extends EncodingLimits, StreamLimits, UsageSettings {
  /** proto-max-bulk-len: the longest string, in bytes. */
  readonly protoMaxBulkLen: number;
  /** hll-sparse-max-bytes: a longer HyperLogLog becomes dense. */
  readonly hllSparseMaxBytes: number;
  /** maxmemory-policy is one of the LFU ones. */
  readonly tracksFrequency: boolean;
  /** lazyfree-lazy-server-del: a key that goes by the way is told to replicas as unlinked. */
  readonly lazyfreeLazyServerDel: boolean;
  readonly lazyfreeLazyUserDel: boolean;
  readonly lazyfreeLazyUserFlush: boolean;
}

/** What a handler may touch. It has no socket, no timer and no globals. */
export interface Context {
  /** The database that the client has selected. */
  readonly db: Database;
  /** Another database by its number, or undefined when there is no such. */
  database(index: number): Database | undefined;
  /** One instant for the whole command, script or transaction, as in Redis. Milliseconds since 1970. */
  readonly now: number;
  readonly random: Random;
  readonly protocol: Protocol;
  /** Whether a script called the command. */
  readonly inScript: boolean;
  readonly limits: Limits;
  /** The command as it was sent, name included. */
  readonly argv: readonly string[];
  /**
   * Replaces what replicas and the AOF see instead of argv, e.g. a relative expiry by an absolute
   * one. May be called several times; each call is one command.
   */
  propagate(...argv: string[]): void;
  /** Whatever changes, argv is not told; only what propagate() says. */
  propagateNothing(): void;
}
