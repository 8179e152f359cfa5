import { accessibilityViolations } from './axe.ts';
import { expect, test } from './school.ts';

test('the coverage page lists every command, and finds one by its name or state', async ({
  page,
}) => {
  await page.goto('/coverage');
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows).toHaveCount(449 + 127);
  expect(await accessibilityViolations(page)).toEqual([]);
  const narrowest = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(narrowest).toBeLessThanOrEqual(0);

  await page.getByLabel('Command or group').fill('xnack');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('since 8.8.0');
  await page.getByLabel('Command or group').fill('');
  await page.getByLabel('State').selectOption('not simulated');
  await expect(page.getByRole('status').filter({ hasText: 'commands' })).toBeVisible();
  await expect(rows.filter({ hasText: 'TRIMSLOTS' })).toContainText('when slots move as a whole');
});
