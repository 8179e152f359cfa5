/** A Lua script to edit: run with KEYS and ARGV, as a library's function, or call by call. */
import { useState } from 'react';
import { functionsOf, isLibrary } from '../../runtimes/lua-text.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Fields.tsx';
import { LuaTraceView } from './LuaTraceView.tsx';
import { type LuaTrace, readTrace, traced } from './lua-steps.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import { type DemoClient, onEmptyServer } from './stage.ts';
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
  const library = isLibrary(form.script);
  const change = (patch: Partial<Form>) => setForm({ ...form, ...patch });
  const on = (task: (client: DemoClient) => Promise<Result>) =>
    start(async () => setResult(await onEmptyServer(stage, setup, task)));
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
      {result?.kind === 'traced' && <LuaTraceView script={result.script} trace={result.trace} />}
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

async function run(client: DemoClient, form: Form): Promise<Result> {
  const { script, name } = form;
  const [keys, args] = [wordsOf(form.keys), wordsOf(form.args)];
  const words = [String(keys.length), ...keys, ...args];
  if (!isLibrary(script)) {
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

/** Where Lua says that something is wrong. */
function lineOfError(reply: string): number | undefined {
  const [, line] = /^\(error\).*?(?:user_script|user_function|@\w+):(\d+):/.exec(reply) ?? [];
  return line === undefined ? undefined : Number(line);
}
