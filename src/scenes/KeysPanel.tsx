/** The keys of the servers: what each is, how large, and how long it has left. */
import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import type { KeyState } from '../runtimes/changes.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/Icon.tsx';
import { EmptyState, ErrorState } from '../ui/States.tsx';
import { TypeGlyph } from '../ui/Text.tsx';
import { KeyPanel } from './KeyPanel.tsx';
import { bytesInWords, groups, sizeInWords, textOfKey } from './measures.ts';
import { idOf, type KeysStore } from './store.ts';
import { Ttl } from './Ttl.tsx';

export type KeysPanelProps = {
  store: KeysStore;
  /** It is in sight: only then are the keys read. */
  watching: boolean;
};

export function KeysPanel({ store, watching }: KeysPanelProps) {
  useWatching(store, watching);
  const selected = useStore(store, (state) => state.selected);
  return (
    <section aria-label="Keys" className="@container flex h-full min-h-0 flex-col">
      {selected === undefined ? (
        <KeyList store={store} />
      ) : (
        <KeyPanel key={idOf(selected)} store={store} id={selected} />
      )}
    </section>
  );
}

function useWatching(store: KeysStore, on: boolean): void {
  useEffect(() => (on ? store.getState().watch() : undefined), [store, on]);
}

/** More rows than this nobody reads; a filter finds the others. */
const MOST_ROWS = 500;

function KeyList({ store }: { store: KeysStore }) {
  const { keyspace, filter, problem, loaded } = useStore(store);
  if (problem !== undefined && !loaded) {
    return <ErrorState title="The keys could not be read" text={problem} />;
  }
  const wanted = utf8Encode(filter);
  const found = keyspace.keys.filter(({ key }) => key.includes(wanted)).sort(byName);
  const shown = found.slice(0, MOST_ROWS);
  return (
    <>
      <Filter store={store} />
      {found.length === 0 ? (
        <EmptyState text={emptyWords(loaded, filter)} />
      ) : (
        <>
          <Rows store={store} keys={shown} />
          <p className="border-t border-line px-4 py-1.5 text-small text-ink-2 tabular-nums">
            {countInWords(shown.length, found.length + keyspace.unseen)}
          </p>
        </>
      )}
      {keyspace.silent !== undefined && keyspace.silent.length > 0 && (
        <p role="status" className="border-t border-line px-4 py-1.5 text-small text-bad">
          {silenceInWords(keyspace.silent)}
        </p>
      )}
    </>
  );
}

const byName = (a: KeyState, b: KeyState) =>
  a.db - b.db || compare(a.key, b.key) || compare(a.server ?? '', b.server ?? '');

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const countInWords = (shown: number, all: number) =>
  shown < all
    ? `First ${shown} of ${groups(all)} keys`
    : `${shown} ${shown === 1 ? 'key' : 'keys'}`;

const silenceInWords = (servers: readonly string[]) =>
  servers.length === 1
    ? `${servers[0]} does not answer: its keys are not shown.`
    : `${servers.join(', ')} do not answer: their keys are not shown.`;

function emptyWords(loaded: boolean, filter: string): string {
  if (!loaded) return 'Reading the keys…';
  if (filter !== '') return `No key contains “${filter}”.`;
  return 'The database is empty. Run an example, or SET a key in the console, and it appears here.';
}

