/**
 * When an exercise comes back: FSRS, with two rules of this course on top. An answer that was sure
 * and wrong comes back in the same sitting, and no interval reaches beyond the interview.
 */
import { type CardInput, type Grade as FsrsGrade, fsrs, Rating, State } from 'ts-fsrs';
import type { Grade, Schedule } from '../progress/attempt.ts';
import { type Card, type CardState, cardStates } from '../progress/progress.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_MS = 10 * 60 * 1000;
const LONGEST_DAYS = 365;

export const schedule: Schedule = ({ card, grade, confidence, now, interviewDate }) => {
  const scheduler = fsrs({
    request_retention: 0.9,
    maximum_interval: longestDays(now, interviewDate),
    // Steps of minutes suit flash cards; a task that was just solved is not due again today.
    enable_short_term: false,
    enable_fuzz: false,
  });
  const next = scheduler.next(toFsrs(card, now), now, ratings[grade]).card;
  const soon = grade === 'again' && confidence === 'sure';
  return {
    due: soon ? now + SOON_MS : next.due.getTime(),
    lastReview: now,
    stability: next.stability,
    difficulty: next.difficulty,
    scheduledDays: next.scheduled_days,
    reps: next.reps,
    lapses: next.lapses,
    state: cardStates[next.state] ?? 'review',
  };
};

const ratings: Record<Grade, FsrsGrade> = {
  again: Rating.Again,
  hard: Rating.Hard,
  good: Rating.Good,
};

const states: Record<CardState, State> = {
  new: State.New,
  learning: State.Learning,
  review: State.Review,
  relearning: State.Relearning,
};

function toFsrs(card: Card | null, now: number): CardInput {
  return {
    due: card?.due ?? now,
    stability: card?.stability ?? 0,
    difficulty: card?.difficulty ?? 0,
    elapsed_days: card ? Math.floor((now - card.lastReview) / DAY_MS) : 0,
    scheduled_days: card?.scheduledDays ?? 0,
    learning_steps: 0,
    reps: card?.reps ?? 0,
    lapses: card?.lapses ?? 0,
    state: states[card?.state ?? 'new'],
    last_review: card?.lastReview ?? null,
  };
}

/** The last repetition falls on the day before the interview; afterwards the date says nothing. */
function longestDays(now: number, interviewDate: string | null): number {
  if (interviewDate === null) return LONGEST_DAYS;
  const days = Math.floor((Date.parse(interviewDate) - now) / DAY_MS);
  return days < 0 ? LONGEST_DAYS : Math.max(1, Math.min(LONGEST_DAYS, days));
}
