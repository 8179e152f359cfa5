/** A demonstration's server, which ends with it. */
import { useEffect, useState } from 'react';
import { Stage } from './stage.ts';

export function useStage(): Stage {
  const [stage] = useState(() => new Stage());
  useEffect(() => () => stage.stop(), [stage]);
  return stage;
}

/** Runs one thing at a time: says whether something runs, and what the last one failed with. */
export function useTask(): {
  busy: boolean;
  problem: string | undefined;
  start: (task: () => Promise<void>) => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const start = (task: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    task()
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  };
  return { busy, problem, start };
}
