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
