/** Somebody guesses passwords and tries forbidden commands; what the server has noted of it. */
import { useState } from 'react';
import { utf8Decode } from '../../engine/bytes/bytes.ts';
import { MapReply, type Reply } from '../../engine/resp/reply.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Icon } from '../../ui/Icon.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

interface Refusal {
  readonly count: number;
  readonly reason: string;
  readonly object: string;
  readonly user: string;
}

interface Notes {
  readonly refusals: readonly Refusal[];
  /** Lines of INFO commandstats that tell of refused calls. */
  readonly rejected: readonly string[];
}

const SETUP: readonly (readonly string[])[] = [
  ['ACL', 'SETUSER', 'app', 'on', '>app-secret', '~app:*', '+@read', '+@write', '-@dangerous'],
  ['ACL', 'LOG', 'RESET'],
  ['CONFIG', 'RESETSTAT'],
];

export default function BreakIn({ parameters }: { parameters: ParametersOf<'break-in'> }) {
  const { alarm } = parameters;
  const stage = useStage();
  const [notes, setNotes] = useState<Notes>();
  const { busy, problem, start } = useTask();
  const act = (commands: readonly (readonly string[])[]) =>
    start(async () => {
      if (!notes) await run(stage, SETUP);
      await run(stage, commands);
      setNotes(await read(stage));
    });
  const again = () =>
    start(async () => {
      await stage.empty();
      setNotes(undefined);
    });
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button busy={busy} onClick={() => act(GUESSES)}>
          Guess twenty passwords
        </Button>
        <Button busy={busy} onClick={() => act(TRESPASSES)}>
          Try what app may not do
        </Button>
        <Button busy={busy} onClick={() => act(HONEST)}>
          Work as app should
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
      <Verdict notes={notes} alarm={alarm} />
      {notes && <Log notes={notes} />}
    </div>
  );
}

const GUESSES = Array.from({ length: 20 }, (_, index) => ['AUTH', 'app', `guess-${index}`]);
const SIGN_IN = ['AUTH', 'app', 'app-secret'];
const TRESPASSES = [SIGN_IN, ['CONFIG', 'GET', '*'], ['KEYS', '*'], ['GET', 'other:1']];
const HONEST = [SIGN_IN, ['SET', 'app:1', 'hello'], ['GET', 'app:1']];

/** Whatever is answered, errors included. */
async function run(stage: Stage, commands: readonly (readonly string[])[]): Promise<void> {
  const client = stage.client();
  for (const argv of commands) await client.ask(...argv);
  client.close();
}

async function read(stage: Stage): Promise<Notes> {
  const client = stage.client();
  const log = await client.ask('ACL', 'LOG');
  const stats = await client.run('INFO commandstats');
  client.close();
  return {
    refusals: (Array.isArray(log) ? log : []).map(refusalOf),
    rejected: stats.split('\n').filter((line) => /(rejected|failed)_calls=[1-9]/.test(line)),
  };
}

function refusalOf(entry: Reply): Refusal {
  // A map in RESP3.
  const entries = entry instanceof MapReply ? entry.entries : [];
  const fields = new Map(entries.map(([name, value]) => [String(name), utf8Decode(String(value))]));
  const field = (name: string) => fields.get(name) ?? '';
  return {
    count: Number(field('count')),
    reason: field('reason'),
    object: field('object'),
    user: field('username'),
  };
}

function Verdict({ notes, alarm }: { notes: Notes | undefined; alarm: number }) {
  const total = notes?.refusals.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const bad = total >= alarm;
  return (
    <p
      role="status"
      className={cx('flex items-center gap-1.5 text-ui tabular-nums', bad && 'text-bad')}
    >
      {notes && <Icon name={bad ? 'warning' : 'check'} />}
      {notes
        ? `${total} refusals. ${bad ? 'Alarm.' : 'No alarm.'}`
        : `The alarm goes off at ${alarm} refusals.`}
    </p>
  );
}

function Log({ notes }: { notes: Notes }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-ui tabular-nums">
        <caption className="text-left text-small text-ink-2">ACL LOG, newest first</caption>
        <thead>
          <tr className="text-left text-small text-ink-2 [&>th]:pr-4 [&>th]:font-normal">
            {['count', 'reason', 'object', 'username'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {notes.refusals.map(({ count, reason, object, user }, row) => (
            <tr key={row} className="border-t border-line [&>td]:pr-4">
              <td>{count}</td>
              <td>{reason}</td>
              <td>
                <code>{object}</code>
              </td>
              <td>{user}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes.rejected.length > 0 && (
        <>
          <p className="mt-3 text-small text-ink-2">
            INFO commandstats, commands that were refused
          </p>
          <pre className="term overflow-x-auto">{notes.rejected.join('\n')}</pre>
        </>
      )}
    </div>
  );
}
