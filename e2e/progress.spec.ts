import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './school.ts';

const KEY = 'keyspace.progress';
const DAY_MS = 24 * 60 * 60 * 1000;

test('a setting survives a reload and reaches the other tab at once', async ({ page, context }) => {
  await page.goto('/settings');
  const other = await context.newPage();
  await other.goto('/settings');
  await page.getByLabel('Most reviews in one day').fill('7');
  await page.getByRole('radio', { name: 'RESP3' }).check();
  await expect(other.getByRole('radio', { name: 'RESP3' })).toBeChecked();
  await other.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.reload();
  await expect(page.getByLabel('Most reviews in one day')).toHaveValue('7');
  await expect(page.getByRole('radio', { name: 'RESP3' })).toBeChecked();
});

test('where storage is blocked the page works and says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await page.goto('/');
  const notice = page.getByRole('status').filter({ hasText: 'does not let the page store' });
  await expect(notice).toBeVisible();
  await notice.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('where storage is full the page works and says so', async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'RESP3' }).check();
  await expect(page.getByRole('radio', { name: 'RESP3' })).toBeChecked();
  await expect(page.getByRole('status').filter({ hasText: 'storage is full' })).toBeVisible();
});

test('an unreadable entry is put aside, announced, and a new one begun', async ({ page }) => {
  await page.goto('/nowhere');
  await page.evaluate((key) => localStorage.setItem(key, '{"half a'), KEY);
  await page.goto('/settings');
  const notice = page.getByRole('status').filter({ hasText: 'put aside' });
  await expect(notice).toBeVisible();
  const aside = await notice.locator('code').innerText();
  expect(await page.evaluate((key) => localStorage.getItem(key), aside)).toBe('{"half a');
  await page.getByRole('radio', { name: 'RESP3' }).check();
  await page.reload();
  await expect(notice).toBeHidden();
  await expect(page.getByRole('radio', { name: 'RESP3' })).toBeChecked();
});

test('what is exported can be imported in another browser', async ({ page, browser, baseURL }) => {
  await seed(page, saved({ 'transactions/transfer': item(DAY_MS) }));
  await page.goto('/settings');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^keyspace-progress-\d{4}-\d\d-\d\d\.json$/);

  const elsewhere = await browser.newPage({ serviceWorkers: 'block', ...(baseURL && { baseURL }) });
  await elsewhere.goto('/settings');
  await choose(elsewhere, await readFile(await file.path(), 'utf8'));
  const dialog = elsewhere.getByRole('dialog', { name: 'Import progress' });
  await expect(dialog.getByRole('row', { name: 'Exercises solved' })).toHaveText(/011$/);
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(elsewhere.getByText('1 of 1 tried exercises solved')).toBeVisible();
  const of = async (page: Page) =>
    page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '{}').progress.items, KEY);
  expect(await of(elsewhere)).toEqual(await of(page));
  await elsewhere.getByRole('button', { name: 'Undo import' }).click();
  await expect(elsewhere.getByText('0 of 0 tried exercises solved')).toBeVisible();
  await elsewhere.close();
});

test('a file that is no progress is refused with the place of the mistake', async ({ page }) => {
  await page.goto('/settings');
  await choose(page, 'not even JSON');
  const dialog = page.getByRole('dialog', { name: 'Import progress' });
  await expect(dialog).toContainText('the file is not JSON');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  const wrong = saved({ 'transactions/transfer': { ...item(0), attempts: -1 } });
  await choose(page, JSON.stringify({ format: 'keyspace-progress', ...wrong }));
  await expect(dialog).toContainText('progress.items["transactions/transfer"].attempts');
  await expect(dialog).toContainText('is less than 0');
});

test('a reset is undone with one button', async ({ page }) => {
  await seed(page, saved({ 'transactions/transfer': item(DAY_MS) }));
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Reset progress' }).click();
  await expect(page.getByText('0 of 0 tried exercises solved')).toBeVisible();
  const toast = page.getByRole('status').filter({ hasText: 'All progress was forgotten' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('1 of 1 tried exercises solved')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1 of 1 tried exercises solved')).toBeVisible();
});

/** Puts an entry into storage before the page reads it, once. */
async function seed(page: Page, entry: unknown): Promise<void> {
  await page.goto('/nowhere');
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [
    KEY,
    JSON.stringify(entry),
  ] as const);
}

async function choose(page: Page, text: string): Promise<void> {
  const buffer = Buffer.from(text);
  const file = { name: 'progress.json', mimeType: 'application/json', buffer };
  await page.getByLabel('Progress file').setInputFiles(file);
}

const saved = (items: Record<string, unknown>) => ({
  version: 1,
  progress: { epoch: 0, items, lessons: {}, settings: {} },
});

/** A solved exercise that comes back after so many ms. */
function item(dueInMs: number) {
  const now = Date.now();
  const numbers = { stability: 3, difficulty: 5, scheduledDays: 3, reps: 1, lapses: 0 };
  const card = { ...numbers, due: now + dueInMs, lastReview: now - 1, state: 'review' };
  const round = { tries: 0, hints: 0, revealed: false };
  const latest = { at: now, kind: 'challenge', confidence: null, round, card };
  return { attempts: 1, hints: 0, solved: { at: now, firstTry: true }, latest };
}
