/**
 * The console beneath the course map: its place from the first paint, with the first command
 * written, and the console itself as soon as its code is there.
 */
import { type ReactNode, Suspense, useState } from 'react';
import { cx } from '../ui/cx.ts';
import { Dock, type DockSnap } from '../ui/Dock.tsx';
import { later } from '../ui/later.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { useAfterPaint } from './use-after-paint.tsx';

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

/** Folded on a phone, the row shows what waits in it, and unfolds at a touch. */
function Bar({ folded, onRaise }: { folded: boolean; onRaise: () => void }) {
  return (
    <>
      <span className={cx('self-center pl-edge font-semibold', folded && 'max-lg:hidden')}>
        Console
      </span>
      {folded && (
        <button
          type="button"
          onClick={onRaise}
          className="flex min-w-0 grow items-center gap-3 pl-edge lg:hidden"
        >
          <span className="font-semibold">Console</span>
          <code className="truncate text-small text-ink-2">&gt; {FIRST_COMMAND}</code>
        </button>
      )}
    </>
  );
}
