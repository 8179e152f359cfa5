/**
 * The console beneath the course map: its place from the first paint, with the first command
 * written, and the console itself as soon as its code is there.
 */
import { type ReactNode, Suspense, useState } from 'react';
import { Dock, type DockSnap } from '../ui/Dock.tsx';
import { later } from '../ui/later.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { useAfterPaint } from '../ui/use-after-paint.tsx';

const FIRST_COMMAND = 'SET greeting "hello" EX 60';
const PROMPT = '127.0.0.1:6379>';

const LiveConsole = later(() => import('./LiveConsole.tsx'));

export function HomeConsole({ children }: { children: ReactNode }) {
  const [snap, setSnap] = useState<DockSnap>('bar');
  const painted = useAfterPaint();
  const still = <StillConsole />;
  return (
    <Dock
      label="Console"
      placement="below"
      bar={<Bar folded={snap === 'bar'} onRaise={() => setSnap('half')} />}
      snap={snap}
      onSnap={setSnap}
      dock={
        <ErrorBoundary what="The console">
          <Suspense fallback={still}>
            {painted ? <LiveConsole firstCommand={FIRST_COMMAND} /> : still}
          </Suspense>
        </ErrorBoundary>
      }
    >
      {children}
    </Dock>
  );
}

/** What the console looks like before it can be used: row by row as large as it will be. */
function StillConsole() {
  return (
    <div aria-hidden="true" className="flex h-full flex-col">
      <div className="min-h-target border-b border-line" />
      <div className="mt-auto flex min-h-10 flex-wrap items-center gap-x-2 border-t border-line px-edge py-1.5 font-mono text-field sm:flex-nowrap">
        <span className="term-prompt max-sm:w-full max-sm:text-tiny">{PROMPT}</span>
        <span>{FIRST_COMMAND}</span>
      </div>
    </div>
  );
}

/** The row of the sheet. Folded, it shows what waits in it, and unfolds at a touch. */
function Bar({ folded, onRaise }: { folded: boolean; onRaise: () => void }) {
  if (!folded) return <span className="self-center pl-edge font-semibold">Console</span>;
  return (
    <button
      type="button"
      onClick={onRaise}
      className="flex min-w-0 grow items-center gap-3 pl-edge"
    >
      <span className="font-semibold">Console</span>
      <code className="truncate text-small text-ink-2">&gt; {FIRST_COMMAND}</code>
    </button>
  );
}
