/** A value as it lies in memory, at several sizes: where its encoding changes, and what that costs. */
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { Choice } from '../../ui/Fields.tsx';
import { lookOfType } from '../../ui/types.ts';
import { bytesInWords, groups } from '../measures.ts';
import { EncodingDrawing } from './EncodingDrawing.tsx';
import type { ParametersOf } from './parameters.ts';
import { Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type ValueType = ParametersOf<'structure'>['type'];

interface Measure {
  readonly size: number;
  readonly encoding: string;
  /** Bytes; undefined where the server does not say. */
  readonly memory: number | undefined;
}

const KEY = 'value';

export default function Structure({ parameters }: { parameters: ParametersOf<'structure'> }) {
  const { types = [parameters.type] } = parameters;
  const [type, setType] = useState<ValueType>(types[0] ?? 'hash');
  return (
    <div className="flex flex-col gap-4">
      {types.length > 1 && (
        <Choice
          label="Type"
          value={type}
          options={types.map((each) => ({ value: each, label: each }))}
          onChange={setType}
        />
      )}
      <Growth key={type} type={type} sizes={parameters.sizes ?? usualSizes[type]} />
    </div>
  );
}

/** At, and just beyond, the limits of redis.conf. */
const usualSizes: Readonly<Record<ValueType, readonly number[]>> = {
  string: [5, 44, 45, 1000],
  list: [3, 100, 500, 1000],
  set: [3, 100, 512, 513],
  hash: [2, 100, 512, 513],
  zset: [2, 64, 128, 129],
};

function Growth({ type, sizes }: { type: ValueType; sizes: readonly number[] }) {
  const stage = useStage();
  const [size, setSize] = useState<number>();
  const [measures, setMeasures] = useState<readonly Measure[]>([]);
  const { problem, start } = useTask();
  const grow = (next: number) => {
    setSize(next);
    start(async () => {
      const measure = await build(stage, type, next);
      setMeasures((before) =>
        [...before.filter((each) => each.size !== next), measure].sort((a, b) => a.size - b.size),
      );
    });
  };
  const current = measures.find((each) => each.size === size);
  return (
    <>
      <Choice
        label={type === 'string' ? 'Bytes' : 'Elements'}
        value={String(size ?? '')}
        options={sizes.map((each) => ({ value: String(each), label: groups(each) }))}
        onChange={(value) => grow(Number(value))}
      />
      <Problem text={problem} />
      {current && (
        <EncodingDrawing
          encoding={current.encoding}
          samples={samplesOf(type, current.size)}
          size={current.size}
          className={lookOfType(type).className}
        />
      )}
      {measures.length > 0 && <Measures measures={measures} current={size} />}
    </>
  );
}

function Measures({
  measures,
  current,
}: {
  measures: readonly Measure[];
  current: number | undefined;
}) {
  return (
    <table className="w-full max-w-measure border-collapse text-ui tabular-nums">
      <caption className="sr-only">Encoding and memory by size</caption>
      <thead>
        <tr className="text-left text-small text-ink-2 [&>th]:pb-1 [&>th]:font-normal">
          <th scope="col">Size</th>
          <th scope="col">OBJECT ENCODING</th>
          <th scope="col" className="text-right">
            MEMORY USAGE
          </th>
        </tr>
      </thead>
      <tbody>
        {measures.map(({ size, encoding, memory }, index) => {
          const changes = index > 0 && measures[index - 1]?.encoding !== encoding;
          return (
            <tr
              key={size}
              className={cx('border-t border-line', size === current && 'bg-raised font-semibold')}
            >
              <td className="py-1">{groups(size)}</td>
              <td className="py-1 font-mono">
                {encoding}
                {changes && <span className="font-sans text-accent"> changed</span>}
              </td>
              <td className="py-1 text-right">
                {memory === undefined ? 'not told' : bytesInWords(memory)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

async function build(stage: Stage, type: ValueType, size: number): Promise<Measure> {
  const client = stage.client();
  const words = Array.from({ length: size }, (_, n) => wordsOf[type](n)).flat();
  await client.ask('DEL', KEY);
  await client.ask(...fill[type](words, size));
  const encoding = await client.run(`OBJECT ENCODING ${KEY}`);
  const memory = await client.ask('MEMORY', 'USAGE', KEY, 'SAMPLES', '0');
  client.close();
  return {
    size,
    encoding: encoding.replaceAll('"', ''),
    memory: typeof memory === 'number' ? memory : undefined,
  };
}

/** What element n of each type is, as arguments. */
const wordsOf: Readonly<Record<ValueType, (n: number) => string[]>> = {
  string: () => [],
  list: (n) => [`item:${n}`],
  set: (n) => [String(n + 1)],
  hash: (n) => [`field:${n}`, String(n)],
  zset: (n) => [String(n * 10), `member:${n}`],
};

const fill: Readonly<Record<ValueType, (words: string[], size: number) => string[]>> = {
  string: (_, size) => ['SET', KEY, 'x'.repeat(size)],
  list: (words) => ['RPUSH', KEY, ...words],
  set: (words) => ['SADD', KEY, ...words],
  hash: (words) => ['HSET', KEY, ...words],
  zset: (words) => ['ZADD', KEY, ...words],
};

const MOST_SAMPLES = 12;

function samplesOf(type: ValueType, size: number): string[] {
  if (type === 'string') return ['x'.repeat(Math.min(size, MOST_SAMPLES))];
  return Array.from({ length: Math.min(size, MOST_SAMPLES) }, (_, n) => {
    const words = wordsOf[type](n);
    return type === 'zset' ? `${words[1]} ${words[0]}` : words.join(' ');
  });
}
