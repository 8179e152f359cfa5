/** What the length of a key's name costs: two names with the same value, times many keys. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice, TextField } from '../../ui/Fields.tsx';
import { bytesInWords, groups } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

export default function KeyCost({ parameters }: { parameters: ParametersOf<'key-cost'> }) {
  const { value, keys } = parameters;
  const stage = useStage();
  const [names, setNames] = useState([parameters.long, parameters.short]);
  const [measured, setMeasured] = useState<readonly Cost[]>([]);
  const [count, setCount] = useState(String(keys[Math.min(1, keys.length - 1)]));
  const { busy, problem, start } = useTask();
  const rename = (index: number, name: string) =>
    setNames((before) => before.map((each, at) => (at === index ? name : each)));
  return (
    <div className="flex flex-col gap-4">
      <Names names={names} onRename={rename} />
      <Controls>
        <Button
          icon="play"
          busy={busy}
          onClick={() => start(async () => setMeasured(await measure(stage, names, value)))}
        >
          Measure both
        </Button>
      </Controls>
      <Problem text={problem} />
      <Choice
        label="Keys"
        value={count}
        options={keys.map((each) => ({ value: String(each), label: groups(each) }))}
        onChange={setCount}
      />
      <Bars
        caption="Bytes of one key, and of many"
        heads={['Name', 'One, and all']}
        bars={(measured.length > 0 ? measured : names.map((name) => ({ name }))).map(
          ({ name, bytes }: Partial<Cost>, index) => ({
            label: index === 0 ? 'one name' : 'another',
            value: bytes,
            text:
              bytes === undefined
                ? '–'
                : `${bytes}\u202fB × ${groups(Number(count))} = ${bytesInWords(bytes * Number(count))}`,
            mark: name === names[1],
          }),
        )}
      />
      {measured.length === 2 && <Verdict costs={measured} count={Number(count)} />}
    </div>
  );
}

type NamesProps = { names: readonly string[]; onRename: (index: number, name: string) => void };

function Names({ names, onRename }: NamesProps) {
  return ['One name', 'Another'].map((label, index) => (
    <TextField
      key={label}
      label={label}
      value={names[index] ?? ''}
      autoComplete="off"
      spellCheck={false}
      className="w-full font-mono"
      onChange={({ target }) => onRename(index, target.value)}
    />
  ));
}

interface Cost {
  readonly name: string;
  /** MEMORY USAGE of a key of this name. */
  readonly bytes: number;
}

function Verdict({ costs, count }: { costs: readonly Cost[]; count: number }) {
  const [one = 0, another = 0] = costs.map(({ bytes }) => bytes);
  const difference = Math.abs(one - another);
  return (
    <p role="status" className="text-ui tabular-nums">
      {difference === 0
        ? 'No difference: both names fit the same size class of the allocator.'
        : `${difference} bytes for each key, ${bytesInWords(difference * count)} for ${groups(count)} of them.`}
    </p>
  );
}

async function measure(stage: Stage, names: readonly string[], value: string): Promise<Cost[]> {
  const client = stage.client();
  const costs: Cost[] = [];
  for (const name of names) {
    await client.ask('FLUSHALL');
    await client.ask('SET', name, value);
    costs.push({ name, bytes: await client.number('MEMORY', 'USAGE', name) });
  }
  client.close();
  return costs;
}
