/** One server in three roles: what stays, what drains away, what only passes through. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Lines, Pane, Problem, Send } from './parts.tsx';
import type { Stage } from './stage.ts';
import { TtlBar } from './TtlBar.tsx';
import { useStage, useTask } from './use-stage.tsx';
import { useSubscription } from './use-subscription.tsx';

export default function Roles({ parameters }: { parameters: ParametersOf<'roles'> }) {
  const stage = useStage();
  return (
    <div className="@container">
      <div className="grid gap-3 @min-[40rem]:grid-cols-3">
        <Database stage={stage} />
        <Cache stage={stage} seconds={parameters.seconds} />
        <Broker stage={stage} />
      </div>
    </div>
  );
}

function Database({ stage }: { stage: Stage }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const { busy, problem, start } = useTask();
  const say = (...more: string[]) => setLines((before) => [...before, ...more]);
  const store = async () => {
    const client = stage.client();
    const command = 'HSET user:42 name Ada city London';
    say(`> ${command}`, await client.run(command));
    client.close();
  };
  const read = async () => {
    const other = stage.client();
    const command = 'HGET user:42 name';
    say(`other> ${command}`, await other.run(command));
    other.close();
  };
  return (
    <Pane title="Database: it stays">
      <Lines label="Database" lines={lines} empty="Store a record, then read it from elsewhere." />
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => start(store)}>
          Store
        </Button>
        <Button busy={busy} onClick={() => start(read)}>
          Read elsewhere
        </Button>
      </div>
      <Problem text={problem} />
    </Pane>
  );
}

function Cache({ stage, seconds }: { stage: Stage; seconds: number }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const [expiresAt, setExpiresAt] = useState<number>();
  const { busy, problem, start } = useTask();
  const say = (...more: string[]) => setLines((before) => [...before, ...more]);
  const request = async () => {
    const client = stage.client();
    const cached = await client.run('GET page:home');
    if (cached === '(nil)') {
      await client.run(`SET page:home "<h1>Home</h1>" EX ${seconds}`);
      setExpiresAt(stage.now() + 1000 * seconds);
      say('miss: made, and kept');
    } else say('hit: answered from the cache');
    client.close();
  };
  const skip = async () => {
    await stage.advance(10_000);
    say('10 s later');
  };
  return (
    <Pane title="Cache: it drains away">
      <Lines label="Cache" lines={lines} empty="Ask for the page a few times." />
      <TtlBar stage={stage} expiresAt={expiresAt} seconds={seconds} />
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => start(request)}>
          Ask for the page
        </Button>
        <Button busy={busy} icon="clock" onClick={() => start(skip)}>
          10&#8239;s later
        </Button>
      </div>
      <Problem text={problem} />
    </Pane>
  );
}

function Broker({ stage }: { stage: Stage }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const [text, setText] = useState('Hello');
  const [listening, setListening] = useState(false);
  const { problem, start } = useTask();
  const say = (line: string) => setLines((before) => [...before, line]);
  useSubscription(stage, listening, ['SUBSCRIBE', 'news'], (text) => say(`received: ${text}`));
  const publish = async () => {
    const client = stage.client();
    const reached = await client.number('PUBLISH', 'news', text);
    if (reached === 0) say('published to 0: nobody was there, and it is gone');
    client.close();
  };
  return (
    <Pane title="Broker: it passes through">
      <Lines label="Broker" lines={lines} empty="Nobody is subscribed yet." />
      <Send
        label="Message"
        button="Publish"
        value={text}
        onChange={setText}
        onSend={() => start(publish)}
      />
      <Button aria-pressed={listening} onClick={() => setListening(!listening)}>
        {listening ? 'Unsubscribe' : 'Subscribe'}
      </Button>
      <Problem text={problem} />
    </Pane>
  );
}
