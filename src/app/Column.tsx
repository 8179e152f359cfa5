/** One column of text at the page's left edge, for screens that are not a workbench. */
import type { ReactNode } from 'react';

export function Column({ children }: { children: ReactNode }) {
  return (
    <div className="px-edge pt-8 pb-16">
      <div className="flex max-w-column flex-col gap-4">{children}</div>
    </div>
  );
}
