/**
 * SET and GET through the worker boundary, in a built page in a headless browser: commands a second;
 * and whether replicas keep up with writes there. Alone: `node e2e/bench/page.mjs`.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { findBrowser, launchArguments } from '../browser.mjs';

const PIPELINE = 100;
const GOAL = 1_000_000;

/** @typedef {{ what: string, perSecond: number, goal: number }} Figure */

const WRITES = { perSecond: 10_000, seconds: 10 };

/** @returns {Promise<Figure[]>} */
export const measureWire = () => inPage(commandsPerSecond);

/**
 * 10,000 writes a second flow to two replicas: how late the last was answered.
 * @returns {Promise<import('./lab.mjs').Figure>}
 */
export const measureFollowing = () =>
  inPage(async (page) => {
    const { perSecond, seconds } = WRITES;
    const { lateMs, behind } = await page.evaluate(
      // @ts-expect-error wire.ts puts it there.
      ([rate, duration]) => window.follow(rate, duration),
      [perSecond, seconds],
    );
    const what = `10,000 writes/s in the page for ${seconds} s: the last is late`;
    if (behind > 0) throw new Error(`the replicas are ${behind} bytes behind`);
    return { what, value: lateMs, unit: 'ms', goal: 100 };
  });

/**
 * @template T
 * @param {(page: import('@playwright/test').Page) => Promise<T>} measure
 */
async function inPage(measure) {
  const browser = await findBrowser();
  if (!browser) throw new Error('No browser found: install Chrome, or name one in CHROME.');
  const outDir = join(tmpdir(), `keyspace-bench-${process.pid}`);
  const settings = settingsFor(outDir);
  await build({ ...settings, logLevel: 'warn' });
  const server = await preview({ ...settings, preview: { port: 0 } });
  const chrome = await chromium.launch({ ...browser, args: launchArguments });
  try {
    const page = await chrome.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}wire.html`);
    await page.waitForFunction(() => 'measure' in window);
    return await measure(page);
  } finally {
    await chrome.close();
    await server.close();
    await rm(outDir, { recursive: true, force: true });
  }
}

/** @param {import('@playwright/test').Page} page */
async function commandsPerSecond(page) {
  const figures = [];
  // The first round only warms up.
  for (const round of ['warm-up', 'measured']) {
    for (const underWay of [1, 4]) {
      for (const command of ['SET', 'GET']) {
        const perSecond = await page.evaluate(
          // @ts-expect-error wire.ts puts it there.
          ([name, pipeline, batches]) => window.measure(name, pipeline, batches),
          [command, PIPELINE, underWay],
        );
        const what = `${command}, ${PIPELINE} a batch, ${underWay} under way`;
        if (round === 'measured') figures.push({ what, perSecond, goal: GOAL });
      }
    }
  }
  return figures;
}

/** @param {string} outDir */
function settingsFor(outDir) {
  const root = import.meta.dirname;
  return /** @type {const} */ ({
    configFile: false,
    root,
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, rollupOptions: { input: join(root, 'wire.html') } },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { what, perSecond, goal } of await measureWire()) {
    const mark = perSecond >= goal ? 'ok ' : 'LOW';
    console.log(`${mark} ${perSecond.toLocaleString('en').padStart(9)} /s  ${what}`);
  }
}
