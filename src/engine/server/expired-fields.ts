import type { GoneFields } from '../keyspace/changes.ts';
import type { Database } from '../keyspace/database.ts';
import { notifyOf } from './notify.ts';

/** What telling of fields needs of the server. */
interface FieldsHost {
  readonly stats: { expiredSubkeys: number };
  readonly watches: { touch(db: Database, key: string): void };
  readonly tracking: { changed(key: string, by: undefined): void };
  readonly settings: { readonly notifyKeyspaceEvents: string };
  readonly pubsub: { publish(channel: string, message: string): number };
  readonly propagation: { add(db: number, argv: readonly string[]): void };
  /** Sends what was added, unless a command runs: then it leaves together with the command. */
  settle(): void;
}

/** Tells all who must know that fields of a hash have expired, and the key with the last of them. */
export function tellOfFields(
  server: FieldsHost,
  db: Database,
  key: string,
  { fields, withKey, isTold }: GoneFields,
): void {
  server.stats.expiredSubkeys += fields.length;
  if (isTold) return;
  server.watches.touch(db, key);
  server.tracking.changed(key, undefined);
  notifyOf(server, db, 'hexpired', key);
  if (withKey) notifyOf(server, db, 'del', key);
  for (const field of fields) {
    server.propagation.add(db.index, ['HDEL', key, field]);
    server.settle();
  }
}
