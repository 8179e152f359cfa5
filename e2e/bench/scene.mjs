/**
 * What a data centre costs that is looked at and left alone: the Topology tab of a lesson on clusters,
 * in the built page, in real time. Alone: `node e2e/bench/scene.mjs`, after `npm run build`.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { findBrowser, launchArguments } from '../browser.mjs';
import { printLab } from './lab.mjs';

const LESSON = '/lessons/cluster-data-distribution-failover';
const SETTLING_MS = 5000;
const WATCHED_MS = 20_000;

/** @returns {Promise<import('./lab.mjs').Figure>} */
export async function measureScene() {
  const found = await findBrowser();
  if (!found) throw new Error('No browser found: install Chrome, or name one in CHROME.');
  const server = await preview({ preview: { port: 0, strictPort: false }, logLevel: 'warn' });
  const env = { ...process.env, ...found.env };
  const { executablePath } = found;
  const browser = await chromium.launch({ executablePath, env, args: launchArguments });
  try {
    const page = await browser.newPage();
    await page.goto(new URL(LESSON, server.resolvedUrls?.local[0]).href);
    await page.getByRole('tab', { name: 'Topology', exact: true }).click();
    await page.getByRole('button', { name: /^node6, replica/ }).waitFor();
    await page.waitForTimeout(SETTLING_MS);
    const before = await secondsOfPages(browser);
    await page.waitForTimeout(WATCHED_MS);
    const spent = (await secondsOfPages(browser)) - before;
    const value = (spent / (WATCHED_MS / 1000)) * 100;
    return {
      what: 'six idle nodes of a cluster and the scene',
      value,
      unit: '% of a core',
      goal: 15,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * Processor time of all pages and their workers so far.
 * @param {import('@playwright/test').Browser} browser
 */
async function secondsOfPages(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(printLab(await measureScene()));
