import { expect, test } from './school.ts';

test('the page opens, isolated, so that Python can block', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Keyspace/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
