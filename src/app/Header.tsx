/** The row above every screen. */
import { Link } from 'wouter';
import { entries } from '../lessons/catalog.ts';
import { useProgress } from '../progress/context.tsx';
import { dueItems } from '../review/mastery.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/Icon.tsx';

export function Header() {
  const progress = useProgress((state) => state.progress);
  const due = dueItems(entries, progress, Date.now()).length;
  return (
    <header className="no-print sticky top-0 z-30 flex h-(--header) items-center gap-1 border-b border-line bg-paper px-edge">
      <Link href="/" className="mr-auto flex min-h-target items-center gap-2 rounded font-semibold">
        <Mark />
        <span className="text-h3">Keyspace</span>
      </Link>
      <nav aria-label="Site" className="-mr-2 flex items-center md:-mr-3">
        <SiteLink href="/review">
          Review
          {due > 0 && (
            <span className="rounded-round bg-accent px-1.5 text-tiny font-semibold text-on-accent tabular-nums">
              {due}
              <span className="sr-only"> due</span>
            </span>
          )}
        </SiteLink>
        <SiteLink href="/scratchpad">Scratchpad</SiteLink>
        <SiteLink href="/settings">
          <Icon name="settings" />
          <span className="max-sm:sr-only">Settings</span>
        </SiteLink>
      </nav>
    </header>
  );
}

function SiteLink({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <Link
      href={href}
      className={(active) =>
        cx(
          'flex h-(--header) items-center gap-1.5 border-y-2 border-t-transparent px-2 -outline-offset-4 md:px-3',
          active ? 'border-b-accent text-ink' : 'border-b-transparent text-ink-2 hover:text-ink',
        )
      }
    >
      {children}
    </Link>
  );
}

/** The prompt of a server: the one thing that every screen of this page has. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="text-accent">
      <path d="M3 4l6 6-6 6" fill="none" stroke="currentColor" strokeWidth="2.6" />
      <path d="M11 16h6" stroke="currentColor" strokeWidth="2.6" />
    </svg>
  );
}
