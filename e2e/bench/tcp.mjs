/**
 * The engine over TCP beside redis-server, measured by redis-benchmark: the same command at both in
 * turn, three times, medians. Alone: `node e2e/bench/tcp.mjs [COMMAND ...]`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 3;
/** Requests in one round, by pipeline: about a second's work for redis-server. */
const REQUESTS = { 1: 60_000, 16: 500_000 };
/** What each command shall reach of redis-server's speed, by pipeline. */
const SIMPLE = { 1: 0.85, 16: 0.65 };
const LARGE = { 1: 0.6, 16: 0.4 };
/** @type {Readonly<Record<string, Readonly<Record<Pipeline, number>>>>} */
const GOALS = {
  PING_MBULK: SIMPLE,
  SET: SIMPLE,
  GET: SIMPLE,
  INCR: SIMPLE,
  LPUSH: SIMPLE,
  RPOP: SIMPLE,
  SADD: SIMPLE,
  HSET: SIMPLE,
  ZADD: SIMPLE,
  LRANGE_100: LARGE,
  MSET: LARGE,
};
/** A benchmark that takes longer than this has got stuck. */
const STUCK_MS = 60_000;

/**
 * @typedef {1 | 16} Pipeline
 * @typedef {{ command: string, pipeline: Pipeline, ours: number, theirs: number, goal?: number }} Figure
 *   requests a second
 */

/** @param {readonly string[]} commands @returns {Promise<Figure[]>} */
export async function measureTcp(commands = Object.keys(GOALS)) {
  const dir = mkdtempSync(join(tmpdir(), 'keyspace-bench-'));
  const server = await start(process.execPath, [bundle(dir), '--save', ''], dir);
  const reference = await start('redis-server', ['--save', ''], dir);
  try {
    const figures = [];
    for (const pipeline of /** @type {const} */ ([1, 16])) {
      for (const command of commands) {
        const measured = alternate([server.port, reference.port], command, pipeline);
        const goal = GOALS[command]?.[pipeline];
        const [ours, theirs] = measured;
        figures.push({ command, pipeline, ours, theirs, ...(goal !== undefined && { goal }) });
      }
    }
    return figures;
  } finally {
    server.child.kill();
    reference.child.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Both servers in turn, so that what else the machine does hits both; the median of each. */
function alternate(
  /** @type {readonly [number, number]} */ ports,
  /** @type {string} */ command,
  /** @type {Pipeline} */ pipeline,
) {
  const rounds = Array.from({ length: ROUNDS }, () =>
    ports.map((port) => benchmark(port, command, pipeline)),
  );
  const median = (/** @type {number} */ server) =>
    rounds.map((round) => round[server] ?? 0).sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
  return /** @type {const} */ ([median(0), median(1)]);
}

function benchmark(
  /** @type {number} */ port,
  /** @type {string} */ command,
  /** @type {Pipeline} */ pipeline,
) {
  const requests = REQUESTS[pipeline] / (command.startsWith('LRANGE') ? 10 : 1);
  const sizes = ['-n', String(requests), '-P', String(pipeline)];
  const output = execFileSync(
    'redis-benchmark',
    ['-p', String(port), '-t', command.toLowerCase(), ...sizes, '--csv'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: STUCK_MS },
  );
  // "GET","48123.20",… ; LRANGE fills its list first, on lines of its own.
  const line = output.trim().split('\n').at(-1) ?? '';
  return Number(/^"[^"]*","([\d.]+)"/.exec(line)?.[1]);
}

/** @param {string} dir */
export function bundle(dir) {
  const script = join(import.meta.dirname, '../../src/hosts/bundle.mjs');
  execFileSync(process.execPath, [script], {
    env: { ...process.env, DIST: dir },
    timeout: STUCK_MS,
  });
  return join(dir, 'redis-server.mjs');
}

/** @param {string} program @param {readonly string[]} args @param {string} dir */
export async function start(program, args, dir) {
  const port = await freePort();
  const child = spawn(program, [...args, '--port', String(port)], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout.on('data', (text) => String(text).includes('Ready to accept') && resolve(null));
  });
  return { child, port };
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

/** @param {Figure} figure */
export function printTcp({ command, pipeline, ours, theirs, goal }) {
  const ratio = ours / theirs;
  const mark = goal === undefined ? '   ' : ratio >= goal ? 'ok ' : 'LOW';
  const speeds = [ours, theirs].map((speed) => Math.round(speed).toLocaleString('en').padStart(9));
  const wanted = goal === undefined ? '' : `, goal ${goal}`;
  const what = `${command} -P ${pipeline}`.padEnd(16);
  return `${mark} ${what} ${speeds.join(' /s beside ')} /s: ${ratio.toFixed(2)}${wanted}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const commands = process.argv.slice(2).map((name) => name.toUpperCase());
  const figures = await measureTcp(commands.length > 0 ? commands : undefined);
  for (const figure of figures) console.log(printTcp(figure));
}
