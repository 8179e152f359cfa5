/** What a script is called with, and the script step by step, on a server of its own. */
import { Suspense, useState } from 'react';
import { isLibrary } from '../runtimes/lua-text.ts';
import { LuaForm } from '../scratchpad/LuaForm.tsx';
import { Button } from '../ui/Button.tsx';
import { later } from '../ui/later.tsx';
import { Loading } from '../ui/Progress.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import type { CodeBlock } from './lesson.ts';
import { commandsBefore, wordsOf } from './run-text.ts';

const LuaStepper = later(() => import('../scenes/demos/LuaStepper.tsx'));

export type LuaActionsProps = { block: CodeBlock; text: string };

export function LuaActions({ block, text }: LuaActionsProps) {
  const { id } = block;
  const { lesson, store } = useOpenLesson();
  const made = useLesson((state) => state.words[id]);
  const words = made ?? wordsOf(block);
  const [stepped, setStepped] = useState<{ text: string; words: typeof words; time: number }>();
  const step = () => setStepped({ text, words, time: (stepped?.time ?? 0) + 1 });
  const { callWith } = store.getState();
  return (
    <div className="@container flex flex-col gap-3 border-t border-line px-3 py-2.5">
      <LuaForm words={words} onChange={(next) => callWith(id, next)} />
      <div className="no-print flex flex-wrap items-center gap-2">
        {!isLibrary(text) && (
          <Button icon="right" onClick={step}>
            Step through
          </Button>
        )}
        {made && (
          <Button variant="quiet" icon="reset" onClick={() => callWith(id, undefined)}>
            Keys and arguments of the lesson
          </Button>
        )}
      </div>
      {stepped && (
        <ErrorBoundary what="Stepping through the script">
          <Suspense fallback={<Loading text="Running the script…" />}>
            <LuaStepper
              key={stepped.time}
              script={stepped.text}
              words={stepped.words}
              setup={commandsBefore(lesson, block)}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}
