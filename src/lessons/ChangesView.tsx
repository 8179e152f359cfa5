/** What a run did to the keys: one line, unfolding to a comparison key by key. */
import type { ReactNode } from 'react';
import { utf8Decode } from '../engine/bytes/bytes.ts';
import {
  type Aspect,
  type Change,
  type KeyState,
  nameOf as keyName,
  stateOf,
} from '../runtimes/changes.ts';
import { bytesInWords, groups, sizeInWords, textOfKey } from '../scenes/measures.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/Icon.tsx';
import { TypeGlyph } from '../ui/Text.tsx';

export type ChangesViewProps = {
  changes: readonly Change[];
  /** A program may have written to servers that it started, whose keys are not looked at. */
  byProgram: boolean;
};

export default function ChangesView({ changes, byProgram }: ChangesViewProps) {
  if (changes.length === 0) {
    return (
      <p className="border-t border-line px-3 py-1.5 text-small text-ink-2">
        {byProgram ? 'No key of the lesson’s own servers has changed.' : 'No key has changed.'}
      </p>
    );
  }
  return (
    <details className="group/changes border-t border-line text-small">
      <summary className="flex min-h-target list-none items-center gap-1.5 rounded-b px-3 py-1 hover:bg-raised">
        <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-4 gap-y-0.5">
          {changes.slice(0, MOST).map((change) => (
            <Brief key={nameOf(change)} change={change} />
          ))}
          {changes.length > MOST && (
            <span className="text-ink-2">and {groups(changes.length - MOST)} more keys</span>
          )}
        </span>
        <Icon
          name="right"
          className="shrink-0 text-ink-2 transition-transform group-open/changes:rotate-90"
        />
      </summary>
      <div className="px-3 pb-3">
        {changes.slice(0, MOST_COMPARED).map((change) => (
          <Comparison key={nameOf(change)} change={change} />
        ))}
        {changes.length > MOST_COMPARED && (
          <p className="pt-2 text-ink-2">and {groups(changes.length - MOST_COMPARED)} more keys</p>
        )}
      </div>
    </details>
  );
}

/** Keys in the line, and keys in the comparison. */
const MOST = 4;
const MOST_COMPARED = 50;

const nameOf = (change: Change) => keyName(stateOf(change));

const signs = {
  created: { sign: '+', word: 'created', className: 'text-ok' },
  changed: { sign: '~', word: 'changed', className: 'text-wait' },
  deleted: { sign: '−', word: 'deleted', className: 'text-bad' },
} as const;

function Brief({ change }: { change: Change }) {
  const { key, db, server } = stateOf(change);
  return (
    <span className="inline-flex max-w-full min-w-0 items-baseline gap-1.5">
      <Sign kind={change.kind} />
      {server !== undefined && <span className="text-ink-2">{server}</span>}
      {db > 0 && <span className="text-ink-2">db {db}</span>}
      <span className="truncate font-mono">{textOfKey(key)}</span>
      <span className="truncate text-ink-2 tabular-nums">{briefOf(change)}</span>
    </span>
  );
}

function Sign({ kind }: { kind: Change['kind'] }) {
  const { sign, word, className } = signs[kind];
  return (
    <>
      <span aria-hidden="true" className={cx('font-mono font-semibold', className)}>
        {sign}
      </span>
      <span className="sr-only">{word}: </span>
    </>
  );
}

function briefOf(change: Change): string {
  switch (change.kind) {
    case 'created':
      return `${change.after.type}, ${briefValue(change.after)}`;
    case 'deleted':
      return change.before.type;
    case 'changed': {
      const [first = 'value'] = change.aspects;
      return aspectBriefs[first](change.before, change.after);
    }
  }
}

