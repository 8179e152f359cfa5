/** What is kept of the reader, where, and how to take it along, bring it back or forget it. */
import { Button } from '../ui/Button.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { useProgress, useProgressStore } from './context.tsx';
import { ImportFile } from './ImportFile.tsx';
import { keptBecause } from './KeepingNotice.tsx';
import { exportText, summaryOf } from './transfer.ts';

export function ProgressPanel() {
  return (
    <>
      <Amounts />
      <div className="flex flex-wrap gap-2">
        <ExportButton />
        <ImportFile />
        <ResetButton />
        <UndoButton />
      </div>
    </>
  );
}

function Amounts() {
  const progress = useProgress((state) => state.progress);
  const keeping = useProgress((state) => state.keeping);
  const { lessonsBegun, exercises, solved } = summaryOf(progress);
  return (
    <div className="flex flex-col gap-1">
      <p>
        {lessonsBegun} {lessonsBegun === 1 ? 'lesson' : 'lessons'} begun, {solved} of {exercises}{' '}
        tried exercises solved.
      </p>
      <p className="text-ink-2">
        {keeping.kind === 'saved'
          ? 'It is kept in this browser and nowhere else. To go on in another one, export it here and import it there.'
          : keptBecause[keeping.reason]}
      </p>
    </div>
  );
}

function ExportButton() {
  const store = useProgressStore();
  const { announce } = useNotices();
  const save = () => {
    const now = Date.now();
    const text = exportText(store.getState().progress, now);
    download(`keyspace-progress-${new Date(now).toISOString().slice(0, 10)}.json`, text);
    announce('The progress file was handed to the browser’s downloads.');
  };
  return (
    <Button icon="download" onClick={save}>
      Export
    </Button>
  );
}

function ResetButton() {
  const store = useProgressStore();
  const { toast } = useNotices();
  const reset = () => {
    store.getState().reset();
    const undo = { label: 'Undo', run: () => store.getState().undo() };
    toast({ text: 'All progress was forgotten. The settings stay.', action: undo });
  };
  return (
    <Button variant="danger" icon="reset" onClick={reset}>
      Reset progress
    </Button>
  );
}

/** Stays after the toast is gone, for as long as there is something to take back. */
function UndoButton() {
  const undoable = useProgress((state) => state.undoable);
  const undo = useProgress((state) => state.undo);
  const { announce } = useNotices();
  if (!undoable) return null;
  const run = () => {
    undo();
    announce(`The ${undoable.what} was undone.`);
  };
  return (
    <Button icon="undo" onClick={run}>
      Undo {undoable.what}
    </Button>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
