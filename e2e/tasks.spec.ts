/** Exercises as a learner does them, and what the page remembers of that. */
import type { Page } from '@playwright/test';
import {
  type Attempt,
  answerLanguages,
  type Challenge,
  languageNames,
} from '../src/quiz/questions.ts';
import { parseTranscript } from '../src/transcript/parse.ts';
import { accessibilityViolations } from './axe.ts';
import { challengesIn, exerciseOf, lessonOf, lessons, whereFor, wordsOf } from './course.ts';
import { write } from './editor.ts';
import type { LessonPage } from './lesson-page.ts';
import { expect, test } from './school.ts';

// Each task is solved and failed on the engine by the lessons' own tests; what shows them is the same.
for (const [index, lesson] of lessons.entries()) {
  if (index % 12 !== 0) continue;
  const challenges = challengesIn(lesson);
  const name = `${lesson.slug}: tasks refuse a wrong answer and accept a right one`;
  test(name, { tag: whereFor(index) }, async ({ lessonPage }) => {
    await lessonPage.open(lesson.slug);
    for (const challenge of challenges) await failAndSolve(challenge, lessonPage);
  });
}

test('tasks are answered by programs, whose commands count', { tag: '@desktop' }, async ({
  lessonPage,
}) => {
  const isProgram = ({ code }: Attempt) => ['python', 'node'].includes(code.language);
  for (const [slug, id] of [
    ['connecting-basic-operations', 'cut-off'],
    ['pub-sub', 'handle-patterns'],
  ] as const) {
    const challenge = exerciseOf.challenge(lessonOf(slug), id);
    await lessonPage.open(slug);
    await failAndSolve(challenge, lessonPage, isProgram);
  }
});

test('a task explains what fails, helps in steps, and is remembered', async ({
  page,
  lessonPage,
}) => {
  const challenge = exerciseOf.challenge(lessonOf('transactions'), 'move-thirty');
  await lessonPage.open('transactions');
  const task = lessonPage.exercise(challenge.id);
  await task.getByText('What is on the server at first').click();
  await expect(task).toContainText('MSET account:alice 100 account:bob 50');

  const [wrong] = challenge.wrong;
  const goal = challenge.goal.find(({ id }) => id === wrong?.fails);
  await answer(challenge, lessonPage, wrong);
  const row = task.getByRole('listitem').filter({ hasText: wordsOf(goal?.says ?? '') });
  await expect(task.getByText('1 of 3 conditions does not hold yet.')).toBeVisible();
  await expect(row).toContainText('does not hold');
  await expect(row.getByRole('term')).toHaveText(['Expected', 'Observed']);
  await expect(row).toContainText(wordsOf(goal?.why ?? ''));
  expect(await accessibilityViolations(page)).toEqual([]);

  await expect(task.getByRole('button', { name: 'Show solutions' })).toBeHidden();
  for (const [index, hint] of challenge.hints.entries()) {
    await expect(task).not.toContainText(wordsOf(hint));
    const name = `Show hint ${index + 1} of ${challenge.hints.length}`;
    await task.getByRole('button', { name }).click();
    await expect(task).toContainText(wordsOf(hint));
  }
  await task.getByRole('button', { name: 'Show solutions' }).click();
  for (const { title } of challenge.solutions)
    await expect(task).toContainText(`Solution: ${title}`);

  await answer(challenge, lessonPage, challenge.solutions[0]);
  await expect(task.getByText('All conditions hold.')).toBeVisible();
  await expect(task).toContainText(wordsOf(challenge.after ?? ''));
  await expect(task.getByRole('link', { name: /^Next: / })).toBeVisible();

  await page.reload();
  await expect(task.getByRole('heading', { level: 3 })).toContainText('done');
  await expect(task.getByRole('button', { name: 'Start task' })).toBeVisible();
  await page.goto('/');
  await expectBegun(page, 'transactions', 1);
});

test('a task is solved in the console, whose conditions fill in as it goes', async ({
  lessonPage,
}) => {
  const challenge = exerciseOf.challenge(lessonOf('transactions'), 'lose-the-race');
  await lessonPage.open('transactions');
  const task = lessonPage.exercise(challenge.id);
  const holding = task.locator('[data-holds=true]');
  await task.getByRole('button', { name: 'Start task' }).click();
  await expect(task.getByRole('button', { name: 'Check' })).toBeVisible();
  await expect(holding).toHaveCount(0);
  await lessonPage.show('Console');
  const of = { '': /^Console/, rival: /^rival/ } as const;
  const [solution] = challenge.solutions;
  for (const step of parseTranscript(solution?.code.source ?? '')) {
    if (step.kind !== 'command') throw new Error('a solution of single commands was expected');
    const name = of[step.client as keyof typeof of];
    await lessonPage.dock.getByRole('tab', { name }).last().click();
    await lessonPage.enter(step.command);
    await expect(lessonPage.log).toContainText(step.command);
    if (step.client === 'rival') await expect(holding).toHaveCount(1);
  }
  await expect(lessonPage.log).toContainText('(nil)');
  await expect(task.getByText('All conditions hold.')).toBeVisible();
  await expect(holding).toHaveCount(challenge.goal.length);
});

