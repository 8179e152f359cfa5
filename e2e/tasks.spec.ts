/** Exercises: answered wrong and right, by mouse and by keyboard, and remembered. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './school.ts';

test.beforeEach(async ({ page }) => {
  await page.goto('/lessons/transactions');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test.describe('a task', () => {
  test('shows its conditions first, fails with reasons, and is solved in the box', async ({
    page,
  }) => {
    const task = taskOf(page, 'move-thirty');
    await expect(goal(task, 'account:alice holds "70"')).toHaveAttribute('data-holds', 'false');
    await task.getByRole('button', { name: 'Start task' }).click();
    const answer = task.getByLabel('Answer here, or in the console');
    await answer.fill('DECRBY account:alice 30\nINCRBY account:bob 40');
    await task.getByRole('button', { name: 'Check', exact: true }).click();
    await expect(
      task.getByRole('status').getByText('2 of 3 conditions do not hold yet'),
    ).toBeVisible();
    await expect(goal(task, 'account:alice')).toHaveAttribute('data-holds', 'true');
    const bob = goal(task, 'account:bob holds');
    await expect(bob).toContainText('Expected"80"Observed"90"');
    await expect(bob).toContainText('What leaves one account must arrive in the other');

    await answer.fill('MULTI\nDECRBY account:alice 30\nINCRBY account:bob 30\nEXEC');
    await answer.press('Control+Enter');
    await expect(task.getByText('All conditions hold.')).toBeVisible();
    await expect(task).toContainText('2) (integer) 80');
    await expect(task.getByRole('link', { name: /^Next: / })).toBeVisible();
  });

  test('is solved in the console, its list filling in on the way', async ({ page }) => {
    const task = taskOf(page, 'move-thirty');
    await task.getByRole('button', { name: 'Start task' }).click();
    await expect(task.getByRole('button', { name: 'Check', exact: true })).toBeVisible();
    const dock = page.getByRole('complementary', { name: 'Workbench' });
    await dock.getByRole('tab', { name: 'Console', exact: true }).click();
    const line = dock.getByRole('combobox', { name: 'Command' });
    for (const command of ['MULTI', 'DECRBY account:alice 30', 'INCRBY account:bob 30', 'EXEC']) {
      await expect(goal(task, 'A transaction')).toHaveAttribute('data-holds', 'false');
      await line.fill(command);
      await line.press('Enter');
    }
    await expect(goal(task, 'A transaction')).toHaveAttribute('data-holds', 'true');
    await expect(task.getByText('All conditions hold.')).toBeVisible();
  });

  test('with two clients can be solved in the box', async ({ page }) => {
    const task = taskOf(page, 'lose-the-race');
    await task.getByRole('button', { name: 'Start task' }).click();
    await task
      .getByLabel('Answer here, or in the console')
      .fill('WATCH stock\nMULTI\nSET stock 7\nrival> SET stock 5\nEXEC');
    await task.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(task.getByText('All conditions hold.')).toBeVisible();
  });

  test('gives hints one by one, and solutions after them', async ({ page }) => {
    const task = taskOf(page, 'move-thirty');
    await expect(task.getByRole('button', { name: 'Show solutions' })).toHaveCount(0);
    for (const number of [1, 2, 3]) {
      await task.getByRole('button', { name: `Show hint ${number} of 3` }).click();
      await expect(task.getByText(`Hint ${number}`, { exact: true })).toBeVisible();
    }
    await task.getByRole('button', { name: 'Show solutions' }).click();
    await expect(task.getByText('Solution: relative changes in one transaction')).toBeVisible();
  });

  test('begins anew when it is reset, which can be undone', async ({ page }) => {
    const task = taskOf(page, 'no-undo');
    await task.getByRole('button', { name: 'Start task' }).click();
    await task.getByLabel('Answer here, or in the console').fill('INCR visits');
    await task.getByRole('button', { name: 'Run', exact: true }).click();
    const visits = goal(task, 'visits holds');
    await expect(visits).toHaveAttribute('data-holds', 'true');
    await task.getByRole('button', { name: 'Reset task' }).click();
    await expect(visits).toHaveAttribute('data-holds', 'false');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(visits).toHaveAttribute('data-holds', 'true');
  });

  test('tells of an answer that cannot be read', async ({ page }) => {
    const task = taskOf(page, 'move-thirty');
    await task.getByRole('button', { name: 'Start task' }).click();
    await task.getByLabel('Answer here, or in the console').fill('GET a\n@pipeline\nGET b');
    await task.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(task).toContainText('line 2: @pipeline without @end');
  });
});

test('a choice explains every option, and can be tried again by keyboard', async ({ page }) => {
  const quiz = taskOf(page, 'what-others-see');
  await quiz.getByRole('radio').nth(1).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(quiz.getByRole('status')).toContainText('Not right');
  await expect(quiz).toContainText('The belief behind it: QUEUED means done');
  await expect(quiz).toContainText('It has not run');
  await expect(quiz).toContainText('locks nothing');
  const again = quiz.getByRole('button', { name: 'Try again' });
  await again.press('Enter');
  await quiz.getByRole('radio').first().check();
  await quiz.getByRole('button', { name: 'Check', exact: true }).press('Enter');
  await expect(quiz.getByRole('status')).toContainText('Right.');
  await expect(quiz.getByText('done', { exact: true })).toBeVisible();
});

test('a choice with several right answers wants them all', async ({ page }) => {
  const quiz = taskOf(page, 'spoils-watch');
  await quiz.getByRole('checkbox').first().check();
  await quiz.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(quiz.getByRole('status')).toContainText('Not complete');
});

test('a prediction runs, and is held against the reply', async ({ page }) => {
  const predict = taskOf(page, 'get-in-multi');
  await predict.getByRole('radio', { name: '"42"' }).check();
  await predict.getByText('Sure', { exact: true }).click();
  await predict.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(predict.getByRole('status')).toContainText('Redis answers something else');
  await expect(predict).toContainText('You said"42"Redis answersQUEUED');
  await predict.getByRole('button', { name: 'Try again' }).click();
  await predict.getByRole('radio', { name: 'QUEUED' }).check();
  await predict.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(predict.getByRole('status')).toContainText('As you said');
});

test('an interview answer is held against ideas that can be proved', async ({ page }) => {
  const question = taskOf(page, 'acid');
  await question.getByRole('button', { name: /^Start the clock: 2:30/ }).click();
  await expect(question.getByRole('timer')).toHaveText(/2:(30|29)/);
  await question.getByLabel('Your answer, in writing or aloud').fill('Isolation yes, rollback no.');
  await question.getByRole('button', { name: 'Compare with a good answer' }).click();
  await question.getByRole('checkbox').nth(0).check();
  await question.getByRole('checkbox').nth(2).check();
  await question.getByRole('button', { name: 'Prove it' }).nth(1).click();
  await expect(question).toContainText('EXECABORT Transaction discarded');
  await question.getByRole('button', { name: /^Save: 2 of 7/ }).click();
  await expect(question.getByRole('status').first()).toContainText('2 of 7 ideas');
  await question.getByText('An answer of spoken length').click();
  await expect(question).toContainText('optimistic locking with a retry');
});

test('what was done is found again after a reload', async ({ page }) => {
  const quiz = taskOf(page, 'what-others-see');
  await quiz.getByRole('radio').first().check();
  await quiz.getByRole('button', { name: 'Check', exact: true }).click();
  const task = taskOf(page, 'move-thirty');
  await task.getByRole('button', { name: 'Start task' }).click();
  await task
    .getByLabel('Answer here, or in the console')
    .fill('MULTI\nDECRBY account:alice 30\nINCRBY account:bob 30\nEXEC');
  await task.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(task.getByText('All conditions hold.')).toBeVisible();
  await page.reload();
  await expect(quiz.getByText('done', { exact: true })).toBeVisible();
  await expect(task.getByText('done', { exact: true })).toBeVisible();
  const next = page.getByRole('region', { name: 'Next' });
  await expect(next).toContainText(/2 of \d+ exercises/);
  await expect(next.getByRole('link', { name: /Move 30/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Keyspace' }).click();
  const row = page.getByRole('navigation', { name: 'Course' }).getByRole('link', { name: /^7 / });
  await expect(row).toContainText(/2\/\d+/);
});

/** An exercise by its id, which is its address within the page. */
const taskOf = (page: Page, id: string): Locator => page.locator(`[id="${id}"]`);

const goal = (task: Locator, text: string): Locator =>
  task.locator('li[data-holds]').filter({ hasText: text }).first();
