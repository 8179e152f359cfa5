/** Commands a second, one bar for each batch size. */
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import { measureRate } from './measure-rate.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import { useSeries, useStage } from './use-stage.tsx';

export default function Throughput({ parameters }: { parameters: ParametersOf<'throughput'> }) {
  const { command, batches, commands } = parameters;
  const stage = useStage();
  const measure = async (batch: number) => {
    await stage.empty();
    return measureRate(stage, { command, batch, most: commands });
  };
  const { values: rates, busy, problem, run } = useSeries(batches, measure);
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={run}>
          Measure
        </Button>
        <span className="text-ui text-ink-2">
          <code>{command}</code>, up to {groups(commands)} times for each bar
        </span>
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="Commands a second by batch size"
        heads={['Commands in a write', 'Commands a second']}
        bars={batches.map((batch, index) => ({
          label: groups(batch),
          value: rates[index],
          text: textOf(rates[index], busy && index === rates.length),
          mark: index === batches.length - 1,
        }))}
      />
      <MeasuredHere>
        A redis-server on a machine of its own does more, and it must not wait for a page.
      </MeasuredHere>
    </div>
  );
}

const textOf = (rate: number | undefined, running: boolean) =>
  rate === undefined ? (running ? 'measuring' : '–') : groups(Math.round(rate));
