/** The course map where the page has no column for it. */
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Button, IconButton } from '../ui/Button.tsx';
import { CourseMap } from './CourseMap.tsx';

export function CourseDrawer({ current }: { current: string }) {
  const [open, setOpen] = useState(false);
  const [path] = useLocation();
  const drawer = useModal(open, path);
  return (
    <>
      <Button
        variant="quiet"
        icon="menu"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="-ml-3 xl:hidden"
      >
        Course
      </Button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the key; the browser turns it into onClose. */}
      <dialog
        ref={drawer}
        aria-label="Course"
        onClose={() => setOpen(false)}
        onClick={(event) => event.target === event.currentTarget && setOpen(false)}
        className="drawer"
      >
        {open && (
          <div className="flex h-full flex-col overflow-y-auto px-4 pb-6">
            <IconButton
              label="Close"
              icon="cross"
              onClick={() => setOpen(false)}
              className="sticky top-0 self-end bg-paper"
            />
            <CourseMap now={Date.now()} current={current} narrow />
          </div>
        )}
      </dialog>
    </>
  );
}

/** A link that is followed closes it too. */
function useModal(open: boolean, path: string) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);
  useEffect(() => () => dialog.current?.close(), [path]);
  return dialog;
}
