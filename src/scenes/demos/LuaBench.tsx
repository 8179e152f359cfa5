/** A Lua script to edit: run with KEYS and ARGV, as a library's function, or call by call. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/Fields.tsx';
import { type LuaStep, type LuaTrace, readTrace, traced } from './lua-steps.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

interface Form {
  readonly script: string;
  /** Words with blanks between them. */
  readonly keys: string;
  readonly args: string;
  /** Of a library: the function that is called. */
  readonly name: string;
}

type Result =
  | { readonly kind: 'ran'; readonly commands: readonly string[]; readonly reply: string }
  | { readonly kind: 'traced'; readonly script: string; readonly trace: LuaTrace };

export default function LuaBench({ parameters }: { parameters: ParametersOf<'lua-bench'> }) {
  const { script, keys, args, setup } = parameters;
  const stage = useStage();
  const [form, setForm] = useState<Form>(() => ({
    script: script.trimEnd(),
    keys: keys.join(' '),
    args: args.join(' '),
    name: functionsOf(script)[0] ?? '',
  }));
  const [result, setResult] = useState<Result>();
  const { busy, problem, start } = useTask();
  const library = libraryOf(form.script) !== undefined;
  const change = (patch: Partial<Form>) => setForm({ ...form, ...patch });
  const on = (task: (client: DemoClient) => Promise<Result>) =>
    start(async () => setResult(await withClient(stage, setup, task)));
  return (
    <div className="flex flex-col gap-3">
      <textarea
        aria-label="The script"
        value={form.script}
        rows={Math.min(form.script.split('\n').length + 1, 18)}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={({ target }) => change({ script: target.value })}
        className="term w-full resize-y rounded border border-border bg-paper p-2 text-field whitespace-pre"
      />
      <Inputs form={form} library={library} onChange={change} />
      <Controls>
        <Button icon="play" busy={busy} onClick={() => on((client) => run(client, form))}>
          {library ? 'Load and call' : 'Run with EVAL'}
        </Button>
        {!library && (
          <Button icon="right" busy={busy} onClick={() => on((client) => trace(client, form))}>
            Step through
          </Button>
        )}
      </Controls>
      <Problem text={problem} />
      {result?.kind === 'ran' && <Ran result={result} script={form.script} />}
      {result?.kind === 'traced' && <Steps script={result.script} trace={result.trace} />}
    </div>
  );
}

type InputsProps = { form: Form; library: boolean; onChange: (patch: Partial<Form>) => void };

function Inputs({ form, library, onChange }: InputsProps) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2">
      {library && (
        <TextField
          label="Function"
          value={form.name}
          spellCheck={false}
          onChange={({ target }) => onChange({ name: target.value })}
          className="font-mono"
        />
      )}
      <TextField
        label="KEYS"
        value={form.keys}
        spellCheck={false}
        onChange={({ target }) => onChange({ keys: target.value })}
        className="font-mono"
      />
      <TextField
        label="ARGV"
        value={form.args}
        spellCheck={false}
        onChange={({ target }) => onChange({ args: target.value })}
        className="font-mono"
      />
    </div>
  );
}

function Ran({ result, script }: { result: Extract<Result, { kind: 'ran' }>; script: string }) {
  const { commands, reply } = result;
  const line = lineOfError(reply);
  const text = line === undefined ? undefined : script.split('\n')[line - 1];
  return (
    <div role="status" className="term rounded border border-border px-3 py-2.5">
      {commands.map((command) => (
        <p key={command} className="font-semibold">
          &gt; {command}
        </p>
      ))}
      <p className={reply.startsWith('(error)') ? 'text-bad' : 'text-ink-2'}>{reply}</p>
      {text !== undefined && (
        <p className="mt-1 border-l-2 border-bad pl-2">
          <span className="text-ink-2">line {line} </span>
          {text}
        </p>
      )}
    </div>
  );
}

/** One call of the script at a time, with the line that made it and what it could see there. */
function Steps({ script, trace }: { script: string; trace: LuaTrace }) {
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
          className={cx('px-3', index + 1 === line && 'bg-accent-soft')}
        >
          <span aria-hidden="true" className="mr-2 inline-block w-8 text-right text-ink-2">
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

/** Each run begins on an empty server, set up as the lesson says. */
async function withClient<T>(
  stage: Stage,
  setup: readonly string[],
  task: (client: DemoClient) => Promise<T>,
): Promise<T> {
  await stage.empty();
  const client = stage.client();
  try {
    for (const line of setup) await client.run(line);
    return await task(client);
  } finally {
    client.close();
  }
}

async function run(client: DemoClient, form: Form): Promise<Result> {
  const { script, name } = form;
  const [keys, args] = [wordsOf(form.keys), wordsOf(form.args)];
  const words = [String(keys.length), ...keys, ...args];
  if (libraryOf(script) === undefined) {
    const reply = await client.print('EVAL', script, ...words);
    return { kind: 'ran', commands: [`EVAL … ${words.join(' ')}`], reply };
  }
  const loaded = await client.print('FUNCTION', 'LOAD', 'REPLACE', script);
  const load = 'FUNCTION LOAD REPLACE …';
  if (loaded.startsWith('(error)')) return { kind: 'ran', commands: [load], reply: loaded };
  const reply = await client.print('FCALL', name, ...words);
  return { kind: 'ran', commands: [load, `FCALL ${name} ${words.join(' ')}`], reply };
}

/** What does not even compile is run as it is: then the error speaks of the script itself. */
async function trace(client: DemoClient, form: Form): Promise<Result> {
  const [keys, args] = [wordsOf(form.keys), wordsOf(form.args)];
  const words = [String(keys.length), ...keys, ...args];
  const told = readTrace(await client.ask('EVAL', traced(form.script), ...words));
  return told ? { kind: 'traced', script: form.script, trace: told } : run(client, form);
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** The name of the library that a text is; undefined of a script. */
const libraryOf = (script: string): string | undefined =>
  /^#!lua\s[^\n]*\bname=(\S+)/.exec(script)?.[1];

const functionsOf = (script: string): string[] =>
  [...script.matchAll(/register_function\s*\(?\s*(?:\{[^}]*?function_name\s*=\s*)?['"](\w+)/g)].map(
    ([, name = '']) => name,
  );

/** Where Lua says that something is wrong. */
function lineOfError(reply: string): number | undefined {
  const [, line] = /^\(error\).*?(?:user_script|user_function|@\w+):(\d+):/.exec(reply) ?? [];
  return line === undefined ? undefined : Number(line);
}
