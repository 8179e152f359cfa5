/**
 * Total time by batch size. The commands really run, once for each batch size; the time that they
 * spend on the network is the number of round trips times the chosen distance, in lab time.
 */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { bytesInWords, groups } from '../measures.ts';
import { Gauges } from './Gauges.tsx';
import { measureTrips, type Trip } from './measure-trips.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import { useSeries, useStage } from './use-stage.tsx';

export default function RoundTrips({ parameters }: { parameters: ParametersOf<'round-trips'> }) {
  const { commands, rttsMs, batches, limits } = parameters;
  const stage = useStage();
  const [place, setPlace] = useState(Math.min(1, rttsMs.length - 1));
  const measure = (batch: number) => measureTrips(stage, commands, batch);
  const { values: trips, busy, problem, run } = useSeries(batches, measure);
  const rttMs = rttsMs[place] ?? 1;
  const timeOf = ({ roundTrips, executionMs }: Trip) => roundTrips * rttMs + executionMs;
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={run}>
          Send {groups(commands)} commands
        </Button>
        <RttSlider rttsMs={rttsMs} place={place} onPlace={setPlace} />
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="Total time by batch size"
        heads={['Batch', 'Total time']}
        logarithmic
        bars={batches.map((batch, index) => {
          const trip = trips[index];
          const text = trip
            ? `${durationInWords(timeOf(trip))} (${groups(trip.roundTrips)} ${trip.roundTrips === 1 ? 'trip' : 'trips'})`
            : busy && index === trips.length
              ? 'running'
              : '–';
          return { label: groups(batch), value: trip && timeOf(trip), text };
        })}
      />
      <p className="text-small text-ink-2">Each bar is drawn on a scale of factors, not amounts.</p>
      {limits && trips.length === batches.length && (
        <Gauges trips={trips} limits={limits} timeOf={timeOf} />
      )}
      <MeasuredHere>
        {trips.length > 0 &&
          `Running the commands took ${durationInWords(Math.min(...trips.map(({ executionMs }) => executionMs)))} at best; the rest is the way there and back. All of them together are ${bytesInWords(trips[0]?.requestBytes ?? 0)}.`}
      </MeasuredHere>
    </div>
  );
}

type SliderProps = { rttsMs: readonly number[]; place: number; onPlace: (place: number) => void };

function RttSlider({ rttsMs, place, onPlace }: SliderProps) {
  const rttMs = rttsMs[place] ?? 0;
  return (
    <label className="flex min-w-64 grow items-center gap-3 text-ui">
      <span className="shrink-0">Round trip</span>
      <input
        type="range"
        min={0}
        max={rttsMs.length - 1}
        step={1}
        value={place}
        aria-valuetext={`${rttMs} ms, ${placeInWords(rttMs)}`}
        onChange={({ target }) => onPlace(target.valueAsNumber)}
        className="min-h-target min-w-0 grow accent-accent"
      />
      <span className="w-36 tabular-nums">
        {rttMs}&#8239;ms <span className="text-ink-2">{placeInWords(rttMs)}</span>
      </span>
    </label>
  );
}

function placeInWords(rttMs: number): string {
  if (rttMs < 0.1) return 'same machine';
  if (rttMs < 0.8) return 'same rack';
  if (rttMs < 5) return 'same region';
  if (rttMs < 60) return 'same continent';
  return 'other continent';
}

export function durationInWords(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)}\u202fms`;
  if (ms < 1000) return `${Math.round(ms)}\u202fms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)}\u202fs`;
  return `${(ms / 60_000).toFixed(0)}\u202fmin`;
}
