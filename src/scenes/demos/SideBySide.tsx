/** Two or three clients side by side: the reader decides who goes next, may type, and may go back. */
import { useState } from 'react';
import { openRedisSession } from '../../runtimes/redis.ts';
import type { Session } from '../../transcript/transcript.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { type Act, carryOut, isWaiting, nextStep, type Row } from './interleaving.ts';
import { KeyValues, readKeyValues } from './KeyValues.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem, Send } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'side-by-side'>;
type Client = Parameters['clients'][number];

interface Play {
  readonly session: Session;
  readonly acts: readonly Act[];
  readonly rows: readonly Row[];
  readonly values: readonly string[];
}

export default function SideBySide({ parameters }: { parameters: Parameters }) {
  const { clients, keys, waitS } = parameters;
  const { play, busy, problem, act, back, again } = useInterleaving(parameters);
  const [acts, rows] = [play?.acts ?? [], play?.rows ?? []];
  return (
    <div className="@container flex flex-col gap-3">
      <div className={cx('grid gap-3', columns(clients.length))}>
        {clients.map((client) => (
          <Turn
            key={client.name}
            client={client}
            next={nextStep(acts, client)}
            waits={isWaiting(rows, client.name)}
            busy={busy}
            onAct={act}
          />
        ))}
      </div>
      <History rows={rows} clients={clients} />
      {keys.length > 0 && <KeyValues keys={keys} values={play?.values ?? []} />}
      <Controls>
        {waitS !== undefined && (
          <Button icon="clock" busy={busy} onClick={() => act({ kind: 'wait', seconds: waitS })}>
            Let {waitS} s pass
          </Button>
        )}
        <Button
          icon="undo"
          variant="quiet"
          busy={busy}
          aria-disabled={acts.length === 0}
          onClick={() => acts.length > 0 && back()}
        >
          One step back
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
    </div>
  );
}

const columns = (count: number) =>
  count === 2 ? '@min-[30rem]:grid-cols-2' : '@min-[30rem]:grid-cols-3';

/** Everything that has been done is done again on an empty server to come to the step before. */
function useInterleaving(parameters: Parameters) {
  const stage = useStage();
  const [play, setPlay] = useState<Play>();
  const { busy, problem, start } = useTask();
  const add = async (to: Play, act: Act) => {
    const rows = [...to.rows, ...(await carryOut(act, to.session))];
    const values = await readKeyValues(stage, parameters.keys);
    return { ...to, acts: [...to.acts, act], rows, values };
  };
  const anew = async (acts: readonly Act[]) => {
    await play?.session.close();
    let next = await begin(stage, parameters);
    for (const act of acts) next = await add(next, act);
    setPlay(next);
  };
  return {
    play,
    busy,
    problem,
    act: (act: Act) =>
      start(async () => setPlay(await add(play ?? (await begin(stage, parameters)), act))),
    back: () => start(() => anew(play?.acts.slice(0, -1) ?? [])),
    again: () => start(() => anew([])),
  };
}

async function begin(stage: Stage, { setup, keys }: Parameters): Promise<Play> {
  await stage.empty();
  const { world } = stage;
  await world.control({ do: 'pace', rate: 0 });
  const client = stage.client();
  for (const line of setup) await client.run(line);
  client.close();
  const session = openRedisSession(world, { target: '127.0.0.1:6379' });
  return { session, acts: [], rows: [], values: await readKeyValues(stage, keys) };
}

type TurnProps = {
  client: Client;
  next: string | undefined;
  waits: boolean;
  busy: boolean;
  onAct: (act: Act) => void;
};

function Turn({ client: { name }, next, waits, busy, onAct }: TurnProps) {
  const [typed, setTyped] = useState('');
  const say = (command: string, isStep: boolean) =>
    onAct({ kind: 'say', client: name, command, isStep });
  const rests = waits || next === undefined;
  return (
    <section aria-label={`Client ${name}`} className="flex min-w-0 flex-col gap-2">
      <h4 className="text-ui font-semibold">
        Client {name}
        {waits && <span className="ml-2 font-normal text-wait">waits</span>}
      </h4>
      <Button
        icon="right"
        busy={busy}
        aria-disabled={rests}
        onClick={() => !rests && say(next, true)}
        className="justify-start text-left"
      >
        <span className="sr-only">Next step of {name}: </span>
        <span className="min-w-0 font-mono text-code break-words">{next ?? 'no step left'}</span>
      </Button>
      <Send
        label={`Something else from ${name}`}
        button="Send"
        value={typed}
        disabled={waits}
        onChange={setTyped}
        onSend={() => {
          say(typed, false);
          setTyped('');
        }}
      />
    </section>
  );
}

function History({ rows, clients }: { rows: readonly Row[]; clients: readonly Client[] }) {
  if (rows.length === 0) {
    return <p className="text-ui text-ink-2">Nothing has been sent yet. Who goes first?</p>;
  }
  return (
    <ol
      aria-label="What the clients sent, in order"
      aria-live="polite"
      className={cx('grid gap-x-3 border-t border-line pt-2', columns(clients.length))}
    >
      {rows.map((row, index) => (
        // A row of its own: what stands lower came later.
        <li key={index} style={{ gridRow: index + 1 }} className={placeOf(row, clients)}>
          <RowView row={row} />
        </li>
      ))}
    </ol>
  );
}

const places = ['@min-[30rem]:col-start-1', '@min-[30rem]:col-start-2', '@min-[30rem]:col-start-3'];

function placeOf(row: Row, clients: readonly Client[]): string | undefined {
  if (row.kind === 'waited') return '@min-[30rem]:col-span-full';
  return cx('min-w-0 py-1', places[clients.findIndex(({ name }) => name === row.client)]);
}

function RowView({ row }: { row: Row }) {
  if (row.kind === 'waited') {
    return <p className="py-1 text-small text-ink-2">{row.seconds} s later</p>;
  }
  return (
    <div className="term">
      <span className="text-ink-2">{row.client}&gt; </span>
      {row.kind === 'said' ? (
        <>
          <span className="font-semibold">{row.command}</span>
          <Reply text={row.reply ?? 'waits…'} tone={row.reply === undefined ? 'wait' : undefined} />
        </>
      ) : (
        <>
          <span className="font-sans text-small text-ok">the reply it has waited for</span>
          <Reply text={row.text} tone={undefined} />
        </>
      )}
    </div>
  );
}

function Reply({ text, tone }: { text: string; tone: 'wait' | undefined }) {
  const isError = text.startsWith('(error)');
  return (
    <div className={cx(isError ? 'text-bad' : tone === 'wait' ? 'text-wait' : 'text-ink-2')}>
      {text}
    </div>
  );
}
