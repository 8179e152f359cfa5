/**
 * The same visitors at pools of several sizes: how long they wait for a connection, and who gives up.
 * The connections are opened and kept busy on the engine; only journeys are counted, in lab time.
 */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Fields.tsx';
import { groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, Problem } from './parts.tsx';
import { type Load, Pool, percentile, type Served, SLICE_MS, serve } from './pool.ts';
import { wiredBackend } from './pool-wire.ts';
import type { Stage } from './stage.ts';
import { useSeries, useStage } from './use-stage.tsx';

type Parameters = ParametersOf<'pool-simulator'>;

interface Settings {
  readonly perSecond: number;
  readonly serviceMs: number;
  readonly rttMs: number;
  readonly isPipelined: boolean;
  readonly isWarm: boolean;
}

/** Each request is so many commands. */
const COMMANDS = 5;
/** TCP, and the first words of the client. */
const TRIPS_TO_OPEN = 2;
const SECONDS = 5;

export default function PoolSimulator({ parameters }: { parameters: Parameters }) {
  const { sizes, cores } = parameters;
  const stage = useStage();
  const [settings, setSettings] = useState<Settings>({ ...parameters, ...plain });
  const [ran, setRan] = useState(settings);
  const measure = (size: number) => run(stage, size, settings, parameters);
  const { values, busy, problem, run: start } = useSeries(sizes, measure);
  const nameOf = (size: number) =>
    size === 2 * cores ? `${size} = 2 × ${cores} cores` : `${size}`;
  const bar = (size: number, index: number, value: (served: Served) => [number, string]) => {
    const served = values[index];
    const [amount, text] = served ? value(served) : [undefined, '–'];
    return { label: nameOf(size), value: amount, text, mark: size === 2 * cores };
  };
  return (
    <div className="flex flex-col gap-3">
      <Sliders settings={settings} onChange={setSettings} />
      <Controls>
        <Button
          icon="play"
          busy={busy}
          onClick={() => {
            setRan(settings);
            start();
          }}
        >
          Let {SECONDS}&#8239;s of visitors come
        </Button>
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="How long 19 of 20 requests wait at most, by size of the pool"
        heads={['Pool', '19 of 20 wait at most, gave up']}
        bars={sizes.map((size, index) => bar(size, index, waitOf))}
      />
      <Bars
        caption="Most connections lent at once, by size of the pool"
        heads={['Pool', 'Most lent, idle even then']}
        bars={sizes.map((size, index) =>
          bar(size, index, ({ mostLent }) => [
            mostLent,
            `${mostLent}, ${idleOf(mostLent, size)} %`,
          ]),
        )}
      />
      <Waiting served={values} />
      <p role="status" className="text-ui">
        {values.length === sizes.length ? verdict(values.at(-1), ran) : 'Nothing has come yet.'}
      </p>
      <p className="text-small text-ink-2">
        Every connection is a real one to the engine in this page, and <code>BLPOP</code> keeps it
        busy for as long as a request takes. Journeys are counted. Who waits for{' '}
        {parameters.patienceMs / 1000}&#8239;s gives up.
      </p>
    </div>
  );
}

const plain = { isPipelined: false, isWarm: false };

const sliders = [
  { name: 'perSecond', label: 'Requests a second', min: 20, max: 400, step: 20, unit: '' },
  { name: 'serviceMs', label: 'Work for each', min: 1, max: 100, step: 1, unit: ' ms' },
  { name: 'rttMs', label: 'Round trip', min: 0, max: 50, step: 1, unit: ' ms' },
] as const;

type SlidersProps = { settings: Settings; onChange: (settings: Settings) => void };

function Sliders({ settings, onChange }: SlidersProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-5">
      {sliders.map(({ name, label, min, max, step, unit }) => (
        <label key={name} className="flex items-center gap-2 text-ui">
          {label}
          <input
            type="range"
            min={min}
            max={max}
            step={step}
            value={settings[name]}
            onChange={({ target }) => onChange({ ...settings, [name]: target.valueAsNumber })}
            className="min-h-target w-28 accent-accent"
          />
          <output className="w-14 tabular-nums">
            {settings[name]}
            {unit}
          </output>
        </label>
      ))}
      <Checkbox
        label={`Its ${COMMANDS} commands in one write`}
        checked={settings.isPipelined}
        onChange={({ target }) => onChange({ ...settings, isPipelined: target.checked })}
      />
      <Checkbox
        label="Warmed: all opened before"
        checked={settings.isWarm}
        onChange={({ target }) => onChange({ ...settings, isWarm: target.checked })}
      />
    </div>
  );
}

const HEIGHT = 64;

/** How many waited, tenth of a second by tenth, the smallest pool thick. */
function Waiting({ served }: { served: readonly Served[] }) {
  const most = Math.max(1, ...served.flatMap(({ slices }) => slices.map(({ waiting }) => waiting)));
  const width = (SECONDS * 1000) / SLICE_MS - 1;
  return (
    <figure className="m-0">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-16 w-full rounded border border-border"
      >
        {served.map(({ slices }, index) => (
          <polyline
            key={index}
            points={slices
              .map(({ waiting }, at) => `${at},${HEIGHT * (0.98 - (0.94 * waiting) / most)}`)
              .join(' ')}
            fill="none"
            strokeWidth={index === 0 ? 2 : 1}
            vectorEffect="non-scaling-stroke"
            className={index === 0 ? 'stroke-accent' : 'stroke-ink-2'}
          />
        ))}
      </svg>
      <figcaption className="text-small text-ink-2">
        Who waits, from the first moment to the last; {most} at most. Thick: the smallest pool.
      </figcaption>
    </figure>
  );
}

const waitOf = ({ waitsMs, gaveUp }: Served): [number, string] => {
  const ms = percentile(waitsMs, 0.95);
  return [ms, `${groups(ms)} ms, ${gaveUp}`];
};

const idleOf = (lent: number, size: number) => Math.round((100 * (size - lent)) / size);

function verdict(served: Served | undefined, settings: Settings): string {
  if (!served) return '';
  const heldMs = settings.serviceMs + journeysOf(settings);
  const expected = (settings.perSecond * heldMs) / 1000;
  return `Little's law: ${settings.perSecond} a second, each for ${heldMs} ms, keep ${expected.toFixed(1)} connections busy. Measured at the largest pool, from the first request to the last: ${served.meanLent.toFixed(1)} on average, ${served.mostLent} at most.`;
}

const journeysOf = ({ rttMs, isPipelined }: Settings) => rttMs * (isPipelined ? 1 : COMMANDS);

/** On an empty server, in time that stands still but for what the load lets go by. */
async function run(stage: Stage, size: number, settings: Settings, parameters: Parameters) {
  await stage.empty();
  await stage.world.control({ do: 'pace', rate: 0 });
  const backend = wiredBackend(
    (to, on) => stage.world.dial(to, on),
    (ms) => stage.advance(ms),
  );
  const pool = new Pool(backend, size);
  const load: Load = {
    perSecond: settings.perSecond,
    seconds: SECONDS,
    serviceMs: settings.serviceMs,
    journeysMs: journeysOf(settings),
    connectMs: TRIPS_TO_OPEN * settings.rttMs,
    patienceMs: parameters.patienceMs,
  };
  try {
    if (settings.isWarm) await pool.warm();
    return await serve(backend, pool, load);
  } finally {
    backend.closeAll();
  }
}
