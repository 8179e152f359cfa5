/** The four states of a lesson as shapes; the word is there for those who do not see them. */
import type { Mark } from '../review/mastery.ts';
import { cx } from '../ui/cx.ts';

/** What each mark means, in the words of the legend. */
export const markWords: Record<Mark, string> = {
  untouched: 'not begun',
  begun: 'begun',
  passed: 'passed',
  due: 'due for review',
};

const colours: Record<Mark, string> = {
  untouched: 'text-border',
  begun: 'text-ink-2',
  passed: 'text-ok',
  due: 'text-accent',
};

/** Beside a visible word the shape is decoration: give `decorative` there. */
export function MarkGlyph({ mark, decorative }: { mark: Mark; decorative?: boolean }) {
  return (
    <span className={cx('inline-flex shrink-0', colours[mark])}>
      <svg viewBox="0 0 14 14" width="14" height="14" fill="none" aria-hidden="true">
        <Shape mark={mark} />
      </svg>
      {!decorative && <span className="sr-only">{markWords[mark]}</span>}
    </span>
  );
}

function Shape({ mark }: { mark: Mark }) {
  const ring = <circle cx="7" cy="7" r="5.2" stroke="currentColor" strokeWidth="1.4" />;
  switch (mark) {
    case 'untouched':
      return ring;
    case 'begun':
      return (
        <>
          {ring}
          <path d="M7 1.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor" />
        </>
      );
    case 'passed':
      return (
        <>
          <circle cx="7" cy="7" r="5.9" fill="currentColor" />
          <path d="M4.3 7.2l1.9 1.9 3.6-4" stroke="var(--paper)" strokeWidth="1.5" />
        </>
      );
    case 'due':
      return (
        <path
          d="M2.2 7a4.8 4.8 0 1 0 1.5-3.5M2 1.6v2.7h2.7M7 4.4V7l1.8 1.2"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      );
  }
}
