import { expect, test } from 'vitest';
import { type Attempt, afterAttempt, afterHint, afterReveal, type Grade } from './attempt.ts';
import type { Card, Item, ItemKind } from './progress.ts';

test.each<[ItemKind, string, Grade[]]>([
  ['challenge', 'right', ['good']],
  ['challenge', 'wrong right', ['hard']],
  ['challenge', 'wrong wrong wrong', []],
  ['challenge', 'hint right', ['hard']],
  ['challenge', 'reveal', ['again']],
  ['challenge', 'wrong reveal reveal right', ['again']],
  ['quiz', 'right', ['good']],
  ['quiz', 'wrong right', ['again']],
  ['quiz', 'wrong wrong right', ['again']],
  ['predict', 'wrong', ['again']],
  ['interview', 'right', ['good']],
  ['interview', 'partly', ['hard']],
  ['interview', 'wrong', ['again']],
])('a %s answered "%s" is graded %j', (kind, story, grades) => {
  expect(tell(kind, story).grades).toEqual(grades);
});

test('the first solution decides whether it was the first try', () => {
  expect(tell('challenge', 'right').item?.solved?.firstTry).toBe(true);
  expect(tell('challenge', 'wrong right').item?.solved?.firstTry).toBe(false);
  expect(tell('challenge', 'hint right').item?.solved?.firstTry).toBe(false);
  expect(tell('challenge', 'wrong right day right').item?.solved?.firstTry).toBe(false);
});

test('on another day a new round is graded anew; on the same day it is practice', () => {
  expect(tell('challenge', 'right day right').grades).toEqual(['good', 'good']);
  expect(tell('challenge', 'right right').grades).toEqual(['good']);
  expect(tell('challenge', 'right reveal').grades).toEqual(['good', 'again']);
});

test('attempts and hints are counted over all rounds', () => {
  const { item } = tell('challenge', 'wrong hint wrong right day right');
  expect(item).toMatchObject({ attempts: 4, hints: 1, latest: { round: { tries: 0 } } });
});

/** Plays a story of answers, hints and days, and keeps the grades that it led to. */
function tell(kind: ItemKind, story: string) {
  const grades: Grade[] = [];
  let now = 1_764_000_000_000;
  let item: Item | undefined;
  const schedule = ({ grade }: { grade: Grade }): Card => {
    grades.push(grade);
    const due = now + 3 * 60 * 60 * 1000;
    const numbers = { stability: 1, difficulty: 5, scheduledDays: 1, reps: 1, lapses: 0 };
    return { ...numbers, due, lastReview: now, state: 'review' };
  };
  for (const event of story.split(' ')) {
    now += 1000;
    const context = { now, interviewDate: null, schedule };
    if (event === 'day') now += 24 * 60 * 60 * 1000;
    else if (event === 'hint') item = afterHint(item, kind, 1, now);
    else if (event === 'reveal') item = afterReveal(item, kind, context);
    else item = afterAttempt(item, { kind, verdict: event as Attempt['verdict'] }, context);
  }
  return { item, grades };
}
