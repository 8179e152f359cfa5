/**
 * The console beneath the course map: its place from the first paint, with the first command
 * written, and the console itself as soon as its code is there.
 */
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Dock, type DockSnap } from '../ui/Dock.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { useAfterPaint } from './use-after-paint.tsx';

const FIRST_COMMAND = 'SET greeting "hello" EX 60';
const PROMPT = '127.0.0.1:6379>';

const LiveConsole = lazy(() => import('./LiveConsole.tsx'));

export function HomeConsole({ children }: { children: ReactNode }) {
  const [snap, setSnap] = useState<DockSnap>('bar');
  const painted = useAfterPaint();
  const still = <StillConsole />;
  return (
    <Dock
      label="Console"
      placement="below"
      bar={<Bar folded={snap === 'bar'} />}
      snap={snap}
      onSnap={setSnap}
      dock={
        <ErrorBoundary what="The console">
          {painted ? (
            <Suspense fallback={still}>
              <LiveConsole firstCommand={FIRST_COMMAND} />
            </Suspense>
          ) : (
            still
          )}
        </ErrorBoundary>
      }
    >
      {children}
    </Dock>
  );
}

/** What the console looks like before it can be used. */
function StillConsole() {
  return (
    <p className="term px-edge py-3" aria-hidden="true">
      <span className="term-prompt">{PROMPT} </span>
      <span className="term-command">{FIRST_COMMAND}</span>
    </p>
  );
}

/** Folded on a phone, the row still shows what waits in it. */
function Bar({ folded }: { folded: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-3 pl-edge">
      <span className="font-semibold">Console</span>
      {folded && (
        <span aria-hidden="true" className="term-reply truncate font-mono text-small lg:hidden">
          &gt; {FIRST_COMMAND}
        </span>
      )}
    </span>
  );
}
