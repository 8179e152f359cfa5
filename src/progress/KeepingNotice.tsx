/** Says that progress is kept in this tab only, or that an unreadable one was put aside. */
import type { ReactNode } from 'react';
import { Icon } from '../ui/Icon.tsx';
import { CodeText } from '../ui/Text.tsx';
import { useProgress } from './context.tsx';
import type { KeptBecause } from './shelf.ts';

/** What happened and what to do about it, for each reason. */
export const keptBecause: Record<KeptBecause, string> = {
  blocked:
    'This browser does not let the page store anything, so progress lasts only until this tab is closed. Export it before you leave.',
  full: 'The browser’s storage is full, so what you do now lasts only until this tab is closed. Make room or export it; saving is tried again with every step.',
  newer:
    'A newer version of this page has saved your progress. Reload this tab to go on with it; what you do here until then is not saved.',
  stuck:
    'Your saved progress cannot be read, nor put aside to start a new one, because storage is full. It is left as it is; what you do now lasts only until this tab is closed.',
};

/** `action` stands at the end of the sentence, such as a link to the settings. */
export function KeepingNotice({ action }: { action?: ReactNode }) {
  const keeping = useProgress((state) => state.keeping);
  const asideKey = useProgress((state) => state.asideKey);
  return (
    <div role="status" className="no-print empty:hidden">
      {keeping.kind === 'memory' && (
        <Notice>
          {keptBecause[keeping.reason]} {action}
        </Notice>
      )}
      {asideKey && (
        <Notice>
          The saved progress could not be read. It was put aside in this browser’s storage as{' '}
          <CodeText>{asideKey}</CodeText>, and a new one was begun. {action}
        </Notice>
      )}
    </div>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <p className="flex gap-2 border-b border-line bg-wait-soft px-edge py-2 text-ui">
      <Icon name="warning" className="mt-0.5 shrink-0 text-wait" />
      <span>{children}</span>
    </p>
  );
}
