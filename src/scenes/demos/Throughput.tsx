/** Commands a second, one bar for each batch size. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

/** A bar takes no longer than this, however slow the machine. */
const LONGEST_MS = 2000;

export default function Throughput({ parameters }: { parameters: ParametersOf<'throughput'> }) {
  const { command, batches, commands } = parameters;
  const stage = useStage();
  const [rates, setRates] = useState<readonly number[]>([]);
  const { busy, problem, start } = useTask();
  const measureAll = async () => {
    setRates([]);
    const measured: number[] = [];
    for (const batch of batches) {
      measured.push(await measure(stage, command, batch, commands));
      setRates([...measured]);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => start(measureAll)}>
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

/** Commands a second, each batch waiting for the replies of the one before. */
async function measure(
  stage: Stage,
  command: string,
  batch: number,
  most: number,
): Promise<number> {
  await stage.empty();
  const client = stage.client();
  // The first answer pays for the start of the engine.
  await client.run('PING');
  const begun = performance.now();
  let sent = 0;
  while (sent < most && performance.now() - begun < LONGEST_MS) {
    const count = Math.min(batch, most - sent);
    const words = Array.from({ length: count }, (_, index) => wordsOf(command, sent + index));
    await client.connection.pipeline(words);
    sent += count;
  }
  client.close();
  return (1000 * sent) / (performance.now() - begun);
}

const wordsOf = (command: string, n: number): string[] =>
  command.replaceAll('{n}', String(n)).split(' ');
