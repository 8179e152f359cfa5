/**
 * The append-only file: every write, as a command, in the order in which it happened. It is kept in
 * parts (see aof-manifest.ts); a rewrite replaces all that there is by a new base, while writes
 * already go to a new increment.
 */
import { encodeCommand } from '../resp/encode.ts';
import { type AofManifest, type AofPart, parseManifest, printManifest } from './aof-manifest.ts';
import { CommandFileWriter } from './aof-rewrite.ts';
import { BackgroundWrite } from './background-write.ts';
import { DiskError } from './disk.ts';
import { type PersistenceHost, pathOf } from './host.ts';
import { type DataFile, RdbFileWriter, writeData } from './rdb-file-write.ts';
import { rdbOptions } from './snapshots.ts';

const SYNC_EVERY_MS = 1000;

export class AppendOnlyFile {
  isOn = false;
  lastWriteStatus: 'ok' | 'err' = 'ok';
  lastRewriteStatus: 'ok' | 'err' = 'ok';
  /** Seconds that the last rewrite took; -1 if there was none. */
  lastRewriteDuration = -1;
  rewrites = 0;
  /** The rewrite that goes on. */
  rewriting: BackgroundWrite | undefined;
  isRewriteScheduled = false;
  /** Bytes of all parts, and what they were after the last rewrite. */
  size = 0;
  baseSize = 0;
  #manifest: AofManifest = { base: undefined, increments: [] };
  #buffer = '';
  #unsynced = false;
  #lastSyncAt = 0;
  /** The database that the last command of the file speaks of. */
  #db: number | undefined;
  #lastStamp = 0;

  constructor(private readonly host: PersistenceHost) {}

  /** Bytes that have not been handed to the disk yet. */
  get buffered(): number {
    return this.#buffer.length;
  }

  /** Notes a write. */
  feed(db: number, argv: readonly string[]): void {
    if (!this.isOn) return;
    this.#stamp();
    if (db !== this.#db) {
      this.#buffer += encodeCommand(['SELECT', String(db)]);
      this.#db = db;
    }
    this.#buffer += encodeCommand(argv);
  }

  /** Whether all that was written is safe from a crash of the machine. */
  get isDurable(): boolean {
    return this.#buffer === '' && !this.#unsynced;
  }

