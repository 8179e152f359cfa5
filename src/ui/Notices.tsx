/**
 * What the page says by the way: announcements that only a screen reader hears, and toasts that
 * everybody sees and that may offer one action, such as Undo. Both go through live regions that
 * exist from the first paint, since a region that appears with its text is often not read.
 */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { Button, IconButton } from './Button.tsx';

export type Toast = {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
};

export type Notices = {
  /** Reads a sentence out, politely. The same sentence twice is read twice. */
  announce(text: string): void;
  /** Shows a sentence until it is dismissed, acted on or replaced by the next one. */
  toast(toast: Toast): void;
};

const NoticesContext = createContext<Notices>({ announce() {}, toast() {} });

export const useNotices = () => useContext(NoticesContext);

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState({ text: '', times: 0 });
  const [toast, setToast] = useState<Toast>();
  const notices = useMemo<Notices>(
    () => ({
      announce: (text) => setSpoken(({ times }) => ({ text, times: times + 1 })),
      toast: setToast,
    }),
    [],
  );
  return (
    <NoticesContext value={notices}>
      {children}
      <div role="status" className="sr-only">
        {/* An invisible difference makes the second of two equal sentences news. */}
        {spoken.text + (spoken.times % 2 ? '' : '\u00a0')}
      </div>
      <ToastRegion toast={toast} onDismiss={() => setToast(undefined)} />
    </NoticesContext>
  );
}

/** On wide screens at the left, where no prompt stands. */
function ToastRegion({ toast, onDismiss }: { toast: Toast | undefined; onDismiss: () => void }) {
  return (
    <div
      role="status"
      className="no-print pointer-events-none fixed inset-x-0 bottom-[calc(var(--dock-bar)+var(--keyboard-inset)+env(safe-area-inset-bottom))] z-40 flex justify-center p-3 lg:bottom-0 lg:justify-start"
    >
      {toast && (
        <div className="pointer-events-auto flex items-center gap-3 rounded border border-border bg-paper py-1 pr-1 pl-4 text-ui shadow-float">
          <span className="py-1">{toast.text}</span>
          {toast.action && (
            <Button
              onClick={() => {
                toast.action?.run();
                onDismiss();
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton label="Dismiss" icon="cross" onClick={onDismiss} />
        </div>
      )}
    </div>
  );
}
