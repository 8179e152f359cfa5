/** Redlock by hand: two clients, five unrelated servers that stop, and whose clocks jump. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import { acquire, type Grant, jump, release, SERVERS, type ServerView, survey } from './redlock.ts';
import { useStage, useTask } from './use-stage.tsx';

const people = ['Ada', 'Bob'] as const;
type Person = (typeof people)[number];
const LATER_S = 10;

interface Seen {
  readonly servers: readonly ServerView[];
  readonly nowMs: number;
}

export default function Redlock({ parameters }: { parameters: ParametersOf<'redlock'> }) {
  const { grants, down, seen, busy, problem, ...acts } = useRedlock(parameters.ttlS);
  const [jumpS, setJumpS] = useState(parameters.ttlS);
  return (
    <div className="flex flex-col gap-3">
      <Presses busy={busy} {...acts} />
      <label className="flex flex-wrap items-center gap-2 text-ui">
        A clock jumps ahead by
        <input
          type="range"
          min={1}
          max={2 * parameters.ttlS}
          value={jumpS}
          onChange={({ target }) => setJumpS(target.valueAsNumber)}
          className="min-h-target w-32 max-w-40 grow accent-accent"
        />
        <output className="tabular-nums">{jumpS}&#8239;s</output>
      </label>
      <Problem text={problem} />
      <ul className="m-0 flex list-none flex-col gap-1 p-0">
        {SERVERS.map((name, index) => (
          <ServerRow
            key={name}
            name={name}
            view={seen?.servers[index]}
            isDown={down.has(name)}
            busy={busy}
            onJump={() => acts.jumpAt(index, jumpS)}
            onToggle={() => acts.toggle(name)}
          />
        ))}
      </ul>
      <Verdict grants={grants} nowMs={seen?.nowMs ?? 0} />
      <p className="text-small text-ink-2">
        Five servers of this page, which save nothing. They share one clock, so a jump is carried
        out as what it does: the lock there loses so much of its time. Time stands still between
        presses.
      </p>
    </div>
  );
}

/** Everything that can be done, and what is known after it. */
function useRedlock(ttlS: number) {
  const stage = useStage({ save: '' }, { kind: 'servers', servers: SERVERS.length });
  const [grants, setGrants] = useState<Partial<Record<Person, Grant>>>({});
  const [down, setDown] = useState<ReadonlySet<string>>(new Set());
  const [seen, setSeen] = useState<Seen>();
  const { busy, problem, start } = useTask();
  const act = (task: () => Promise<unknown>) =>
    start(async () => {
      // Its own time: what the page takes to draw does not use up the lock.
      await stage.world.control({ do: 'pace', rate: 0 });
      await task();
      setSeen({ servers: await survey(stage), nowMs: stage.now() });
    });
  const take = (person: Person) =>
    act(async () => {
      const grant = await acquire(stage, tokenOf(person), ttlS * 1000);
      setGrants((before) => ({ ...before, [person]: grant }));
    });
  const giveBack = (person: Person) =>
    act(async () => {
      await release(stage, tokenOf(person));
      setGrants(({ [person]: _, ...others }) => others);
    });
  const toggle = (name: string) =>
    act(async () => {
      const wasDown = down.has(name);
      await stage.world.control({ do: wasDown ? 'revive' : 'kill', node: name });
      setDown(new Set(SERVERS.filter((each) => (each === name ? !wasDown : down.has(each)))));
    });
  const again = () =>
    act(async () => {
      await stage.empty();
      setGrants({});
      setDown(new Set());
    });
  const later = () => act(() => stage.advance(LATER_S * 1000));
  const jumpAt = (index: number, seconds: number) => act(() => jump(stage, index, seconds * 1000));
  return { grants, down, seen, busy, problem, take, giveBack, toggle, again, later, jumpAt };
}

const tokenOf = (person: Person) => `token-of-${person.toLowerCase()}`;

type Acts = ReturnType<typeof useRedlock>;

function Presses({
  busy,
  take,
  giveBack,
  later,
  again,
}: Pick<Acts, 'busy' | 'take' | 'giveBack' | 'later' | 'again'>) {
  return (
    <Controls>
      {people.map((person) => (
        <Button key={person} icon="lock" busy={busy} onClick={() => take(person)}>
          {person} acquires
        </Button>
      ))}
      {people.map((person) => (
        <Button key={person} variant="quiet" busy={busy} onClick={() => giveBack(person)}>
          {person} releases
        </Button>
      ))}
      <Button icon="clock" busy={busy} onClick={later}>
        {LATER_S}&#8239;s later
      </Button>
      <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
        From the beginning
      </Button>
    </Controls>
  );
}

interface ServerRowProps {
  readonly name: string;
  readonly view: ServerView | undefined;
  readonly isDown: boolean;
  readonly busy: boolean;
  readonly onJump: () => void;
  readonly onToggle: () => void;
}

function ServerRow({ name, view, isDown, busy, onJump, onToggle }: ServerRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded border border-border px-3 py-1.5 text-ui">
      <span className="w-14 font-semibold">{name}</span>
      <span className="min-w-44 grow tabular-nums">{holderText(view, isDown)}</span>
      <Button
        variant="quiet"
        busy={busy}
        disabled={isDown}
        onClick={onJump}
        aria-label={`The clock of ${name} jumps`}
      >
        Clock jumps
      </Button>
      <Button busy={busy} onClick={onToggle} aria-label={`${isDown ? 'Start' : 'Stop'} ${name}`}>
        {isDown ? 'Start' : 'Stop'}
      </Button>
    </li>
  );
}

function holderText(server: ServerView | undefined, isDown: boolean): string {
  if (isDown) return 'stopped';
  if (!server?.token) return 'free';
  return `${server.token}, ${(server.leftMs / 1000).toFixed(1)} s left`;
}

type VerdictProps = { grants: Partial<Record<Person, Grant>>; nowMs: number };

function Verdict({ grants, nowMs }: VerdictProps) {
  const inside = people.filter((person) => {
    const grant = grants[person];
    return grant?.held === true && grant.untilMs > nowMs;
  });
  const both = inside.length > 1;
  return (
    <div
      role="status"
      className={cx('flex flex-col gap-0.5 text-ui tabular-nums', both && 'text-bad')}
    >
      {people.map((person) => (
        <p key={person}>{grantText(person, grants[person], nowMs)}</p>
      ))}
      {both && (
        <p>
          Both believe that they are alone. An assumption was broken: a clock jumped, or a server
          came back without its locks.
        </p>
      )}
    </div>
  );
}

function grantText(person: Person, grant: Grant | undefined, nowMs: number): string {
  if (!grant) return `${person} has not asked, or has released.`;
  const got = `${person} got ${grant.got} of ${SERVERS.length}`;
  if (!grant.held) return `${got}: refused, and given back everywhere.`;
  const leftMs = grant.untilMs - nowMs;
  if (leftMs <= 0) return `${got}, but the validity is over: must not go on.`;
  return `${got}: holds the lock, valid for another ${(leftMs / 1000).toFixed(1)} s.`;
}
