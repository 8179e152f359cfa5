/**
 * Snapshots: the whole data as one RDB file, written at once or in the background, when asked for and
 * when the `save` points say so.
 */
import { redisError } from '../errors.ts';
import { BackgroundWrite } from './background-write.ts';
import { DiskError } from './disk.ts';
import { type PersistenceHost, pathOf } from './host.ts';
import { RdbFileWriter, type RdbOptions, writeRdb } from './rdb-file-write.ts';

/** After a failure, `save` points wait so long before they try again. Seconds. */
const RETRY_SECONDS = 5;

export class Snapshots {
  /** When data was last saved, or when the server started. Ms since 1970. */
  lastSaveAt: number;
  lastStatus: 'ok' | 'err' = 'ok';
  /** Seconds that the last background save took; -1 if there was none. */
  lastDuration = -1;
  /** Saves since the start. */
  saves = 0;
  running: BackgroundWrite | undefined;
  /** One is to start when nothing else is in the background. */
  isScheduled = false;
  #lastTryAt = 0;
  /** What `dirty` was when the data was last saved. */
  #dirtyAtSave = 0;

  constructor(private readonly host: PersistenceHost) {
    this.lastSaveAt = host.clock.now;
  }

  get changesSinceSave(): number {
    return this.host.dirty - this.#dirtyAtSave;
  }

  /** SAVE: writes the file at once. Returns whether it could. */
  save(): boolean {
    if (!this.#write(this.bytes())) return false;
    this.#saved(this.host.dirty);
    return true;
  }

  /** BGSAVE: the data as it is now, in the file a little later; `done` hears whether it could be. */
  start(done?: (isSaved: boolean) => void): void {
    const { host } = this;
    const { dirty } = host;
    this.isScheduled = false;
    this.#lastTryAt = host.clock.now;
    this.running = new BackgroundWrite(host, {
      path: pathOf(host, host.config.text('dbfilename')),
      file: new RdbFileWriter(rdbOptions(host, false)),
      finished: (error) => {
        this.#finish(dirty, error);
        done?.(!error);
      },
    });
  }

  /** The data as it is now, as the bytes of a file. */
  bytes(): string {
    return writeRdb(this.host.databases, rdbOptions(this.host, false));
  }

  /** Ends what runs in the background, without a file. */
  cancel(): void {
    this.running?.cancel();
    this.running = undefined;
  }

  /**
   * FLUSHALL: what is being saved is gone, and where save points are set the file is emptied at
   * once. That is not counted as a save.
   */
  emptied(): void {
    this.cancel();
    if (!this.hasPoints || !this.#write(this.bytes())) return;
    this.loaded();
    this.lastSaveAt = this.host.clock.now;
    this.lastStatus = 'ok';
  }

  /** Everything in memory is in the file: it was just read from there. */
  loaded(): void {
    this.#dirtyAtSave = this.host.dirty;
  }

  /** What the `save` points ask for: seconds after which so many changes are to be saved. */
  isDue(): boolean {
    const { now } = this.host.clock;
    const mayTry = this.lastStatus === 'ok' || now - this.#lastTryAt > RETRY_SECONDS * 1000;
    return (
      mayTry &&
      this.#points().some(
        ([seconds, changes]) =>
          this.changesSinceSave >= changes && now - this.lastSaveAt > seconds * 1000,
      )
    );
  }

  get hasPoints(): boolean {
    return this.#points().length > 0;
  }

  #points(): [seconds: number, changes: number][] {
    const numbers = this.host.config.text('save').split(' ').filter(Boolean).map(Number);
    const points: [number, number][] = [];
    for (let i = 0; i < numbers.length; i += 2) points.push([numbers[i] ?? 0, numbers[i + 1] ?? 0]);
    return points;
  }

  #finish(dirty: number, error: DiskError | undefined): void {
    const { host } = this;
    const startedAt = this.running?.startedAt ?? host.clock.now;
    this.running = undefined;
    this.lastDuration = Math.floor((host.clock.now - startedAt) / 1000);
    this.lastStatus = error ? 'err' : 'ok';
    if (error) {
      host.log('warning', `Error trying to save the DB: ${error.message}`);
      host.log('warning', 'Background saving error');
      return;
    }
    host.log('notice', 'Background saving terminated with success');
    this.#saved(dirty);
  }

  #saved(dirty: number): void {
    this.#dirtyAtSave = dirty;
    this.lastSaveAt = this.host.clock.now;
    this.lastStatus = 'ok';
    this.saves++;
  }

  #write(bytes: string): boolean {
    try {
      this.host.disk.write(pathOf(this.host, this.host.config.text('dbfilename')), bytes);
      return true;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.host.log('warning', `Error trying to save the DB: ${error.message}`);
      return false;
    }
  }
}

/** How the data as it is now is written into a file. */
export function rdbOptions(host: PersistenceHost, isAofBase: boolean): RdbOptions {
  const { config, databases } = host;
  return {
    now: host.clock.now,
    version: host.version,
    usedMemory: host.usedMemory,
    compresses: config.text('rdbcompression') === 'yes',
    checksums: config.text('rdbchecksum') === 'yes',
    policy: config.text('maxmemory-policy'),
    functions: host.functions.codes,
    indexes: host.indexes.commands,
    place: isAofBase ? undefined : host.replication.place,
    isAofBase,
    needsNewest: databases.some(({ expiringHashes }) => expiringHashes > 0),
  };
}

/** Why writes are refused after a snapshot failed. */
export const misconfigured = () =>
  redisError(
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.",
  );
