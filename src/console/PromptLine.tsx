/** The prompt, the line being typed, its hint behind the cursor, and the completions above it. */
import { type ClipboardEvent, type FormEvent, useId, useRef } from 'react';
import { cx } from '../ui/cx.ts';
import { Completions, optionId } from './Completions.tsx';
import { useConsole, useConsoleView } from './context.tsx';
import { pressKey } from './keys.ts';
import { useCursor } from './use-cursor.tsx';

export function PromptLine() {
  const { store } = useConsoleView();
  const prompt = useConsole((state) => state.tab.prompt);
  const search = useConsole((state) => state.tab.editor.search);
  const busy = useConsole((state) => state.tab.status.activity !== 'idle');
  const list = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    store.getState().submit();
  };
  return (
    <form onSubmit={submit} className="relative shrink-0 border-t border-line">
      <Completions id={list} />
      <div className="flex min-h-10 flex-wrap items-center gap-x-2 px-edge py-1.5 font-mono text-field sm:flex-nowrap">
        <span
          className={cx(
            'max-w-full shrink-0 truncate max-sm:w-full max-sm:text-tiny',
            // A line typed now runs later.
            busy ? 'text-ink-2 select-none' : 'term-prompt',
          )}
        >
          {search ? '(reverse-i-search)' : prompt.trimEnd()}
        </span>
        <Field list={list} />
      </div>
    </form>
  );
}

function Field({ list }: { list: string }) {
  const { store } = useConsoleView();
  const input = useRef<HTMLInputElement>(null);
  const { draft, hint, completion, search } = useConsole((state) => state.tab.editor);
  const hintId = useId();
  const value = search ? search.query : draft.text;
  useCursor(input, search ? search.query.length : draft.cursor, value);
  const follow = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    store.getState().type({
      text: currentTarget.value,
      cursor: currentTarget.selectionStart ?? currentTarget.value.length,
    });
  const onPaste = (event: ClipboardEvent) => {
    if (store.getState().paste(event.clipboardData.getData('text'))) event.preventDefault();
  };
  return (
    <div className="relative min-w-0 grow basis-40">
      <Ghost text={value} hint={search ? searchHint(search) : hint} id={hintId} input={input} />
      <input
        ref={input}
        aria-label="Command"
        aria-describedby={hintId}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={completion !== undefined}
        aria-controls={list}
        aria-activedescendant={
          completion && completion.selected >= 0 ? optionId(list, completion.selected) : undefined
        }
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="send"
        value={value}
        onChange={follow}
        onSelect={follow}
        onPaste={onPaste}
        onKeyDown={(event) =>
          pressKey(event.nativeEvent, store.getState()) && event.preventDefault()
        }
        className="relative w-full bg-transparent text-ink caret-accent outline-none"
      />
    </div>
  );
}

const searchHint = ({
  query,
  at,
  found,
}: {
  query: string;
  at: number | undefined;
  found: string;
}) =>
  at !== undefined ? `  ${found}` : query === '' ? '  type to search earlier lines' : '  not found';

type GhostProps = {
  text: string;
  hint: string;
  id: string;
  input: { readonly current: HTMLInputElement | null };
};

/** The hint, pushed to its place by an invisible copy of the line. It goes where the line is too long. */
function Ghost({ text, hint, id, input }: GhostProps) {
  const field = input.current;
  const overflows = field !== null && field.scrollWidth > field.clientWidth;
  return (
    <div
      className="pointer-events-none absolute inset-0 overflow-hidden text-ellipsis whitespace-pre"
      aria-hidden={hint === ''}
    >
      <span className="invisible" aria-hidden="true">
        {text}
      </span>
      <span id={id} className="text-ink-2">
        {overflows ? '' : hint}
      </span>
    </div>
  );
}
