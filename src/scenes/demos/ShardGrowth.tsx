/** Keys on more and more shards: what each holds, and how many had to move, by three rules. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Fields.tsx';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls } from './parts.tsx';
import { grow, type Rule, rules } from './shard-growth.ts';

const FEWEST = 2;
const MOST = 8;
const names = Object.keys(rules) as Rule[];

export default function ShardGrowth({ parameters }: { parameters: ParametersOf<'shard-growth'> }) {
  const { keys, shards } = parameters;
  const [rule, setRule] = useState<Rule>('modulo');
  const [[before, after], setStep] = useState([shards, shards] as const);
  const { counts, moved } = grow(rule, keys, before, after);
  const share = Math.round((100 * moved) / keys);
  return (
    <div className="flex flex-col gap-3">
      <Choice
        label="Where a key is"
        value={rule}
        options={names.map((name) => ({ value: name, label: rules[name].name }))}
        onChange={setRule}
      />
      <Controls>
        <Button
          icon="plus"
          aria-disabled={after >= MOST}
          onClick={() => after < MOST && setStep([after, after + 1])}
        >
          Add a shard
        </Button>
        <Button
          icon="minus"
          aria-disabled={after <= FEWEST}
          onClick={() => after > FEWEST && setStep([after, after - 1])}
        >
          Take one away
        </Button>
      </Controls>
      <Bars
        caption={`Keys on each of ${after} shards`}
        heads={['Shard', 'Keys']}
        bars={counts.map((count, index) => ({
          label: `shard ${index + 1}`,
          value: count,
          text: String(count),
          mark: index >= before,
        }))}
      />
      <p role="status" className="text-ui tabular-nums">
        {before === after
          ? `${keys} keys on ${after} shards.`
          : `From ${before} shards to ${after}: ${moved} of ${keys} keys move (${share}\u202f%).`}
      </p>
      <p className="text-small text-ink-2">
        Worked out now, in this browser, for the keys user:1 to user:{keys}.
      </p>
    </div>
  );
}
