/** Six alarm rules over INFO and the slow log; each can be crossed, and mended again. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import { type AlarmRule, type Readings, rules } from './alarm-rules.ts';
import { readServer, Sandbox } from './alarm-sandbox.ts';
import { Controls, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

export default function Alerts() {
  const stage = useStage();
  const sandbox = useRef<Sandbox>(undefined);
  const [readings, setReadings] = useState<Readings>();
  const { busy, problem, start } = useTask();
  const act = (action: (sandbox: Sandbox) => Promise<void>) =>
    start(async () => {
      sandbox.current ??= await Sandbox.open(stage);
      await action(sandbox.current);
      setReadings(await readServer(sandbox.current));
    });
  const again = () =>
    start(async () => {
      sandbox.current?.close();
      sandbox.current = undefined;
      await stage.empty();
      setReadings(undefined);
    });
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="eye" busy={busy} onClick={() => act(async () => {})}>
          Look at the server
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {readings && summary(readings)}
        </span>
      </Controls>
      <Problem text={problem} />
      <ul className="flex flex-col">
        {rules.map((rule) => (
          <Row
            key={rule.id}
            rule={rule}
            readings={readings}
            busy={busy}
            onCross={() => act((it) => it.cross(rule.id))}
            onMend={() => act((it) => it.mend(rule.id))}
          />
        ))}
      </ul>
      <p className="text-small text-ink-2">
        The engine in this page has no allocator of its own: its fragmentation is 1, and the button
        assumes a resident size of 1.8 times what is used.
      </p>
    </div>
  );
}

function summary(readings: Readings): string {
  const count = rules.filter((rule) => rule.isBad(readings)).length;
  if (count === 0) return 'No alarm.';
  return count === 1 ? 'One alarm.' : `${count} alarms.`;
}

type RowProps = {
  rule: AlarmRule;
  readings: Readings | undefined;
  busy: boolean;
  onCross: () => void;
  onMend: () => void;
};

function Row({ rule, readings, busy, onCross, onMend }: RowProps) {
  const bad = readings !== undefined && rule.isBad(readings);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-1.5">
      <span className="w-44 text-ui">
        {rule.name}
        <span className="block text-small text-ink-2">{rule.limit}</span>
      </span>
      <span
        className={cx(
          'flex min-w-24 grow items-center gap-1.5 text-ui tabular-nums',
          readings && (bad ? 'text-bad' : 'text-ok'),
        )}
      >
        {readings ? (
          <>
            <Icon name={bad ? 'warning' : 'check'} />
            {rule.show(readings)}
            <span className="sr-only">{bad ? ', alarm' : ', no alarm'}</span>
          </>
        ) : (
          '–'
        )}
      </span>
      {bad ? (
        <Button className="ml-auto" busy={busy} onClick={onMend}>
          {rule.mend}
        </Button>
      ) : (
        <Button className="ml-auto" busy={busy} onClick={onCross}>
          {rule.cross}
        </Button>
      )}
    </li>
  );
}
