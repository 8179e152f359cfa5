import { RedisError, redisError } from '../errors.ts';
import { AppendOnlyFile } from './aof.ts';
import { type AofManifest, ManifestError } from './aof-manifest.ts';
import { readAof } from './aof-read.ts';
import { type ExpiredKey, LoadError, type PersistenceHost, pathOf } from './host.ts';
import { type RdbContents, type RdbEntry, readRdb } from './rdb-file.ts';
import { readIndexes } from './rdb-indexes.ts';
import { RdbError } from './rdb-types.ts';
import { misconfigured, Snapshots } from './snapshots.ts';

/**
 * What a server keeps on its disk: snapshots, and the append-only file. One thing at a time happens
 * in the background, on the server's clock: a snapshot or a rewrite.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
export class Persistence {
  readonly snapshots: Snapshots;
  readonly aof: AppendOnlyFile;
  keysLoaded = 0;
  keysExpired = 0;

  constructor(private readonly host: PersistenceHost) {
    this.snapshots = new Snapshots(host);
    this.aof = new AppendOnlyFile(host);
  }

  /** Something is going on in the background. */
  get isBusy(): boolean {
    return this.snapshots.running !== undefined || this.aof.rewriteStartedAt !== undefined;
  }

  /** When the server starts: reads its files. Throws a LoadError if it cannot start with them. */
  load(): void {
    if (this.host.config.text('appendonly') === 'yes') {
      this.aof.open(this.loadAof());
    } else this.#resume(this.loadSnapshot());
    this.host.dirty = 0;
    this.snapshots.loaded();
  }

  /** Goes on in the replication stream where the snapshot was taken. */
  #resume(loaded: Loaded | undefined): void {
    const id = loaded?.facts.get('repl-id');
    const [offset, db] = ['repl-offset', 'repl-stream-db'].map((name) => loaded?.facts.get(name));
    if (!loaded || !id || offset === undefined || db === undefined || Number(db) < 0) return;
    const place = { id, offset: Number(offset), db: Number(db) };
    this.host.replication.resume(place, loaded.expired);
  }

  /** CONFIG SET appendonly yes: what there is becomes the base of a new file. */
  startAof(): void {
    if (this.aof.isOn) return;
    this.aof.open(undefined);
  }

  /** DEBUG LOADAOF: what is in the append-only file takes the place of what is in memory. */
  reloadAof(): void {
    const { aof } = this;
    const wasOn = aof.isOn;
    aof.flush();
    aof.isOn = false;
    try {
      if (!this.loadAof(true)) {
        this.#flush();
        throw new LoadError('There is no append only file');
      }
    } finally {
      aof.isOn = wasOn;
    }
  }

  /** Reads the snapshot, if there is one. Throws a LoadError before anything has changed. */
  loadSnapshot({ flushes = false, merges = true } = {}): Loaded | undefined {
    const { config, disk } = this.host;
    const bytes = disk.read(pathOf(this.host, config.text('dbfilename')));
    if (bytes === undefined) return undefined;
    try {
      const checks = config.text('rdbchecksum') === 'yes' && !this.host.settings.skipsChecksums;
      const contents = readRdb(bytes, this.host.settings, checks);
      if (flushes) this.#flush();
      const isThere = ({ db, key }: RdbEntry) => this.host.databases[db]?.has(key);
      if (!merges && contents.entries.some(isThere)) {
        throw new LoadError('RDB has keys that are there already');
      }
      const expired = this.#store(contents, !this.host.replication.isReplica, merges);
      this.host.log('notice', 'DB loaded from disk: 0.000 seconds');
      return { ...contents, expired };
    } catch (error) {
      if (error instanceof RdbError) throw new LoadError(error.message);
      throw error;
    }
  }

  /**
   * What a primary has sent takes the place of all there is; with an append-only file, it begins anew.
   * Throws a LoadError when it makes no sense; then there is nothing any more.
   */
  replaceBy(bytes: string): void {
    this.#flush();
    try {
      const contents = readRdb(bytes, this.host.settings);
      this.#store(contents, false);
    } catch (error) {
      if (error instanceof RdbError) throw new LoadError(error.message);
      throw error;
    }
    if (this.aof.isOn) {
      this.aof.close();
      this.startAof();
    }
  }

  /** Reads the append-only file. Undefined if there is none. Throws a LoadError. */
  loadAof(flushes = false): AofManifest | undefined {
    try {
      const manifest = this.aof.stored();
      if (!manifest) return undefined;
      const { base, increments } = manifest;
      const names = [...(base ? [base] : []), ...increments].map(({ name }) => name);
      const parts = names.map((name, i) => this.#readPart(name, i === names.length - 1));
      if (flushes) this.#flush();
      for (const part of parts) this.#play(part);
      this.#markUsed();
      return manifest;
    } catch (error) {
      if (error instanceof RdbError || error instanceof ManifestError) {
        throw new LoadError(error.message);
      }
      throw error;
    }
  }

  /** Every so often: what was scheduled, what is due, what must reach the disk. */
  tick(): void {
    if (this.aof.isOn) this.aof.tick();
    if (this.isBusy) return;
    if (this.aof.isRewriteScheduled || this.aof.hasOutgrown) this.aof.startRewrite();
    else if (this.snapshots.isScheduled || this.snapshots.isDue()) this.snapshots.start();
  }

  /** Why writes are refused: the disk failed before. */
  refusal(): RedisError | undefined {
    const { snapshots, aof, host } = this;
    if (snapshots.lastStatus === 'err' && snapshots.hasPoints) {
      if (host.config.text('stop-writes-on-bgsave-error') === 'yes') return misconfigured();
    }
    if (aof.isOn && aof.lastWriteStatus === 'err') {
      return redisError('MISCONF Errors writing to the AOF file: No space left on device');
    }
    return undefined;
  }

  /**
   * SHUTDOWN: saves where that is configured or asked for. Returns whether the server may end; only
   * a failed save keeps it from that.
   */
  end(save: boolean | undefined): boolean {
    this.snapshots.cancel();
    if (this.aof.isOn) {
      this.aof.flush();
      this.aof.sync();
    }
    return (save ?? this.snapshots.hasPoints) ? this.snapshots.save() : true;
  }

  /** What commands of a file made was used just now, whenever they ran. */
  #markUsed(): void {
    for (const db of this.host.databases) {
      for (const [, value] of db.entries()) value.lastUsed ||= this.host.clock.now;
    }
  }

  #loadFunctions(codes: readonly string[], replaces: boolean): void {
    try {
      this.host.functions.load(codes, replaces);
    } catch (error) {
      if (error instanceof RedisError)
        throw new LoadError(`Failed creating the library: ${error.message}`);
      throw error;
    }
  }

  #flush(): void {
    this.host.functions.flush();
    for (const db of this.host.databases) db.flush();
  }

  /** A part of the append-only file: a snapshot it may begin with, then commands. */
  #readPart(name: string, isLast: boolean): AofPlay {
    const bytes = this.aof.read(name);
    if (bytes === undefined) throw new LoadError(`The AOF file ${name} doesn't exist`);
    const snapshot = bytes.startsWith('REDIS') ? readRdb(bytes, this.host.settings) : undefined;
    const { commands, end } = readAof(bytes, snapshot?.end);
    if (end < bytes.length) this.#truncate(name, bytes, end, isLast);
    return { snapshot, commands };
  }

  #play({ snapshot, commands }: AofPlay): void {
    if (snapshot) this.#store(snapshot, false);
    let db = 0;
    for (const argv of commands) {
      if (argv[0]?.toUpperCase() === 'SELECT') db = Number(argv[1]);
      else this.host.replay(db, argv);
    }
  }

  /** The last part may have been cut short by a crash; any other must be whole. */
  #truncate(name: string, bytes: string, end: number, isLast: boolean): void {
    if (!isLast || this.host.config.text('aof-load-truncated') !== 'yes') {
      throw new LoadError(UNEXPECTED_END);
    }
    this.host.log('warning', `!!! Warning: short read while loading the AOF file ${name}!!!`);
    this.host.log('warning', `Truncating the AOF ${name} at offset ${end}`);
    this.aof.truncate(name, bytes.slice(0, end));
  }

  /**
   * Puts what a file holds into the databases. A snapshot's keys that have expired are left out;
   * returns them.
   */
  #store(contents: RdbContents, dropsExpired: boolean, merges = true): ExpiredKey[] {
    const { entries, functions, facts } = contents;
    const { databases, clock } = this.host;
    const expired: ExpiredKey[] = [];
    const indexes = readIndexes(facts);
    this.#tellFacts(facts);
    this.#loadFunctions(functions, merges);
    const stray = entries.find(({ db }) => databases[db] === undefined);
    if (stray)
      throw new RdbError(
        'FATAL: Data file was created with a Redis server configured to handle more databases',
      );
    for (const { db: index, key, value, expiry, idleSeconds, frequency } of entries) {
      const db = databases[index];
      if (dropsExpired && expiry !== undefined && expiry < clock.now) {
        this.keysExpired++;
        expired.push({ db: index, key });
      } else if (db) {
        db.set(key, value);
        if (expiry !== undefined) db.expireAt(key, expiry);
        if (idleSeconds !== undefined) value.lastUsed = clock.now - idleSeconds * 1000;
        if (frequency !== undefined) value.frequency = frequency;
        this.keysLoaded++;
      }
    }
    this.host.indexes.load(indexes);
    const [loaded, gone] = [entries.length - expired.length, expired.length];
    this.host.log('notice', `Done loading RDB, keys loaded: ${loaded}, keys expired: ${gone}.`);
    return expired;
  }

  /** Which server wrote the file, when, and how much it had. */
  #tellFacts(facts: ReadonlyMap<string, string>): void {
    const { host } = this;
    const [version, time, memory] = ['redis-ver', 'ctime', 'used-mem'].map((name) =>
      facts.get(name),
    );
    if (version !== undefined) host.log('notice', `Loading RDB produced by version ${version}`);
    if (time !== undefined) {
      const age = Math.max(Math.floor(host.clock.now / 1000) - Number(time), 0);
      host.log('notice', `RDB age ${age} seconds`);
    }
    if (memory !== undefined) {
      const megabytes = (Number(memory) / 1024 / 1024).toFixed(2);
      host.log('notice', `RDB memory usage when created ${megabytes} Mb`);
    }
    if (facts.get('aof-base') === '1') host.log('notice', 'RDB is base AOF');
  }
}

/** What a snapshot held. */
interface Loaded extends RdbContents {
  readonly expired: readonly ExpiredKey[];
}

interface AofPlay {
  readonly snapshot: RdbContents | undefined;
  readonly commands: readonly (readonly string[])[];
}

const UNEXPECTED_END =
  "Unexpected end of file reading the append only file. You can: 1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server.";
