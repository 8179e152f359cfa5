/** What concerns the whole lesson: run everything, and two of the three resets. */
import { useEffect } from 'react';
import { Button } from '../ui/Button.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import { blocksOf } from './lesson.ts';
import { isEnding } from './run-text.ts';

export function LessonTools() {
  const { lesson, store } = useOpenLesson();
  const { toast } = useNotices();
  const busy = useLesson(({ busy, beside }) => busy.length + beside.length > 0);
  const hasOutput = useLesson((state) => Object.keys(state.runs).length > 0);
  const crash = useLesson((state) => state.crash);
  useSetAside();
  const examples = blocksOf(lesson).filter(isEnding);
  if (examples.length === 0) return null;
  const clear = () => {
    const undo = store.getState().clearOutput();
    toast({ text: 'The output of the examples is cleared.', action: { label: 'Undo', run: undo } });
  };
  const restart = async () => {
    const undo = await store.getState().restart();
    toast({ text: 'A fresh, empty server has started.', action: { label: 'Undo', run: undo } });
  };
  return (
    <>
      <div
        role="toolbar"
        aria-label="Examples and server"
        className="no-print -ml-3 flex flex-wrap items-center gap-1"
      >
        {busy ? (
          // As wide as the other, so that the row breaks at the same place.
          <Button
            variant="quiet"
            icon="stop"
            className="min-w-40 justify-start"
            onClick={() => store.getState().stop()}
          >
            Stop
          </Button>
        ) : (
          <Button variant="quiet" icon="play" onClick={() => store.getState().runAll()}>
            Run all {examples.length} examples
          </Button>
        )}
        <Button variant="quiet" icon="cross" aria-disabled={!hasOutput} onClick={clear}>
          Clear output
        </Button>
        <Button variant="quiet" icon="reset" onClick={restart}>
          Restart server
        </Button>
      </div>
      {crash !== undefined && (
        <div role="alert" className="border-l-2 border-bad p-3 text-ui">
          <p className="font-semibold text-bad">The server has failed</p>
          <p>
            {crash} Restart the server to go on; if it happens again, it is a mistake in this page.
          </p>
        </div>
      )}
    </>
  );
}

/** Says that an example took the server from something, and offers to bring that back. */
function useSetAside(): void {
  const { store } = useOpenLesson();
  const { toast } = useNotices();
  const setAside = useLesson((state) => state.setAside);
  useEffect(() => {
    if (!setAside) return;
    store.getState().told();
    toast({
      text: 'The example runs on a fresh server. What you had on the other one is kept.',
      action: { label: 'Bring it back', run: () => void setAside() },
    });
  }, [store, toast, setAside]);
}
