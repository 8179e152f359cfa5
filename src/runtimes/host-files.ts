/** The files of the host that programs run on: they find them there, and leave them there. */
import type { FileClient } from '../wire/files.ts';
import type { World } from '../wire/link.ts';

/** Where the page's own connections come from, and so its programs. */
const HOST = '127.0.0.1';
const FOLDERS = ['/root/', '/data/', '/tmp/'] as const;
/** A larger file is not brought along. */
const LARGEST_BYTES = 4 << 20;

/** Bytes by path; `undefined` says of a file that it is gone. */
export type DiskChanges = Readonly<Record<string, string | undefined>>;

/** What is on the disk, bytes by path; nothing where there is no lab to ask. */
export async function readDisk(world: World): Promise<Readonly<Record<string, string>>> {
  return withFiles(world, async (files) => {
    const hosts = await files.ask('list');
    const there = hosts.find(({ address }) => address === HOST)?.files ?? [];
    const wanted = there.filter(
      ({ path, size }) =>
        size <= LARGEST_BYTES && FOLDERS.some((folder) => path.startsWith(folder)),
    );
    const read = wanted.map(async ({ path, size }) => {
      const about = { host: HOST, path, from: 0, length: size };
      return [path, (await files.ask('read', about)) ?? ''] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }).catch(() => ({}));
}

/** Carries out on the disk what a program has done on its own. */
export async function writeDisk(world: World, changes: DiskChanges): Promise<void> {
  const all = Object.entries(changes);
  if (all.length === 0) return;
  await withFiles(world, async (files) => {
    for (const [path, bytes] of all) {
      if (bytes === undefined) await files.ask('remove', { host: HOST, path });
      else await files.ask('write', { host: HOST, path, bytes });
    }
  });
}

async function withFiles<T>(world: World, task: (files: FileClient) => Promise<T>): Promise<T> {
  const files = world.files();
  try {
    return await task(files);
  } finally {
    files.close();
  }
}
