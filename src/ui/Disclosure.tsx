/** A heading that unfolds. Built on <details>, so that find-in-page opens it. */
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';

export type DisclosureProps = {
  summary: ReactNode;
  children: ReactNode;
  /** Controlled when onToggle is given, otherwise the state at first. */
  open?: boolean | undefined;
  onToggle?: ((open: boolean) => void) | undefined;
  className?: string | undefined;
};

export function Disclosure({ summary, children, open, onToggle, className }: DisclosureProps) {
  return (
    <details
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open !== open) onToggle?.(event.currentTarget.open);
      }}
      className={cx('group/disclosure', className)}
    >
      <summary className="flex min-h-target list-none items-center gap-1.5 rounded font-sans text-ui">
        <Icon
          name="right"
          className="shrink-0 text-ink-2 transition-transform group-open/disclosure:rotate-90"
        />
        {summary}
      </summary>
      <div className="pb-2 pl-[1.375rem]">{children}</div>
    </details>
  );
}
