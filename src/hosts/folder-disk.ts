import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Disk, DiskError } from '../engine/persistence/disk.ts';

/** The files of a server on the disk of this machine. Folders are made where they are missing. */
export class FolderDisk implements Disk {
  /** Files that are appended to stay open. */
  readonly #open = new Map<string, number>();

  read(path: string): string | undefined {
    try {
      return readFileSync(path, 'latin1');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw diskError(error);
    }
  }

  write(path: string, bytes: string, isDurable = true): void {
    this.#close(path);
    const draft = `${path}.temp-${process.pid}`;
    guard(() => {
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(draft, 'w');
      try {
        writeAll(file, bytes);
        if (isDurable) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, path);
    });
  }

  append(path: string, bytes: string): void {
    guard(() => {
      const file = this.#open.get(path) ?? openToAppend(path);
      this.#open.set(path, file);
      writeAll(file, bytes);
    });
  }

  sync(path: string): void {
    const file = this.#open.get(path);
    if (file !== undefined) guard(() => fdatasyncSync(file));
  }

  rename(from: string, to: string): void {
    this.#close(from);
    this.#close(to);
    guard(() => renameSync(from, to));
  }

  size(path: string): number {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  remove(path: string): void {
    this.#close(path);
    guard(() => rmSync(path, { force: true }));
  }

  #close(path: string): void {
    const file = this.#open.get(path);
    if (file !== undefined) closeSync(file);
    this.#open.delete(path);
  }
}

/** One call may write less than it was given. */
function openToAppend(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a');
}

function writeAll(file: number, bytes: string): void {
  const buffer = Buffer.from(bytes, 'latin1');
  for (let at = 0; at < buffer.length; ) at += writeSync(file, buffer, at);
}

function guard(task: () => void): void {
  try {
    task();
  } catch (error) {
    throw diskError(error);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** What the C library says about an error of the system. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return reasons[codeOf(error)] ?? message;
}

const diskError = (error: unknown): DiskError => new DiskError(reasonOf(error));

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ETIMEDOUT: 'Connection timed out',
  EACCES: 'Permission denied',
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
};