test('a choice, a prediction and a question are answered, and remembered', async ({
  page,
  lessonPage,
}) => {
  await lessonPage.open('transactions');
  const ids = [await choose(lessonPage), await predict(lessonPage), await interview(lessonPage)];
  expect(await accessibilityViolations(page)).toEqual([]);

  await page.reload();
  for (const id of ids) {
    const heading = lessonPage.exercise(id).getByRole('heading', { level: 3 });
    await expect(heading.first()).toContainText('done');
  }
  const { length } = lessonOf('transactions').checks;
  await expect(lessonPage.text).toContainText(`3 of ${length} exercises of this lesson are done.`);
  await page.goto('/');
  await expectBegun(page, 'transactions', 3);
});

test('a task begins anew when it is reset, which can be undone', async ({ page, lessonPage }) => {
  await lessonPage.open('transactions');
  const task = lessonPage.exercise('no-undo');
  await task.getByRole('button', { name: 'Start task' }).click();
  await write(task.getByRole('textbox'), 'INCR visits');
  await task.getByRole('button', { name: 'Run' }).click();
  const visits = task.locator('li[data-holds]').filter({ hasText: 'visits holds' });
  await expect(visits).toHaveAttribute('data-holds', 'true');
  await task.getByRole('button', { name: 'Reset task' }).click();
  await expect(visits).toHaveAttribute('data-holds', 'false');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(visits).toHaveAttribute('data-holds', 'true');
});

test('an answer that cannot be read fails at its line', async ({ lessonPage }) => {
  await lessonPage.open('transactions');
  const task = lessonPage.exercise('move-thirty');
  await task.getByRole('button', { name: 'Start task' }).click();
  await write(task.getByRole('textbox'), 'GET a\n@pipeline\nGET b');
  await task.getByRole('button', { name: 'Run' }).click();
  await expect(task).toContainText('line 2: @pipeline without @end');
});

test('a choice is answered and tried again by keyboard alone', async ({ page, lessonPage }) => {
  await lessonPage.open('transactions');
  const quiz = lessonPage.exercise('what-others-see');
  await quiz.getByRole('radio').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(quiz.getByRole('status')).toContainText('Not right');
  await quiz.getByRole('button', { name: 'Try again' }).press('Enter');
  await quiz.getByRole('radio').first().press('Space');
  await quiz.getByRole('button', { name: 'Check' }).press('Enter');
  await expect(quiz.getByRole('status')).toHaveText('Right.');
  await expect(quiz.getByRole('button', { name: 'Try again' })).toBeFocused();
});

test('a choice with several right answers wants them all', async ({ lessonPage }) => {
  await lessonPage.open('transactions');
  const quiz = lessonPage.exercise('spoils-watch');
  await quiz.getByRole('checkbox').first().check();
  await quiz.getByRole('button', { name: 'Check' }).click();
  await expect(quiz.getByRole('status')).toContainText('Not complete');
});

test('a question can be answered against the clock', async ({ lessonPage }) => {
  await lessonPage.open('transactions');
  const question = lessonPage.exercise('acid');
  await question.getByRole('button', { name: 'Start the clock: 2:30' }).click();
  await expect(question.getByRole('timer')).toHaveText(/^2:(30|2\d)$/);
});

/** Starts a task if it is not, puts an attempt into its box, and lets it be checked. */
async function answer(challenge: Challenge, lessonPage: LessonPage, attempt?: Attempt) {
  const task = lessonPage.exercise(challenge.id);
  const start = task.getByRole('button', { name: 'Start task' });
  const box = task.getByRole('textbox', { name: 'Answer here, or in the console' });
  await expect(start.or(box)).toBeVisible();
  if (await start.isVisible()) await start.click();
  if (answerLanguages(challenge).length > 1 && attempt) {
    const name = languageNames[attempt.code.language];
    await task.getByRole('radio', { name }).check();
  }
  await write(box, attempt?.code.source ?? '');
  await task.getByRole('button', { name: 'Check' }).click();
}

