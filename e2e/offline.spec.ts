/**
 * The built page on a host that knows nothing: no headers, no address but those of files. This is
 * what the service worker and 404.html are for.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './school.ts';

test.use({ serviceWorkers: 'allow' });

const dist = resolve(import.meta.dirname, '..', process.env.DIST ?? 'dist');

const mediaTypes: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

let host: Server;
let address: string;

test.beforeEach(async () => {
  host = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname === '/' ? '/index.html' : pathname;
    const found = await readFile(join(dist, file)).catch(() => undefined);
    const type = found ? mediaTypes[extname(file)] : 'text/html';
    if (type) response.setHeader('Content-Type', type);
    response.statusCode = found ? 200 : 404;
    response.end(found ?? (await readFile(join(dist, '404.html'))));
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const bound = host.address();
  if (bound === null || typeof bound === 'string') throw new Error('no TCP port');
  address = `http://localhost:${bound.port}`;
});

test.afterEach(() => {
  host.closeAllConnections();
  host.close();
});

test('one reload isolates the page', async ({ page }) => {
  let opened = 0;
  page.on('domcontentloaded', () => opened++);
  await page.goto(address);
  await untilIsolated(page);
  expect(opened).toBe(2);
});

test('what was opened once opens without a network, at any address', async ({ page }) => {
  await page.goto(address);
  await untilIsolated(page);
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));

  await page.goto(`${address}/lessons/what-is-redis`);
  await expect(page).toHaveTitle(/Keyspace/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

async function untilIsolated(page: Page): Promise<void> {
  await page.waitForFunction(() => crossOriginIsolated && document.readyState === 'complete');
}
