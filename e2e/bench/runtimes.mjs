/**
 * What runs beside the servers in the built page: how soon Python is there, and how many commands a
 * second Python, Node and redis-benchmark send. Alone: `node e2e/bench/runtimes.mjs`.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findBrowser, launchArguments } from '../browser.mjs';
import { startSite } from './load.mjs';

/** @typedef {{ what: string, value: number, goal: number, isGood: boolean, unit: string }} Figure */

const HELLO = 'import redis\nprint(redis.Redis().ping())';
const CALLS = 20_000;

const python = `import redis, time
r = redis.Redis()
r.set("a", 1)
began = time.perf_counter()
for _ in range(${CALLS}):
    r.get("a")
print("figure", ${CALLS} / (time.perf_counter() - began))`;

const node = `import Redis from 'ioredis';
const redis = new Redis();
await redis.set('a', 1);
const began = performance.now();
for (let i = 0; i < ${CALLS}; i++) await redis.set('a', i);
console.log('figure', (${CALLS} * 1000) / (performance.now() - began));
redis.disconnect();`;

const benchmark = 'redis-benchmark -t set -n 400000 -P 16 -q';

/** @returns {Promise<Figure[]>} */
export async function measureRuntimes() {
  const found = await findBrowser();
  if (!found) throw new Error('No browser found: install Chrome, or name one in CHROME.');
  const site = await startSite();
  const env = { ...process.env, ...found.env };
  const { executablePath } = found;
  const browser = await chromium.launch({ executablePath, env, args: launchArguments });
  try {
    const page = await browser.newPage();
    const run = runIn(page, site.url);
    await run('python', HELLO);
    // Python is in the browser's cache from now on; a new page has to start it.
    const first = await run('python', HELLO);
    const second = await run('python', `${HELLO}\n`, { again: true });
    const gets = figureIn((await run('python', python, { again: true })).text, /figure ([\d.]+)/);
    const sets = figureIn((await run('node', node)).text, /figure ([\d.]+)/);
    const load = figureIn((await run('shell', benchmark)).text, /SET: ([\d.]+) requests/);
    return [
      atMost('Python from the cache, until it has run', first.ms, 5000),
      atMost('Python, the next run', second.ms, 300),
      atLeast('redis-py, r.get()', gets, 3000),
      atLeast('ioredis, awaited SET', sets, 3000),
      atLeast('redis-benchmark -P 16, SET', load, 200_000),
    ];
  } finally {
    await browser.close();
    site.stop();
  }
}

/** Runs a text in the scratchpad, in a new page or again in the same: its output, and how long it took. */
const runIn =
  (/** @type {import('@playwright/test').Page} */ page, /** @type {string} */ url) =>
  async (/** @type {string} */ kind, /** @type {string} */ code, { again = false } = {}) => {
    const output = page.getByTestId('output');
    if (!again) await page.goto('about:blank');
    const text = Buffer.from(code).toString('base64url');
    await page.goto(`${url}/scratchpad#kind=${kind}&code=${text}`);
    await page.getByText('Nothing has run.').waitFor();
    const button = page.getByRole('button', { name: 'Run', exact: true });
    await button.waitFor();
    const began = performance.now();
    await button.click();
    await page.locator('[data-testid=output]:is([data-state=done],[data-state=failed])').waitFor();
    const ms = performance.now() - began;
    return { ms, text: await output.innerText() };
  };

function figureIn(/** @type {string} */ text, /** @type {RegExp} */ pattern) {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no figure in: ${text}`);
  return Number(found);
}

const atMost = (
  /** @type {string} */ what,
  /** @type {number} */ ms,
  /** @type {number} */ goal,
) => ({
  ...{ what, value: Math.round(ms), goal, isGood: ms <= goal, unit: 'ms' },
});

const atLeast = (
  /** @type {string} */ what,
  /** @type {number} */ perSecond,
  /** @type {number} */ goal,
) => ({
  ...{ what, value: Math.round(perSecond), goal, isGood: perSecond >= goal, unit: '/s' },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { printLoad } = await import('./load.mjs');
  for (const figure of await measureRuntimes()) console.log(printLoad(figure));
}
