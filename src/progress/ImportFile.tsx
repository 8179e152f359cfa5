/** Chooses a progress file, shows what it holds, and takes it in when told how. */
import { type ChangeEvent, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice } from '../ui/Fields.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { ErrorState } from '../ui/States.tsx';
import { CodeText } from '../ui/Text.tsx';
import { useProgress, useProgressStore } from './context.tsx';
import type { Progress } from './progress.ts';
import type { Problem } from './schema.ts';
import {
  afterImport,
  type ImportMode,
  type ImportResult,
  importText,
  type Summary,
  summaryOf,
} from './transfer.ts';

export function ImportFile() {
  const [read, setRead] = useState<ImportResult>();
  const input = useRef<HTMLInputElement>(null);
  const onChange = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file) setRead(await readFile(file));
    // The same file may be chosen again after it was mended.
    target.value = '';
  };
  return (
    <>
      <Button icon="upload" onClick={() => input.current?.click()}>
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="Progress file"
        onChange={onChange}
        className="hidden"
      />
      <Dialog open={read !== undefined} onClose={() => setRead(undefined)} title="Import progress">
        {read?.kind === 'refused' && <Refusal problems={read.problems} />}
        {read?.kind === 'progress' && (
          <Preview file={read.progress} onDone={() => setRead(undefined)} />
        )}
      </Dialog>
    </>
  );
}

async function readFile(file: File): Promise<ImportResult> {
  try {
    return importText(await file.text());
  } catch (error) {
    const message = `the file cannot be read: ${error instanceof Error ? error.message : error}`;
    return { kind: 'refused', problems: [{ path: '', message }] };
  }
}

function Refusal({ problems }: { problems: readonly Problem[] }) {
  return (
    <div className="flex flex-col gap-3">
      <ErrorState
        title="The file was not imported"
        text="Nothing has changed. Choose a file that this page exported, or mend it at these places:"
      />
      <ul className="flex flex-col gap-1">
        {problems.map(({ path, message }) => (
          <li key={path + message}>
            {path && <CodeText>{path}</CodeText>}
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Preview({ file, onDone }: { file: Progress; onDone: () => void }) {
  const store = useProgressStore();
  const current = useProgress((state) => state.progress);
  const { toast } = useNotices();
  const [mode, setMode] = useState<ImportMode>('merge');
  const run = () => {
    store.getState().take(file, mode);
    const undo = { label: 'Undo', run: () => store.getState().undo() };
    toast({ text: 'The progress file was imported.', action: undo });
    onDone();
  };
  return (
    <div className="flex flex-col gap-4">
      <Comparison
        here={summaryOf(current)}
        file={summaryOf(file)}
        after={summaryOf(afterImport(current, file, mode))}
      />
      <Choice
        label="What is here already"
        note={modeNotes[mode]}
        value={mode}
        options={modes}
        onChange={setMode}
      />
      <div className="flex gap-2">
        <Button variant="primary" onClick={run}>
          Import
        </Button>
        <Button variant="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

const modes = [
  { value: 'merge', label: 'Merge with it' },
  { value: 'replace', label: 'Replace it' },
] as const;

const modeNotes: Record<ImportMode, string> = {
  merge: 'Nothing solved is lost; of two versions of an exercise the more advanced stays.',
  replace: 'Everything here, settings too, becomes what the file says.',
};

function Comparison({ here, file, after }: Record<'here' | 'file' | 'after', Summary>) {
  return (
    <table className="w-full text-left tabular-nums">
      <thead className="border-b border-border text-small text-ink-2">
        <tr>
          <th className="py-1 font-normal">&#8203;</th>
          <th className="py-1 text-right font-normal">Here now</th>
          <th className="py-1 text-right font-normal">In the file</th>
          <th className="py-1 text-right font-normal">Afterwards</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, label]) => (
          <tr key={name} className="border-b border-line">
            <th scope="row" className="py-1 font-normal">
              {label}
            </th>
            {[here, file, after].map((summary, column) => (
              <td key={column} className="py-1 text-right last:font-semibold">
                {summary[name]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const rows: readonly [keyof Summary, string][] = [
  ['lessonsBegun', 'Lessons begun'],
  ['exercises', 'Exercises tried'],
  ['solved', 'Exercises solved'],
  ['settings', 'Settings chosen'],
];
