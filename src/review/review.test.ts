import { expect, test } from 'vitest';
import type { GradedAnswer } from '../progress/attempt.ts';
import { emptyProgress, emptyRound, type Item, type Progress } from '../progress/progress.ts';
import { type CourseLesson, checksDone, dueItems, levelOf, markOf, nextDue } from './mastery.ts';
import { nextSteps } from './next-step.ts';
import { schedule } from './schedule.ts';

const DAY = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 10, 23, 12);

const course: CourseLesson[] = [
  {
    slug: 'one',
    checks: [
      { kind: 'challenge', id: 'task' },
      { kind: 'interview', id: 'why' },
    ],
  },
  { slug: 'two', checks: [{ kind: 'quiz', id: 'choice' }] },
  { slug: 'unwritten', checks: [] },
];
const [one, two, unwritten] = course as [CourseLesson, CourseLesson, CourseLesson];

test('reading begins a lesson but never passes it', () => {
  expect(markOf(one, emptyProgress, now)).toBe('untouched');
  const read = withLessons({ one: { begunAt: 1, section: { value: 'last', at: 2 } } });
  expect(markOf(one, read, now)).toBe('begun');
});

test('a lesson is passed when each task is solved and each answer was given', () => {
  const task = withItems({ 'one/task': item() });
  expect(markOf(one, task, now)).toBe('begun');
  expect(checksDone(one, task)).toEqual({ done: 1, of: 2 });
  const both = withItems({ 'one/task': item(), 'one/why': item({ solved: null }) });
  expect(markOf(one, both, now)).toBe('passed');
  expect(markOf(two, withItems({ 'two/choice': item({ solved: null }) }), now)).toBe('begun');
});

test('a passed lesson becomes due when one of its exercises does', () => {
  const progress = withItems({ 'two/choice': item({ due: now + 1 }) });
  expect(markOf(two, progress, now)).toBe('passed');
  expect(markOf(two, progress, now + 1)).toBe('due');
});

test('a lesson without checks is never passed', () => {
  expect(markOf(unwritten, withLessons({ unwritten: { begunAt: 1, section: null } }), now)).toBe(
    'begun',
  );
  expect(levelOf(unwritten, emptyProgress)).toBe(0);
});

test.each([
  [0.5, 1],
  [1, 1],
  [7, 2],
  [30, 3],
  [89, 3],
  [90, 4],
])('a weakest stability of %d days is level %d', (stability, level) => {
  const progress = withItems({
    'one/task': item({ stability }),
    'one/why': item({ stability: 200 }),
  });
  expect(levelOf(one, progress)).toBe(level);
});

test('what is due is what exists and is overdue, the longest first', () => {
  const progress = withItems({
    'one/task': item({ due: now - 1 }),
    'one/why': item({ due: now - 2 }),
    'two/choice': item({ due: now + 5 }),
    'gone/task': item({ due: now - 9 }),
  });
  expect(dueItems(course, progress, now).map(({ exercise }) => exercise)).toEqual(['why', 'task']);
  expect(nextDue(course, progress)).toBe(now - 2);
  expect(nextDue(course, emptyProgress)).toBeNull();
});

test('the first step is the first lesson, and it never leads to an unwritten one', () => {
  expect(nextSteps(course, emptyProgress, now)).toEqual([{ do: 'start', lesson: 'one' }]);
  const all = withItems({ 'one/task': item(), 'one/why': item(), 'two/choice': item() });
  expect(nextSteps(course, all, now)).toEqual([{ do: 'rest', nextDue: now + DAY }]);
});

test('what is due comes first, then what is begun at its last section, then what is new', () => {
  const progress: Progress = {
    ...withItems({ 'two/choice': item({ due: now }) }),
    lessons: { one: { begunAt: 1, section: { value: 'watch', at: 2 } } },
  };
  const third = { slug: 'three', checks: two.checks };
  expect(nextSteps([...course, third], progress, now)).toEqual([
    { do: 'review', count: 1, due: 1 },
    { do: 'continue', lesson: 'one', section: 'watch' },
    { do: 'start', lesson: 'three' },
  ]);
});

