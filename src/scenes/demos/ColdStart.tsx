/** Ten seconds after a restart: what a cold cache sends on to the database, and a warm one. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { type Second, serveFromCold, type Warming } from './cold-start.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

const starts: readonly { readonly warming: Warming; readonly label: string }[] = [
  { warming: 'cold', label: 'Cold' },
  { warming: 'chance', label: 'Warmed by chance' },
  { warming: 'views', label: 'Warmed by views' },
];

interface Shown {
  readonly label: string;
  readonly seconds: readonly Second[];
}

export default function ColdStart({ parameters }: { parameters: ParametersOf<'cold-start'> }) {
  const stage = useStage();
  const [shown, setShown] = useState<Shown>();
  const [totals, setTotals] = useState<ReadonlyMap<string, number>>(new Map());
  const { busy, problem, start } = useTask();
  const go = (warming: Warming, label: string) =>
    start(async () => {
      let seconds: readonly Second[] = [];
      setShown({ label, seconds });
      await serveFromCold(stage, parameters, warming, (second) => {
        seconds = [...seconds, second];
        setShown({ label, seconds });
      });
      setTotals((before) => new Map(before).set(label, queriesIn(seconds)));
    });
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        {starts.map(({ warming, label }) => (
          <Button key={warming} icon="play" busy={busy} onClick={() => go(warming, label)}>
            {label}
          </Button>
        ))}
      </Controls>
      <Problem text={problem} />
      {shown && shown.seconds.length > 0 && (
        <Bars
          caption={`${shown.label}: queries of the database in each second`}
          heads={['Second', 'Queries, hits']}
          bars={shown.seconds.map((second, index) => ({
            label: String(index + 1),
            value: second.requests - second.hits,
            text: `${second.requests - second.hits}, ${percentOf(second)} %`,
          }))}
        />
      )}
      <p role="status" className="text-ui">
        {totals.size === 0
          ? 'The cache is empty.'
          : [...totals].map(([label, queries]) => `${label}: ${queries} queries`).join('. ')}
      </p>
      <p className="text-small text-ink-2">
        The hits are counted by the server in this page; the database is only counted, not there.
      </p>
    </div>
  );
}

const queriesIn = (seconds: readonly Second[]): number =>
  seconds.reduce((sum, { requests, hits }) => sum + requests - hits, 0);

const percentOf = ({ requests, hits }: Second): number => Math.round((100 * hits) / requests);
