/** Hot values in RAM, the rest in a slower tier: what the budget and the working set make of it. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Fields.tsx';
import { Bars, Controls, Pane, Problem } from './parts.tsx';
import { TieringRun, type TierReading, VALUES } from './tiering.ts';
import { useStage, useTask } from './use-stage.tsx';

const budgets = ['100', '200', '400', '1000'] as const;
const sets = ['50', '150', '350', '800'] as const;

export default function Tiering() {
  const stage = useStage({ save: '' }, { kind: 'servers', servers: 2 });
  const open = useRef<TieringRun>(undefined);
  const [budget, setBudget] = useState<(typeof budgets)[number]>('200');
  const [set, setSet] = useState<(typeof sets)[number]>('150');
  const [reading, setReading] = useState<TierReading>();
  const { busy, problem, start } = useTask();
  const read = () =>
    start(async () => {
      open.current ??= await TieringRun.open(stage);
      setReading(await open.current.read(Number(budget), Number(set)));
    });
  return (
    <div className="flex flex-col gap-3">
      <Choice
        label={`Values of ${VALUES} that RAM has room for`}
        value={budget}
        options={budgets.map((value) => ({ value, label: value }))}
        onChange={setBudget}
      />
      <Choice
        label="Values that 95 % of the reads are for"
        value={set}
        options={sets.map((value) => ({ value, label: value }))}
        onChange={setSet}
      />
      <Controls>
        <Button icon="play" busy={busy} onClick={read}>
          Read 2000 times
        </Button>
        <span role="status" className="text-ui text-ink-2 tabular-nums">
          {busy ? 'It reads …' : reading && summary(reading)}
        </span>
      </Controls>
      <Problem text={problem} />
      {reading && <Result reading={reading} />}
      <p className="text-small text-ink-2">
        Hits, promotions and demotions are counted on two engines of this page. Latencies and prices
        are a model: 0.3 ms a read, 1.2 ms more from the disk, one at a time; a GB of RAM costs ten
        times as much as one of disk.
      </p>
    </div>
  );
}

const percent = (share: number) => `${Math.round(share * 100)}\u202f%`;

const summary = ({ hitShare, medianMs, p99Ms, cost }: TierReading) =>
  `${percent(hitShare)} from RAM; median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms; ${percent(cost)} of the price of RAM for all.`;

function Result({ reading }: { reading: TierReading }) {
  const { hitShare, promoted, demoted, histogram } = reading;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Pane title="Where the reads were answered">
        <Bars
          caption="Share of the reads by tier"
          heads={['Tier', 'Reads']}
          bars={[
            { label: 'RAM', value: hitShare, text: percent(hitShare), mark: true },
            { label: 'disk', value: 1 - hitShare, text: percent(1 - hitShare) },
          ]}
        />
        <p className="text-ui tabular-nums">
          {promoted} values went up, {demoted} went down.
        </p>
      </Pane>
      <Pane title="How long they took, by the model">
        <Bars
          caption="Reads by latency"
          heads={['Up to', 'Reads']}
          bars={histogram.map(({ upToMs, count }) => ({
            label: Number.isFinite(upToMs) ? `${upToMs} ms` : 'more',
            value: count,
            text: String(count),
          }))}
        />
      </Pane>
    </div>
  );
}
