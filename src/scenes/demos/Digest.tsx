/** The digest of a script as it is typed: one blank more, and it is another script. */
import { useState } from 'react';
import { utf8Encode } from '../../engine/bytes/bytes.ts';
import { sha1Hex } from '../../engine/bytes/sha1.ts';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import { printed } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

interface Answer {
  readonly command: string;
  readonly reply: string;
}

export default function Digest({ parameters }: { parameters: ParametersOf<'digest'> }) {
  const stage = useStage();
  const [script, setScript] = useState(parameters.script);
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const { busy, problem, start } = useTask();
  const digest = sha1Hex(utf8Encode(script));
  const ask = (shown: string, ...argv: string[]) =>
    start(async () => {
      const client = stage.client();
      const reply = printed(await client.ask(...argv));
      client.close();
      setAnswers((before) => [...before, { command: shown, reply }].slice(-6));
    });
  return (
    <div className="flex flex-col gap-3">
      <label className="flex flex-col gap-1 text-ui">
        Script
        <textarea
          value={script}
          rows={Math.max(2, script.split('\n').length)}
          spellCheck={false}
          onChange={({ target }) => setScript(target.value)}
          className="w-full rounded border border-border bg-paper px-3 py-2 font-mono text-field"
        />
      </label>
      <p className="text-ui">
        SHA1: <code className="[overflow-wrap:anywhere]">{digest}</code>
      </p>
      <Controls>
        <Button busy={busy} onClick={() => ask('SCRIPT LOAD …', 'SCRIPT', 'LOAD', script)}>
          SCRIPT LOAD
        </Button>
        <Button busy={busy} onClick={() => ask('SCRIPT EXISTS …', 'SCRIPT', 'EXISTS', digest)}>
          SCRIPT EXISTS
        </Button>
        <Button
          busy={busy}
          onClick={() => ask('EVALSHA … 1 greeting', 'EVALSHA', digest, '1', 'greeting')}
        >
          EVALSHA
        </Button>
        <Button busy={busy} onClick={() => ask('SCRIPT FLUSH', 'SCRIPT', 'FLUSH')}>
          SCRIPT FLUSH
        </Button>
      </Controls>
      <Problem text={problem} />
      <div role="log" aria-label="What the server answered" className="term min-h-12">
        {answers.map(({ command, reply }, index) => (
          <div key={index}>
            <span className="term-prompt">&gt; </span>
            <span className="font-semibold">{command}</span>
            <div className={reply.startsWith('(error)') ? 'term-error' : 'term-reply'}>{reply}</div>
          </div>
        ))}
      </div>
    </div>
  );
}
