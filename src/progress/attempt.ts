/**
 * How an answer changes an item. The rule of grades: first try without a hint is good, a later try
 * or a hint is hard, wrong or shown is again. One round, from the first answer until it is solved,
 * gives one grade; what follows in it is practice.
 */
import {
  type Card,
  type Confidence,
  emptyRound,
  type Item,
  type ItemKind,
  type Latest,
  type Round,
} from './progress.ts';

export interface Attempt {
  readonly kind: ItemKind;
  /** partly: an interview answer that named some of the ideas. */
  readonly verdict: 'right' | 'partly' | 'wrong';
  readonly confidence?: Confidence;
}

export type Grade = 'again' | 'hard' | 'good';

export interface GradedAnswer {
  readonly card: Card | null;
  readonly grade: Grade;
  readonly confidence: Confidence | null;
  readonly now: number;
  /** yyyy-mm-dd, or null. */
  readonly interviewDate: string | null;
}

/** Says when an item comes back. `review/schedule.ts` is the one that the page uses. */
export type Schedule = (answer: GradedAnswer) => Card;

/** The item after an answer was checked. */
export function afterAttempt(item: Item | undefined, attempt: Attempt, context: Context): Item {
  const before = item ?? newItem(attempt.kind);
  const round = { ...before.latest.round, tries: before.latest.round.tries + 1 };
  const grade = gradeOf(attempt, round);
  const solved = attempt.verdict === 'right';
  const firstTry = round.tries === 1 && round.hints === 0 && !round.revealed;
  return {
    ...before,
    attempts: before.attempts + 1,
    solved: before.solved ?? (solved ? { at: context.now, firstTry } : null),
    latest: graded(
      {
        ...before.latest,
        kind: attempt.kind,
        confidence: attempt.confidence ?? null,
        round: solved || attempt.kind === 'interview' ? emptyRound : round,
      },
      grade,
      context,
    ),
  };
}

/** The item after its `count`-th hint of this round was opened. */
export function afterHint(
  item: Item | undefined,
  kind: ItemKind,
  count: number,
  now: number,
): Item {
  const before = item ?? newItem(kind);
  const hints = Math.max(before.latest.round.hints, count);
  const round = { ...before.latest.round, hints };
  return {
    ...before,
    hints: Math.max(before.hints, hints),
    latest: { ...before.latest, at: now, round },
  };
}

/** The item after its solution was shown; that is graded at once, and only once in a round. */
export function afterReveal(item: Item | undefined, kind: ItemKind, context: Context): Item {
  const before = item ?? newItem(kind);
  if (before.latest.round.revealed) return before;
  const round = { ...before.latest.round, revealed: true };
  return { ...before, latest: graded({ ...before.latest, round }, 'again', context) };
}

export interface Context {
  readonly now: number;
  readonly interviewDate: string | null;
  readonly schedule: Schedule;
}

function newItem(kind: ItemKind): Item {
  const latest: Latest = { at: 0, kind, confidence: null, round: emptyRound, card: null };
  return { attempts: 0, hints: 0, solved: null, latest };
}

/** The grade that an answer gives, or null when it gives none: a task may be tried until it holds. */
function gradeOf({ kind, verdict }: Attempt, round: Round): Grade | null {
  if (round.revealed) return null;
  if (kind === 'interview') return interviewGrades[verdict];
  if (verdict === 'right') return gradeOfSolved(kind, round);
  return kind === 'challenge' || round.tries > 1 ? null : 'again';
}

const interviewGrades = { right: 'good', partly: 'hard', wrong: 'again' } as const;

function gradeOfSolved(kind: ItemKind, round: Round): Grade | null {
  if (round.tries === 1 && round.hints === 0) return 'good';
  // A choice that was wrong first has been graded already; its second try tells nothing new.
  return kind === 'challenge' || round.tries === 1 ? 'hard' : null;
}

const PRACTICE_MS = 12 * 60 * 60 * 1000;

function graded(latest: Latest, grade: Grade | null, context: Context): Latest {
  const { now, interviewDate, schedule } = context;
  const { card, confidence } = latest;
  // Doing it again on the same day shows that it is fresh, not that it will last.
  const practice =
    card !== null && grade !== 'again' && now < card.due && now - card.lastReview < PRACTICE_MS;
  if (grade === null || practice) return { ...latest, at: now };
  return { ...latest, at: now, card: schedule({ card, grade, confidence, now, interviewDate }) };
}
