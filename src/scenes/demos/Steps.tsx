/** A transcript played one step at a time, with the keys as they are after each. */
import { useState } from 'react';
import { openRedisSession } from '../../runtimes/redis.ts';
import { parseTranscript } from '../../transcript/parse.ts';
import { perform } from '../../transcript/replay.ts';
import { TranscriptView } from '../../transcript/TranscriptView.tsx';
import type { Outcome, Session } from '../../transcript/transcript.ts';
import { Button } from '../../ui/Button.tsx';
import { KeyValues, readKeyValues } from './KeyValues.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

interface Play {
  readonly session: Session;
  readonly outcomes: readonly Outcome[];
  readonly values: readonly string[];
}

export default function Steps({ parameters }: { parameters: ParametersOf<'steps'> }) {
  const { transcript, keys } = parameters;
  const stage = useStage();
  const [play, setPlay] = useState<Play>();
  const { busy, problem, start } = useTask();
  const steps = parseTranscript(transcript);
  const done = play?.outcomes.length ?? 0;
  const next = steps[done];
  const advance = async () => {
    const { session, outcomes } = play ?? (await begin(stage));
    if (!next) return;
    const outcome = await perform(next, session);
    const values = await readKeyValues(stage, keys);
    setPlay({ session, outcomes: [...outcomes, outcome], values });
  };
  const again = async () => {
    await play?.session.close();
    setPlay(undefined);
  };
  const shown = sourceUpTo(transcript, next?.line);
  return (
    <div className="@container flex flex-col gap-3">
      <div className="grid gap-3 @min-[36rem]:grid-cols-[minmax(0,1fr)_14rem]">
        <div className="min-h-24 rounded border border-border px-3 py-2.5">
          <TranscriptView source={shown} outcomes={play?.outcomes} />
        </div>
        {keys.length > 0 && <KeyValues keys={keys} values={play?.values ?? []} />}
      </div>
      <Controls>
        <Button
          icon="right"
          busy={busy}
          aria-disabled={!next}
          onClick={() => next && start(advance)}
        >
          Step {Math.min(done + 1, steps.length)} of {steps.length}
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={() => start(again)}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
    </div>
  );
}

/** What has been played, and the step that comes next. */
function sourceUpTo(transcript: string, nextLine: number | undefined): string {
  if (nextLine === undefined) return transcript;
  const rows = transcript.split('\n');
  const next = parseTranscript(transcript).find(({ line }) => line === nextLine);
  return rows.slice(0, next?.lastLine ?? nextLine).join('\n');
}

async function begin(stage: Stage): Promise<Play> {
  await stage.empty();
  const session = openRedisSession(stage.world, { target: '127.0.0.1:6379' });
  return { session, outcomes: [], values: [] };
}
