/** Two people on one channel. Whoever is away misses what is said: nothing is kept for them. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Lines, Pane, Problem, Send } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';
import { useSubscription } from './use-subscription.tsx';

export default function Chat({
  parameters: { channel, people },
}: {
  parameters: ParametersOf<'chat'>;
}) {
  const stage = useStage();
  return (
    <div className="@container">
      <div className="grid gap-3 @min-[32rem]:grid-cols-2">
        {people.map((person) => (
          <Person key={person} stage={stage} channel={channel} person={person} />
        ))}
      </div>
    </div>
  );
}

function Person({ stage, channel, person }: { stage: Stage; channel: string; person: string }) {
  const [here, setHere] = useState(true);
  const [lines, setLines] = useState<readonly string[]>([]);
  const [text, setText] = useState('');
  const { problem, start } = useTask();
  const say = (line: string) => setLines((before) => [...before, line]);
  useSubscription(stage, here, ['SUBSCRIBE', channel], (payload) => say(payload));
  const send = async () => {
    const client = stage.client();
    const reached = await client.number('PUBLISH', channel, `${person}: ${text}`);
    client.close();
    setText('');
    if (!here) say(`(sent, and heard by ${reached})`);
  };
  const toggle = () => {
    say(here ? '(you have left)' : '(you are back; what was said meanwhile is not here)');
    setHere(!here);
  };
  return (
    <Pane title={`${person}, ${here ? 'subscribed' : 'away'}`}>
      <Lines label={`What ${person} sees`} lines={lines} empty="Nothing has been said." />
      <Send
        label={`Message from ${person}`}
        button="Send"
        value={text}
        onChange={setText}
        onSend={() => start(send)}
      />
      <Button onClick={toggle}>{here ? 'Leave' : 'Come back'}</Button>
      <Problem text={problem} />
    </Pane>
  );
}
