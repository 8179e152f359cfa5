/**
 * The disks of a lab's hosts as the Files panel shows them. They are read while somebody looks: after
 * something was done, and now and then, for servers write by themselves.
 */
import { createStore } from 'zustand/vanilla';
import type { FileClient, FileName, HostFiles, Loss } from '../../wire/files.ts';

export interface FilesState {
  readonly hosts: readonly HostFiles[];
  readonly loaded: boolean;
  readonly problem: string | undefined;
  /** The file that is looked into. */
  readonly open: FileName | undefined;
  /** What the last crash, restart or upload has done, by host. */
  readonly notices: Readonly<Record<string, Notice>>;
  select(file: FileName | undefined): void;
  /** Somebody looks; returns how to stop. */
  watch(): () => void;
  /** Something may have changed: reads soon, if anybody looks. */
  refresh(): void;
  readonly ask: Ask;
  /** Writes a file, or replaces it. */
  write(file: FileName, bytes: string): Promise<void>;
  remove(file: FileName): Promise<void>;
  /** Takes the host's power. */
  crash(host: string): Promise<void>;
  /** Stops the host's servers, if they run, and starts them from their files. */
  restart(host: string): Promise<void>;
}

export interface Notice {
  readonly tone: 'plain' | 'bad';
  readonly text: string;
  readonly losses: readonly Loss[];
}

export type Ask = FileClient['ask'];
export type FilesStore = ReturnType<typeof createFilesStore>;

/** How often the disks are read while somebody looks. */
const EVERY_MS = 1000;

export function createFilesStore(ask: Ask) {
  return createStore<FilesState>()((set, get) => {
    const look = async () => {
      try {
        set({ hosts: await ask('list'), loaded: true, problem: undefined });
      } catch (error) {
        set({ problem: messageOf(error) });
      }
    };
    const tell = (host: string, notice: Notice) =>
      set({ notices: { ...get().notices, [host]: notice } });
    const attempt = async (host: string, task: () => Promise<Notice>) => {
      tell(host, await task().catch((error: unknown) => bad(`${messageOf(error)}.`)));
      await look();
    };
    return {
      hosts: [],
      loaded: false,
      problem: undefined,
      open: undefined,
      notices: {},
      ask,
      ...watching(look),
      select: (open) => set({ open }),
      write: (file, bytes) => attempt(file.host, () => write(ask, file, bytes)),
      crash: (host) => attempt(host, () => crash(ask, host)),
      restart: (host) => attempt(host, () => restart(ask, host)),
      remove: (file) =>
        attempt(file.host, async () => {
          await ask('remove', file);
          set({ open: undefined });
          return good(`${file.path} was deleted.`);
        }),
    };
  });
}

function watching(look: () => Promise<void>): Pick<FilesState, 'watch' | 'refresh'> {
  let watchers = 0;
  return {
    watch() {
      watchers++;
      void look();
      const timer = setInterval(() => void look(), EVERY_MS);
      return () => {
        watchers--;
        clearInterval(timer);
      };
    },
    refresh() {
      if (watchers > 0) void look();
    },
  };
}

async function write(ask: Ask, file: FileName, bytes: string): Promise<Notice> {
  await ask('write', { ...file, bytes });
  return good(`Written to ${file.path}. A server reads it when it starts.`);
}

async function crash(ask: Ask, host: string): Promise<Notice> {
  const losses = await ask('crash', { host });
  if (losses.length === 0) return good('The power failed. All was synced: no byte is lost.');
  return good('The power failed. What was not synced is lost:', losses);
}

async function restart(ask: Ask, host: string): Promise<Notice> {
  const refusals = await ask('restart', { host });
  if (refusals.length > 0) return bad(refusals.join(' '));
  return good('Started from the files of this disk.');
}

const good = (text: string, losses: readonly Loss[] = []): Notice => ({
  tone: 'plain',
  text,
  losses,
});
const bad = (text: string): Notice => ({ tone: 'bad', text, losses: [] });

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
