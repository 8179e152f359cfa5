/** Says what a connection is waiting for, for how long, and stops it. */
import { useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { useConsole, useConsoleView } from './context.tsx';
import type { SessionStatus } from './session.ts';

/** Most replies come at once: only what takes longer is worth a word. */
const PATIENCE_MS = 300;

export function ActivityLine() {
  const { store } = useConsoleView();
  const status = useConsole((state) => state.tab.status);
  const busy = status.activity !== 'idle' || status.subscribed;
  const elapsed = useElapsed(busy, status.since);
  if (!busy || elapsed < PATIENCE_MS) return null;
  return (
    <div className="flex min-h-target items-center gap-3 border-t border-line px-edge py-1 font-sans text-ui text-ink-2">
      <span className="min-w-0 grow truncate">{wordsOf(status)}</span>
      <span className="tabular-nums" role="timer" aria-label="Time passed">
        {Math.floor(elapsed / 1000)} s
      </span>
      <Button
        variant="plain"
        icon="stop"
        title="Ctrl-C"
        onClick={() => store.getState().interrupt()}
        className="min-h-7"
      >
        Stop
      </Button>
    </div>
  );
}

function wordsOf({ activity, command }: SessionStatus): string {
  if (activity === 'monitor') return 'Shows every command that the server receives';
  if (activity === 'waiting') return `Waits for the reply to ${command}`;
  return 'Shows messages as they arrive';
}

/** How long the present activity has lasted, in ms of lab time. */
function useElapsed(running: boolean, since: number): number {
  const { store } = useConsoleView();
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    setElapsed(0);
    if (!running) return;
    const timer = setInterval(() => setElapsed(store.getState().elapsed()), 250);
    return () => clearInterval(timer);
  }, [store, running, since]);
  return elapsed;
}
