/** One file: what its bytes mean, its text to be edited, or its bytes as they are. */
import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { toUint8, utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/States.tsx';
import type { FileEntry, FileName } from '../../wire/files.ts';
import { HexView } from '../HexView.tsx';
import { groups } from '../measures.ts';
import { MeaningView } from './MeaningView.tsx';
import { Pager } from './Pager.tsx';
import { type Look, looksOf, nameOf } from './paths.ts';
import type { FilesStore } from './store.ts';
import { useAnswer } from './use-answer.tsx';

type FileProps = { store: FilesStore; file: FileName };

export function FileView({ store, file }: FileProps) {
  const entry = useStore(store, ({ hosts }) =>
    hosts
      .find(({ address }) => address === file.host)
      ?.files.find(({ path }) => path === file.path),
  );
  return (
    <>
      <div className="flex shrink-0 items-center gap-1 border-b border-line px-4">
        <IconButton
          label="Back to all files"
          icon="left"
          className="-ml-2"
          autoFocus
          onClick={() => store.getState().select(undefined)}
        />
        <h3 className="min-w-0 grow truncate font-mono text-code font-semibold" title={file.path}>
          {nameOf(file.path)}
        </h3>
        {entry && <FileActions store={store} file={file} size={entry.size} />}
      </div>
      {entry ? (
        <Content store={store} file={file} entry={entry} />
      ) : (
        <EmptyState text="This file is gone: it was deleted, or another has taken its place." />
      )}
    </>
  );
}

function FileActions({ store, file, size }: FileProps & { size: number }) {
  const download = async () => {
    const bytes = await store.getState().ask('read', { ...file, from: 0, length: size });
    if (bytes !== undefined) saveAs(nameOf(file.path), bytes);
  };
  return (
    <div className="flex">
      <IconButton label="Download" icon="download" onClick={() => void download()} />
      <IconButton label="Delete" icon="cross" onClick={() => void store.getState().remove(file)} />
    </div>
  );
}

function saveAs(name: string, bytes: string): void {
  const url = URL.createObjectURL(new Blob([toUint8(bytes) as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Longer files are not edited here. */
const EDITED_AT_MOST = 200_000;

const lookNames: Readonly<Record<Look, string>> = {
  meaning: 'Meaning',
  text: 'Text',
  bytes: 'Bytes',
};

function Content({ store, file, entry }: FileProps & { entry: FileEntry }) {
  const bytes = useBytes(store, file, entry, 0, EDITED_AT_MOST);
  const [chosen, choose] = useState<Look>();
  if (bytes === undefined) return <EmptyState text="Reading the file…" />;
  const looks = looksOf(file.path, entry.size <= EDITED_AT_MOST ? textOf(bytes) : undefined);
  const look = chosen !== undefined && looks.includes(chosen) ? chosen : looks[0];
  return (
    <div className="flex min-h-0 grow flex-col gap-2 overflow-auto px-4 py-3">
      <div className="flex flex-wrap items-center gap-1">
        {looks.map((each) => (
          <Button
            key={each}
            variant={each === look ? 'plain' : 'quiet'}
            aria-pressed={each === look}
            onClick={() => choose(each)}
          >
            {lookNames[each]}
          </Button>
        ))}
        <p className="ml-auto text-small text-ink-2 tabular-nums">
          {groups(entry.size)} {entry.size === 1 ? 'byte' : 'bytes'}
          {entry.unsynced > 0 && `, ${groups(entry.unsynced)} of them not synced`}
        </p>
      </div>
      {look === 'meaning' && <MeaningView store={store} file={file} entry={entry} />}
      {look === 'text' && <TextView store={store} file={file} saved={textOf(bytes) ?? ''} />}
      {look === 'bytes' && <BytesView store={store} file={file} entry={entry} />}
    </div>
  );
}

function TextView({ store, file, saved }: FileProps & { saved: string }) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? saved;
  const isChanged = draft !== undefined && draft !== saved;
  const save = async () => {
    await store.getState().write(file, utf8Encode(text));
    setDraft(undefined);
  };
  const notice = useStore(store, ({ notices }) => notices[file.host]);
  return (
    <>
      <textarea
        aria-label={`The text of ${file.path}`}
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={({ target }) => setDraft(target.value)}
        className="term min-h-48 grow resize-none rounded border border-border bg-paper p-2 text-field"
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button icon="check" aria-disabled={!isChanged} onClick={() => isChanged && void save()}>
          Save to the disk
        </Button>
        {isChanged && (
          <Button variant="quiet" onClick={() => setDraft(undefined)}>
            Discard changes
          </Button>
        )}
        <p role="status" className="text-small text-ink-2">
          {!isChanged && notice?.text}
        </p>
      </div>
    </>
  );
}

const PAGE_BYTES = 1024;

function BytesView({ store, file, entry }: FileProps & { entry: FileEntry }) {
  const [page, setPage] = useState(0);
  const at = Math.min(page, Math.max(0, Math.ceil(entry.size / PAGE_BYTES) - 1));
  const bytes = useBytes(store, file, entry, at * PAGE_BYTES, PAGE_BYTES);
  return (
    <>
      <Pager what="bytes" all={entry.size} perPage={PAGE_BYTES} page={at} onPage={setPage} />
      {bytes !== undefined && <HexView bytes={bytes} offset={at * PAGE_BYTES} />}
    </>
  );
}

/** Some bytes of a file; undefined until they are there. */
function useBytes(
  store: FilesStore,
  file: FileName,
  entry: FileEntry,
  from: number,
  length: number,
): string | undefined {
  const ask = useCallback(
    () => store.getState().ask('read', { ...file, from, length }),
    [store, file, from, length],
  );
  return useAnswer(entry, ask);
}

/** Bytes as text; undefined when they are none. */
function textOf(bytes: string): string | undefined {
  const text = utf8Decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell that it is no text.
  return /[\x00-\x08\x0e-\x1f\ufffd]/.test(text) ? undefined : text;
}
