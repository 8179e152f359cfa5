/** A score pushed to readers as it changes, beside one who polls and is always a little behind. */
import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Pane, Problem } from './parts.tsx';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';
import { useSubscription } from './use-subscription.tsx';

const POLL_S = 5;

export default function Score({
  parameters: { channel, readers },
}: {
  parameters: ParametersOf<'score'>;
}) {
  const stage = useStage();
  const [[home, guests], setScore] = useState<readonly [number, number]>([0, 0]);
  const { busy, problem, start } = useTask();
  const goal = (next: readonly [number, number]) =>
    start(async () => {
      setScore(next);
      const client = stage.client();
      const score = next.join(' : ');
      await client.ask('SET', `score:${channel}`, score);
      await client.ask('PUBLISH', channel, score);
      client.close();
    });
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button busy={busy} onClick={() => goal([home + 1, guests])}>
          Goal for home
        </Button>
        <Button busy={busy} onClick={() => goal([home, guests + 1])}>
          Goal for the guests
        </Button>
      </Controls>
      <Problem text={problem} />
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        {Array.from({ length: readers }, (_, index) => (
          <Subscriber key={index} stage={stage} channel={channel} number={index + 1} />
        ))}
        <Poller stage={stage} channel={channel} />
      </div>
    </div>
  );
}

type ReaderProps = { stage: Stage; channel: string };

function Subscriber({ stage, channel, number }: ReaderProps & { number: number }) {
  const [score, setScore] = useState('0 : 0');
  const [messages, setMessages] = useState(0);
  useSubscription(stage, true, ['SUBSCRIBE', channel], (payload) => {
    setScore(payload);
    setMessages((before) => before + 1);
  });
  return (
    <Reader
      title={`Reader ${number}`}
      score={score}
      note={`${messages} ${messages === 1 ? 'message' : 'messages'}, no question`}
    />
  );
}

function Poller({ stage, channel }: ReaderProps) {
  const { score, questions } = usePolling(stage, `score:${channel}`);
  return (
    <Reader title={`Polls every ${POLL_S}\u202fs`} score={score} note={`${questions} × GET`} />
  );
}

function usePolling(stage: Stage, key: string) {
  const [state, setState] = useState({ score: '0 : 0', questions: 0 });
  useEffect(() => {
    let client: DemoClient | undefined;
    const ask = async () => {
      client ??= stage.client();
      const reply = await client.ask('GET', key).catch(() => null);
      setState(({ score, questions }) => ({
        score: typeof reply === 'string' ? reply : score,
        questions: questions + 1,
      }));
    };
    const timer = setInterval(ask, 1000 * POLL_S);
    return () => {
      clearInterval(timer);
      client?.close();
    };
  }, [stage, key]);
  return state;
}

function Reader({ title, score, note }: { title: string; score: string; note: string }) {
  return (
    <Pane title={title}>
      <p aria-live="polite" className="text-h1 font-semibold tabular-nums">
        <span key={score} className="just-changed rounded px-1">
          {score}
        </span>
      </p>
      <p className="text-small text-ink-2 tabular-nums">{note}</p>
    </Pane>
  );
}