async function failAndSolve(
  challenge: Challenge,
  lessonPage: LessonPage,
  isMeant = ({ code }: Attempt) => code.language === 'redis',
): Promise<void> {
  const { id, goal, wrong, solutions } = challenge;
  const task = lessonPage.exercise(id);
  const attempt = wrong.find(isMeant) ?? wrong[0];
  await answer(challenge, lessonPage, attempt);
  const failed = goal.find((each) => each.id === attempt?.fails);
  await expect(
    task.getByRole('listitem').filter({ hasText: wordsOf(failed?.why ?? '') }),
    `${id} refuses: ${attempt?.title}`,
  ).toContainText('does not hold', { timeout: 30_000 });
  const solution = solutions.find(isMeant) ?? solutions[0];
  await answer(challenge, lessonPage, solution);
  await expect(
    task.getByText('All conditions hold.'),
    `${id} is solved by: ${solution?.title}`,
  ).toBeVisible({ timeout: 30_000 });
}

/** Answers a choice wrongly, then rightly; each answer has its explanation. */
async function choose(lessonPage: LessonPage): Promise<string> {
  const quiz = exerciseOf.quiz(lessonOf('transactions'));
  const view = lessonPage.exercise(quiz.id);
  const submit = async (correct: boolean) => {
    const option = quiz.options.find((each) => each.correct === correct);
    await view.getByRole('radio', { name: wordsOf(option?.text ?? '') }).check();
    await view.getByRole('button', { name: 'Check' }).click();
  };
  await submit(false);
  await expect(view.getByRole('status')).toContainText('Not right.');
  for (const { why, misconception } of quiz.options) {
    await expect(view).toContainText(wordsOf(why));
    if (misconception) await expect(view).toContainText(`The belief behind it: ${misconception}`);
  }
  await view.getByRole('button', { name: 'Try again' }).click();
  await submit(true);
  await expect(view.getByRole('status')).toHaveText('Right.');
  return quiz.id;
}

/** Predicts wrongly and surely, then rightly. */
async function predict(lessonPage: LessonPage): Promise<string> {
  const exercise = exerciseOf.predict(lessonOf('transactions'), 'get-in-multi');
  const view = lessonPage.exercise(exercise.id);
  await view.getByRole('radio', { name: '"42"' }).check();
  await view.getByRole('radio', { name: 'Sure', exact: true }).check();
  await view.getByRole('button', { name: 'Run' }).click();
  await expect(view.getByRole('status')).toContainText('Redis answers something else.');
  await expect(view.getByRole('definition')).toHaveText(['"42"', 'QUEUED']);
  await expect(view).toContainText(wordsOf(exercise.why));
  await view.getByRole('button', { name: 'Try again' }).click();
  await view.getByRole('radio', { name: 'QUEUED' }).check();
  await view.getByRole('radio', { name: 'A guess' }).check();
  await view.getByRole('button', { name: 'Run' }).click();
  await expect(view.getByRole('status')).toContainText('As you said.');
  return exercise.id;
}

/** Answers a question in writing, has an idea proved, and judges the answer. */
async function interview(lessonPage: LessonPage): Promise<string> {
  const { id, ideas, answer: good } = exerciseOf.interview(lessonOf('transactions'));
  const view = lessonPage.exercise(id);
  await view.getByRole('textbox').fill('Isolated, all or nothing, never rolled back.');
  await view.getByRole('button', { name: 'Compare with a good answer' }).click();
  await expect(view.getByRole('checkbox')).toHaveCount(ideas.length);
  await view.getByRole('button', { name: 'Prove it' }).first().click();
  await expect(view.getByRole('button', { name: 'Prove it again' })).toBeVisible();
  await expect(view.getByRole('status').first()).toContainText('"3"');
  for (const box of (await view.getByRole('checkbox').all()).slice(0, 3)) await box.check();
  await view.getByRole('button', { name: `Save: 3 of ${ideas.length}` }).click();
  await expect(view).toContainText(`3 of ${ideas.length} ideas.`);
  await view.getByText('An answer of spoken length').click();
  await expect(view.getByText(wordsOf(good).slice(0, 60))).toBeVisible();
  return id;
}

/** The course map tells how far a lesson has come. */
async function expectBegun(page: Page, slug: string, done: number): Promise<void> {
  const { question, checks } = lessonOf(slug);
  const link = page
    .getByRole('navigation', { name: 'Course' })
    .getByRole('link', { name: question });
  await expect(link).toHaveAccessibleName(/begun/);
  await expect(link).toContainText(`${done}/${checks.length} checks done`);
}
