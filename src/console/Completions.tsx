/** What Tab offers: words with their syntax and one line of meaning. */
import { useEffect, useRef } from 'react';
import { cx } from '../ui/cx.ts';
import type { Candidate } from './complete.ts';
import { useConsole, useConsoleView } from './context.tsx';

export const optionId = (list: string, index: number) => `${list}-${index}`;

export function Completions({ id }: { id: string }) {
  const { store } = useConsoleView();
  const completion = useConsole((state) => state.tab.editor.completion);
  const box = useRef<HTMLDivElement>(null);
  const selected = completion?.selected ?? -1;
  useSelectedInView(box, selected);
  return (
    <div
      ref={box}
      id={id}
      role="listbox"
      aria-label="Completions"
      hidden={!completion}
      className="absolute inset-x-2 bottom-full sm:inset-x-edge sm:max-w-measure z-10 max-h-[min(16rem,100cqh-3.5rem)] overflow-y-auto rounded border border-border bg-paper py-1 shadow-float"
    >
      {completion?.candidates.map((candidate, index) => (
        <Option
          key={candidate.text}
          id={optionId(id, index)}
          candidate={candidate}
          selected={index === selected}
          onChoose={() => store.getState().choose(index)}
        />
      ))}
    </div>
  );
}

type OptionProps = {
  id: string;
  candidate: Candidate;
  selected: boolean;
  onChoose: () => void;
};

function Option({ id, candidate, selected, onChoose }: OptionProps) {
  const { text, syntax, meaning } = candidate;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field (combobox).
    // biome-ignore lint/a11y/useFocusableInteractive: as above.
    <div
      id={id}
      role="option"
      aria-selected={selected}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={cx('cursor-pointer px-3 py-1', selected ? 'bg-accent-soft' : 'hover:bg-raised')}
    >
      <div className="truncate font-mono text-ui text-ink-2">
        <span className="text-ink">{text}</span>
        {syntax.slice(text.length)}
      </div>
      {meaning !== '' && <div className="truncate text-small text-ink-2">{meaning}</div>}
    </div>
  );
}

function useSelectedInView(box: { readonly current: HTMLElement | null }, selected: number) {
  useEffect(() => {
    box.current?.children[selected]?.scrollIntoView({ block: 'nearest' });
  }, [box, selected]);
}
