import { type FileFacts, VirtualDisk } from '../engine/persistence/disk.ts';

/** A disk at a path, or the part of it that begins with "/folder" or is that file. */
export interface MountedPart {
  readonly path: string;
  readonly disk: VirtualDisk;
  readonly part: string;
}

/**
 * The files of a container: its own, and those of the volumes that are mounted in it, each at a path.
 * Files of volumes stay when the container goes.
 */
export class MountedDisk extends VirtualDisk {
  /** The longest paths first: a volume may be mounted within another. */
  readonly #mounts: readonly MountedPart[];

  constructor(now: () => number, mounts: readonly MountedPart[]) {
    super(now);
    this.#mounts = [...mounts].sort((a, b) => b.path.length - a.path.length);
  }

  override get paths(): string[] {
    const mounted = this.#mounts.flatMap((mount) =>
      mount.disk.paths.flatMap((path) => seenAt(mount, path) ?? []),
    );
    return [...super.paths, ...mounted].sort();
  }

  override list(): FileFacts[] {
    const mounted = this.#mounts.flatMap((mount) =>
      mount.disk.list().flatMap((facts) => {
        const path = seenAt(mount, facts.path);
        return path === undefined ? [] : [{ ...facts, path }];
      }),
    );
    const paths = new Set(super.paths);
    const own = paths.size === 0 ? [] : this.#own(paths);
    return [...own, ...mounted].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  override read(path: string): string | undefined {
    const [disk, inner] = this.#find(path);
    return disk ? disk.read(inner) : super.read(path);
  }

  override write(path: string, bytes: string): void {
    const [disk, inner] = this.#find(path);
    if (disk) disk.write(inner, bytes);
    else super.write(path, bytes);
  }

  override append(path: string, bytes: string): void {
    const [disk, inner] = this.#find(path);
    if (disk) disk.append(inner, bytes);
    else super.append(path, bytes);
  }

  override sync(path: string): void {
    const [disk, inner] = this.#find(path);
    if (disk) disk.sync(inner);
    else super.sync(path);
  }

  override rename(from: string, to: string): void {
    const [disk, inner] = this.#find(from);
    const [target, innerTo] = this.#find(to);
    if (disk && disk === target) disk.rename(inner, innerTo);
    else if (!disk && !target) super.rename(from, to);
    else {
      this.write(to, this.read(from) ?? '');
      this.remove(from);
    }
  }

  override size(path: string): number {
    const [disk, inner] = this.#find(path);
    return disk ? disk.size(inner) : super.size(path);
  }

  override remove(path: string): void {
    const [disk, inner] = this.#find(path);
    if (disk) disk.remove(inner);
    else super.remove(path);
  }

  /** Of its own files only: a volume is told by whoever has it. */
  clear(): void {
    for (const path of super.paths) super.remove(path);
  }

  #own(paths: ReadonlySet<string>): FileFacts[] {
    return [...paths].map((path) => ({
      path,
      size: super.size(path),
      unsynced: 0,
      changedAt: 0,
    }));
  }

  #find(path: string): readonly [VirtualDisk | undefined, string] {
    const mount = this.#mounts.find((each) => isWithin(path, each.path));
    if (!mount) return [undefined, path];
    return [mount.disk, `${mount.part}${path.slice(mount.path.length)}`];
  }
}

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Where a file of a disk is seen; undefined when it is not in the part that is. */
const seenAt = ({ path: at, part }: MountedPart, path: string): string | undefined =>
  part === '' || isWithin(path, part) ? `${at}${path.slice(part.length)}` : undefined;
