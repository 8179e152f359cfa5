/** Shows an idea to be true: its transcript, run on an empty server. */
import { useState } from 'react';
import { TranscriptView } from '../transcript/TranscriptView.tsx';
import type { Outcome } from '../transcript/transcript.ts';
import { Button } from '../ui/Button.tsx';
import { useOpenLesson } from './context.tsx';

export function Proof({ source }: { source: string }) {
  const { room } = useOpenLesson();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>();
  const [problem, setProblem] = useState<string>();
  const prove = async () => {
    try {
      const [proved] = await (await room()).runAside([source]);
      setOutcomes(proved);
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="flex flex-col items-start gap-2 pb-1">
      <Button variant="quiet" icon="play" className="-ml-3" onClick={prove}>
        {outcomes ? 'Prove it again' : 'Prove it'}
      </Button>
      <div role="status" className="w-full empty:hidden">
        {outcomes && (
          <div className="w-full rounded border border-line px-3 py-2.5">
            <TranscriptView source={source} outcomes={outcomes} />
          </div>
        )}
        {problem && <p className="text-ui text-bad">It could not be run: {problem}</p>}
      </div>
    </div>
  );
}
