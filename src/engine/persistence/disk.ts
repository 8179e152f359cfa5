/**
 * The files of a server. Paths are separated by "/", contents are byte strings. What is written is
 * there for whoever reads next, but what has not been synced is lost when the machine loses power.
 */
export interface Disk {
  /** The content of a file, or undefined if there is none. */
  read(path: string): string | undefined;
  /**
   * Replaces a file as a whole: there is the old one or the new one, never a part. Durably, unless
   * that is not worth waiting for: a loss of power may then bring the old one back.
   */
  write(path: string, bytes: string, isDurable?: boolean): void;
  append(path: string, bytes: string): void;
  /** Makes what was appended to a file durable. */
  sync(path: string): void;
  /** Puts a file in the place of another, durably. */
  rename(from: string, to: string): void;
  /** Bytes; 0 if there is no such file. */
  size(path: string): number;
  remove(path: string): void;
}

/** A disk refuses: it is full, or the system does not let. The server says so and goes on. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
}

interface File {
  bytes: string;
  /** So many of the bytes survive a loss of power. */
  synced: number;
  /** When it was written to, in ms since 1970. */
  changedAt: number;
}

/** What a disk knows of a file, in bytes and in ms since 1970. */
export interface FileFacts {
  readonly path: string;
  readonly size: number;
  /** So many bytes at its end are lost if power is. */
  readonly unsynced: number;
  readonly changedAt: number;
}

/** A disk in memory, which outlives the servers that use it. */
export class VirtualDisk implements Disk {
  readonly #files = new Map<string, File>();
  readonly #now: () => number;
  /** Whether writing fails, as on a disk without space. */
  isFull = false;
  /** What it has had to do so far. */
  readonly traffic = { writes: 0, bytesWritten: 0, syncs: 0 };

  /** `now` tells the machine's time, in ms since 1970. */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** The paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** What is known of all files, in the order of their paths. */
  list(): FileFacts[] {
    return this.paths.map((path) => {
      const { bytes, synced, changedAt } = this.#files.get(path) as File;
      return { path, size: bytes.length, unsynced: bytes.length - synced, changedAt };
    });
  }

  read(path: string): string | undefined {
    return this.#files.get(path)?.bytes;
  }

  write(path: string, bytes: string): void {
    this.#checkSpace();
    this.#count(bytes.length);
    this.#files.set(path, { bytes, synced: bytes.length, changedAt: this.#now() });
  }

  append(path: string, bytes: string): void {
    this.#checkSpace();
    const file = this.#files.get(path) ?? { bytes: '', synced: 0, changedAt: 0 };
    this.#count(bytes.length);
    file.bytes += bytes;
    file.changedAt = this.#now();
    this.#files.set(path, file);
  }

  sync(path: string): void {
    const file = this.#files.get(path);
    if (!file) return;
    if (file.synced < file.bytes.length) this.traffic.syncs++;
    file.synced = file.bytes.length;
  }

  rename(from: string, to: string): void {
    this.#checkSpace();
    const file = this.#files.get(from);
    if (!file) throw new DiskError('No such file or directory');
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  size(path: string): number {
    return this.#files.get(path)?.bytes.length ?? 0;
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  /** The machine loses power: what was not synced is gone. */
  losePower(): void {
    for (const file of this.#files.values()) file.bytes = file.bytes.slice(0, file.synced);
  }

  #count(bytes: number): void {
    this.traffic.writes++;
    this.traffic.bytesWritten += bytes;
  }

  #checkSpace(): void {
    if (this.isFull) throw new DiskError('No space left on device');
  }
}
