/** Small pieces of text with a meaning: keys of the keyboard, code in a sentence, a Redis type. */
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { lookOfType } from './types.ts';

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-small border border-border px-1 py-px text-tiny text-ink-2">
      {children}
    </kbd>
  );
}

/** A command, a key name or a path inside interface text. */
export function CodeText({ children }: { children: ReactNode }) {
  return (
    <code className="rounded-small bg-raised px-1 py-px text-[0.92em] [overflow-wrap:anywhere]">
      {children}
    </code>
  );
}

export type TypeGlyphProps = {
  /** What TYPE answers. */
  type: string;
  /** Shows the name beside the glyph; otherwise only a screen reader hears it. */
  named?: boolean | undefined;
};

export function TypeGlyph({ type, named }: TypeGlyphProps) {
  const look = lookOfType(type);
  return (
    <span className={cx('inline-flex items-baseline gap-1.5', look.className)}>
      <span
        aria-hidden="true"
        className="w-[2ch] text-center font-mono text-code font-semibold [font-variant-ligatures:none]"
      >
        {look.glyph}
      </span>
      <span className={named ? 'text-small' : 'sr-only'}>{look.name}</span>
    </span>
  );
}

export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="sr-only">{children}</span>;
}
