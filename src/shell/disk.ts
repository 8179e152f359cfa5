import type { InMemoryFs } from 'just-bash/browser';
import { fromUint8, toUint8 } from '../engine/bytes/bytes.ts';
import type { Files } from './program.ts';

/**
 * Bash has a file system of its own, and a host's servers have theirs. Both hold the same files at
 * the moments that matter: before a program of ours runs, and after it.
 */
export class SharedDisk {
  readonly #bash: InMemoryFs;
  readonly #host: Files;
  /** What both held when they were last the same. */
  readonly #same = new Map<string, string>();
  /** What bash brings along: the names of its commands, its devices. */
  readonly #own: ReadonlySet<string>;
  #turn: Promise<void> = Promise.resolve();

  constructor(bash: InMemoryFs, host: Files) {
    this.#bash = bash;
    this.#host = host;
    this.#own = new Set(bash.getAllPaths());
  }

  /** Brings what the servers have written to bash. */
  toBash(): Promise<void> {
    return this.#alone(() => this.#copyToBash());
  }

  /** Brings what bash has written to the servers. */
  toHost(): Promise<void> {
    return this.#alone(() => this.#copyToHost());
  }

  /** One after the other: a statement and a job beside it would undo what the other has begun. */
  #alone(copy: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(copy);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #copyToBash(): Promise<void> {
    const paths = new Set(this.#host.paths);
    for (const path of paths) {
      const bytes = this.#host.read(path) ?? '';
      if (this.#same.get(path) === bytes) continue;
      await this.#bash.mkdir(folderOf(path), { recursive: true });
      await this.#bash.writeFile(path, toUint8(bytes));
      this.#same.set(path, bytes);
    }
    for (const path of [...this.#same.keys()]) {
      if (paths.has(path)) continue;
      await this.#bash.rm(path, { force: true });
      this.#same.delete(path);
    }
  }

  async #copyToHost(): Promise<void> {
    const found = new Set<string>();
    for (const path of this.#bash.getAllPaths()) {
      if (this.#own.has(path) || !(await this.#bash.stat(path)).isFile) continue;
      found.add(path);
      const bytes = fromUint8(await this.#bash.readFileBuffer(path));
      if (this.#same.get(path) === bytes) continue;
      this.#host.write(path, bytes);
      this.#same.set(path, bytes);
    }
    for (const path of [...this.#same.keys()]) {
      if (found.has(path)) continue;
      this.#host.remove(path);
      this.#same.delete(path);
    }
  }
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
