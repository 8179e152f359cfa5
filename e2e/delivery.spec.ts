/** How `npm start` serves the built page. A host without its headers: `offline.spec.ts`. */
import { expect, test } from './school.ts';

test('a deep link opens the page too', async ({ page }) => {
  const response = await page.goto('/lessons/what-is-redis');
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Keyspace/);
});

test('the server compresses, and keeps for ever what is named by its content', async ({ page }) => {
  await page.goto('/');
  const script = await page.locator('script[type=module]').first().getAttribute('src');
  const { headers, status } = await page.evaluate(async (src) => {
    const response = await fetch(src);
    return { headers: Object.fromEntries(response.headers), status: response.status };
  }, String(script));
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'cross-origin-embedder-policy': 'require-corp',
    'content-encoding': expect.stringMatching(/^(br|gzip)$/),
  });
});

test('a missing file is not answered with the page', async ({ request }) => {
  expect((await request.get('/assets/of-the-last-release.js')).status()).toBe(404);
});

test('a lesson can be read before its code comes, by who has no progress to be shown', async ({
  page,
}) => {
  await page.route('**/assets/*.js', () => undefined); // never answered
  await page.goto('/lessons/data-types', { waitUntil: 'commit' });
  await expect(page).toHaveTitle('2 Data types · Keyspace');
  await expect(page.getByText('In 30 seconds')).toBeVisible();

  await page.evaluate(() => localStorage.setItem('keyspace.progress', '{}'));
  await page.goto('/lessons/data-types', { waitUntil: 'commit' });
  await page.locator('#root + script').waitFor({ state: 'attached' });
  await expect(page.locator('#root')).toBeEmpty();
});
