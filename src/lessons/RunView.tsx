/** What came of running a transcript: its replies in their places, and what was done about it. */

import { Suspense } from 'react';
import { isTranscript } from '../transcript/parse.ts';
import { TranscriptView } from '../transcript/TranscriptView.tsx';
import { later } from '../ui/later.tsx';
import type { Run } from './runner.ts';

const ChangesView = later(() => import('./ChangesView.tsx'));

export type RunTranscriptProps = { source: string; run: Run | undefined };

/** Before a run only what will run; a text that is no transcript is shown as it is. */
export function RunTranscript({ source, run }: RunTranscriptProps) {
  const shown = run?.source ?? source;
  if (!isTranscript(shown)) return <pre className="term">{shown}</pre>;
  return (
    <TranscriptView source={shown} outcomes={run?.outcomes} running={run?.status === 'running'} />
  );
}

export type RunNotesProps = { run: Run | undefined; waiting: boolean };

export function RunNotes({ run, waiting }: RunNotesProps) {
  return (
    <div role="status" className="empty:hidden">
      {waiting && <Note>It waits for what runs before it.</Note>}
      {run?.note && <Note>{run.note}</Note>}
      {run?.problem && (
        <p className="border-t border-line px-3 py-2 text-ui text-bad">
          It could not be run: {run.problem}
        </p>
      )}
      {run?.status === 'stopped' && <Note>Stopped. Run it again to begin anew.</Note>}
      {run?.changes && (
        <Suspense>
          <ChangesView changes={run.changes} byProgram={run.screen !== undefined} />
        </Suspense>
      )}
    </div>
  );
}

function Note({ children }: { children: string }) {
  return <p className="border-t border-line px-3 py-1.5 text-small text-ink-2">{children}</p>;
}
