/** A key's time to live, draining: seconds and a bar, by the demonstration's own clock. */
import { useEffect, useState } from 'react';
import { secondsInWords } from '../measures.ts';
import type { Stage } from './stage.ts';

export type TtlBarProps = {
  stage: Stage;
  /** In ms of lab time; undefined before there is a key. */
  expiresAt: number | undefined;
  /** What it began with. */
  seconds: number;
};

export function TtlBar({ stage, expiresAt, seconds }: TtlBarProps) {
  const left = useLeft(stage, expiresAt);
  const share = Math.min(1, Math.max(0, left / seconds));
  return (
    <div className="flex items-center gap-2 text-small tabular-nums">
      <span className="h-1 grow rounded-round bg-sunk">
        <span
          className="block h-full rounded-round bg-accent transition-[width]"
          style={{ width: `${100 * share}%` }}
        />
      </span>
      <span className="w-20 text-right">
        {expiresAt === undefined ? 'no key' : left > 0 ? `${secondsInWords(left)} left` : 'gone'}
      </span>
    </div>
  );
}

function useLeft(stage: Stage, expiresAt: number | undefined): number {
  const [now, setNow] = useState(stage.now);
  useEffect(() => {
    setNow(stage.now());
    if (expiresAt === undefined) return;
    const timer = setInterval(() => setNow(stage.now()), 250);
    return () => clearInterval(timer);
  }, [stage, expiresAt]);
  return expiresAt === undefined ? 0 : Math.max(0, (expiresAt - now) / 1000);
}
