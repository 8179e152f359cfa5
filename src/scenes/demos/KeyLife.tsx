/** One key's life: its TTL draining, and what the server answers about it meanwhile. */
import { useEffect, useState } from 'react';
import { ReplyText } from '../../transcript/TranscriptView.tsx';
import { Button } from '../../ui/Button.tsx';
import { secondsInWords } from '../measures.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { TtlBar } from './TtlBar.tsx';
import { useStage, useTask } from './use-stage.tsx';

type Answers = readonly { readonly command: string; readonly reply: string }[];

interface Life {
  readonly begunAt: number;
  readonly expiresAt: number | undefined;
}

export default function KeyLife({ parameters }: { parameters: ParametersOf<'key-life'> }) {
  const { commands, key, skipsS } = parameters;
  const stage = useStage();
  const [life, setLife] = useState<Life>();
  const [skipped, setSkipped] = useState(0);
  const answers = useAnswers(stage, key, life, skipped);
  const { busy, problem, start } = useTask();
  const begin = async () => {
    const client = stage.client();
    for (const line of commands) await client.run(line);
    const ttl = await client.number('PTTL', key);
    const begunAt = stage.now();
    client.close();
    setLife({ begunAt, expiresAt: ttl >= 0 ? begunAt + ttl : undefined });
  };
  const skip = async (seconds: number) => {
    await stage.advance(1000 * seconds);
    setSkipped((before) => before + 1);
  };
  const seconds = life?.expiresAt ? (life.expiresAt - life.begunAt) / 1000 : 1;
  return (
    <div className="flex flex-col gap-4">
      <pre className="term rounded bg-raised px-3 py-2">
        {commands.map((line) => `> ${line}`).join('\n')}
      </pre>
      <Controls>
        <Button icon="play" busy={busy} onClick={() => start(begin)}>
          {life ? 'Run again' : 'Run'}
        </Button>
        {skipsS.map((each) => (
          <Button
            key={each}
            icon="clock"
            busy={busy}
            aria-disabled={!life}
            onClick={() => life && start(() => skip(each))}
          >
            {secondsInWords(each)} later
          </Button>
        ))}
      </Controls>
      <Problem text={problem} />
      {life && (
        <>
          <TtlBar stage={stage} expiresAt={life.expiresAt} seconds={seconds} />
          <AnswerTable answers={answers} />
        </>
      )}
    </div>
  );
}

function AnswerTable({ answers }: { answers: Answers }) {
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">What the server answers now</caption>
      <tbody>
        {answers.map(({ command, reply }) => (
          <tr key={command} className="border-t border-line align-baseline">
            <th scope="row" className="term w-48 py-1 pr-4 text-left font-semibold">
              {command}
            </th>
            <td className="term py-1">
              <ReplyText text={reply} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Asked once a second, and after every skip. */
function useAnswers(stage: Stage, key: string, life: Life | undefined, skipped: number): Answers {
  const [answers, setAnswers] = useState<Answers>([]);
  useEffect(() => {
    if (!life) return;
    const client = stage.client();
    const ask = async () => {
      const lines = ['TTL', 'GET', 'EXISTS'].map((name) => `${name} ${key}`);
      const replies = await client.batch(lines).catch(() => []);
      setAnswers(lines.map((command, index) => ({ command, reply: replies[index] ?? '' })));
    };
    void ask();
    const timer = setInterval(ask, 1000);
    return () => {
      clearInterval(timer);
      client.close();
    };
  }, [stage, key, life, skipped]);
  return answers;
}
