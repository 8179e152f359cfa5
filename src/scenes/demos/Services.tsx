/** One event, many services. One that is offline never gets what was published meanwhile. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Checkbox } from '../../ui/Fields.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';
import { useSubscription } from './use-subscription.tsx';

export default function Services({ parameters }: { parameters: ParametersOf<'services'> }) {
  const { channel, services } = parameters;
  const stage = useStage();
  const [published, setPublished] = useState(0);
  const [reached, setReached] = useState<number>();
  const { busy, problem, start } = useTask();
  const publish = async () => {
    const client = stage.client();
    setReached(await client.number('PUBLISH', channel, `order ${published + 1}`));
    setPublished(published + 1);
    client.close();
  };
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => start(publish)}>
          Publish order {published + 1}
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {reached !== undefined && `PUBLISH answered (integer) ${reached}`}
        </span>
      </Controls>
      <Problem text={problem} />
      <ul className="flex flex-col">
        {services.map((service) => (
          <Service key={service} stage={stage} channel={channel} name={service} of={published} />
        ))}
      </ul>
    </div>
  );
}

type ServiceProps = { stage: Stage; channel: string; name: string; of: number };

function Service({ stage, channel, name, of }: ServiceProps) {
  const [online, setOnline] = useState(true);
  const [got, setGot] = useState<readonly string[]>([]);
  useSubscription(stage, online, ['SUBSCRIBE', channel], (payload) =>
    setGot((before) => [...before, payload]),
  );
  const missed = of - got.length;
  return (
    <li className="flex flex-wrap items-center gap-x-4 border-t border-line">
      <Checkbox
        label={<span className="w-28 font-mono text-code">{name}</span>}
        checked={online}
        onChange={() => setOnline(!online)}
      />
      <span className="flex min-w-0 grow flex-wrap gap-1" aria-hidden="true">
        {Array.from({ length: of }, (_, index) => {
          const order = `order ${index + 1}`;
          const here = got.includes(order);
          return (
            <span
              key={order}
              className={cx(
                'inline-flex size-6 items-center justify-center rounded-small border text-tiny tabular-nums',
                here ? 'just-changed border-ok text-ok' : 'border-dashed border-border text-ink-2',
              )}
            >
              {here ? index + 1 : ''}
            </span>
          );
        })}
      </span>
      <span className="text-small text-ink-2 tabular-nums">
        {got.length} of {of}
        {missed > 0 && <span className="text-bad">, {missed} never arrive</span>}
      </span>
    </li>
  );
}
