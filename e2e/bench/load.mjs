/**
 * How soon the built page is there: Lighthouse (mobile), the JavaScript that comes before the first
 * text can be read, and the time from navigation to the first reply of the console. Alone:
 * `node e2e/bench/load.mjs`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { findBrowser, launchArguments } from '../browser.mjs';

const PAGES = { home: '/', lesson: '/lessons/data-types' };
const GOALS = { lighthouse: 95, javaScriptBytes: 150_000, firstReplyMs: 1000 };
const ROUNDS = 3;

/**
 * @typedef {{ what: string, value: number, goal: number, isGood: boolean, unit: string }} Figure
 * @typedef {import('@playwright/test').Browser} Browser
 */

/** @returns {Promise<Figure[]>} */
export async function measureLoad() {
  const found = await findBrowser();
  if (!found) throw new Error('No browser found: install Chrome, or name one in CHROME.');
  const site = await startSite();
  const debuggingPort = await freePort();
  const args = [...launchArguments, `--remote-debugging-port=${debuggingPort}`];
  const env = { ...process.env, ...found.env };
  const browser = await chromium.launch({ executablePath: found.executablePath, env, args });
  try {
    const figures = [];
    for (const [name, path] of Object.entries(PAGES)) {
      figures.push(await score(name, site.url + path, debuggingPort));
      figures.push(await weigh(name, site.url + path, browser));
    }
    figures.push(await firstReply(site.url, browser));
    return figures;
  } finally {
    await browser.close();
    site.stop();
  }
}

/** The median of Lighthouse's performance scores, for a phone, as it simulates one. */
async function score(
  /** @type {string} */ name,
  /** @type {string} */ url,
  /** @type {number} */ port,
) {
  const scores = [];
  for (let round = 0; round < ROUNDS; round++) {
    const result = await lighthouse(url, { port, onlyCategories: ['performance'] });
    scores.push(100 * (result?.lhr.categories.performance?.score ?? 0));
  }
  const value = Math.round(median(scores));
  const goal = GOALS.lighthouse;
  return { what: `Lighthouse, ${name}, mobile`, value, goal, isGood: value >= goal, unit: '' };
}

/** The JavaScript that had come, compressed by gzip, when the page's heading stood in the document. */
async function weigh(
  /** @type {string} */ name,
  /** @type {string} */ url,
  /** @type {Browser} */ browser,
) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(noteHeading);
  /** @type {Map<string, Promise<Buffer>>} */
  const bodies = new Map();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.set(response.url(), response.body());
  });
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const scripts = await page.evaluate(scriptsBeforeHeading);
  let bytes = 0;
  for (const script of scripts) bytes += gzipSync((await bodies.get(script)) ?? '').length;
  await context.close();
  const goal = GOALS.javaScriptBytes;
  const what = `JavaScript before the first paint, ${name}`;
  return {
    what,
    value: Math.round(bytes / 1000),
    goal: goal / 1000,
    isGood: bytes < goal,
    unit: 'kB gz',
  };
}

/** In the page: notes when its heading comes. */
function noteHeading() {
  new MutationObserver((_, observer) => {
    if (!document.querySelector('h1')) return;
    performance.mark('heading');
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}

/** In the page: the addresses of the scripts that had come by then. */
function scriptsBeforeHeading() {
  const [heading] = performance.getEntriesByName('heading');
  return performance
    .getEntriesByType('resource')
    .filter((entry) => /\.js$/.test(entry.name))
    .filter((entry) => heading && entry.startTime + entry.duration <= heading.startTime)
    .map(({ name }) => name);
}

/**
 * From navigation to a reply in home's console, typed as soon as there is a prompt. Both are looked
 * for with every frame: a locator looks ever more rarely, in the end twice a second.
 */
async function firstReply(/** @type {string} */ url, /** @type {Browser} */ browser) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => document.querySelector('[role=combobox]'));
    const line = page.getByRole('combobox', { name: 'Command' }).first();
    await line.fill('ECHO first-reply');
    await line.press('Enter');
    await page.waitForFunction(() => document.body.textContent.includes('"first-reply"'));
    times.push(performance.now() - start);
    await context.close();
  }
  const value = Math.round(median(times));
  const goal = GOALS.firstReplyMs;
  return { what: 'First reply after navigation', value, goal, isGood: value < goal, unit: 'ms' };
}

/** The page as `npm start` serves it, built for this alone. */
export async function startSite() {
  const dist = mkdtempSync(join(tmpdir(), 'keyspace-load-'));
  const cwd = join(import.meta.dirname, '../..');
  const vite = join(cwd, 'node_modules/.bin/vite');
  const port = await freePort();
  const env = { ...process.env, DIST: dist, PORT: String(port) };
  const built = spawnSync(vite, ['build', '--logLevel', 'warn'], { cwd, env, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the page could not be built');
  const preview = spawn(vite, ['preview'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => preview.stdout.once('data', resolve));
  const stop = () => {
    preview.kill();
    rmSync(dist, { recursive: true, force: true });
  };
  return { url: `http://localhost:${port}`, stop };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** @param {Figure} figure */
export const printLoad = ({ what, value, goal, isGood, unit }) =>
  `${isGood ? 'ok ' : 'LOW'} ${what.padEnd(42)} ${String(value).padStart(6)} ${unit}, goal ${goal}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of await measureLoad()) console.log(printLoad(figure));
}
