/** What a script did, one call at a time. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import type { LuaStep, LuaTrace } from './lua-steps.ts';
import { Controls } from './parts.tsx';

/** One call of the script at a time, with the line that made it and what it could see there. */
export function LuaTraceView({ script, trace }: { script: string; trace: LuaTrace }) {
  const [at, setAt] = useState(0);
  const { steps, reply, error } = trace;
  const index = Math.min(at, Math.max(steps.length - 1, 0));
  const step = steps[index];
  return (
    <section aria-label="Steps" className="flex flex-col gap-3">
      <Controls>
        <Button
          icon="left"
          aria-disabled={index === 0}
          onClick={() => setAt(Math.max(index - 1, 0))}
        >
          Back
        </Button>
        <Button
          icon="right"
          aria-disabled={index >= steps.length - 1}
          onClick={() => setAt(Math.min(index + 1, steps.length - 1))}
        >
          Next call
        </Button>
        <span role="status" className="text-small text-ink-2 tabular-nums">
          {steps.length === 0
            ? 'The script calls nothing.'
            : `Call ${index + 1} of ${steps.length}`}
        </span>
      </Controls>
      <Source script={script} line={step?.line} />
      {step && <Step step={step} />}
      {index >= steps.length - 1 && (
        <p className="term">
          <span className="font-sans text-small text-ink-2">
            {error === undefined ? 'The script returns ' : 'The script ends with '}
          </span>
          <span className={error === undefined ? undefined : 'text-bad'}>{error ?? reply}</span>
        </p>
      )}
    </section>
  );
}

function Source({ script, line }: { script: string; line: number | undefined }) {
  return (
    <pre className="term overflow-x-auto rounded border border-border py-2">
      {script.split('\n').map((text, index) => (
        <div
          key={index}
          aria-current={index + 1 === line ? 'step' : undefined}
          className={cx('pr-3 pl-13 -indent-10', index + 1 === line && 'bg-accent-soft')}
        >
          <span aria-hidden="true" className="mr-2 inline-block w-8 indent-0 text-right text-ink-2">
            {index + 1 === line ? '→ ' : ''}
            {index + 1}
          </span>
          {text}
        </div>
      ))}
    </pre>
  );
}

function Step({ step: { argv, reply, locals } }: { step: LuaStep }) {
  return (
    <div className="grid gap-3 @min-[30rem]:grid-cols-2">
      <div className="term min-w-0">
        <p className="font-semibold">{argv.join(' ')}</p>
        <p className={reply.startsWith('(error)') ? 'text-bad' : 'text-ink-2'}>{reply}</p>
      </div>
      {locals.length === 0 ? (
        <p className="text-small text-ink-2">No local variable yet.</p>
      ) : (
        <dl className="min-w-0">
          {locals.map(({ name, value }) => (
            <div key={name} className="flex gap-2 border-t border-line py-0.5 font-mono text-code">
              <dt className="text-ink-2">{name}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
