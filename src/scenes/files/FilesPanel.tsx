/** The disks of the lab's hosts: what is on them, and what a loss of power would take. */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { fromUint8 } from '../../engine/bytes/bytes.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState, ErrorState } from '../../ui/States.tsx';
import type { FileEntry, HostFiles } from '../../wire/files.ts';
import { bytesInWords, groups } from '../measures.ts';
import { FileView } from './FileView.tsx';
import { clockTime, foldersOf, nameOf } from './paths.ts';
import type { FilesStore, Notice } from './store.ts';

export type FilesPanelProps = {
  store: FilesStore;
  /** It is in sight: only then are the disks read. */
  watching: boolean;
};

export function FilesPanel({ store, watching }: FilesPanelProps) {
  useEffect(() => (watching ? store.getState().watch() : undefined), [store, watching]);
  const open = useStore(store, (state) => state.open);
  return (
    <section aria-label="Files" className="@container flex h-full min-h-0 flex-col">
      {open ? (
        <FileView key={`${open.host} ${open.path}`} store={store} file={open} />
      ) : (
        <Hosts store={store} />
      )}
    </section>
  );
}

function Hosts({ store }: { store: FilesStore }) {
  const { hosts, problem, loaded } = useStore(store);
  if (problem !== undefined) {
    return <ErrorState title="The disks could not be read" text={problem} />;
  }
  if (!loaded) return <EmptyState text="Reading the disks…" />;
  const shown = hosts.filter(({ servers, files }) => servers.length + files.length > 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section aria-label="Disks" tabIndex={0} className="min-h-0 grow overflow-y-auto pb-6">
      {shown.map((host) => (
        <Host key={host.address} store={store} host={host} />
      ))}
    </section>
  );
}

function Host({ store, host }: { store: FilesStore; host: HostFiles }) {
  const { address, servers, files } = host;
  const notice = useStore(store, ({ notices }) => notices[address]);
  return (
    <section aria-label={address} className="border-b border-line px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-mono text-code font-semibold">{address}</h3>
        <p className="grow text-small text-ink-2">{serversInWords(servers)}</p>
        <HostActions store={store} host={host} />
      </div>
      {notice && <NoticeView notice={notice} />}
      {files.length === 0 ? (
        <p className="mt-2 text-ui text-ink-2">
          Nothing is on this disk yet. SAVE writes a snapshot, CONFIG SET appendonly yes begins an
          append-only file.
        </p>
      ) : (
        <Tree store={store} host={host} />
      )}
    </section>
  );
}

const serversInWords = (servers: HostFiles['servers']) =>
  servers.map(({ name, isRunning }) => `${name} ${isRunning ? 'runs' : 'is down'}`).join(', ');

function HostActions({ store, host }: { store: FilesStore; host: HostFiles }) {
  const { address, servers } = host;
  const { crash, restart } = store.getState();
  const isRunning = servers.some((server) => server.isRunning);
  return (
    <div className="no-print flex flex-wrap gap-1">
      <Upload store={store} host={host} />
      {servers.length > 0 && (
        <Button
          variant="quiet"
          icon={isRunning ? 'reset' : 'play'}
          onClick={() => void restart(address)}
        >
          {isRunning ? 'Restart' : 'Start'}
        </Button>
      )}
      {isRunning && (
        <Button variant="danger" onClick={() => void crash(address)}>
          Crash now
        </Button>
      )}
    </div>
  );
}

/** An uploaded file takes the place of one of its name, or goes where servers look. */
function Upload({ store, host }: { store: FilesStore; host: HostFiles }) {
  const input = useRef<HTMLInputElement>(null);
  const place = async (file: File) => {
    const same = host.files.find(({ path }) => nameOf(path) === file.name);
    const path = same?.path ?? `${host.servers.length > 0 ? '/data' : '/root'}/${file.name}`;
    const bytes = fromUint8(new Uint8Array(await file.arrayBuffer()));
    await store.getState().write({ host: host.address, path }, bytes);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`Upload to ${host.address}`}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void place(file);
          currentTarget.value = '';
        }}
      />
      <Button variant="quiet" icon="upload" onClick={() => input.current?.click()}>
        Upload
      </Button>
    </>
  );
}

function NoticeView({ notice: { tone, text, losses } }: { notice: Notice }) {
  const all = losses.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <div
      role="status"
      className={cx(
        'mt-2 border-l-2 py-1 pl-3 text-ui',
        tone === 'bad' ? 'border-bad' : 'border-info',
      )}
    >
      <p className={tone === 'bad' ? 'text-bad' : undefined}>{text}</p>
      {losses.length > 0 && (
        <ul className="tabular-nums">
          {losses.map(({ path, bytes }) => (
            <li key={path}>
              <span className="font-mono text-code">{path}</span>: {bytesLost(bytes)}
            </li>
          ))}
          {losses.length > 1 && <li>In all: {bytesLost(all)}</li>}
        </ul>
      )}
    </div>
  );
}

const bytesLost = (bytes: number) => `${groups(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;

function Tree({ store, host }: { store: FilesStore; host: HostFiles }) {
  return (
    <table className="mt-2 w-full table-fixed border-collapse text-ui tabular-nums">
      <colgroup>
        <col />
        <col className="w-20" />
        <col className="w-18" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">File</th>
          <th scope="col">Size</th>
          <th scope="col">Changed</th>
        </tr>
      </thead>
      {foldersOf(host.files).map(({ folder, files }) => (
        <tbody key={folder}>
          <tr>
            <th
              scope="rowgroup"
              colSpan={3}
              className="pt-2 text-left font-mono text-code font-normal text-ink-2"
            >
              {folder}
            </th>
          </tr>
          {files.map((file) => (
            <Row
              key={file.path}
              file={file}
              onOpen={() => store.getState().select({ host: host.address, path: file.path })}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Row({ file, onOpen }: { file: FileEntry; onOpen: () => void }) {
  const { path, size, unsynced, changedAt } = file;
  return (
    <tr className="border-t border-line align-baseline hover:bg-raised">
      <th scope="row" className="pl-4 text-left font-normal">
        <button
          type="button"
          onClick={onOpen}
          className="min-h-target w-full min-w-0 rounded py-1 text-left"
        >
          <span className="block font-mono text-code break-all">{nameOf(path)}</span>
          {unsynced > 0 && (
            <span className="block text-small text-wait">{bytesLost(unsynced)} not synced</span>
          )}
        </button>
      </th>
      <td className="px-2 text-right whitespace-nowrap text-ink-2">{bytesInWords(size)}</td>
      <td className="text-right whitespace-nowrap text-ink-2">{clockTime(changedAt)}</td>
    </tr>
  );
}
