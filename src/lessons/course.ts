/** The course as the review sees it: which lesson has which exercises. */
import type { CourseLesson } from '../review/mastery.ts';
import { type Entry, entries } from './catalog.ts';

/** A lesson that is not written yet has nothing to pass. */
export const courseLessonOf = ({ slug, lesson }: Entry): CourseLesson => ({
  slug,
  checks: lesson?.meta.checks ?? [],
});

export const course: readonly CourseLesson[] = entries.map(courseLessonOf);
