/** Text of a lesson, already HTML. Links within the page are followed without loading it anew. */
import { type MouseEvent, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { cx } from './cx.ts';

export type ProseProps = {
  /** Made from Markdown at build time, without raw HTML: safe. */
  html: string;
  /** Text of the interface's size, for what stands in a list or under a control. */
  small?: boolean | undefined;
  className?: string | undefined;
};

export function Prose({ html, small, className }: ProseProps) {
  const root = useScrollableTables(html);
  const onClick = useInnerLinks();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click.
    <div
      ref={root}
      onClick={onClick}
      className={cx('prose', small && 'prose-small', className)}
      dangerouslySetInnerHTML={{ __html: startsWithBlock.test(html) ? html : `<p>${html}</p>` }}
    />
  );
}

/** A single paragraph may come without its `<p>`. */
const startsWithBlock = /^<(?:p|[uo]l|table|blockquote|pre|h[1-6]|hr)\b/;

/** The same within a line. */
export function InlineProse({ html, className }: { html: string; className?: string | undefined }) {
  const onClick = useInnerLinks();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are what is clicked.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click.
    <span
      onClick={onClick}
      className={cx('prose-inline', className)}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

function useInnerLinks() {
  const [, navigate] = useLocation();
  return (event: MouseEvent) => {
    const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event;
    const link = target instanceof Element ? target.closest('a[data-lesson]') : null;
    if (!link || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    navigate(link.getAttribute('href') ?? '/');
  };
}

/** A table that is too wide scrolls by itself, and must then be reachable by keyboard. */
function useScrollableTables(html: string) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tables = [...(root.current?.querySelectorAll('table') ?? [])];
    if (tables.length === 0) return;
    const observer = new ResizeObserver(() => {
      for (const table of tables) {
        if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
        else table.removeAttribute('tabindex');
      }
    });
    for (const table of tables) observer.observe(table);
    return () => observer.disconnect();
  }, [html]);
  return root;
}
