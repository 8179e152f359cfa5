/**
 * Every lesson does what it says, on the engine. The same on a real redis-server is
 * real-lessons.ts. `REWRITE=1 npx vitest run src/lessons` puts actual replies into the
 * files; read the diff as you would code.
 */
import { describe, expect, test } from 'vitest';
import { blocksOf, type Lesson } from '../lessons/lesson.ts';
import { parseLesson } from '../lessons/parse.ts';
import { runsHere } from '../lessons/run-text.ts';
import type { Challenge } from '../quiz/questions.ts';
import { openLab } from './lab-place.ts';
import {
  type Checks,
  canAttempt,
  checkExamples,
  checkPredict,
  checkProofs,
  exercisesOf,
  isPlainProgram,
  outcomeOf,
  outcomeOfProgram,
} from './lesson-checks.ts';

/** Tests these files, by their paths as `import.meta.glob` has them. */
export function testLessons(files: Readonly<Record<string, string>>): void {
  const texts = Object.entries(files).map(
    ([path, text]) => [path.replace('../../', ''), text] as const,
  );

  test('there are lessons', () => {
    expect(texts.length).toBeGreaterThan(0);
  });

  describe.each(texts)('%s', testLesson);
}

function testLesson(file: string, text: string): void {
  const lesson = parseLesson(file, text);
  const { stretches, challenges, predicts, interviews } = exercisesOf(lesson);
  const checks: Checks = {
    open: (lab) => openLab(lab, lesson.config),
    real: false,
    rewrite: process.env.REWRITE === undefined ? undefined : file,
  };

  test('what is said to run runs in the page', () => {
    const blocks = blocksOf(lesson).flatMap((block) => (block.kind === 'code' ? [block] : []));
    const idle = blocks.filter((block) => block.run && !runsHere(block));
    expect(idle.map(({ id }) => id)).toEqual([]);
  });

  test.each(stretches.map((stretch) => [stretch.blocks[0]?.id, stretch] as const))(
    'examples from %s on print what they say',
    async (_id, stretch) => {
      expect(await checkExamples(stretch, checks)).toBe(0);
    },
  );

  describe.each(challenges.map((challenge) => [challenge.id, challenge] as const))(
    'task %s',
    (_id, challenge) => testTask(challenge, lesson, checks),
  );

  test.each(predicts.map((predict) => [predict.id, predict] as const))(
    'prediction %s has one answer',
    async (_id, predict) => {
      await checkPredict(predict, lesson.lab, checks);
    },
  );

  test.each(interviews.map((interview) => [interview.id, interview] as const))(
    'the proofs of interview question %s prove',
    async (_id, interview) => {
      expect(await checkProofs(interview, lesson.lab, checks)).toBe(0);
    },
  );
}

function testTask(challenge: Challenge, lesson: Lesson, checks: Checks): void {
  test('is open at first', async () => {
    const { failed } = await outcomeOf(challenge, undefined, lesson.lab, checks);
    expect(failed).not.toEqual([]);
  });

  const solutions = challenge.solutions.filter((attempt) => canAttempt(attempt, checks));
  test.each(solutions.map((attempt) => [attempt.title, attempt] as const))(
    'is solved by: %s',
    async (_title, attempt) => {
      const { details } = await outcomeOf(challenge, attempt, lesson.lab, checks);
      expect(details).toBe('');
    },
  );

  const programs = [...challenge.solutions, ...challenge.wrong].filter(isPlainProgram);
  test.each(programs.map((attempt) => [attempt.title, attempt] as const))(
    'is judged rightly when answered by the program: %s',
    async (_title, attempt) => {
      const { failed } = await outcomeOfProgram(challenge, attempt, lesson);
      if ('fails' in attempt) expect(failed).toContain(attempt.fails);
      else expect(failed).toEqual([]);
    },
  );

  const wrong = challenge.wrong.filter((attempt) => canAttempt(attempt, checks));
  test.each(wrong.map((attempt) => [attempt.title, attempt] as const))(
    'is not solved by: %s',
    async (_title, attempt) => {
      const { failed } = await outcomeOf(challenge, attempt, lesson.lab, checks);
      expect(failed).toContain(attempt.fails);
    },
  );
}
