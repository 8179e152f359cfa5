/** What has happened, in words; newest last. */
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { cx } from '../../ui/cx.ts';
import { Checkbox } from '../../ui/Fields.tsx';
import { timeInWords } from './node-words.ts';
import type { TopologyStore } from './store.ts';

/** More than this nobody reads back. */
const MOST_SHOWN = 300;

export function Timeline({ store }: { store: TopologyStore }) {
  const events = useStore(store, (state) => state.events);
  const isSelected = useStore(store, (state) => state.selected !== undefined);
  const [isFull, setFull] = useState(false);
  const heading = useId();
  const shown = events.filter(({ kind }) => isFull || kind !== 'detail').slice(-MOST_SHOWN);
  return (
    // It stays in sight whatever is looked at above it, which may need the room: here is what comes of
    // what one does there.
    <section
      aria-labelledby={heading}
      className={cx(
        'flex shrink-0 grow flex-col border-t border-line',
        isSelected ? 'basis-[max(18%,7rem)]' : 'basis-[30%]',
      )}
    >
      <div className="flex items-center justify-between gap-2 px-4">
        <h3 id={heading} className="text-ui font-semibold">
          What happened
        </h3>
        <Checkbox
          label="All lines of the logs"
          checked={isFull}
          onChange={({ target }) => setFull(target.checked)}
        />
      </div>
      <div
        role="log"
        aria-labelledby={heading}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        // Reversed, so that it stays at its end while it grows and while its height changes.
        className="flex h-0 grow flex-col-reverse overflow-y-auto px-4 pb-3 text-ui -outline-offset-2"
      >
        <div className="mb-auto">
          {shown.length === 0 && (
            <p className="text-ink-2">Nothing yet. Kill a server or cut a link, and watch.</p>
          )}
          {shown.map(({ id, at, node, text, kind }) => (
            <p key={id} className={cx('flex gap-2.5 py-px', kind === 'detail' && 'text-ink-2')}>
              <span className="shrink-0 font-mono text-tiny leading-[1.7] text-ink-2 tabular-nums">
                {timeInWords(at)}
              </span>
              <span className={cx('min-w-0', kind === 'fault' && 'text-accent')}>
                <b className="font-semibold">{node}</b> {text}
              </span>
            </p>
          ))}
        </div>
      </div>
    </section>
  );
}
