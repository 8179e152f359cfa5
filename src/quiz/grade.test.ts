import { expect, test } from 'vitest';
import { isPredicted, isRight, rightChoice } from './answers.ts';
import type { Predict, Quiz } from './questions.ts';
import { isMisbelief, rate, rateInterview } from './rating.ts';

test('a choice is right when it is exactly the correct options', () => {
  const options = [true, false, true].map((correct) => ({ text: '', why: '', correct }));
  const quiz: Quiz = { id: 'q', ask: '', many: true, options };
  expect(isRight(quiz, new Set([0, 2]))).toBe(true);
  expect(isRight(quiz, new Set([0]))).toBe(false);
  expect(isRight(quiz, new Set([0, 1, 2]))).toBe(false);
  expect(isRight(quiz, new Set())).toBe(false);
});

test.each([
  ['(integer) 4', '(integer) 4', true],
  ['"42"', '42', true],
  ['1) "a"\n2) "b"', ' 1) "a"\n 2)   "b"\n', true],
  ['(nil)', 'nil', false],
  ['"42"', '"41"', false],
])('%j guessed as %j', (answer, guess, right) => {
  expect(isPredicted(answer, guess)).toBe(right);
});

test('the right choice is found by what the engine has answered', () => {
  const choices = ['"41"', 'QUEUED'].map((reply) => ({ reply, why: '' }));
  const predict = { choices } as unknown as Predict;
  expect(rightChoice(predict, 'QUEUED')).toBe(1);
  expect(rightChoice(predict, '(nil)')).toBe(-1);
});

const first = { wrongTries: 0, hintsOpened: 0, solutionShown: false, solved: true };

test.each([
  [{}, 'Good'],
  [{ hintsOpened: 1 }, 'Hard'],
  [{ wrongTries: 1 }, 'Hard'],
  [{ wrongTries: 1, oneTry: true }, 'Again'],
  [{ solutionShown: true }, 'Again'],
  [{ solved: false, wrongTries: 3 }, 'Again'],
] as const)('%j is %s', (attempts, rating) => {
  expect(rate({ ...first, ...attempts })).toBe(rating);
});

test('an interview answer is rated by its share of the ideas', () => {
  expect([7, 6, 4, 3, 0].map((had) => rateInterview(had, 7))).toEqual([
    'Good',
    'Good',
    'Hard',
    'Again',
    'Again',
  ]);
  expect(rateInterview(0, 0)).toBe('Again');
});

test('sure and wrong is a misbelief', () => {
  expect(isMisbelief('sure', false)).toBe(true);
  expect(isMisbelief('guess', false)).toBe(false);
  expect(isMisbelief('sure', true)).toBe(false);
});
