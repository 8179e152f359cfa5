/** A demonstration's server, which ends with it. */
import { useEffect, useRef, useState } from 'react';
import type { Topology } from '../../wire/messages.ts';
import { type Config, messageOf, Stage } from './stage.ts';

/** The directives are those that its servers start with; there is one unless said. */
export function useStage(config?: Config, topology?: Topology): Stage {
  const [stage] = useState(() => new Stage(config, topology));
  useEffect(() => () => stage.stop(), [stage]);
  return stage;
}

/**
 * Runs one thing after the other, in the order in which they are started: says whether something
 * runs, and what the last one failed with.
 */
export function useTask(): {
  busy: boolean;
  problem: string | undefined;
  start: (task: () => Promise<void>) => void;
} {
  const [running, setRunning] = useState(0);
  const [problem, setProblem] = useState<string>();
  const last = useRef(Promise.resolve());
  const start = (task: () => Promise<void>) => {
    setRunning((count) => count + 1);
    last.current = last.current
      .then(() => {
        setProblem(undefined);
        return task();
      })
      .catch((error: unknown) => setProblem(messageOf(error)))
      .finally(() => setRunning((count) => count - 1));
  };
  return { busy: running > 0, problem, start };
}

/**
 * Measures one point after the other; what is known already can be shown meanwhile. Bars that are
 * compared with the first one need a `warmUp`: it must not be the only one that the browser's
 * compiler makes slow.
 */
export function useSeries<Point, Value>(
  points: readonly Point[],
  measure: (point: Point) => Promise<Value>,
  warmUp?: () => Promise<unknown>,
) {
  const [values, setValues] = useState<readonly Value[]>([]);
  const { busy, problem, start } = useTask();
  const run = () =>
    start(async () => {
      setValues([]);
      await warmUp?.();
      for (const point of points) {
        const value = await measure(point);
        setValues((before) => [...before, value]);
      }
    });
  return { values, busy, problem, run };
}
