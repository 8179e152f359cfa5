/**
 * What the page remembers of a reader: exercises, lessons and settings. Plain data that survives
 * JSON. Times are milliseconds since 1970 by the reader's own clock.
 */

/** The kinds of exercise, as a lesson names them. */
export const itemKinds = ['quiz', 'predict', 'challenge', 'interview'] as const;
export type ItemKind = (typeof itemKinds)[number];

export const confidences = ['sure', 'think-so', 'guess'] as const;
export type Confidence = (typeof confidences)[number];

export interface Progress {
  /** Of two versions of a progress the higher epoch is right; a reset begins a new one. */
  readonly epoch: number;
  /** By `lesson-slug/exercise-id`. */
  readonly items: Readonly<Record<string, Item>>;
  /** By lesson slug. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
  readonly settings: { readonly [Name in keyof Settings]?: Stamped<Settings[Name]> };
}

export interface Item {
  /** How often an answer was checked, over all time. */
  readonly attempts: number;
  /** The most hints ever opened. */
  readonly hints: number;
  /** When it was first solved, and whether at the first try without a hint. */
  readonly solved: { readonly at: number; readonly firstTry: boolean } | null;
  readonly latest: Latest;
}

/** The part of an item of which only the latest version counts. */
export interface Latest {
  readonly at: number;
  readonly kind: ItemKind;
  /** How sure the reader was of the latest answer. */
  readonly confidence: Confidence | null;
  /** Since the item was last solved: what decides the next grade. */
  readonly round: Round;
  /** When it comes back; null until it was graded once. */
  readonly card: Card | null;
}

export interface Round {
  readonly tries: number;
  readonly hints: number;
  /** The solution was shown. */
  readonly revealed: boolean;
}

/** The memory of one item as FSRS keeps it. Intervals and stability are in days. */
export interface Card {
  readonly due: number;
  readonly lastReview: number;
  readonly stability: number;
  readonly difficulty: number;
  readonly scheduledDays: number;
  readonly reps: number;
  readonly lapses: number;
  readonly state: CardState;
}

export const cardStates = ['new', 'learning', 'review', 'relearning'] as const;
export type CardState = (typeof cardStates)[number];

export interface LessonProgress {
  readonly begunAt: number;
  /** The id of the section that was read last. */
  readonly section: Stamped<string> | null;
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly motion: 'system' | 'reduced' | 'full';
  /** The protocol of the console's connections. */
  readonly resp: 2 | 3;
  /** yyyy-mm-dd; reviews are spread so that they end before it. */
  readonly interviewDate: string | null;
  /** The most reviews offered in one day. */
  readonly dailyCap: number;
  /** Percent of the window's width. */
  readonly dockWidth: number;
  readonly dockOpen: boolean;
}

export const defaultSettings: Settings = {
  theme: 'system',
  motion: 'system',
  resp: 2,
  interviewDate: null,
  dailyCap: 20,
  dockWidth: 42,
  dockOpen: true,
};

export interface Stamped<Value> {
  readonly value: Value;
  readonly at: number;
}

export const emptyProgress: Progress = { epoch: 0, items: {}, lessons: {}, settings: {} };

export const emptyRound: Round = { tries: 0, hints: 0, revealed: false };

/** The address of an exercise in `items`. */
export const itemKey = (lesson: string, exercise: string) => `${lesson}/${exercise}`;

/** What is known of a lesson. Not a plain look-up: "constructor" is a possible slug. */
export function lessonIn(progress: Progress, slug: string): LessonProgress | undefined {
  return Object.hasOwn(progress.lessons, slug) ? progress.lessons[slug] : undefined;
}

/** The settings as chosen, with the defaults for the rest. */
export function settingsOf(progress: Progress): Settings {
  const chosen = Object.entries(progress.settings).map(([name, { value }]) => [name, value]);
  return { ...defaultSettings, ...Object.fromEntries(chosen) };
}
