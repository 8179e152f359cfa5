/** The frame of every screen: what is wrong with storage, the header, and the screen itself. */
import { type ReactNode, Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { EditorHelpContext } from '../editor/context.tsx';
import type { EditorHelp } from '../editor/help.ts';
import { ProgressProvider } from '../progress/context.tsx';
import { KeepingNotice } from '../progress/KeepingNotice.tsx';
import type { ProgressStore } from '../progress/store.ts';
import { NoticesProvider } from '../ui/Notices.tsx';
import { Loading } from '../ui/Progress.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { Header } from './Header.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { routes } from './routes.tsx';

/** The server that helps with typing is started when the first editor asks. */
let help: Promise<EditorHelp> | undefined;

async function startHelp(): Promise<EditorHelp> {
  const { askForHelp } = await import('../console/editor-help.ts');
  return askForHelp();
}

function loadHelp(): Promise<EditorHelp> {
  help ??= startHelp().catch((error: unknown) => {
    help = undefined;
    throw error;
  });
  return help;
}

export function App({ progress }: { progress: ProgressStore }) {
  return (
    <Frame progress={progress}>
      <Screen />
    </Frame>
  );
}

export function Frame({ progress, children }: { progress: ProgressStore; children: ReactNode }) {
  return (
    <ProgressProvider store={progress}>
      <NoticesProvider>
        <EditorHelpContext value={loadHelp}>
          <a
            href="#main"
            className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:border focus:border-border focus:bg-paper focus:px-3 focus:py-2"
          >
            Skip to the content
          </a>
          <Header />
          <KeepingNotice
            action={
              <Link href="/settings" className="underline">
                Settings
              </Link>
            }
          />
          <main id="main" tabIndex={-1}>
            {children}
          </main>
        </EditorHelpContext>
      </NoticesProvider>
    </ProgressProvider>
  );
}

function Screen() {
  const [path] = useLocation();
  return (
    // A failure belongs to its address: another one is tried afresh.
    <ErrorBoundary key={path} what="This screen">
      <Suspense fallback={<Loading text="Loading this screen…" />}>
        <Switch>
          {routes.map(({ path, Page }) => (
            <Route key={path} path={path} component={Page} />
          ))}
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
