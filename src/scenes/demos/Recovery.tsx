/** The same data from a snapshot, from a log, and from the log after a rewrite: what each takes to load. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { bytesInWords, groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { type Bar, Bars, Controls, MeasuredHere, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'recovery'>;

interface Loading {
  readonly bytes: number;
  readonly ms: number;
  readonly keys: number;
}

const files = ['Snapshot', 'Log', 'Log, rewritten'] as const;
const config = { 'enable-debug-command': 'yes', save: '' };

export default function Recovery({ parameters }: { parameters: Parameters }) {
  const { keys, writes } = parameters;
  const stage = useStage(config);
  const [loadings, setLoadings] = useState<readonly Loading[]>([]);
  const { busy, problem, start } = useTask();
  const bars = (text: (loading: Loading) => string, value: (loading: Loading) => number): Bar[] =>
    files.map((label, index) => {
      const loading = loadings[index];
      return { label, value: loading && value(loading), text: loading ? text(loading) : '–' };
    });
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button
          icon="play"
          busy={busy}
          onClick={() => start(async () => setLoadings(await measure(stage, parameters)))}
        >
          Write and load
        </Button>
        <span className="text-ui text-ink-2">
          {groups(keys)} keys, each written {writes} times
        </span>
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="Size of each file"
        heads={['Loaded from', 'Size']}
        bars={bars(
          ({ bytes }) => bytesInWords(bytes),
          ({ bytes }) => bytes,
        )}
      />
      <Bars
        caption="Time to load each file"
        heads={['Loaded from', 'Time']}
        bars={bars(
          ({ ms }) => `${ms.toFixed(ms < 10 ? 1 : 0)}\u202fms`,
          ({ ms }) => ms,
        )}
      />
      {loadings[0] && (
        <p role="status" className="text-ui tabular-nums">
          All three brought back {groups(loadings[0].keys)} keys.
        </p>
      )}
      <MeasuredHere>
        A redis-server reads from a disk and is much faster; which file is the quicker one is the
        same.
      </MeasuredHere>
    </div>
  );
}

/** Writes, saves both files, and loads them; the log twice, the second time rewritten. */
async function measure(stage: Stage, parameters: Parameters): Promise<Loading[]> {
  await stage.empty();
  const client = stage.client();
  await client.run('CONFIG SET appendonly yes');
  await stage.advance(1000);
  await write(client, parameters);
  await client.run('SAVE');
  const log = await load(client, 'DEBUG LOADAOF', await aofSize(client));
  await client.run('BGREWRITEAOF');
  await stage.advance(10_000);
  // The rewritten log is nothing but its base: a snapshot, in the very format of the other file.
  const size = await aofSize(client);
  const rewritten = await load(client, 'DEBUG LOADAOF', size);
  const snapshot = await load(client, 'DEBUG RELOAD NOSAVE', size);
  client.close();
  return [snapshot, log, rewritten];
}

const BATCH = 1000;

async function write(client: DemoClient, { keys, writes }: Parameters): Promise<void> {
  for (let round = 1; round <= writes; round++) {
    for (let first = 0; first < keys; first += BATCH) {
      const count = Math.min(BATCH, keys - first);
      const commands = Array.from({ length: count }, (_, n) => [
        'SET',
        `order:${first + n}`,
        `state:${round}`,
      ]);
      await client.connection.pipeline(commands);
    }
  }
}

async function aofSize(client: DemoClient): Promise<number> {
  return Number((await client.info('persistence')).get('aof_current_size') ?? 0);
}

async function load(client: DemoClient, command: string, bytes: number): Promise<Loading> {
  const begun = performance.now();
  const reply = await client.run(command);
  const ms = performance.now() - begun;
  if (reply !== 'OK') throw new Error(reply);
  return { bytes, ms, keys: await client.number('DBSIZE') };
}
