/** Every lesson does what it says, on a real redis-server. */
import { afterAll, describe, expect, test } from 'vitest';
import { parseLesson } from '../lessons/parse.ts';
import {
  type Checks,
  canAttempt,
  checkExamples,
  checkPredict,
  checkProofs,
  exercisesOf,
  isThere,
  outcomeOf,
} from './lesson-checks.ts';
import { openReal } from './real-place.ts';
import { canCompare } from './real-redis.ts';

const count = { run: 0, leftOut: 0 };
const add = (leftOut: number, of: number) => {
  count.run += of - leftOut;
  count.leftOut += leftOut;
};

/** Tests these files, by their paths as `import.meta.glob` has them. */
export function compareLessons(files: Readonly<Record<string, string>>): void {
  // Those that redis-server 7.0 can be asked about.
  const comparable = Object.entries(files).filter(
    ([path, text]) => parseLesson(path, text).since === undefined,
  );

  afterAll(() => {
    const { run, leftOut } = count;
    console.log(
      `lessons on redis-server: ${run} pieces compared, ${leftOut} left out (steered time, newer Redis, other languages)`,
    );
  });

  describe.runIf(canCompare('lessons')).each(comparable)('%s', compareLesson);
}

function compareLesson(path: string, text: string): void {
  const file = path.replace('../../', '');
  const lesson = parseLesson(file, text);
  const { stretches, challenges, predicts, interviews } = exercisesOf(lesson);
  const checks: Checks = {
    open: (lab) => openReal(lab, lesson.config),
    real: true,
    rewrite: process.env.REWRITE === undefined ? undefined : file,
  };

  test('examples print what they say', async () => {
    for (const stretch of stretches) {
      const redis = stretch.blocks.filter(({ code }) => code.language === 'redis').length;
      add(await checkExamples(stretch, checks), redis);
    }
  });

  const tasks = isThere(lesson.lab, checks) ? challenges : [];
  test.each(tasks.map((challenge) => [challenge.id, challenge] as const))(
    'task %s is solved as told, and only so',
    async (_id, challenge) => {
      const untouched = await outcomeOf(challenge, undefined, lesson.lab, checks);
      expect(untouched.failed).not.toEqual([]);
      for (const attempt of challenge.solutions.filter((each) => canAttempt(each, checks))) {
        const { details } = await outcomeOf(challenge, attempt, lesson.lab, checks);
        expect(details, attempt.title).toBe('');
      }
      for (const attempt of challenge.wrong.filter((each) => canAttempt(each, checks))) {
        const { failed } = await outcomeOf(challenge, attempt, lesson.lab, checks);
        expect(failed, attempt.title).toContain(attempt.fails);
      }
      const all = [...challenge.solutions, ...challenge.wrong];
      add(all.filter((attempt) => !canAttempt(attempt, checks)).length, all.length);
    },
  );

  test('predictions have one answer', async () => {
    for (const predict of predicts) add(await checkPredict(predict, lesson.lab, checks), 1);
  });

  test('proofs of interview questions prove', async () => {
    for (const interview of interviews) {
      const proofs = interview.ideas.filter(({ prove }) => prove !== undefined).length;
      add(await checkProofs(interview, lesson.lab, checks), proofs);
    }
  });
}
