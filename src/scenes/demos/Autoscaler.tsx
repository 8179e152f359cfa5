/** A cluster under growing load, and a rule that adds shards to it. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Fields.tsx';
import { Autoscaler, limits, type Minute, MOST_SHARDS, type Rule } from './autoscaler.ts';
import { Bars, Controls, Lines, Pane, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

const rules: readonly { readonly value: Rule; readonly label: string }[] = [
  { value: 'off', label: 'never' },
  { value: 'limit', label: 'at a limit' },
  { value: 'forecast', label: 'one minute ahead' },
];

export default function AutoscalerDemo() {
  const stage = useStage({ save: '' }, { kind: 'nodes', nodes: MOST_SHARDS });
  const open = useRef<Autoscaler>(undefined);
  const [rule, setRule] = useState<Rule>('limit');
  const [minutes, setMinutes] = useState<readonly Minute[]>([]);
  const { busy, problem, start } = useTask();
  const pass = () =>
    start(async () => {
      open.current ??= await Autoscaler.open(stage);
      await open.current.minute(rule);
      setMinutes([...open.current.minutes]);
    });
  const again = () =>
    start(async () => {
      open.current?.close();
      open.current = undefined;
      await stage.empty();
      setMinutes([]);
    });
  const last = minutes.at(-1);
  return (
    <div className="flex flex-col gap-3">
      <Choice label="A shard is added" value={rule} options={rules} onChange={setRule} />
      <Controls>
        <Button icon="play" busy={busy} onClick={pass}>
          A minute of load
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
        <span role="status" className="text-ui text-ink-2 tabular-nums">
          {busy ? 'Requests are under way …' : last && summary(minutes)}
        </span>
      </Controls>
      <Problem text={problem} />
      {last && <Shards minute={last} />}
      <Lines
        label="Minutes"
        lines={minutes.map(say)}
        empty="Each minute brings more than the last."
      />
      <p className="text-small text-ink-2">
        A real cluster of this page behind one endpoint. Limits of a shard: {limits.keys} keys,{' '}
        {limits.ops} commands a minute. A failed request is an error that reached the client.
      </p>
    </div>
  );
}

function summary(minutes: readonly Minute[]): string {
  const sum = (what: 'sent' | 'failed') => minutes.reduce((total, each) => total + each[what], 0);
  return `${minutes.at(-1)?.shards.length} shards, ${sum('sent')} requests, ${sum('failed')} failed.`;
}

const say = ({ number, sent, failed, added, shards }: Minute) =>
  `Minute ${number}: ${sent} requests, ${failed} failed.${added ? ` ${shards.length} shards now: ${added}.` : ''}`;

function Shards({ minute: { shards } }: { minute: Minute }) {
  const bars = (what: 'keys' | 'ops', limit: number) =>
    shards.map((shard) => ({
      label: shard.name,
      value: shard[what],
      text: String(shard[what]),
      mark: shard[what] > limit,
    }));
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Pane title="Keys">
        <Bars caption="Keys by shard" heads={['Shard', 'Keys']} bars={bars('keys', limits.keys)} />
      </Pane>
      <Pane title="Commands in the last minute">
        <Bars
          caption="Commands by shard"
          heads={['Shard', 'Commands']}
          bars={bars('ops', limits.ops)}
        />
      </Pane>
    </div>
  );
}
