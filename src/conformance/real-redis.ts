import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The redis-server that Keyspace is compared with: every reply of 7.0 is the reference. */
export const REFERENCE = '7.0';

/** A redis-server that can be started: its program, and what it is. */
export interface Reference {
  readonly program: string;
  readonly version: string;
}

const reference: Reference = { program: 'redis-server', version: REFERENCE };

/**
 * A newer one beside it, where REDIS_SERVER_NEW names its program: for what 7.0 does not know. CI has
 * none, so what is newer than the reference is compared where it is written.
 */
export function newerRedis(): Reference | undefined {
  const program = process.env.REDIS_SERVER_NEW;
  if (program === undefined) return undefined;
  const version = versionOf(program);
  if (version === undefined) throw new Error(`REDIS_SERVER_NEW: no redis-server at ${program}`);
  return { program, version };
}

/** The one that knows what came with this version of Redis (of 7.0 when not given), if one does. */
export function referenceFor(since: string | undefined): Reference | undefined {
  if (since === undefined || reaches(REFERENCE, since)) return reference;
  const newer = newerRedis();
  return newer && reaches(newer.version, since) ? newer : undefined;
}

/** Whether a version, `8.0.2`, has what came with another, `7.4`; further digits do not count. */
export function reaches(version: string, since: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = since.split('.').map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** A running redis-server of its own: free port, empty folder, nothing saved. */
export interface RealRedis {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  /** Everything it has printed. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Whether a comparison can be made on this machine. When not, one line says what was not compared;
 * with CI=true it is a failure instead.
 */
export function canCompare(what: string): boolean {
  const missing = findMissing();
  if (missing === undefined) return true;
  if (process.env.CI === 'true') throw new Error(`${what} not compared: ${missing}`);
  console.warn(`${what} not compared: ${missing}`);
  return false;
}

/** Starts a redis-server; resolves when it accepts connections. `args` are further directives. */
export async function startRealRedis(
  args: readonly string[] = [],
  { program } = reference,
): Promise<RealRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'keyspace-redis-'));
  const port = await freePort();
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const child = spawn(program, [...own, '--enable-debug-command', 'yes', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  const stop = async () => {
    await end(child);
    // A child that was writing may still be at it.
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  await untilReady(child, printed).catch(async (error) => {
    await stop();
    throw error;
  });
  const pid = child.pid as number;
  return { host: '127.0.0.1', port, pid, dir, log: () => printed.join(''), stop };
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function findMissing(): string | undefined {
  const version = versionOf(reference.program);
  if (version === undefined) return 'no redis-server here';
  if (version.startsWith(`${REFERENCE}.`)) return undefined;
  return `redis-server here is ${version}, not ${REFERENCE}`;
}

function versionOf(program: string): string | undefined {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return / v=(\S+)/.exec(stdout ?? '')?.[1];
}

function untilReady(child: ChildProcess, printed: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (printed.join('').includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended:\n${printed.join('')}`)));
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
