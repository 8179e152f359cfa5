/** What watching costs: commands a second while clients run MONITOR. */
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import { measureRate } from './measure-rate.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useSeries, useStage } from './use-stage.tsx';

/** Commands in one write, so that it is the server that is measured and not the way there. */
const BATCH = 100;

export default function MonitorCost({ parameters }: { parameters: ParametersOf<'monitor-cost'> }) {
  const { command, commands, monitors } = parameters;
  const stage = useStage();
  const measure = async (count: number) => {
    const unwatch = await watch(stage, count);
    const rate = await measureRate(stage, { command, batch: BATCH, most: commands });
    unwatch();
    return rate;
  };
  const warmUp = () => measure(Math.max(...monitors));
  const { values: rates, busy, problem, run } = useSeries(monitors, measure, warmUp);
  const [alone] = rates;
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
        caption="Commands a second by the number of monitors"
        heads={['Clients in MONITOR', 'Commands a second']}
        bars={monitors.map((count, index) => ({
          label: count === 0 ? 'none' : String(count),
          value: rates[index],
          text: textOf(rates[index], alone, busy && index === rates.length),
          mark: count > 0,
        }))}
      />
      <MeasuredHere>Only the ratio of the bars means something.</MeasuredHere>
    </div>
  );
}

function textOf(rate: number | undefined, alone: number | undefined, running: boolean): string {
  if (rate === undefined) return running ? 'measuring' : '–';
  const share = alone ? ` (${Math.round((100 * rate) / alone)} %)` : '';
  return `${groups(Math.round(rate))}${share}`;
}

/** An empty server with so many monitors; the answer ends them. */
async function watch(stage: Stage, count: number): Promise<() => void> {
  await stage.empty();
  const clients = Array.from({ length: count }, () => stage.client());
  for (const client of clients) await client.ask('MONITOR');
  return () => {
    for (const client of clients) client.close();
  };
}
