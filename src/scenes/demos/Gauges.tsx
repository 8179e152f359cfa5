/** A batch size to choose, and two limits that it must keep: the total time, and what waits meanwhile. */
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { Choice } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { groups } from '../measures.ts';
import type { Trip } from './measure-trips.ts';

export type GaugesProps = {
  trips: readonly Trip[];
  limits: { readonly seconds: number; readonly kilobytes: number };
  timeOf: (trip: Trip) => number;
};

export function Gauges({ trips, limits, timeOf }: GaugesProps) {
  const [batch, setBatch] = useState('');
  const trip = trips.find((each) => String(each.batch) === batch);
  return (
    <div className="flex flex-col gap-3">
      <Choice
        label="Your batch size"
        value={batch}
        options={trips.map((each) => ({ value: String(each.batch), label: groups(each.batch) }))}
        onChange={setBatch}
      />
      {trip && (
        <div role="status" className="grid max-w-measure gap-3 sm:grid-cols-2">
          <Gauge name="Total time" value={timeOf(trip) / 1000} limit={limits.seconds} unit="s" />
          <Gauge
            name="Waiting in one batch"
            value={trip.waitingBytes / 1000}
            limit={limits.kilobytes}
            unit="kB"
          />
        </div>
      )}
    </div>
  );
}

type GaugeProps = { name: string; value: number; limit: number; unit: string };

function Gauge({ name, value, limit, unit }: GaugeProps) {
  const keeps = value <= limit;
  return (
    <div>
      <p className="flex items-baseline justify-between gap-2 text-ui">
        <span>{name}</span>
        <span
          className={cx(
            'inline-flex items-center gap-1 font-semibold tabular-nums',
            keeps ? 'text-ok' : 'text-bad',
          )}
        >
          <Icon name={keeps ? 'check' : 'cross'} />
          {value.toFixed(value < 10 ? 1 : 0)}&#8239;{unit}
        </span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1.5 rounded-round bg-sunk">
        <div
          className={cx('h-full rounded-round', keeps ? 'bg-ok' : 'bg-bad')}
          style={{ width: `${Math.min(100, (100 * value) / limit)}%` }}
        />
      </div>
      <p className="mt-0.5 text-small text-ink-2 tabular-nums">
        at most {limit}&#8239;{unit}
      </p>
    </div>
  );
}
