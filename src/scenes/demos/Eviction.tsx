/** One set of keys, eight policies: who survives when memory is too small. */
import { useState } from 'react';
import { Checkbox, Choice, SelectField } from '../../ui/Fields.tsx';
import { Arena, Results } from './EvictionResults.tsx';
import { type Fight, fight, policies } from './eviction-fight.ts';
import type { ParametersOf } from './parameters.ts';
import { MeasuredHere, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

const sampleSizes = [1, 3, 5, 10];

export default function Eviction({ parameters }: { parameters: ParametersOf<'eviction'> }) {
  const stage = useStage();
  const [samples, setSamples] = useState(5);
  const [expiring, setExpiring] = useState(true);
  const [policy, setPolicy] = useState<string>('');
  const [fights, setFights] = useState<readonly Fight[]>([]);
  const { busy, problem, start } = useTask();
  const run = (next: { policy: string; samples: number; expiring: boolean }) => {
    setPolicy(next.policy);
    setSamples(next.samples);
    setExpiring(next.expiring);
    if (next.policy === '') return;
    start(async () => {
      const fought = await fight(stage, { ...parameters, ...next });
      setFights((before) => [...before.filter(({ name }) => name !== fought.name), fought]);
    });
  };
  const now = { policy, samples, expiring };
  const shown = fights.findLast(
    (each) => each.policy === policy && each.samples === samples && each.expiring === expiring,
  );
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label="maxmemory-policy"
        value={policy}
        onChange={({ target }) => run({ ...now, policy: target.value })}
      >
        <option value="">choose one</option>
        {policies.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </SelectField>
      <Choice
        label="maxmemory-samples"
        value={String(samples)}
        options={sampleSizes.map((each) => ({ value: String(each), label: String(each) }))}
        onChange={(next) => run({ ...now, samples: Number(next) })}
      />
      <Checkbox
        label="two keys of three have a TTL"
        checked={expiring}
        onChange={() => run({ ...now, expiring: !expiring })}
      />
      <Problem text={problem} />
      {shown && <Arena fight={shown} busy={busy} />}
      {fights.length > 0 && <Results fights={fights} />}
      <MeasuredHere>The keys are the same each time; chance is in the samples.</MeasuredHere>
    </div>
  );
}
