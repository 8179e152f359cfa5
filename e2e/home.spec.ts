import { accessibilityViolations } from './axe.ts';
import { expect, test } from './school.ts';

test('the page opens, isolated, so that Python can block', { tag: '@desktop' }, async ({
  page,
}) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Keyspace/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('a deep link opens the page too', { tag: '@desktop' }, async ({ page }) => {
  const response = await page.goto('/lessons/what-is-redis');
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Keyspace/);
});

test('the map shows all 35 questions, each a link', async ({ page }) => {
  await page.goto('/');
  const rows = page.getByRole('navigation', { name: 'Course' }).getByRole('listitem');
  expect(await rows.count()).toBeGreaterThanOrEqual(35);
  for (const row of await rows.all()) {
    const link = row.getByRole('link');
    await expect(link).toHaveAccessibleName(/^\d+ (not begun|begun|passed|due for review) .+\?/);
  }
});

test('the first command stands in the console, and nothing moves while it loads', async ({
  page,
}) => {
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = 'value' in entry ? Number(entry.value) : 0;
        sessionStorage.setItem('shift', String(Number(sessionStorage.getItem('shift')) + shift));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect(page.getByRole('complementary', { name: 'Console' })).toContainText('SET greeting');
  const shift = await page.evaluate(() => Number(sessionStorage.getItem('shift')));
  expect(shift).toBeLessThan(0.02);
});

test('Enter runs the first command, and the next one can be typed', async ({ page, isMobile }) => {
  await page.goto('/');
  const sheet = page.getByRole('complementary', { name: 'Console' });
  if (isMobile) await page.getByRole('button', { name: /Console > SET/ }).click();
  const line = sheet.getByRole('combobox', { name: 'Command' });
  await expect(line).toHaveValue(/^SET greeting/);
  await (isMobile ? line.press('Enter') : page.keyboard.press('Enter'));
  await expect(sheet.getByText('OK', { exact: true })).toBeVisible();
  await line.pressSequentially('GET greeting');
  await line.press('Enter');
  await expect(sheet.getByText('"hello"', { exact: true })).toBeVisible();
});

test('on a small screen the console is a sheet that is tapped, dragged and lowered', async ({
  page,
  isMobile,
}) => {
  if (!isMobile) await page.setViewportSize({ width: 800, height: 740 });
  await page.goto('/');
  const sheet = page.getByRole('complementary', { name: 'Console' });
  const share = async () => ((await sheet.boundingBox())?.height ?? 0) / 740;
  expect(await share()).toBeLessThan(0.1);
  await page.getByRole('button', { name: /Console > SET/ }).click();
  await expect.poll(share).toBeCloseTo(0.52, 1);
  await page.mouse.move(100, 740 * 0.5);
  await page.mouse.down();
  await page.mouse.move(100, 200, { steps: 5 });
  await page.mouse.move(100, 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(share).toBeGreaterThan(0.9);
  await page.getByRole('button', { name: 'Lower Console' }).click();
  await page.getByRole('button', { name: 'Lower Console' }).click();
  await expect.poll(share).toBeLessThan(0.1);
});

test('from screen to screen focus, title and scroll position follow', async ({ page }) => {
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1440, height: 500 });
  await page.goto('/');
  await page.evaluate(() => scrollTo(0, 120));
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeFocused();
  await expect(page).toHaveTitle('Settings · Keyspace');
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: '35 interview' })).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(120);
});

test('the keyboard reaches the content first', async ({ page }) => {
  await page.goto('/');
  // Until the code is there a still of the page is shown, in which nothing can be focused.
  await expect(page.locator('#root > [inert]')).toHaveCount(0);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('a wrong address says so and leads back', { tag: '@desktop' }, async ({ page }) => {
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/no page at this address/);
  await page.getByRole('link', { name: 'Go to the course' }).click();
  await expect(page.getByRole('navigation', { name: 'Course' })).toBeVisible();
});

test('a chosen theme is there before the first paint', { tag: '@desktop' }, async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
  // The first script of the page is the one in its head; the others are not even asked for.
  await page.route('**/assets/*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  await page.reload();
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark');
  await page.unroute('**/assets/*.js');
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await page.getByRole('radio', { name: 'As the system' }).first().check();
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'light dark');
});

for (const [index, path] of ['/', '/settings', '/review', '/scratchpad', '/nowhere'].entries()) {
  test(`${path} is accessible and nothing sticks out`, async ({ page, isMobile }) => {
    // Both themes on a desktop; on a phone, where only the arrangement differs, one of them.
    const themes = (['light', 'dark'] as const).filter((_, at) => !isMobile || at === index % 2);
    await page.emulateMedia({ colorScheme: themes[0] ?? 'light' });
    await page.goto(path, { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width).toBeLessThanOrEqual(0);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityViolations(page), colorScheme).toEqual([]);
    }
  });
}

test('twice as large, the home page still fits and can be read', async ({ page, isMobile }) => {
  // 200 % zoom is a window of half the width.
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  if (!isMobile) await page.setViewportSize({ width: width / 2, height: height / 2 });
  await page.goto('/');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});
