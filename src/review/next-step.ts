/** What to do next. Nothing is locked, so this only recommends; there is always a step. */
import { lessonIn, type Progress, settingsOf } from '../progress/progress.ts';
import { type CourseLesson, dueItems, markOf, nextDue } from './mastery.ts';

export type Step =
  /** Repeat what is due: `count` of `due`, as many as the daily cap still allows. */
  | { readonly do: 'review'; readonly count: number; readonly due: number }
  /** Go on with a lesson, at the section that was read last. */
  | { readonly do: 'continue'; readonly lesson: string; readonly section: string | null }
  | { readonly do: 'start'; readonly lesson: string }
  /** All is passed. `nextDue`: when something comes back, in ms since 1970. */
  | { readonly do: 'rest'; readonly nextDue: number | null };

/**
 * The steps that make sense now, the best first. What is due comes before what is new, since it is
 * being forgotten meanwhile; what is begun before what is untouched.
 */
export function nextSteps(
  course: readonly CourseLesson[],
  progress: Progress,
  now: number,
): readonly [Step, ...Step[]] {
  const steps = [
    reviewStep(course, progress, now),
    continueStep(course, progress, now),
    startStep(course, progress, now),
  ].filter((step) => step !== undefined);
  const [first, ...others] = steps;
  return first ? [first, ...others] : [{ do: 'rest', nextDue: nextDue(course, progress) }];
}

function reviewStep(
  course: readonly CourseLesson[],
  progress: Progress,
  now: number,
): Step | undefined {
  const due = dueItems(course, progress, now).length;
  const left = Math.max(0, settingsOf(progress).dailyCap - reviewedToday(progress, now));
  const count = Math.min(due, left);
  return count > 0 ? { do: 'review', count, due } : undefined;
}

/** Repetitions on the reader's calendar day; a first answer is no repetition. */
export function reviewedToday(progress: Progress, now: number): number {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return Object.values(progress.items).filter(({ latest: { card } }) => {
    return card !== null && card.reps > 1 && card.lastReview >= midnight;
  }).length;
}

function continueStep(
  course: readonly CourseLesson[],
  progress: Progress,
  now: number,
): Step | undefined {
  const touched = (slug: string) => {
    const lesson = lessonIn(progress, slug);
    return lesson?.section?.at ?? lesson?.begunAt ?? 0;
  };
  const [latest] = course
    .filter((lesson) => markOf(lesson, progress, now) === 'begun')
    .sort((a, b) => touched(b.slug) - touched(a.slug));
  if (!latest) return undefined;
  const section = lessonIn(progress, latest.slug)?.section?.value ?? null;
  return { do: 'continue', lesson: latest.slug, section };
}

function startStep(
  course: readonly CourseLesson[],
  progress: Progress,
  now: number,
): Step | undefined {
  const next = course.find(
    (lesson) => lesson.checks.length > 0 && markOf(lesson, progress, now) === 'untouched',
  );
  return next && { do: 'start', lesson: next.slug };
}
