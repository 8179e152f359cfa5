/** The course: its lessons, each read from its file, in chapters. */
import lessons from 'virtual:lessons';
import type { Lesson, LessonMeta } from './lesson.ts';

/** A lesson as the map shows it. What else it has comes with its text. */
export interface Entry
  extends Pick<
    LessonMeta,
    'number' | 'slug' | 'title' | 'question' | 'chapter' | 'minutes' | 'checks'
  > {
  /** Loads the lesson's own chunk. */
  readonly load: () => Promise<Lesson>;
}

export interface Chapter {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** In the order of the map; a chapter that only lessons name comes behind these. */
const chapterNames = [
  ...['First steps', 'Commands together', 'More types', 'Durability', 'Memory', 'Many servers'],
  ...['Patterns of use', 'Speed and sight', 'Security', 'Platforms'],
];

/** Every lesson in the order of its number. */
export const entries: readonly Entry[] = [...lessons].sort((a, b) => a.number - b.number);

/** The course map. */
export const chapters: readonly Chapter[] = inChapters(entries);

export const entryOf = (slug: string): Entry | undefined =>
  entries.find((entry) => entry.slug === slug);

/** The lessons before and after one. */
export function neighboursOf(slug: string): { previous?: Entry; next?: Entry } {
  const at = entries.findIndex((entry) => entry.slug === slug);
  const previous = at > 0 ? entries[at - 1] : undefined;
  const next = at >= 0 ? entries[at + 1] : undefined;
  return { ...(previous && { previous }), ...(next && { next }) };
}

function inChapters(all: readonly Entry[]): Chapter[] {
  const names = [...new Set([...chapterNames, ...all.map(({ chapter }) => chapter)])];
  return names.map((name) => ({ name, entries: all.filter(({ chapter }) => chapter === name) }));
}
