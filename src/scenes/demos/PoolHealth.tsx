/** A panel over one pool: traffic, a leak, consumers that wait, a second instance, five quiet minutes. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Checkbox } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Cell, Controls, Lines, Problem } from './parts.tsx';
import { type Health, Instance, PATIENCE_MS, rowsOf, SERVER, SIZE } from './pool-health.ts';
import { useStage, useTask } from './use-stage.tsx';

const CONSUMERS = 10;

export default function PoolHealth() {
  const stage = useStage(SERVER);
  const [instance] = useState(() => new Instance(stage));
  const [rules, setRules] = useState({ isSplit: false, hasBreaker: false });
  const [health, setHealth] = useState<Health>();
  const [lines, setLines] = useState<readonly string[]>([]);
  const { busy, problem, start } = useTask();
  const act = (deed: () => Promise<Health>, told: (health: Health) => string) =>
    start(async () => {
      const now = await deed();
      setHealth(now);
      setLines((before) => [...before, told(now)].slice(-40));
    });
  const begin = async () => {
    setLines([]);
    return instance.begin();
  };
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => act(() => instance.second(rules), visited)}>
          A second of visitors
        </Button>
        <Button busy={busy} onClick={() => act(() => instance.leak(), leaked)}>
          Leak a connection
        </Button>
        <Button
          busy={busy}
          onClick={() => act(() => instance.consume(CONSUMERS, rules), consumed(rules.isSplit))}
        >
          {CONSUMERS} consumers wait
        </Button>
        <Button busy={busy} onClick={() => act(() => instance.another(), joined)}>
          A second instance
        </Button>
        <Button icon="clock" busy={busy} onClick={() => act(() => instance.quiet(), quieted)}>
          310&#8239;s of quiet
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={() => act(begin, () => 'Begun.')}>
          From the beginning
        </Button>
      </Controls>
      <div className="flex flex-wrap gap-x-4">
        <Checkbox
          label="Consumers have a pool of their own"
          checked={rules.isSplit}
          onChange={({ target }) => setRules({ ...rules, isSplit: target.checked })}
        />
        <Checkbox
          label="Breaker"
          checked={rules.hasBreaker}
          onChange={({ target }) => setRules({ ...rules, hasBreaker: target.checked })}
        />
      </div>
      <Problem text={problem} />
      {health && <Panel health={health} />}
      <Lines label="What happened" lines={lines} empty="Nothing has happened." />
      <p className="text-small text-ink-2">
        The pool lends {SIZE} connections at most; the server in this page has{' '}
        <code>maxclients {SERVER.maxclients}</code> and <code>timeout {SERVER.timeout}</code>. One
        more connection is this panel's own. The time is the lab's.
      </p>
    </div>
  );
}

function Panel({ health }: { health: Health }) {
  const { lent, idle } = health;
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-1.5 text-ui" aria-hidden="true">
        {Array.from({ length: SIZE }, (_, place) => (
          <Cell key={place} round={place >= lent && place < lent + idle} there={place < lent} />
        ))}
        <span className="ml-2 text-small text-ink-2">filled: lent; round: idle</span>
      </p>
      <dl className="m-0 grid gap-x-6 text-ui sm:grid-cols-2">
        {rowsOf(health).map(({ name, text, isBad }) => (
          <div key={name} className="flex justify-between gap-3 border-b border-line py-0.5">
            <dt>{name}</dt>
            <dd
              className={cx(
                'm-0 inline-flex items-center gap-1 tabular-nums',
                isBad && 'font-semibold text-bad',
              )}
            >
              {isBad && <Icon name="warning" />}
              {text}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const visited = ({ visit }: Health): string =>
  `A second of visitors: ${visit?.waitsMs.length} answered, ${visit?.gaveUp} gave up after ${PATIENCE_MS} ms, ${visit?.turnedAway} turned away at once, ${visit?.refused} refused by the server.`;

const leaked = ({ lent }: Health): string => `A connection was not given back: lent now ${lent}.`;

const consumed =
  (isSplit: boolean) =>
  ({ lent, consumersLent }: Health): string =>
    isSplit
      ? `BRPOP jobs 0 on a pool of their own: ${consumersLent} of its connections are lent.`
      : `BRPOP jobs 0 until the pool is empty: ${lent} are lent, and stay lent.`;

const joined = ({ clients, rejected }: Health): string =>
  `A second instance has opened its pool: ${clients} clients, ${rejected} refused.`;

const quieted = ({ idle, clients }: Health): string =>
  `Five minutes without a request: the server has closed what was idle. ${idle} idle, ${clients} clients.`;
