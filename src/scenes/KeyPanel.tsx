/** One key: its facts, and its value in pages, as text or as bytes. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { utf8Decode } from '../engine/bytes/bytes.ts';
import { printReply } from '../engine/resp/print.ts';
import { type Reply, Status } from '../engine/resp/reply.ts';
import type { KeyState } from '../runtimes/changes.ts';
import { ReplyText } from '../transcript/TranscriptView.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { EmptyState } from '../ui/States.tsx';
import { TypeGlyph } from '../ui/Text.tsx';
import { HexView } from './HexView.tsx';

import { bytesInWords, secondsInWords, sizeInWords, textOfKey } from './measures.ts';
import { idOf, type KeyId, type KeysStore } from './store.ts';

export function KeyPanel({ store, id }: { store: KeysStore; id: KeyId }) {
  const facts = useStore(store, ({ keyspace }) =>
    keyspace.keys.find((state) => idOf(state) === idOf(id)),
  );
  return (
    <>
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-4">
        <IconButton
          label="Back to all keys"
          icon="left"
          className="-ml-2"
          autoFocus
          onClick={() => store.getState().select(undefined)}
        />
        <h3 className="truncate font-mono text-code font-semibold">{textOfKey(id.key)}</h3>
      </div>
      {facts ? (
        <div className="flex min-h-0 grow flex-col gap-3 overflow-auto px-4 py-3">
          <Facts facts={facts} now={store.getState().now()} />
          <Value store={store} facts={facts} />
        </div>
      ) : (
        <EmptyState text="This key is gone: it was deleted, or it expired." />
      )}
    </>
  );
}

function Facts({ facts, now }: { facts: KeyState; now: number }) {
  const { type, encoding, size, expiresAt, memory } = facts;
  const ttl = expiresAt === undefined ? 'none' : secondsInWords((expiresAt - now) / 1000);
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-ui tabular-nums">
      <Fact name="Type">
        <TypeGlyph type={type} named />
      </Fact>
      <Fact name="Encoding">{encoding}</Fact>
      <Fact name="Size">{sizeInWords(type, size)}</Fact>
      <Fact name="TTL">{ttl}</Fact>
      {memory !== undefined && <Fact name="Memory">{bytesInWords(memory)}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-ink-2">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Elements of a page; bytes of a page of a string. */
const PAGE = 50;
const PAGE_BYTES = 1024;
/** The highest index of an array. */
const MAX_INDEX = '18446744073709551614';

function Value({ store, facts }: { store: KeysStore; facts: KeyState }) {
  const [page, setPage] = useState(0);
  const [bytes, setBytes] = useState(false);
  const perPage = facts.type === 'string' ? PAGE_BYTES : PAGE;
  const pages = Math.max(1, Math.ceil(facts.size / perPage));
  const at = Math.min(page, pages - 1);
  const value = useValue(store, facts, at);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {pages > 1 && (
          <>
            <Button aria-disabled={at === 0} onClick={() => setPage(Math.max(0, at - 1))}>
              Previous
            </Button>
            <span className="text-small text-ink-2 tabular-nums">
              page {at + 1} of {pages}
            </span>
            <Button
              aria-disabled={at === pages - 1}
              onClick={() => setPage(Math.min(pages - 1, at + 1))}
            >
              Next
            </Button>
          </>
        )}
        {facts.type === 'string' && (
          <Button variant="quiet" aria-pressed={bytes} onClick={() => setBytes(!bytes)}>
            Bytes
          </Button>
        )}
      </div>
      {value === undefined ? (
        <p className="text-ui text-ink-2">Reading the value…</p>
      ) : bytes && typeof value === 'string' ? (
        <HexView bytes={value} offset={at * PAGE_BYTES} />
      ) : (
        <div className="term">
          <ReplyText key={at} text={utf8Decode(printReply(value))} limit={200} />
        </div>
      )}
    </>
  );
}

/** A page of the value; read again whenever the key has changed. */
function useValue(store: KeysStore, facts: KeyState, page: number): Reply | undefined {
  const [value, setValue] = useState<Reply>();
  useEffect(() => {
    let current = true;
    const ask: Ask = (argv) => store.getState().ask(facts, argv);
    readPage(ask, facts, page).then(
      (read) => current && setValue(read),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [store, facts, page]);
  return value;
}

type Ask = (argv: readonly string[]) => Promise<Reply>;

async function readPage(ask: Ask, { key, type, size }: KeyState, page: number): Promise<Reply> {
  const first = page * PAGE;
  const last = String(first + PAGE - 1);
  const end = String(first + PAGE);
  switch (type) {
    case 'string':
      return ask(['GETRANGE', key, String(page * PAGE_BYTES), String((page + 1) * PAGE_BYTES - 1)]);
    case 'list':
      return ask(['LRANGE', key, String(first), last]);
    case 'zset':
      return ask(['ZRANGE', key, String(first), last, 'WITHSCORES']);
    case 'set':
      return slice(await ask(['SMEMBERS', key]), first, 1);
    case 'hash':
      return slice(await ask(['HGETALL', key]), first, 2);
    case 'stream':
      return ask(['XRANGE', key, '-', '+', 'COUNT', String(Math.min(size, first + PAGE))]);
    case 'array':
      return slice(await ask(['ARSCAN', key, '0', MAX_INDEX, 'LIMIT', end]), first, 1);
    case 'vectorset':
      return slice(await ask(['VRANGE', key, '-', '+', end]), first, 1);
    case 'ReJSON-RL':
      return asText(await ask(['JSON.GET', key, 'INDENT', '  ', 'NEWLINE', '\n', 'SPACE', ' ']));
    case 'TSDB-TYPE':
      return slice(await ask(['TS.RANGE', key, '-', '+', 'COUNT', end]), first, 1);
    default: {
      const [name, ...options] = summaries[type] ?? [];
      return name ? ask([name, key, ...options]) : `a value of type ${type}`;
    }
  }
}

/** Types that keep no list of what was put into them: what can be said of them all the same. */
const summaries: Readonly<Record<string, readonly string[]>> = {
  'MBbloom--': ['BF.INFO'],
  MBbloomCF: ['CF.INFO'],
  'CMSk-TYPE': ['CMS.INFO'],
  'TopK-TYPE': ['TOPK.LIST', 'WITHCOUNT'],
  'TDIS-TYPE': ['TDIGEST.INFO'],
};

/** As it is, without the quotes of a string. */
const asText = (reply: Reply): Reply => (typeof reply === 'string' ? new Status(reply) : reply);

/** Types that can only be read whole; `width` items make an element. */
function slice(reply: Reply, first: number, width: number): Reply {
  const items = Array.isArray(reply) ? reply : entriesOf(reply);
  return items.slice(first * width, (first + PAGE) * width);
}

function entriesOf(reply: Reply): readonly Reply[] {
  if (reply !== null && typeof reply === 'object' && 'entries' in reply) {
    const { entries } = reply;
    return Array.isArray(entries) ? (entries as readonly Reply[][]).flat() : [];
  }
  if (reply !== null && typeof reply === 'object' && 'items' in reply) return reply.items;
  return [];
}
