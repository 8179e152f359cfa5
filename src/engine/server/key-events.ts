/** Who must know what becomes of keys: watchers, caches of clients, waiters, subscribers, replicas. */

import type { Beside, GoneFields } from '../keyspace/changes.ts';
import type { Database, DatabaseHost } from '../keyspace/database.ts';
import { countUse } from '../keyspace/usage.ts';
import type { Value } from '../keyspace/value.ts';
import type { Search } from '../modules/search/registry.ts';
import type { Random } from '../time/random.ts';
import type { Blocking } from './blocking.ts';
import type { Client } from './client.ts';
import { tellOfFields } from './expired-fields.ts';
import { notifyOf } from './notify.ts';
import type { Propagation } from './propagation.ts';
import type { PubSub } from './pubsub.ts';
import type { Settings } from './settings.ts';
import type { Stats } from './stats.ts';
import type { TrackingTable } from './tracking.ts';
import type { Watches } from './watches.ts';

interface Host {
  readonly now: number;
  readonly deletesExpired: boolean;
  readonly isLoading: boolean;
  readonly random: Random;
  readonly settings: Settings;
  readonly stats: Stats;
  /** The client whose command is running. */
  readonly running: Client | undefined;
  /** Whether the running command counts as looking keys up. */
  readonly countsLookups: boolean;
  readonly watches: Watches;
  readonly tracking: TrackingTable;
  readonly modules: { readonly search: Search };
  readonly blocking: Blocking;
  readonly pubsub: PubSub;
  readonly propagation: Propagation;
  dirty: number;
  /** Tells what has been noted, unless a command runs: then it is told with the rest. */
  settle(): void;
}

export class KeyEvents implements DatabaseHost {
  constructor(private readonly host: Host) {}

  get now(): number {
    return this.host.now;
  }

  get deletesExpired(): boolean {
    return this.host.deletesExpired;
  }

  get isLoading(): boolean {
    return this.host.isLoading;
  }

  changed(db: Database, event: string, key: string): void {
    const { host } = this;
    host.dirty++;
    host.watches.touch(db, key);
    host.tracking.changed(key, host.running);
    host.blocking.keyChanged(db, key);
    host.modules.search.touched(db, key);
    notifyOf(host, db, event, key);
  }

  changedBeside(db: Database, key: string, { event, wakes }: Beside): void {
    this.host.dirty++;
    if (wakes) this.host.blocking.keyChanged(db, key);
    if (event) notifyOf(this.host, db, event, key);
  }

  created(db: Database, key: string): void {
    notifyOf(this.host, db, 'new', key);
  }

  expired(db: Database, key: string): void {
    this.host.stats.expiredKeys++;
    this.#gone(db, 'expired', key);
  }

  fieldsExpired(db: Database, key: string, gone: GoneFields): void {
    this.host.modules.search.touched(db, key);
    tellOfFields(this.host, db, key, gone);
  }

  flushed(): void {
    this.host.modules.search.flushed();
  }

  evicted(db: Database, key: string): void {
    this.host.stats.evictedKeys++;
    this.#gone(db, 'evicted', key);
  }

  used(value: Value): void {
    const { running, settings, now, random } = this.host;
    if (running?.noTouch) return;
    if (settings.tracksFrequency) countUse(value, now, random, settings);
    value.lastUsed = now;
  }

  lookedUp(db: Database, key: string, found: boolean): void {
    const { host } = this;
    if (!host.countsLookups) return;
    if (found) {
      host.stats.keyspaceHits++;
      return;
    }
    host.stats.keyspaceMisses++;
    notifyOf(host, db, 'keymiss', key);
  }

  #gone(db: Database, event: string, key: string): void {
    const { host } = this;
    host.watches.touch(db, key);
    host.tracking.changed(key, undefined);
    host.modules.search.touched(db, key);
    notifyOf(host, db, event, key);
    host.propagation.add(db.index, ['DEL', key]);
    host.settle();
  }
}
