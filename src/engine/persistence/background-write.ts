/**
 * Writes a file of all data in the background: as the data is now, slice by slice, so that commands
 * run in between. Redis forks a process for that; here each key is written before it changes.
 */
import type { Frozen } from '../keyspace/frozen.ts';
import { DiskError } from './disk.ts';
import type { PersistenceHost } from './host.ts';
import type { DataFile } from './rdb-file-write.ts';

/** How long it takes at least, and how many bytes are written in a millisecond. */
const MIN_MS = 20;
const BYTES_PER_MS = 100_000;
/** A slice ends when it has written so much or taken so long; the next begins a little later. */
const SLICE_BYTES = 128 * 1024;
const SLICE_USEC = 5000;
const SLICE_GAP_MS = 8;
/** The stopwatch is looked at once for so many keys. */
const KEYS_PER_LOOK = 64;

/** Where the file goes, and who hears that it is there: the error, or undefined when all went well. */
interface Order {
  readonly path: string;
  readonly file: DataFile;
  finished(error: DiskError | undefined): void;
}

export class BackgroundWrite {
  readonly startedAt: number;
  /** Keys that have been written, and keys in all. */
  keysDone = 0;
  readonly keysTotal: number;
  readonly #frozen: readonly Frozen[];
  /** Which of the databases is being walked through. */
  #at = -1;
  #bytes = 0;
  #error: DiskError | undefined;
  #isOver = false;

  constructor(
    private readonly host: PersistenceHost,
    private readonly order: Order,
  ) {
    this.startedAt = host.clock.now;
    this.#frozen = host.databases
      .filter(({ size }) => size > 0)
      .map((db) => {
        const { index } = db;
        return db.freeze((key, value, expiry) => {
          this.keysDone++;
          order.file.key(index, key, value, expiry);
        });
      });
    this.keysTotal = this.#frozen.reduce((sum, { size }) => sum + size, 0);
    order.file.begin();
    this.#slice();
  }

  /** Stops, and leaves no file. */
  cancel(): void {
    this.#end();
    this.host.disk.remove(this.#draft);
  }

  get #draft(): string {
    return `${this.order.path}.draft`;
  }

  /** Writes for a moment. */
  #slice(): void {
    const { file } = this.order;
    const { host } = this;
    if (this.#isOver || host.isDown) return;
    const started = host.stopwatch();
    let keys = 0;
    let isMore = true;
    while (isMore && file.length < SLICE_BYTES) {
      isMore = this.#step();
      if (++keys % KEYS_PER_LOOK === 0 && host.stopwatch() - started > SLICE_USEC) break;
    }
    if (!isMore) file.end();
    this.#write(file.take());
    const tookMs = (host.stopwatch() - started) / 1000;
    if (isMore) host.clock.schedule(Math.max(SLICE_GAP_MS, tookMs * 2), () => this.#slice());
    else this.#finishLater();
  }

  /** Writes the next key. False when there is none. */
  #step(): boolean {
    const current = this.#frozen[this.#at];
    if (current?.step()) return true;
    const next = this.#frozen[++this.#at];
    if (next) this.order.file.database(next);
    return next !== undefined;
  }

  #write(bytes: string): void {
    this.#bytes += bytes.length;
    if (this.#error) return;
    this.#guard(() => {
      this.host.disk.append(this.#draft, bytes);
      this.host.disk.sync(this.#draft);
    });
  }

  /** What a disk and rdb-key-save-delay would have taken passes before the file is there. */
  #finishLater(): void {
    const { clock, config } = this.host;
    for (const db of this.host.databases) db.thaw();
    const delayUsec = Math.max(Number(config.text('rdb-key-save-delay')), 0);
    const tookMs = MIN_MS + this.#bytes / BYTES_PER_MS + (this.keysTotal * delayUsec) / 1000;
    clock.schedule(this.startedAt + tookMs - clock.now, () => {
      if (this.#isOver || this.host.isDown) return;
      this.#isOver = true;
      this.#guard(() => {
        if (!this.#error) this.host.disk.rename(this.#draft, this.order.path);
      });
      this.order.finished(this.#error);
    });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const db of this.host.databases) db.thaw();
  }

  #guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#error = error;
    }
  }
}
