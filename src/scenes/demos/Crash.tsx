/** Writes, a crash, a restart: what the append-only file still knows, by `appendfsync`. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Fields.tsx';
import type { ParametersOf } from './parameters.ts';
import { Cell, Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

const policies = ['always', 'everysec', 'no'] as const;
const crashes = { kill: 'kill -9', unplug: 'Pull the plug' } as const;
const config = { appendonly: 'yes', save: '' };
const NODE = 'redis';
const PAUSE_MS = 100;

interface Crash {
  readonly policy: string;
  readonly how: keyof typeof crashes;
  /** One for each write that was acknowledged: whether it is still known. */
  readonly known: readonly boolean[];
}

export default function CrashDemo({ parameters }: { parameters: ParametersOf<'crash'> }) {
  const { writes } = parameters;
  const stage = useStage(config);
  const [policy, setPolicy] = useState<(typeof policies)[number]>('everysec');
  const [seen, setSeen] = useState<readonly Crash[]>([]);
  const { busy, problem, start } = useTask();
  const end = (how: Crash['how']) =>
    start(async () => {
      const next = { policy, how, known: await crash(stage, writes, policy, how) };
      const isOther = (each: Crash) => each.policy !== policy || each.how !== how;
      setSeen((before) => [...before.filter(isOther), next]);
    });
  return (
    <div className="flex flex-col gap-4">
      <Choice
        label="appendfsync"
        value={policy}
        options={policies.map((each) => ({ value: each, label: each }))}
        onChange={setPolicy}
      />
      <Controls>
        <span className="text-ui">{writes} writes, then</span>
        <Button busy={busy} onClick={() => end('kill')}>
          {crashes.kill}
        </Button>
        <Button busy={busy} onClick={() => end('unplug')}>
          {crashes.unplug}
        </Button>
      </Controls>
      <Problem text={problem} />
      <div role="status" className="flex flex-col gap-3">
        {seen.map((each) => (
          <Outcome key={`${each.policy} ${each.how}`} crash={each} />
        ))}
      </div>
    </div>
  );
}

function Outcome({ crash: { policy, how, known } }: { crash: Crash }) {
  const lost = known.filter((each) => !each).length;
  return (
    <div className="border-t border-line pt-2">
      <p className="text-ui tabular-nums">
        <code>{policy}</code>, {crashes[how].toLowerCase()}:{' '}
        <b className={lost > 0 ? 'text-bad' : 'text-ok'}>{lost} lost</b> of {known.length} that were
        acknowledged
      </p>
      <div aria-hidden="true" className="mt-1 flex flex-wrap gap-1">
        {known.map((is, n) => (
          <Cell key={n} there={is} />
        ))}
      </div>
    </div>
  );
}

async function crash(stage: Stage, writes: number, policy: string, how: Crash['how']) {
  await stage.empty();
  // Only the pauses between the writes take time: the same is lost each time, on every machine.
  await stage.world.control({ do: 'pace', rate: 0 });
  const before = stage.client();
  await before.ask('CONFIG', 'SET', 'appendfsync', policy);
  for (let n = 0; n < writes; n++) {
    await before.ask('SET', `write:${n}`, 'acknowledged');
    await stage.advance(PAUSE_MS);
  }
  before.close();
  await stage.world.control({ do: how, node: NODE });
  await stage.world.control({ do: 'revive', node: NODE });
  const after = stage.client();
  const found = await after.connection.pipeline(
    Array.from({ length: writes }, (_, n) => ['EXISTS', `write:${n}`]),
  );
  after.close();
  return found.map((reply) => reply === 1);
}