  /** Writes what was noted, before anybody is told that it happened. */
  flush(): void {
    if (this.#buffer === '') return;
    const part = this.#manifest.increments.at(-1);
    if (!part || !this.isOn) return;
    const path = this.#path(part.name);
    try {
      this.host.disk.append(path, this.#buffer);
      this.size += this.#buffer.length;
      this.#buffer = '';
      this.#unsynced = true;
      this.lastWriteStatus = 'ok';
      if (this.#policy === 'always') this.sync();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.lastWriteStatus = 'err';
      this.host.log('warning', `Error writing to the AOF file: ${error.message}`);
    }
  }

  /** Once in a while: everysec makes durable what was written in the last second. */
  tick(): void {
    this.flush();
    const { now } = this.host.clock;
    if (this.#policy === 'everysec' && now - this.#lastSyncAt >= SYNC_EVERY_MS) this.sync();
  }

  sync(): void {
    this.#lastSyncAt = this.host.clock.now;
    const part = this.#manifest.increments.at(-1);
    if (!this.#unsynced || !part) return;
    this.host.disk.sync(this.#path(part.name));
    this.#unsynced = false;
  }

  /** Goes on with the parts that were just read; makes the first ones where there are none. */
  open(manifest: AofManifest | undefined): void {
    this.isOn = true;
    if (manifest) this.#manifest = manifest;
    else this.#begin();
    if (this.#manifest.increments.length === 0) this.#addIncrement();
    this.size = this.#measure();
    this.baseSize = this.size;
  }

  /** Stops noting; what there is stays. */
  close(): void {
    this.flush();
    this.sync();
    this.isOn = false;
    this.#buffer = '';
    this.cancelRewrite();
  }

  /** When the rewrite began that goes on. */
  get rewriteStartedAt(): number | undefined {
    return this.rewriting?.startedAt;
  }

  /** Ends a rewrite; what there was stays. */
  cancelRewrite(): void {
    this.rewriting?.cancel();
    this.rewriting = undefined;
  }

  /** The manifest on the disk, or undefined if there is no append-only file. */
  stored(): AofManifest | undefined {
    const text = this.host.disk.read(this.#path(this.#manifestName));
    return text === undefined ? this.#adopt() : parseManifest(text);
  }

  /** The one file that Redis before 7.0 wrote becomes the base. */
  #adopt(): AofManifest | undefined {
    const { disk } = this.host;
    const bytes = disk.read(pathOf(this.host, this.#name));
    if (bytes === undefined) return undefined;
    disk.write(this.#path(this.#name), bytes);
    disk.remove(pathOf(this.host, this.#name));
    const manifest = { base: { name: this.#name, sequence: 1 }, increments: [] };
    this.#store(manifest);
    return manifest;
  }

  read(name: string): string | undefined {
    return this.host.disk.read(this.#path(name));
  }

  /** Cuts a part that broke off in the middle of a command. */
  truncate(name: string, bytes: string): void {
    this.host.disk.write(this.#path(name), bytes);
  }

  /** BGREWRITEAOF: the data as it is now becomes the base a little later. */
  startRewrite(): void {
    this.isRewriteScheduled = false;
    this.flush();
    this.sync();
    const old = this.#manifest;
    const base = this.#nextBase(old);
    const file = this.#baseFile();
    this.rewriting = new BackgroundWrite(this.host, {
      path: this.#path(base.name),
      file,
      finished: (error) => this.#finishRewrite(base, old, error),
    });
    if (this.isOn) this.#addIncrement();
  }

  /** Whether the file has grown so much that it is to be rewritten. */
  get hasOutgrown(): boolean {
    const percentage = Number(this.host.config.text('auto-aof-rewrite-percentage'));
    const min = Number(this.host.config.text('auto-aof-rewrite-min-size'));
    if (!this.isOn || percentage === 0 || this.size <= min) return false;
    return ((this.size - this.baseSize) * 100) / (this.baseSize || 1) >= percentage;
  }

  /** A new file, in place of one that may be left from before it was switched off. */
  #begin(): void {
    const old = this.stored();
    this.#store({ base: this.#writeBase(old), increments: [] });
    for (const { name } of [...(old?.increments ?? []), ...(old?.base ? [old.base] : [])]) {
      this.host.disk.remove(this.#path(name));
    }
  }

  #finishRewrite(base: AofPart, old: AofManifest, error: DiskError | undefined): void {
    const { clock, log } = this.host;
    const startedAt = this.rewriteStartedAt ?? clock.now;
    this.rewriting = undefined;
    this.lastRewriteDuration = Math.floor((clock.now - startedAt) / 1000);
    this.lastRewriteStatus = error ? 'err' : 'ok';
    if (error) {
      log('warning', `Background AOF rewrite failed: ${error.message}`);
      return;
    }
    const outdated = new Set(old.increments);
    this.#store({ base, increments: this.#manifest.increments.filter((i) => !outdated.has(i)) });
    for (const part of [...old.increments, ...(old.base ? [old.base] : [])]) {
      this.host.disk.remove(this.#path(part.name));
    }
    this.rewrites++;
    this.size = this.#measure();
    this.baseSize = this.size;
    log('notice', 'Background AOF rewrite finished successfully');
  }

  /** Writes all data into a new base at once. */
  #writeBase(old: AofManifest | undefined): AofPart {
    const base = this.#nextBase(old);
    this.host.disk.write(this.#path(base.name), writeData(this.host.databases, this.#baseFile()));
    return base;
  }

  #nextBase(old: AofManifest | undefined): AofPart {
    const sequence = (old?.base?.sequence ?? 0) + 1;
    const type = this.#hasPreamble ? 'rdb' : 'aof';
    return { name: `${this.#name}.${sequence}.base.${type}`, sequence };
  }

  #addIncrement(): void {
    const { base, increments } = this.#manifest;
    const sequence = (increments.at(-1)?.sequence ?? 0) + 1;
    const part = { name: `${this.#name}.${sequence}.incr.aof`, sequence };
    this.host.disk.write(this.#path(part.name), '');
    this.#store({ base, increments: [...increments, part] });
    this.#db = undefined;
  }

  #store(manifest: AofManifest): void {
    this.#manifest = manifest;
    this.host.disk.write(this.#path(this.#manifestName), printManifest(manifest));
  }

  #baseFile(): DataFile {
    if (this.#hasPreamble) return new RdbFileWriter(rdbOptions(this.host, true));
    const { functions, indexes } = this.host;
    return new CommandFileWriter(this.#stampLine(true), functions.codes, indexes.commands);
  }

  get #hasPreamble(): boolean {
    return this.host.config.text('aof-use-rdb-preamble') === 'yes';
  }

  /** The second, before the first command in it: redis-check-aof can cut the file there. */
  #stamp(): void {
    this.#buffer += this.#stampLine(false);
  }

  #stampLine(always: boolean): string {
    if (this.host.config.text('aof-timestamp-enabled') !== 'yes') return '';
    const seconds = Math.floor(this.host.clock.now / 1000);
    if (!always && seconds <= this.#lastStamp) return '';
    this.#lastStamp = seconds;
    return `#TS:${seconds}\r\n`;
  }

  #measure(): number {
    const { base, increments } = this.#manifest;
    const parts = base ? [base, ...increments] : increments;
    return parts.reduce((sum, { name }) => sum + this.host.disk.size(this.#path(name)), 0);
  }

  get #policy(): string {
    return this.host.config.text('appendfsync');
  }

  get #name(): string {
    return this.host.config.text('appendfilename');
  }

  get #manifestName(): string {
    return `${this.#name}.manifest`;
  }

  #path(name: string): string {
    return pathOf(this.host, this.host.config.text('appenddirname'), name);
  }
}
