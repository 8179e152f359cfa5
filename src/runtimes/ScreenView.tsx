/** What a program has printed so far, and how far the loading has come that it waits for. */

import type { FormEvent, KeyboardEvent } from 'react';
import { cx } from '../ui/cx.ts';
import { Progress } from '../ui/Progress.tsx';
import { type Asking, type Chunk, hasColumns, type Loading, type Screen } from './screen.ts';

export function ScreenView({ screen }: { screen: Screen }) {
  const { chunks, loading, asking } = screen;
  const isTable = hasColumns(chunks);
  return (
    <>
      {loading && <LoadingBar loading={loading} />}
      {chunks.length > 0 && (
        // What scrolls must be reachable by keyboard.
        <div
          className={cx('term', isTable && 'code-lines')}
          tabIndex={isTable ? 0 : undefined}
          data-testid="screen"
        >
          {chunks.map((chunk, index) => (
            // A chunk keeps its place: they are only added to.
            <span key={`${index}`} className={classes[chunk.stream]}>
              {chunk.text}
            </span>
          ))}
        </div>
      )}
      {asking && <AskLine asking={asking} />}
    </>
  );
}

/** Where the line is typed that a program waits for. */
function AskLine({ asking: { prompt, answer } }: { asking: Asking }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    answer(String(new FormData(event.currentTarget).get('line') ?? ''));
  };
  const endAtControlD = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'd' || !event.ctrlKey || event.currentTarget.value !== '') return;
    event.preventDefault();
    answer(undefined);
  };
  return (
    <form onSubmit={submit} className="flex min-w-0 items-center gap-x-2 py-1 font-mono text-field">
      <span className="term-prompt max-w-1/2 shrink-0 truncate">{prompt.trimEnd() || '>'}</span>
      <input
        ref={(field) => field?.focus()}
        name="line"
        aria-label={`Input: ${prompt.trimEnd() || 'a line'}`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="send"
        onKeyDown={endAtControlD}
        className="min-w-0 grow bg-transparent text-ink caret-accent outline-none"
      />
    </form>
  );
}

const classes: Readonly<Record<Chunk['stream'], string | undefined>> = {
  out: undefined,
  err: 'term-error',
  note: 'text-ink-2 italic',
};

function LoadingBar({ loading: { what, about, loaded, total } }: { loading: Loading }) {
  const amount = `${megabytes(loaded)} of ${megabytes(total)} MB`;
  return (
    <div className="flex max-w-96 flex-col gap-1 py-1">
      <p className="text-small">
        {loaded < total ? `Loading ${what}, once: ${amount}` : `Starting ${what}`}
      </p>
      <Progress label={`Loading ${what}`} value={loaded} max={total} bare />
      <p className="text-small text-ink-2">{about}</p>
    </div>
  );
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