test('of several begun lessons the one touched last is continued', () => {
  const progress = withLessons({
    one: { begunAt: 5, section: null },
    two: { begunAt: 1, section: { value: 'end', at: 9 } },
  });
  expect(nextSteps(course, progress, now)[0]).toMatchObject({ do: 'continue', lesson: 'two' });
});

test('the daily cap spreads a backlog', () => {
  const items = { 'one/task': item({ due: now }), 'one/why': item({ due: now }) };
  const done = { 'two/choice': item({ due: now + DAY, lastReview: now - 1000, reps: 2 }) };
  const capped = (dailyCap: number, extra = {}): Progress => ({
    ...withItems({ ...items, ...extra }),
    settings: { dailyCap: { value: dailyCap, at: 1 } },
  });
  expect(nextSteps(course, capped(1), now)[0]).toEqual({ do: 'review', count: 1, due: 2 });
  expect(nextSteps(course, capped(1, done), now)[0]).not.toMatchObject({ do: 'review' });
});

test('a better grade comes back later, and repeating makes memory last', () => {
  const first = (grade: GradedAnswer['grade']) => schedule(answer({ grade }));
  expect(first('again').due).toBeLessThan(first('good').due);
  expect(first('hard').due).toBeLessThanOrEqual(first('good').due);
  expect(first('again').due).toBeGreaterThanOrEqual(now + DAY);
  const good = first('good');
  const second = schedule(answer({ card: good, now: good.due }));
  expect(second.stability).toBeGreaterThan(good.stability * 1.5);
  expect(second).toMatchObject({ reps: 2, lapses: 0, state: 'review' });
  expect(schedule(answer({ card: second, grade: 'again', now: second.due })).lapses).toBe(1);
});

test('sure but wrong comes back in the same sitting', () => {
  const soon = schedule(answer({ grade: 'again', confidence: 'sure' }));
  expect(soon.due - now).toBeLessThan(DAY / 24);
  const guessed = schedule(answer({ grade: 'again', confidence: 'guess' }));
  expect(guessed.due - now).toBeGreaterThanOrEqual(DAY);
});

test('no interval reaches beyond the interview, and a past date says nothing', () => {
  const strong = { ...schedule(answer({})), stability: 200 };
  const at = now + 100 * DAY;
  const dueIn = (interviewDate: string | null) =>
    (schedule(answer({ card: strong, now: at, interviewDate })).due - at) / DAY;
  expect(dueIn(null)).toBeGreaterThan(100);
  const interview = new Date(at + 10 * DAY).toISOString().slice(0, 10);
  expect(dueIn(interview)).toBeLessThanOrEqual(10);
  expect(dueIn('2020-01-01')).toBeGreaterThan(100);
});

function answer(given: Partial<GradedAnswer>): GradedAnswer {
  return { card: null, grade: 'good', confidence: null, now, interviewDate: null, ...given };
}

function item(
  given: {
    solved?: null;
    due?: number;
    stability?: number;
    lastReview?: number;
    reps?: number;
  } = {},
): Item {
  const { solved = { at: 1, firstTry: true }, due = now + DAY, stability = 3, reps = 1 } = given;
  const numbers = { stability, difficulty: 5, scheduledDays: 1, reps, lapses: 0 };
  const card = {
    ...numbers,
    due,
    lastReview: given.lastReview ?? now - DAY,
    state: 'review',
  } as const;
  const latest = { at: 1, kind: 'challenge', confidence: null, round: emptyRound, card } as const;
  return { attempts: 1, hints: 0, solved, latest };
}

const withItems = (items: Progress['items']): Progress => ({ ...emptyProgress, items });
const withLessons = (lessons: Progress['lessons']): Progress => ({ ...emptyProgress, lessons });
