/**
 * The h1 of a page. It names the document, and tells the page that a screen has arrived, so that
 * focus and scroll position can follow (app/arrival.ts).
 */
import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from './cx.ts';

export const ARRIVAL = 'page-arrival';
/** Told by what comes later than the heading, once it is there: only now can one go to it. */
export const GROWTH = 'page-growth';

export type PageHeadingProps = {
  /** The document's title, in front of the site's name; none for the home page. */
  title?: string | undefined;
  children: ReactNode;
  className?: string | undefined;
};

export function PageHeading({ title, children, className }: PageHeadingProps) {
  const heading = useArrival(title);
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className={cx('font-serif text-h1 font-semibold text-balance', className)}
    >
      {children}
    </h1>
  );
}

function useArrival(title: string | undefined) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title ? `${title} · Keyspace` : 'Keyspace: learn Redis by running it';
    heading.current?.dispatchEvent(new Event(ARRIVAL, { bubbles: true }));
  }, [title]);
  return heading;
}
