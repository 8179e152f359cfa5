/**
 * A client is tuned one change at a time, and each measurement leaves a bar. The commands really
 * run; the journeys are counted, and take the chosen distance in lab time.
 */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Fields.tsx';
import { groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import { durationInWords } from './RoundTrips.tsx';
import { type Change, changes, measureBoard, type Run } from './tuning-board.ts';
import { useStage, useTask } from './use-stage.tsx';

const names = Object.keys(changes) as Change[];

export default function TuningBoard({ parameters }: { parameters: ParametersOf<'tuning-board'> }) {
  const { products, rttMs } = parameters;
  const stage = useStage();
  const [made, setMade] = useState<readonly Change[]>([]);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  const { busy, problem, start } = useTask();
  const measure = () =>
    start(async () => {
      const run = await measureBoard(stage, products, made);
      setRuns((before) => [
        ...before.filter(({ made }) => labelOf(made) !== labelOf(run.made)),
        run,
      ]);
    });
  const turn = (change: Change, on: boolean) =>
    setMade(names.filter((name) => (name === change ? on : made.includes(name))));
  const timeOf = ({ roundTrips, executionMs }: Run) => roundTrips * rttMs + executionMs;
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="flex flex-wrap gap-x-4">
        <legend className="sr-only">Changes</legend>
        {names.map((name) => (
          <Checkbox
            key={name}
            label={changes[name]}
            checked={made.includes(name)}
            onChange={({ target }) => turn(name, target.checked)}
          />
        ))}
      </fieldset>
      <Controls>
        <Button icon="play" busy={busy} onClick={measure}>
          Measure
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={() => setRuns([])}>
          Clear the bars
        </Button>
      </Controls>
      <Problem text={problem} />
      {runs.length > 0 && (
        <Bars
          caption={`Time for ${products} products by the changes made`}
          heads={['Changes', 'Time']}
          bars={runs.map((run) => ({
            label: labelOf(run.made),
            value: timeOf(run),
            text: `${durationInWords(timeOf(run))}, ${groups(run.roundTrips)} trips`,
            mark: run.made.length > 0,
          }))}
        />
      )}
      <p role="status" className="text-ui">
        {verdictOf(runs.at(-1), runs[0], timeOf)}
      </p>
      <MeasuredHere>
        {`A round trip counts as ${rttMs} ms; opening a connection is one. What is measured is the rest.`}
      </MeasuredHere>
    </div>
  );
}

const short: Readonly<Record<Change, string>> = {
  pool: 'pool',
  hash: 'hash',
  pipeline: 'pipeline',
};

const labelOf = (made: readonly Change[]): string =>
  made.length === 0 ? 'as it stands' : made.map((change) => short[change]).join(' + ');

function verdictOf(last: Run | undefined, first: Run | undefined, timeOf: (run: Run) => number) {
  if (!last || !first) return 'Nothing has been measured.';
  const rate = Math.round((1000 * last.commands) / timeOf(last));
  const counted = `${groups(last.commands)} commands, ${groups(last.roundTrips)} round trips`;
  if (last === first) return `${counted}: ${groups(rate)} commands a second.`;
  const factor = (timeOf(first) / timeOf(last)).toFixed(1);
  return `${counted}: ${factor} times as fast as the first bar.`;
}
