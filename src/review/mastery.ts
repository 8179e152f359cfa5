/**
 * How far a reader is: the mark of each lesson, its level, and what is due. Reading passes nothing;
 * the checks of a lesson do. Everything is derived from the items, so it cannot disagree with them.
 */
import {
  type Item,
  type ItemKind,
  itemKey,
  lessonIn,
  type Progress,
} from '../progress/progress.ts';

/** What must be known of a lesson to place it; the catalogue's rows fit. */
export interface CourseLesson {
  readonly slug: string;
  /** What can be passed in it. */
  readonly checks: readonly { readonly kind: ItemKind; readonly id: string }[];
}

export type Mark = 'untouched' | 'begun' | 'passed' | 'due';

/** due: it was passed, and at least one of its exercises should be repeated by now. */
export function markOf(lesson: CourseLesson, progress: Progress, now: number): Mark {
  const keys = lesson.checks.map(({ id }) => itemKey(lesson.slug, id));
  const items = keys.map((key) => progress.items[key]);
  if (isPassed(lesson, progress)) return items.some((item) => isDue(item, now)) ? 'due' : 'passed';
  const begun = lessonIn(progress, lesson.slug) !== undefined || items.some(Boolean);
  return begun ? 'begun' : 'untouched';
}

/** Checks done, of how many. */
export function checksDone(lesson: CourseLesson, progress: Progress): { done: number; of: number } {
  const done = lesson.checks.filter((check) => isDone(check, lesson, progress)).length;
  return { done, of: lesson.checks.length };
}

function isPassed(lesson: CourseLesson, progress: Progress): boolean {
  const { done, of } = checksDone(lesson, progress);
  return of > 0 && done === of;
}

/** Tasks and choices are done when solved; a prediction or a spoken answer when it was given. */
export function isDone(
  { kind, id }: CourseLesson['checks'][number],
  lesson: CourseLesson,
  progress: Progress,
): boolean {
  const item = progress.items[itemKey(lesson.slug, id)];
  if (!item) return false;
  return kind === 'predict' || kind === 'interview' ? item.attempts > 0 : item.solved !== null;
}

/** Days of memory stability at which the levels 1 to 4 begin. */
export const levelDays = [1, 7, 30, 90] as const;

/**
 * 0 until the lesson is passed, then 1 to 4 by the stability of its weakest exercise: a lesson is
 * known as well as the part of it that is forgotten first.
 */
export function levelOf(lesson: CourseLesson, progress: Progress): number {
  if (!isPassed(lesson, progress)) return 0;
  const stabilities = lesson.checks.map(
    ({ id }) => progress.items[itemKey(lesson.slug, id)]?.latest.card?.stability ?? 0,
  );
  const weakest = Math.min(...stabilities);
  return Math.max(1, levelDays.filter((days) => weakest >= days).length);
}

export interface DueItem {
  readonly lesson: string;
  readonly exercise: string;
  readonly kind: ItemKind;
  readonly due: number;
}

/** What should be repeated by now, of exercises that still exist; longest overdue first. */
export function dueItems(
  course: readonly CourseLesson[],
  progress: Progress,
  now: number,
): readonly DueItem[] {
  return scheduledItems(course, progress)
    .filter((item) => item.due <= now)
    .sort((a, b) => a.due - b.due);
}

/** When the next exercise comes back, or null when none is scheduled. */
export function nextDue(course: readonly CourseLesson[], progress: Progress): number | null {
  const times = scheduledItems(course, progress).map((item) => item.due);
  return times.length ? Math.min(...times) : null;
}

function scheduledItems(course: readonly CourseLesson[], progress: Progress): DueItem[] {
  return course.flatMap(({ slug, checks }) =>
    checks.flatMap(({ id, kind }) => {
      const card = progress.items[itemKey(slug, id)]?.latest.card;
      return card ? [{ lesson: slug, exercise: id, kind, due: card.due }] : [];
    }),
  );
}

const isDue = (item: Item | undefined, now: number) =>
  item?.latest.card != null && item.latest.card.due <= now;
