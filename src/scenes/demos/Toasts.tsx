/** Notifications: to one user by their channel, to all by a pattern. */
import { useState } from 'react';
import { Icon } from '../../ui/Icon.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Pane, Problem, Send } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';
import { useSubscription } from './use-subscription.tsx';

export default function Toasts({ parameters }: { parameters: ParametersOf<'toasts'> }) {
  const { channel, pattern } = parameters;
  const stage = useStage();
  const [text, setText] = useState('Your parcel has arrived');
  const [to, setTo] = useState(channel);
  const [reached, setReached] = useState<number>();
  const { problem, start } = useTask();
  const publish = async () => {
    const client = stage.client();
    setReached(await client.number('PUBLISH', to, text));
    client.close();
  };
  return (
    <div className="@container flex flex-col gap-4">
      <Controls>
        <label className="flex items-center gap-2 text-ui">
          Channel
          <input
            value={to}
            onChange={({ target }) => setTo(target.value)}
            autoComplete="off"
            spellCheck={false}
            className="min-h-target w-40 rounded border border-border bg-paper px-2 font-mono text-field"
          />
        </label>
        <div className="min-w-60 grow">
          <Send
            label="Notification"
            button="Publish"
            value={text}
            onChange={setText}
            onSend={() => start(publish)}
          />
        </div>
      </Controls>
      <p role="status" className="text-ui text-ink-2">
        {reached === undefined
          ? 'PUBLISH answers how many subscriptions it reached.'
          : `PUBLISH answered (integer) ${reached}.`}
      </p>
      <Problem text={problem} />
      <div className="grid gap-3 @min-[32rem]:grid-cols-2">
        <Screen stage={stage} names={['SUBSCRIBE', channel]} />
        <Screen stage={stage} names={['PSUBSCRIBE', pattern]} />
      </div>
    </div>
  );
}

const MOST = 4;

function Screen({
  stage,
  names,
}: {
  stage: Stage;
  names: readonly ['SUBSCRIBE' | 'PSUBSCRIBE', string];
}) {
  const [toasts, setToasts] = useState<readonly { id: number; text: string; channel: string }[]>(
    [],
  );
  useSubscription(stage, true, names, (text, channel) =>
    setToasts((before) =>
      [...before, { id: (before.at(-1)?.id ?? 0) + 1, text, channel }].slice(-MOST),
    ),
  );
  return (
    <Pane title={<code>{names.join(' ')}</code>}>
      <div
        role="log"
        aria-label={`Received by ${names.join(' ')}`}
        className="flex min-h-40 flex-col gap-1.5"
      >
        {toasts.length === 0 && <p className="text-ui text-ink-2">Nothing yet.</p>}
        {toasts.map(({ id, text, channel }) => (
          <p
            key={id}
            className="just-changed flex items-start gap-2 rounded border border-border bg-paper px-3 py-1.5 text-ui"
          >
            <Icon name="info" className="mt-0.5 shrink-0 text-info" />
            <span className="min-w-0">
              {text}
              <code className="block text-small text-ink-2">{channel}</code>
            </span>
          </p>
        ))}
      </div>
    </Pane>
  );
}
