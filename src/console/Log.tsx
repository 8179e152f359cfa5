/** What a connection has shown, newest at the bottom. */
import { type MouseEvent, memo, useRef } from 'react';
import { useConsole, useConsoleView } from './context.tsx';
import { Reply } from './Reply.tsx';
import type { Entry } from './scrollback.ts';
import { useStickToBottom } from './use-stick-to-bottom.tsx';

export function Log() {
  const entries = useConsole((state) => state.tab.entries);
  // A stream of messages would drown everything else that a screen reader has to say.
  const streams = useConsole(
    ({ tab: { status } }) => status.activity === 'monitor' || status.subscribed,
  );
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useStickToBottom(box, content);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a convenience; Tab reaches the field as well.
    <div
      ref={box}
      role="log"
      aria-label="Commands and replies"
      aria-live={streams ? 'off' : 'polite'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
      tabIndex={0}
      onClick={focusField}
      className="term flex min-h-0 grow flex-col overflow-y-auto overscroll-contain px-edge pt-2 -outline-offset-2"
    >
      <div ref={content} className="mt-auto pb-1">
        {inGroups(entries).map((group) => (
          <Group key={groupOf(group[0])} entries={group} />
        ))}
      </div>
    </div>
  );
}

/** So many entries are laid out, or left out, together: thousands would cost each new line dear. */
const GROUP_SIZE = 64;

const groupOf = (entry: Entry | undefined) => Math.floor((entry?.id ?? 0) / GROUP_SIZE);

function inGroups(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && groupOf(last[0]) === groupOf(entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

type GroupProps = { entries: readonly Entry[] };

const Group = memo(
  function Group({ entries }: GroupProps) {
    return (
      <div className="[contain-intrinsic-size:auto_64lh] [content-visibility:auto]">
        {entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.entries.length === after.entries.length &&
    before.entries.every((entry, i) => entry === after.entries[i]),
);

/** A click beside the text goes on typing; one that selects or presses something does not. */
function focusField(event: MouseEvent<HTMLElement>) {
  const pressed = event.target instanceof Element && event.target.closest('button, a');
  const selects = window.getSelection()?.isCollapsed === false;
  const touch = window.matchMedia('(pointer: coarse)').matches;
  if (pressed || selects || touch) return;
  event.currentTarget.closest('section')?.querySelector('input')?.focus();
}

const EntryRow = memo(function EntryRow({ entry }: { entry: Entry }) {
  const { onInspect } = useConsoleView();
  switch (entry.kind) {
    case 'command':
      return (
        <div className="mt-1 first:mt-0">
          <span className="term-prompt">{entry.prompt}</span>
          <span className="term-command">{entry.text}</span>
        </div>
      );
    case 'reply':
      return <Reply entry={entry} onInspect={onInspect} />;
    case 'arrival':
      return <div className="term-reply">{entry.text}</div>;
    case 'cli':
      return (
        <div className={isTrouble(entry.text) ? 'term-error' : 'term-reply'}>{entry.text}</div>
      );
    case 'note':
      return <div className="term-note">{entry.text}</div>;
    case 'comparison':
      return <Comparison entry={entry} />;
  }
});

const isTrouble = (text: string) => /^(Error:|Could not connect|Invalid|unknown)/.test(text);

function Comparison({ entry }: { entry: Extract<Entry, { kind: 'comparison' }> }) {
  if (entry.agrees) {
    return <div className="term-note">✓ The pasted session shows the same reply.</div>;
  }
  return (
    <div className="border-l-2 border-wait pl-2">
      <div className="term-note">The pasted session shows another reply:</div>
      <div className="term-reply">{entry.text}</div>
    </div>
  );
}
