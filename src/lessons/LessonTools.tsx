/** What concerns the whole lesson: run everything, and two of the three resets. */
import { Button } from '../ui/Button.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import { blocksOf } from './lesson.ts';

export function LessonTools() {
  const { lesson, store } = useOpenLesson();
  const { toast } = useNotices();
  const busy = useLesson((state) => state.busy.length > 0);
  const hasOutput = useLesson((state) => Object.keys(state.runs).length > 0);
  const crash = useLesson((state) => state.crash);
  const examples = blocksOf(lesson).filter(
    (block) => block.kind === 'code' && block.run && block.code.language === 'redis',
  );
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
          <Button variant="quiet" icon="stop" onClick={() => store.getState().stop()}>
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
          <p className="font-semibold text-bad">The engine has failed</p>
          <p>
            {crash} This is a mistake in this page, not in what you did. Restart the server to go
            on.
          </p>
        </div>
      )}
    </>
  );
}
