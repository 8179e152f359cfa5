/** What a promise of nines leaves for failovers, beside a failover that is measured here. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import {
  allowedS,
  measureOutage,
  type Outage,
  outagesAllowed,
  promises,
  sayDuration,
} from './outage.ts';
import { Controls, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

export default function Availability() {
  const stage = useStage({}, { kind: 'sentinel', replicas: 2, sentinels: 3 });
  const [outage, setOutage] = useState<Outage>();
  const { busy, problem, start } = useTask();
  const measure = () =>
    start(async () => {
      await stage.empty();
      setOutage(await measureOutage(stage));
    });
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={measure}>
          Kill the primary, and measure
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {busy ? 'It is being measured …' : sayOutage(outage)}
        </span>
      </Controls>
      <Problem text={problem} />
      <Promises outageS={outage?.seconds} />
      <p className="text-small text-ink-2">
        Seconds of the lab: three Sentinels with down-after-milliseconds 5000, a primary and two
        replicas, all of this page. A year has 365.25 days.
      </p>
    </div>
  );
}

const sayOutage = (outage: Outage | undefined) =>
  outage
    ? `Writes failed for ${outage.seconds} s: ${outage.failed} of ${outage.sent}.`
    : 'Nothing has been measured.';

function Promises({ outageS }: { outageS: number | undefined }) {
  return (
    <table className="w-full border-collapse text-ui tabular-nums">
      <thead>
        <tr className="text-left align-bottom text-small text-ink-2 [&>th]:font-normal">
          <th scope="col" className="pr-3">
            Promised
          </th>
          <th scope="col" className="pr-3">
            Away in a year, at most
          </th>
          <th scope="col" className="text-right">
            Such failovers in a year
          </th>
        </tr>
      </thead>
      <tbody>
        {promises.map((promise) => (
          <tr key={promise} className="border-t border-line">
            <th scope="row" className="py-1 pr-3 text-left font-normal">
              {Number((promise * 100).toFixed(3))}&#8239;%
            </th>
            <td className="pr-3">{sayDuration(allowedS(promise))}</td>
            <td className="text-right">
              {outageS === undefined ? '–' : groups(outagesAllowed(promise, outageS))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
