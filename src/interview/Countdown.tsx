/** The time that an answer may take; it only runs when it is wanted, and never ends anything. */
import { useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';

export function Countdown({ seconds }: { seconds: number }) {
  const [startedAt, setStartedAt] = useState<number>();
  const left = useSecondsLeft(seconds, startedAt);
  if (startedAt === undefined) {
    return (
      <Button variant="quiet" icon="clock" onClick={() => setStartedAt(Date.now())}>
        Start the clock: {clock(seconds)}
      </Button>
    );
  }
  return (
    <div className="flex items-center gap-2">
      <span role="timer" className="text-ui tabular-nums">
        {left > 0 ? clock(left) : `Time is up, ${clock(-left)} over`}
      </span>
      <Button variant="quiet" onClick={() => setStartedAt(undefined)}>
        Stop the clock
      </Button>
    </div>
  );
}

function useSecondsLeft(seconds: number, startedAt: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (startedAt === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [startedAt]);
  return startedAt === undefined ? seconds : seconds - Math.floor((now - startedAt) / 1000);
}

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
