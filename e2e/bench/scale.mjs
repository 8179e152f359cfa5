/**
 * How the server grows: the memory of a million small strings beside redis-server's, and what an
 * operation on a sorted set of a million members takes beside one of ten thousand. Alone:
 * `node e2e/bench/scale.mjs`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, start } from './tcp.mjs';

const STRINGS = 1_000_000;
const FEW = 10_000;
const MANY = 1_000_000;
/** Commands that are measured, in one pipeline after the other. */
const OPERATIONS = 40_000;
const PIPELINE = 1000;
/** How many keys a wave takes away, and how long one may look for its longest pause. Ms. */
const WAVE = 1_000_000;
const WAVE_TAKES_MS = 60_000;
const GOALS = { memory: 2.5, time: 4, pauseMs: 50 };

/** @typedef {{ what: string, ours: number, beside: number, goal: number, unit: string }} Figure */

/** @returns {Promise<Figure[]>} */
export async function measureScale() {
  const dir = mkdtempSync(join(tmpdir(), 'keyspace-scale-'));
  const args = ['--save', ''];
  const ours = await start(process.execPath, [bundle(dir), ...args], dir);
  const theirs = await start('redis-server', args, dir);
  try {
    const grown = [];
    for (const { child, port } of [ours, theirs]) {
      // What a process takes to work at all is not what its data takes.
      await fill(port, 200_000, (i) => ['SET', 'warm', `value:${i}`]);
      const before = residentBytes(child.pid ?? 0);
      await fill(port, STRINGS, (i) => ['SET', `key:${i}`, `value:${i}`]);
      grown.push(residentBytes(child.pid ?? 0) - before);
    }
    const [own = 0, other = 0] = grown;
    const what = '1M small strings';
    const figures = [{ what, ours: own, beside: other, goal: GOALS.memory, unit: 'bytes' }];
    figures.push(...(await measureSortedSets(ours.port)));
    figures.push(await measureWave(ours.port, 'expiry'), await measureWave(ours.port, 'eviction'));
    return figures;
  } finally {
    ours.child.kill();
    theirs.child.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {number} port @returns {Promise<Figure[]>} */
async function measureSortedSets(port) {
  await fill(port, 1, () => ['FLUSHALL']);
  for (const [key, size] of /** @type {const} */ ([
    ['few', FEW],
    ['many', MANY],
  ])) {
    await fill(port, size, (i) => ['ZADD', key, String((i * 7919) % size), `member:${i}`]);
  }
  // Each ZADD moves a member, to where it has not been: one that changes nothing is no measure.
  let moves = 0;
  const operations = {
    ZADD: (/** @type {string} */ key, /** @type {number} */ i) => [
      'ZADD',
      key,
      String(((moves++ * 7919) % (key === 'few' ? FEW : MANY)) + moves / 1e6),
      `member:${i}`,
    ],
    ZRANK: (/** @type {string} */ key, /** @type {number} */ i) => ['ZRANK', key, `member:${i}`],
    ZRANGE: (/** @type {string} */ key, /** @type {number} */ i) => [
      'ZRANGE',
      key,
      `${i}`,
      `${i + 10}`,
    ],
  };
  const figures = [];
  for (const [name, command] of Object.entries(operations)) {
    const time = async (/** @type {string} */ key, /** @type {number} */ size) => {
      const started = performance.now();
      await fill(port, OPERATIONS, (i) => command(key, (i * 104_729) % size));
      return ((performance.now() - started) * 1000) / OPERATIONS;
    };
    await time('few', FEW);
    const [few, many] = [await time('few', FEW), await time('many', MANY)];
    figures.push({ what: `${name} at 1M`, ours: many, beside: few, goal: GOALS.time, unit: 'µs' });
  }
  return figures;
}

/**
 * The longest that a PING waits while a million keys expire, or are evicted; beside it the longest
 * before, when nothing happens.
 * @param {number} port @param {'expiry' | 'eviction'} kind @returns {Promise<Figure>}
 */
async function measureWave(port, kind) {
  await fill(port, 1, () => ['FLUSHALL']);
  const at = String(Date.now() + 20_000);
  await fill(port, WAVE, (i) => [
    'SET',
    `key:${i}`,
    'value',
    ...(kind === 'expiry' ? ['PXAT', at] : []),
  ]);
  const beside = await longestPing(port, () => Promise.resolve(false), 1000);
  if (kind === 'eviction') {
    await fill(port, 1, () => ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random']);
    await fill(port, 1, () => ['CONFIG', 'SET', 'maxmemory', '2mb']);
  } else await new Promise((resolve) => setTimeout(resolve, Math.max(Number(at) - Date.now(), 0)));
  const isOver = async () => (await ask(port, ['DBSIZE'])) < WAVE / 10;
  const ours = await longestPing(port, isOver, WAVE_TAKES_MS);
  await fill(port, 1, () => ['CONFIG', 'SET', 'maxmemory', '0']);
  return { what: `1M-key ${kind}, pause`, ours, beside, goal: GOALS.pauseMs, unit: 'ms' };
}

/**
 * Asks one PING after the other until it is over, and says how long the slowest took. Ms.
 * @param {number} port @param {() => Promise<boolean>} isOver @param {number} limitMs
 */
async function longestPing(port, isOver, limitMs) {
  const until = performance.now() + limitMs;
  let longest = 0;
  for (let i = 1; performance.now() < until; i++) {
    const started = performance.now();
    await ask(port, ['PING']);
    longest = Math.max(longest, performance.now() - started);
    if (i % 50 === 0 && (await isOver())) break;
  }
  return longest;
}

/**
 * The integer that a command answers on a connection of its own, or NaN.
 * @param {number} port @param {string[]} argv @returns {Promise<number>}
 */
function ask(port, argv) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(Number(/^:(\d+)/.exec(String(bytes))?.[1]));
    });
    socket.write(encode(argv));
  });
}

/**
 * Sends commands in pipelines and waits for each to be answered.
 * @param {number} port @param {number} count @param {(i: number) => string[]} command
 */
async function fill(port, count, command) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let heard = () => {};
  let tail = '';
  socket.on('data', (bytes) => {
    tail = (tail + bytes.toString('latin1')).slice(-7);
    if (tail === '+PONG\r\n') heard();
  });
  for (let from = 0; from < count; from += PIPELINE) {
    const answered = new Promise((resolve) => (heard = () => resolve(undefined)));
    let bytes = '';
    for (let i = from; i < Math.min(from + PIPELINE, count); i++) bytes += encode(command(i));
    tail = '';
    socket.write(`${bytes}PING\r\n`);
    await answered;
  }
  socket.destroy();
}

const encode = (/** @type {string[]} */ argv) =>
  `*${argv.length}\r\n${argv.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;

/** What a process has in memory. @param {number} pid */
const residentBytes = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** @param {Figure} figure */
export function printScale({ what, ours, beside, goal, unit }) {
  // A pause has a goal of its own; all others are measured by what stands beside them.
  const ratio = unit === 'ms' ? ours : ours / beside;
  const [one, other] = [ours, beside].map((value) =>
    value.toLocaleString('en', { maximumFractionDigits: 1 }),
  );
  const mark = ratio <= goal ? 'ok ' : 'LOW';
  return `${mark} ${what.padEnd(18)} ${one} beside ${other} ${unit}: ${ratio.toFixed(2)}, goal ${goal}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of await measureScale()) console.log(printScale(figure));
}
