/**
 * `npm test`: every check there is, the quick ones first, until one fails. `npm run check` stops
 * before those that need a redis-server or a browser. What a machine lacks is left out with a line
 * that says so; with CI=true it fails instead, and so does a skipped test.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command a program of node_modules/.bin, or npm, and its arguments
 * @property {(report: any) => Counts} [count] reads the JSON report of a test runner
 * @property {() => Promise<string | undefined>} [lacks] why it cannot run on this machine
 */

const REFERENCE = '7.0';
const CI = process.env.CI === 'true';

const reports = mkdtempSync(join(tmpdir(), 'keyspace-test-'));
const report = join(reports, 'report.json');

/** @type {Step[]} */
const quick = [
  { name: 'Biome', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'types of the page', command: ['tsc'] },
  { name: 'types of the engine', command: ['tsc', '-p', 'src/engine'] },
  { name: 'layers, units, transcripts, lessons', command: vitest('unit'), count: vitestCounts },
];

/** @type {Step[]} */
const slow = [
  {
    name: 'conformance with redis-server',
    command: vitest('conformance'),
    count: vitestCounts,
    lacks: lacksRedis,
  },
  { name: 'build', command: ['npm', 'run', 'build'] },
  {
    name: 'browser',
    command: ['playwright', 'test', '-c', 'e2e', '--reporter=list,json'],
    count: playwrightCounts,
    lacks: lacksBrowser,
  },
];

const steps = process.argv.includes('--without-browser') ? quick : [...quick, ...slow];
process.exitCode = (await runAll(steps)) ? 0 : 1;
rmSync(reports, { recursive: true });

/** @param {Step[]} steps */
async function runAll(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const lines = [];
  let good = true;
  for (const step of steps) {
    const { outcome, counts, seconds } = await run(step);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    lines.push(`${seconds.toFixed(1).padStart(7)} s  ${step.name}: ${outcome}`);
    good = !outcome.startsWith('FAILED');
    if (!good) break;
  }
  // A step that fails without a failing test, such as a type error, still counts as one.
  if (!good) total.failed ||= 1;
  console.log(`\n${lines.join('\n')}\n`);
  const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return good;
}

/**
 * Runs one step with its output on the terminal.
 * @param {Step} step
 * @returns {Promise<{ outcome: string, counts: Counts, seconds: number }>}
 */
async function run(step) {
  console.log(`\n── ${step.name}`);
  const start = performance.now();
  const lack = await step.lacks?.();
  if (lack) console.log(lack);
  const status = lack ? 0 : await execute(step.command);
  const seconds = (performance.now() - start) / 1000;
  const counts = (!lack && readCounts(step)) || { passed: 0, failed: 0, skipped: 0 };
  return { outcome: judge(step, lack, status, counts), counts, seconds };
}

/** @param {Step} step @param {string | undefined} lack @param {number} status @param {Counts} counts */
function judge(step, lack, status, counts) {
  if (lack) return CI ? `FAILED, ${lack}` : lack;
  if (status !== 0) return `FAILED, exit status ${status}`;
  if (!step.count) return 'passed';
  if (counts.passed === 0) return 'FAILED, no test ran';
  if (CI && counts.skipped > 0) return `FAILED, ${counts.skipped} tests skipped`;
  return `${counts.passed} passed`;
}

/**
 * @param {string[]} command
 * @returns {Promise<number>} exit status; 1 when a signal ended it
 */
function execute([program = '', ...args]) {
  const bin = join(import.meta.dirname, '../node_modules/.bin');
  const child = spawn(program, args, {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/** @param {'unit' | 'conformance'} project */
function vitest(project) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return ['vitest', 'run', '--project', project, ...reporters];
}

/** @param {Step} step */
function readCounts({ count }) {
  if (!count) return undefined;
  try {
    return count(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    return undefined; // the runner died before its report: its exit status tells
  } finally {
    rmSync(report, { force: true });
  }
}

/** @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number }} report */
function vitestCounts({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
}) {
  return { passed, failed, skipped };
}

/** @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} report */
function playwrightCounts({ stats: { expected, unexpected, flaky, skipped } }) {
  // Flaky: it passed when it was tried again, and the list above names it.
  return { passed: expected + flaky, failed: unexpected, skipped };
}

async function lacksRedis() {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = / v=(\S+)/.exec(stdout ?? '')?.[1];
  if (version?.startsWith(`${REFERENCE}.`)) return undefined;
  const found = version
    ? `redis-server here is ${version}, not ${REFERENCE}`
    : 'no redis-server here';
  return `not compared with Redis (${found}): replies were checked against the transcripts only`;
}

async function lacksBrowser() {
  return (await findBrowser()) ? undefined : 'no browser here: nothing was tried in one';
}