const aspectBriefs: Readonly<Record<Aspect, (before: KeyState, after: KeyState) => string>> = {
  type: (before, after) => `${before.type} → ${after.type}`,
  value: (before, after) => `${briefValue(before)} → ${briefValue(after)}`,
  encoding: (before, after) => `${before.encoding} → ${after.encoding}`,
  expiry: (before, after) => `${expiryOf(before)} → ${expiryOf(after)}`,
  memory: (before, after) => `${memoryOf(before)} → ${memoryOf(after)}`,
};

const LONGEST_BRIEF = 24;

/** A short string as it is, anything else by its size. */
function briefValue({ type, size, value }: KeyState): string {
  const text = value === undefined ? undefined : bare(utf8Decode(value));
  const isShort = type === 'string' && text !== undefined && text.length <= LONGEST_BRIEF;
  return isShort ? text : sizeInWords(type, size);
}

/** Without the quotes that redis-cli puts around a string, where they tell nothing. */
const bare = (printed: string) => /^"([^"\\]+)"$/.exec(printed)?.[1] ?? printed;

const expiryOf = ({ expiresAt }: KeyState) =>
  expiresAt === undefined ? 'never expires' : `expires ${clockOf(expiresAt)}`;

const clockOf = (ms: number) =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' }).format(ms);

const memoryOf = ({ memory }: KeyState) =>
  memory === undefined ? 'unknown' : bytesInWords(memory);

function Comparison({ change }: { change: Change }) {
  const { key, db, type, server } = stateOf(change);
  const before = change.kind === 'created' ? undefined : change.before;
  const after = change.kind === 'deleted' ? undefined : change.after;
  return (
    <section className="border-t border-line pt-2 pb-3 first:border-t-0">
      <h4 className="mb-1 flex flex-wrap items-baseline gap-1.5">
        <Sign kind={change.kind} />
        <TypeGlyph type={type} />
        {server !== undefined && <span className="text-ink-2">{server}</span>}
        {db > 0 && <span className="text-ink-2">db {db}</span>}
        <span className="font-mono text-code font-semibold [overflow-wrap:anywhere]">
          {textOfKey(key)}
        </span>
      </h4>
      <table className="w-full table-fixed border-collapse tabular-nums">
        <thead>
          <tr className="text-left text-ink-2 [&>th]:font-normal">
            <th scope="col" className="w-20">
              <span className="sr-only">What</span>
            </th>
            <th scope="col" className="pr-3">
              Before
            </th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody className="align-baseline">
          {rows.map(([name, of]) => (
            <ComparisonRow
              key={name}
              name={name}
              before={before && of(before)}
              after={after && of(after)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const rows: readonly (readonly [string, (state: KeyState) => string])[] = [
  [
    'Value',
    ({ type, size, value }) => (value === undefined ? sizeInWords(type, size) : utf8Decode(value)),
  ],
  ['Encoding', ({ encoding }) => encoding],
  [
    'TTL',
    ({ expiresAt }) => (expiresAt === undefined ? 'none' : `until ${clockOf(expiresAt)} UTC`),
  ],
  ['Memory', memoryOf],
];

type ComparisonRowProps = { name: string; before: string | undefined; after: string | undefined };

function ComparisonRow({ name, before, after }: ComparisonRowProps) {
  const changed = before !== after;
  return (
    <tr>
      <th scope="row" className="py-0.5 text-left font-normal text-ink-2">
        {name}
      </th>
      <Cell changed={changed} className="pr-3">
        {before ?? <span className="text-ink-2">no key</span>}
      </Cell>
      <Cell changed={changed}>{after ?? <span className="text-ink-2">no key</span>}</Cell>
    </tr>
  );
}

type CellProps = { changed: boolean; className?: string; children: ReactNode };

function Cell({ changed, className, children }: CellProps) {
  return (
    <td
      className={cx(
        'max-h-40 py-0.5 font-mono whitespace-pre-wrap [overflow-wrap:anywhere]',
        !changed && 'text-ink-2',
        className,
      )}
    >
      {children}
    </td>
  );
}
