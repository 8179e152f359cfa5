/** A script that never ends, seen by another client: it waits, then it is told BUSY, then it may kill. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Lines, Pane, Problem } from './parts.tsx';
import { type DemoClient, messageOf } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Say = (line: string) => void;

const endless = (writes: boolean) =>
  `${writes ? "redis.call('SET', KEYS[1], 'half done') " : ''}while true do end`;

export default function BusyScript({ parameters }: { parameters: ParametersOf<'busy-script'> }) {
  const { writes } = parameters;
  const stage = useStage();
  const other = useRef<DemoClient>(undefined);
  const [runner, setRunner] = useState<readonly string[]>([]);
  const [second, setSecond] = useState<readonly string[]>([]);
  const [running, setRunning] = useState(false);
  const { problem, start } = useTask();
  const begin = () => {
    const client = stage.client();
    const say: Say = (line) => setRunner((before) => [...before, line]);
    say(`> EVAL "${endless(writes)}" 1 job`);
    setRunning(true);
    client
      .ask('EVAL', endless(writes), '1', 'job')
      .then((reply) => say(reply instanceof Error ? `(error) ${reply.message}` : String(reply)))
      .catch((error: unknown) => say(messageOf(error)))
      .finally(() => setRunning(false));
  };
  const send = (line: string) => {
    other.current ??= stage.client();
    const say: Say = (text) => setSecond((before) => [...before, text]);
    say(`> ${line}`);
    other.current.run(line).then(say, (error: unknown) => say(messageOf(error)));
  };
  const restart = () =>
    start(async () => {
      stage.stop();
      other.current = undefined;
      setRunner([]);
      setSecond([]);
      setRunning(false);
    });
  return (
    <div className="@container flex flex-col gap-3">
      <div className="grid gap-3 @min-[34rem]:grid-cols-2">
        <Pane title="Client A">
          <Lines label="Client A" lines={runner} empty="No script is running." />
          <Button icon="play" aria-disabled={running} onClick={() => !running && begin()}>
            Run the endless script
          </Button>
        </Pane>
        <Pane title="Client B">
          <Lines label="Client B" lines={second} empty="Nothing was sent." />
          <div className="flex flex-wrap gap-2">
            {['PING', 'GET job', 'SCRIPT KILL'].map((line) => (
              <Button key={line} onClick={() => send(line)}>
                {line}
              </Button>
            ))}
          </div>
        </Pane>
      </div>
      <Controls>
        <Button
          icon="clock"
          aria-disabled={!running}
          onClick={() => running && start(() => stage.advance(5000))}
        >
          5&#8239;s later
        </Button>
        <Button variant="quiet" icon="reset" onClick={restart}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
    </div>
  );
}
