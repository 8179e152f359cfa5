/** A queue that is fed and emptied second by second: how long it is, and how old its oldest job. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { secondsInWords } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

const QUEUE = 'jobs';
const STEP_S = 10;

/** The queue at the end of a second. */
interface Sample {
  readonly length: number;
  readonly ageS: number;
}

interface Rates {
  /** Pushed each second. */
  readonly jobs: number;
  /** Each takes one job a second. */
  readonly workers: number;
}

export default function QueueDepth({ parameters }: { parameters: ParametersOf<'queue-depth'> }) {
  const { alarmS } = parameters;
  const stage = useStage();
  const client = useRef<DemoClient>(undefined);
  const [rates, setRates] = useState<Rates>(parameters);
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const { busy, problem, start } = useTask();
  const go = async () => {
    client.current ??= stage.client();
    for (let second = 0; second < STEP_S; second++) {
      const sample = await pass(stage, client.current, rates);
      setSamples((before) => [...before, sample].slice(-LONGEST));
    }
  };
  const again = async () => {
    await stage.empty();
    client.current = undefined;
    setSamples([]);
  };
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Amount
          label="Jobs a second"
          value={rates.jobs}
          onChange={(jobs) => setRates({ ...rates, jobs })}
        />
        <Amount
          label="Workers"
          value={rates.workers}
          onChange={(workers) => setRates({ ...rates, workers })}
        />
        <Button icon="clock" busy={busy} onClick={() => start(go)}>
          {STEP_S}&#8239;s later
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={() => start(again)}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
      <Chart samples={samples} alarmS={alarmS} />
      <Verdict sample={samples.at(-1)} alarmS={alarmS} />
    </div>
  );
}

/** One second: the producers push, the workers take what they can, and the clock goes on. */
async function pass(stage: Stage, client: DemoClient, rates: Rates): Promise<Sample> {
  const job = String(stage.now());
  if (rates.jobs > 0) await client.ask('LPUSH', QUEUE, ...Array(rates.jobs).fill(job));
  if (rates.workers > 0) await client.ask('RPOP', QUEUE, String(rates.workers));
  await stage.advance(1000);
  const length = await client.number('LLEN', QUEUE);
  const oldest = await client.ask('LINDEX', QUEUE, '-1');
  const ageS = typeof oldest === 'string' ? (stage.now() - Number(oldest)) / 1000 : 0;
  return { length, ageS };
}

type AmountProps = {
  label: string;
  value: number;
  onChange: (value: number) => void;
};

function Amount({ label, value, onChange }: AmountProps) {
  return (
    <fieldset className="flex items-center gap-1 text-ui">
      <legend className="sr-only">{label}</legend>
      <span aria-hidden="true">{label}</span>
      <Button
        icon="minus"
        aria-label={`${label}: one less`}
        aria-disabled={value === 0}
        onClick={() => value > 0 && onChange(value - 1)}
      />
      <span className="w-6 text-center font-semibold tabular-nums">{value}</span>
      <Button icon="plus" aria-label={`${label}: one more`} onClick={() => onChange(value + 1)} />
    </fieldset>
  );
}

/** As many seconds as the chart shows. */
const LONGEST = 120;
const HEIGHT = 96;

/** Two lines, each with a scale of its own; a table says the same in words. */
function Chart({ samples, alarmS }: { samples: readonly Sample[]; alarmS: number }) {
  const most = Math.max(alarmS * 1.5, ...samples.map(({ ageS }) => ageS));
  const longest = Math.max(10, ...samples.map(({ length }) => length));
  const alarmAt = HEIGHT * (1 - alarmS / most);
  return (
    <figure className="m-0">
      <svg
        viewBox={`0 0 ${LONGEST} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-28 w-full rounded border border-border"
      >
        <line
          x1={0}
          x2={LONGEST}
          y1={alarmAt}
          y2={alarmAt}
          className="stroke-bad"
          strokeDasharray="4 4"
          vectorEffect="non-scaling-stroke"
        />
        <Line values={samples.map(({ length }) => length / longest)} className="stroke-ink-2" />
        <Line values={samples.map(({ ageS }) => ageS / most)} className="stroke-accent" thick />
      </svg>
      <figcaption className="flex flex-wrap gap-x-4 text-small text-ink-2">
        <span>
          <span aria-hidden="true" className="mr-1 inline-block h-0.5 w-4 bg-accent align-middle" />
          age of the oldest job
        </span>
        <span>
          <span aria-hidden="true" className="mr-1 inline-block h-px w-4 bg-ink-2 align-middle" />
          length of the queue
        </span>
        <span>dashed: the alarm, {alarmS}&#8239;s</span>
      </figcaption>
    </figure>
  );
}

type LineProps = { values: readonly number[]; className: string; thick?: boolean };

function Line({ values, className, thick }: LineProps) {
  const points = values.map((value, index) => `${index},${HEIGHT * (1 - 0.97 * value)}`);
  return (
    <polyline
      points={points.join(' ')}
      fill="none"
      strokeWidth={thick ? 2 : 1}
      vectorEffect="non-scaling-stroke"
      className={className}
    />
  );
}

function Verdict({ sample, alarmS }: { sample: Sample | undefined; alarmS: number }) {
  const bad = sample !== undefined && sample.ageS > alarmS;
  return (
    <p
      role="status"
      className={cx('flex items-center gap-1.5 text-ui tabular-nums', bad && 'text-bad')}
    >
      {sample === undefined ? (
        'Nothing has been pushed.'
      ) : (
        <>
          <Icon name={bad ? 'warning' : 'check'} />
          {`LLEN answers ${sample.length}, the oldest job has waited for ${secondsInWords(sample.ageS)}. ${bad ? 'Alarm.' : 'No alarm.'}`}
        </>
      )}
    </p>
  );
}