function Filter({ store }: { store: KeysStore }) {
  const filter = useStore(store, (state) => state.filter);
  const field = useId();
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-line px-4">
      <label htmlFor={field} className="flex items-center text-ink-2">
        <Icon name="search" />
        <span className="sr-only">Filter keys by name</span>
      </label>
      <input
        id={field}
        type="search"
        value={filter}
        placeholder="Filter by name"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        onChange={({ target }) => store.getState().setFilter(target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        className="min-h-target w-full min-w-0 grow bg-transparent font-mono text-field placeholder:font-sans placeholder:text-ink-2"
      />
      <ServerChoice store={store} />
    </div>
  );
}

/** Whose keys; nothing where there is only one server. */
function ServerChoice({ store }: { store: KeysStore }) {
  const server = useStore(store, (state) => state.server);
  const { servers, choose } = store.getState();
  const all = servers();
  if (all.length < 2) return null;
  return (
    <select
      aria-label="Keys of"
      value={server ?? ''}
      onChange={({ target }) => choose(target.value === '' ? undefined : target.value)}
      className="min-h-target shrink-0 border-l border-line bg-paper pl-2 text-ui text-ink"
    >
      <option value="">all primaries</option>
      {all.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Rows({ store, keys }: { store: KeysStore; keys: readonly KeyState[] }) {
  const changed = useStore(store, (state) => state.changed);
  const now = useLabTime(store, keys);
  const severalDbs = keys.some(({ db }) => db !== keys[0]?.db) || (keys[0]?.db ?? 0) > 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section aria-label="List of keys" tabIndex={0} className="min-h-0 grow overflow-y-auto">
      <table className="w-full table-fixed border-collapse text-ui tabular-nums">
        <thead className="text-left text-small text-ink-2">
          <tr className="[&>th]:sticky [&>th]:top-0 [&>th]:z-1 [&>th]:bg-paper [&>th]:py-1.5 [&>th]:font-normal">
            <th scope="col" className="pl-4">
              Key
            </th>
            <th scope="col" className="w-24 px-2 @max-[30rem]:hidden">
              Encoding
            </th>
            <th scope="col" className="w-24 px-2 text-right @max-[30rem]:hidden">
              Size
            </th>
            <th scope="col" className="w-16 px-2 text-right">
              TTL
            </th>
            <th scope="col" className="w-20 pr-4 pl-2 text-right">
              Memory
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((state) => {
            const flash = changed.keys.has(idOf(state));
            return (
              <Row
                // A changed row is a new one, so that its flash begins again.
                key={`${idOf(state)} ${flash ? changed.read : ''}`}
                state={state}
                db={severalDbs ? state.db : undefined}
                now={now}
                flash={flash}
                onOpen={() => store.getState().select(state)}
              />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

type RowProps = {
  state: KeyState;
  /** Shown where there are several. */
  db: number | undefined;
  now: number;
  flash: boolean;
  onOpen: () => void;
};

function Row({ state, db, now, flash, onOpen }: RowProps) {
  const { key, type, encoding, size, expiresAt, memory, server } = state;
  return (
    <tr className={cx('border-t border-line hover:bg-raised', flash && 'just-changed')}>
      <th scope="row" className="pl-4 text-left font-normal">
        <button
          type="button"
          onClick={onOpen}
          className="flex min-h-target w-full min-w-0 items-center gap-2 rounded text-left"
        >
          <TypeGlyph type={type} />
          {server !== undefined && <span className="shrink-0 text-small text-ink-2">{server}</span>}
          {db !== undefined && <span className="shrink-0 text-small text-ink-2">db {db}</span>}
          <span className="min-w-0 py-1">
            <span className="block truncate font-mono text-code" title={textOfKey(key)}>
              {textOfKey(key)}
            </span>
            <span className="block truncate text-small text-ink-2 @min-[30rem]:hidden">
              {encoding}, {sizeInWords(type, size)}
            </span>
          </span>
        </button>
      </th>
      <td className="truncate px-2 text-ink-2 @max-[30rem]:hidden">{encoding}</td>
      <td className="px-2 text-right whitespace-nowrap text-ink-2 @max-[30rem]:hidden">
        {sizeInWords(type, size)}
      </td>
      <td className="px-2 text-right whitespace-nowrap">
        <Ttl expiresAt={expiresAt} now={now} />
      </td>
      <td className="pr-4 pl-2 text-right whitespace-nowrap text-ink-2">
        {memory === undefined ? '' : bytesInWords(memory)}
      </td>
    </tr>
  );
}

/** The lab's time, once a second while a key is running out; when one has, the keys are read again. */
function useLabTime(store: KeysStore, keys: readonly KeyState[]): number {
  const [now, setNow] = useState(() => store.getState().now());
  useEffect(() => {
    setNow(store.getState().now());
    if (keys.every(({ expiresAt }) => expiresAt === undefined)) return;
    const timer = setInterval(() => {
      const at = store.getState().now();
      setNow(at);
      if (keys.some(({ expiresAt }) => expiresAt !== undefined && expiresAt < at)) {
        store.getState().refresh();
      }
    }, 1000);
    return () => clearInterval(timer);
  }, [store, keys]);
  return now;
}
