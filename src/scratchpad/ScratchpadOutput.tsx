/** What running the scratchpad's text has come to. */
import { useId } from 'react';
import { ScreenView } from '../runtimes/ScreenView.tsx';
import { isTranscript } from '../transcript/parse.ts';
import { ReplyText, TranscriptView } from '../transcript/TranscriptView.tsx';
import type { ScratchpadRun } from './run.ts';

export function ScratchpadOutput({ run }: { run: ScratchpadRun }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-1">
      <h2 id={heading} className="text-ui font-semibold">
        Result
      </h2>
      <div
        data-testid="output"
        data-state={run.state}
        aria-live="polite"
        aria-busy={run.state === 'running'}
        className="min-h-24 rounded border border-line px-3 py-2.5"
      >
        <Body run={run} />
      </div>
    </section>
  );
}

function Body({ run }: { run: ScratchpadRun }) {
  if (run.state === 'idle') {
    return (
      <p className="text-ui text-ink-2">Nothing has run yet. Each run has a server of its own.</p>
    );
  }
  const { shown, state } = run;
  return (
    <>
      {shown.screen && <ScreenView screen={shown.screen} />}
      {shown.source === '' ? (
        <div className="term">
          {shown.outcomes.map(({ reply = '' }) => (
            <ReplyText key={reply} text={reply} />
          ))}
        </div>
      ) : (
        <Transcript run={run} />
      )}
      {state === 'failed' && <p className="term term-error">{run.problem}</p>}
    </>
  );
}

/** A text that is no transcript is not shown again; what is wrong with it stands below. */
function Transcript({ run }: { run: Exclude<ScratchpadRun, { state: 'idle' }> }) {
  const { source, outcomes } = run.shown;
  if (!isTranscript(source)) return null;
  return <TranscriptView source={source} outcomes={outcomes} running={run.state === 'running'} />;
}
