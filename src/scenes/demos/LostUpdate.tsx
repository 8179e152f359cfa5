/** Two clients count at once: by GET and SET they lose visits, by INCR they do not. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Way = 'GET and SET' | 'INCR';

interface Moment {
  readonly client: 'A' | 'B';
  readonly command: string;
  readonly reply: string;
  /** It overwrites a count that the client has not seen. */
  readonly loses: boolean;
}

interface Result {
  readonly way: Way;
  readonly moments: readonly Moment[];
  readonly counted: string;
}

export default function LostUpdate({ parameters }: { parameters: ParametersOf<'lost-update'> }) {
  const stage = useStage();
  const [result, setResult] = useState<Result>();
  const { busy, problem, start } = useTask();
  const run = (way: Way) => start(async () => setResult(await count(stage, way, parameters.times)));
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => run('GET and SET')}>
          Count with GET and SET
        </Button>
        <Button icon="play" busy={busy} onClick={() => run('INCR')}>
          Count with INCR
        </Button>
      </Controls>
      <Problem text={problem} />
      {result && <Outcome result={result} expected={2 * parameters.times} />}
    </div>
  );
}

function Outcome({ result, expected }: { result: Result; expected: number }) {
  const { way, moments, counted } = result;
  const lost = expected - Number(counted);
  return (
    <>
      <p role="status" className="text-ui">
        <span className="font-semibold">{way}:</span> {expected} visits, counted{' '}
        <span className={cx('font-semibold tabular-nums', lost > 0 ? 'text-bad' : 'text-ok')}>
          {counted}
        </span>
        {lost > 0 ? `, ${lost} lost.` : ', none lost.'}
      </p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label="What the clients sent, in order"
        className="max-h-72 overflow-y-auto"
      >
        <table className="w-full table-fixed border-collapse font-mono text-code">
          <thead className="text-left font-sans text-small text-ink-2">
            <tr>
              <th scope="col">Client A</th>
              <th scope="col">Client B</th>
            </tr>
          </thead>
          <tbody>
            {moments.map((moment, index) => (
              <tr key={index} className="border-t border-line align-baseline">
                <td className="py-1 pr-2">{moment.client === 'A' && <Said moment={moment} />}</td>
                <td className="py-1">{moment.client === 'B' && <Said moment={moment} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Said({ moment: { command, reply, loses } }: { moment: Moment }) {
  return (
    <>
      <span className="font-semibold">{command}</span> <span className="text-ink-2">{reply}</span>
      {loses && <span className="ml-2 font-sans text-small text-bad">overwrites the other</span>}
    </>
  );
}

const KEY = 'visits';

async function count(stage: Stage, way: Way, times: number): Promise<Result> {
  const [a, b] = [stage.client(), stage.client()];
  await a.run(`SET ${KEY} 0`);
  const moments: Moment[] = [];
  for (let n = 0; n < times; n++) {
    const round = way === 'INCR' ? await increment(a, b) : await readThenWrite(a, b, n % 3 !== 2);
    moments.push(...round);
  }
  const counted = String(await a.ask('GET', KEY));
  a.close();
  b.close();
  return { way, moments, counted };
}

async function increment(a: DemoClient, b: DemoClient): Promise<Moment[]> {
  const command = `INCR ${KEY}`;
  return [
    { client: 'A', command, reply: await a.run(command), loses: false },
    { client: 'B', command, reply: await b.run(command), loses: false },
  ];
}

/** Together: both read before either writes. As in life it only happens most of the time. */
async function readThenWrite(a: DemoClient, b: DemoClient, together: boolean): Promise<Moment[]> {
  const read = async (client: DemoClient, name: 'A' | 'B') => {
    const value = Number(await client.ask('GET', KEY));
    const moment = { client: name, command: `GET ${KEY}`, reply: `"${value}"`, loses: false };
    return [value, moment] as const;
  };
  const write = async (client: DemoClient, name: 'A' | 'B', value: number, loses: boolean) => {
    const command = `SET ${KEY} ${value}`;
    return { client: name, command, reply: await client.run(command), loses };
  };
  const [seenByA, readA] = await read(a, 'A');
  if (!together) {
    const writeA = await write(a, 'A', seenByA + 1, false);
    const [seenByB, readB] = await read(b, 'B');
    return [readA, writeA, readB, await write(b, 'B', seenByB + 1, false)];
  }
  const [seenByB, readB] = await read(b, 'B');
  const writeA = await write(a, 'A', seenByA + 1, false);
  return [readA, readB, writeA, await write(b, 'B', seenByB + 1, true)];
}
