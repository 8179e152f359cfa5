/** The tests that need a browser. They use the built page: `npm run e2e` builds it first. */
import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { findBrowser, launchArguments } from './browser.mjs';

const browser = await findBrowser();
if (!browser) throw new Error('No browser found: install Chrome, or name one in CHROME.');

// This file is read again by every worker, which inherits the variable.
process.env.E2E_PORT ??= String(await freePort());
const baseURL = `http://localhost:${process.env.E2E_PORT}`;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // A machine that others use at the same time may be too slow once; a mistake fails every time.
  retries: process.env.CI ? 2 : 0,
  reporter: 'list',
  use: {
    baseURL,
    browserName: 'chromium',
    // Each test starts with an empty cache: filling it every time would only take time.
    serviceWorkers: 'block',
    // To note every step takes a tenth of the time.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      executablePath: browser.executablePath,
      args: launchArguments,
      env: { ...process.env, ...browser.env },
    },
  },
  projects: [
    { name: 'desktop', grepInvert: /@phone/, use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'phone',
      grepInvert: /@desktop/,
      // What these look at is the same at any width.
      testIgnore: /(coverage|delivery|offline|progress)\.spec\.ts/,
      use: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    },
  ],
  webServer: {
    command: 'npx vite preview',
    cwd: '..',
    env: { PORT: process.env.E2E_PORT },
    url: baseURL,
    reuseExistingServer: false,
  },
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}
