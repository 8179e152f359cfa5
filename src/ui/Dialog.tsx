/** A modal dialog on the browser's own <dialog>: focus is kept inside, Esc closes, focus returns. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './Button.tsx';

export type DialogProps = {
  open: boolean;
  /** Called for Esc, the close button and a click beside the dialog. */
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The row of buttons, the main one first. */
  actions?: ReactNode;
};

export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const dialog = useModal(open);
  const heading = useId();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the key; the browser turns it into onClose.
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="w-[min(36rem,calc(100vw-2rem))] rounded border border-border bg-paper shadow-float"
    >
      {open && (
        <div className="flex max-h-[85dvh] flex-col">
          <header className="flex items-center justify-between gap-4 border-b border-line py-2 pr-2 pl-4">
            <h2 id={heading} tabIndex={-1} className="text-h3 font-semibold">
              {title}
            </h2>
            <IconButton label="Close" icon="cross" onClick={onClose} />
          </header>
          <div className="overflow-y-auto p-4">{children}</div>
          {actions && (
            <footer className="flex flex-wrap gap-2 border-t border-line p-4">{actions}</footer>
          )}
        </div>
      )}
    </dialog>
  );
}

function useModal(open: boolean) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) {
      element.showModal();
      // The title is heard first, and no button is a keystroke away from being pressed by mistake.
      element.querySelector('h2')?.focus();
    }
    if (!open && element?.open) element.close();
  }, [open]);
  return dialog;
}
