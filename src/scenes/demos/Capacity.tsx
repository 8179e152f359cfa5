/** Used memory with a forecast, and an alert before the limit is met. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Chart } from './Chart.tsx';
import {
  ALERT_DAYS,
  anotherDay,
  type Forecast,
  forecastOf,
  LIMIT_MB,
  linesOf,
} from './capacity.ts';
import { Controls, MeasuredHere, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

export default function Capacity() {
  const stage = useStage({ save: '', maxmemory: `${LIMIT_MB}mb` });
  const [samples, setSamples] = useState<readonly number[]>([]);
  const { busy, problem, start } = useTask();
  const days = (count: number, pace: number) =>
    start(async () => {
      const all = [...samples];
      for (let n = 0; n < count; n++) all.push(await anotherDay(stage, all.length, pace));
      setSamples(all);
    });
  const again = () =>
    start(async () => {
      await stage.empty();
      setSamples([]);
    });
  const forecast = forecastOf(samples, LIMIT_MB);
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => days(5, 1)}>
          Five days
        </Button>
        <Button busy={busy} onClick={() => days(1, 4)}>
          A day with four times the writes
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
      {samples.length === 1 && (
        <p role="status" className="text-ui tabular-nums">
          After a day {samples[0]?.toFixed(1)} MB are used. A line takes two days.
        </p>
      )}
      {forecast && (
        <>
          <Chart title="Used memory" limit={LIMIT_MB} drawn={linesOf(samples, forecast)} />
          <Alert forecast={forecast} samples={samples} />
        </>
      )}
      <MeasuredHere>Memory is what INFO says; a day is a second of the lab.</MeasuredHere>
    </div>
  );
}

type AlertProps = { forecast: Forecast; samples: readonly number[] };

function Alert({ forecast: { daysLeft }, samples }: AlertProps) {
  const days = samples.length;
  if ((samples.at(-1) ?? 0) >= LIMIT_MB) {
    return (
      <p role="status" className="text-ui text-bad tabular-nums">
        After {days} days the limit of {LIMIT_MB} MB is reached: the server refuses every write.
      </p>
    );
  }
  const fires = daysLeft !== undefined && daysLeft <= ALERT_DAYS;
  const when = daysLeft === undefined ? 'not in sight' : `${daysInWords(daysLeft)} away`;
  return (
    <p role="status" className={cx('text-ui tabular-nums', fires && 'text-bad')}>
      {fires ? 'ALERT: ' : ''}After {days} days the limit of {LIMIT_MB} MB is {when}
      {fires ? ': order memory or a shard now.' : '.'}
    </p>
  );
}

function daysInWords(days: number): string {
  if (days < 1) return 'less than a day';
  return days < 2 ? '1 day' : `${Math.floor(days)} days`;
}
