/** What should be repeated today, and when the rest comes back. */
import { Link } from 'wouter';
import { entries, entryOf } from '../lessons/catalog.ts';
import { useProgress } from '../progress/context.tsx';
import type { ItemKind } from '../progress/progress.ts';
import { type DueItem, dueItems, nextDue } from '../review/mastery.ts';
import { nextSteps } from '../review/next-step.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { EmptyState } from '../ui/States.tsx';
import { Column } from './Column.tsx';
import { useNow } from './use-now.tsx';

export default function ReviewPage() {
  const now = useNow();
  const progress = useProgress((state) => state.progress);
  const due = dueItems(entries, progress, now);
  const step = nextSteps(entries, progress, now).find((step) => step.do === 'review');
  const today = due.slice(0, step?.count ?? 0);
  return (
    <Column>
      <PageHeading title="Review">Review</PageHeading>
      {today.length > 0 ? (
        <Due today={today} later={due.length - today.length} />
      ) : (
        <div className="-mx-4">
          <EmptyState
            text={emptyWords(due.length, nextDue(entries, progress), now)}
            action={
              <Link href="/" className={buttonClass()}>
                Go to the course
              </Link>
            }
          />
        </div>
      )}
    </Column>
  );
}

function Due({ today, later }: { today: readonly DueItem[]; later: number }) {
  return (
    <>
      <p className="text-ink-2">
        Exercises whose answer you are about to forget, longest overdue first.
        {later > 0 && ` ${later} more wait for tomorrow, as your daily cap asks.`}
      </p>
      <ol className="border-t border-line">
        {today.map((item) => (
          <li key={`${item.lesson}/${item.exercise}`} className="border-b border-line">
            <Link
              href={`/lessons/${item.lesson}#${item.exercise}`}
              className="group/due flex min-h-target items-baseline gap-3 rounded py-2"
            >
              <span className="w-20 shrink-0 text-ink-2">{kindWords[item.kind]}</span>
              <span className="grow group-hover/due:underline">
                {entryOf(item.lesson)?.title ?? item.lesson}
              </span>
              <span className="text-small text-ink-2">{item.exercise.replaceAll('-', ' ')}</span>
            </Link>
          </li>
        ))}
      </ol>
    </>
  );
}

const kindWords: Record<ItemKind, string> = {
  quiz: 'Choice',
  predict: 'Prediction',
  challenge: 'Task',
  interview: 'Question',
};

function emptyWords(due: number, next: number | null, now: number): string {
  if (due > 0) return `Today’s reviews are done; ${due} wait for tomorrow, as your daily cap asks.`;
  if (next === null) {
    return 'Nothing to review yet. Exercises come back here some days after you first solve them.';
  }
  const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' }).format(next);
  return next - now < 60 * 60 * 1000
    ? 'Nothing is due now. The next exercise comes back within the hour.'
    : `Nothing is due now. The next exercise comes back on ${when}.`;
}
