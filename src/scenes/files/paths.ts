/** The paths of files, and their times, as they are shown. */
import type { FileEntry } from '../../wire/files.ts';

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** The files of a disk, folder by folder. */
export function foldersOf(
  files: readonly FileEntry[],
): readonly { readonly folder: string; readonly files: readonly FileEntry[] }[] {
  const folders = new Map<string, FileEntry[]>();
  for (const file of files) {
    const folder = folderOf(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, inside]) => ({
      folder,
      files: inside,
    }));
}

/** The time of day of a moment in ms since 1970, as servers log it: in UTC. */
export const clockTime = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** How a file is shown at first. */
export type Look = 'meaning' | 'text' | 'bytes';

/** Snapshots and append-only files have a meaning; other files are text unless their bytes are none. */
export function looksOf(path: string, text: string | undefined): readonly [Look, ...Look[]] {
  if (/\.(rdb|aof)$/.test(path)) {
    return text === undefined ? ['meaning', 'bytes'] : ['meaning', 'text', 'bytes'];
  }
  return text === undefined ? ['bytes', 'meaning'] : ['text', 'bytes'];
}
