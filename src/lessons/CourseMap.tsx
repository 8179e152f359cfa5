/** The course at a glance: chapters, and for each lesson its number, question, minutes and mark. */
import { useId } from 'react';
import { Link } from 'wouter';
import { useProgress } from '../progress/context.tsx';
import type { Progress } from '../progress/progress.ts';
import { checksDone, type Mark, markOf } from '../review/mastery.ts';
import { cx } from '../ui/cx.ts';
import { type Chapter, chapters, type Entry } from './catalog.ts';
import { MarkGlyph, markWords } from './MarkGlyph.tsx';

export type CourseMapProps = {
  /** The time by which things are due, in ms since 1970. */
  now: number;
  /** The slug of the lesson that is open. */
  current?: string | undefined;
  /** Titles in one narrow column, for beside a lesson, instead of questions in several. */
  narrow?: boolean | undefined;
};

export function CourseMap({ now, current, narrow }: CourseMapProps) {
  const progress = useProgress((state) => state.progress);
  return (
    <nav aria-label="Course" className={narrow ? undefined : 'gap-x-10 md:columns-2 xl:columns-3'}>
      {chapters.map((chapter) => (
        <ChapterRows
          key={chapter.name}
          chapter={chapter}
          row={(entry) => (
            <Row
              key={entry.slug}
              entry={entry}
              progress={progress}
              now={now}
              current={entry.slug === current}
              text={narrow ? entry.title : entry.question}
            />
          )}
        />
      ))}
    </nav>
  );
}

/** What the shapes mean. */
export function CourseLegend() {
  const marks = Object.entries(markWords) as [Mark, string][];
  return (
    <ul
      aria-label="What the marks mean"
      className="flex flex-wrap gap-x-4 gap-y-1 text-small text-ink-2"
    >
      {marks.map(([mark, word]) => (
        <li key={mark} className="flex items-center gap-1.5">
          <MarkGlyph mark={mark} decorative />
          {word}
        </li>
      ))}
    </ul>
  );
}

function ChapterRows({
  chapter,
  row,
}: {
  chapter: Chapter;
  row: (entry: Entry) => React.ReactNode;
}) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="break-inside-avoid pb-4">
      <h2 id={heading} className="border-b border-line pb-1 text-small font-semibold text-ink-2">
        {chapter.name}
      </h2>
      <ol>{chapter.entries.map(row)}</ol>
    </section>
  );
}

type RowProps = {
  entry: Entry;
  progress: Progress;
  now: number;
  current: boolean;
  text: string;
};

function Row({ entry, progress, now, current, text }: RowProps) {
  const { done, of } = checksDone(entry, progress);
  const mark = markOf(entry, progress, now);
  const shape = 'flex items-start gap-2 py-0.5 text-ui max-md:min-h-target max-md:py-3';
  return (
    <li>
      <Link
        href={`/lessons/${entry.slug}`}
        aria-current={current ? 'page' : undefined}
        className={cx('group/row rounded', shape, current && 'bg-accent-soft font-semibold')}
      >
        <span className="w-[2ch] shrink-0 text-right text-ink-2 tabular-nums">{entry.number}</span>
        <span className="flex h-[1.45em] w-3.5 shrink-0 items-center">
          <MarkGlyph mark={mark} />
        </span>
        <span className="grow text-pretty group-hover/row:underline">{text}</span>
        <span className="shrink-0 text-ink-2 tabular-nums">
          <Amount mark={mark} done={done} of={of} minutes={entry.minutes} />
        </span>
      </Link>
    </li>
  );
}

/** Minutes before a lesson is begun, checks done while it is. */
function Amount(props: { mark: Mark; done: number; of: number; minutes: number }) {
  const { mark, done, of, minutes } = props;
  return mark === 'begun' && of > 0 ? (
    <>
      {done}/{of}
      <span className="sr-only"> checks done</span>
    </>
  ) : (
    <>{minutes}&#8239;min</>
  );
}
