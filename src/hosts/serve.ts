import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { Lab } from '../engine/lab/lab.ts';
import type { ConfigTexts } from '../engine/server/config.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';
import { createLog } from './log.ts';
import { openLua } from './lua-file.ts';
import { ConfFileError, optionLines, readConf } from './redis-conf.ts';
import { TcpHost } from './tcp.ts';

/**
 * Keyspace as a redis-server: `npm run serve -- [redis.conf] [--directive value ...]`. Starts, logs
 * and ends as redis-server does; what it holds is gone when it ends.
 */

const usage = `Usage: redis-server [/path/to/redis.conf] [options] [-]
       redis-server - (read config from stdin)
       redis-server -v or --version
       redis-server -h or --help

Examples:
       redis-server (run the server with default conf)
       echo 'maxmemory 128mb' | redis-server -
       redis-server ./redis.conf --port 7777
`;

const log = createLog((line) => process.stdout.write(line), process.pid);

async function start(args: readonly string[]): Promise<void> {
  const config = readConfiguration(args);
  const stopwatch = () => performance.now() * 1000;
  const lab = new Lab({ config, stopwatch, openLua, start: Date.now(), seed: Date.now() });
  const { server } = lab.nodes[0] as Lab['nodes'][number];
  const port = Number(server.config.text('port'));
  greet(port, server.config.text('always-show-logo') === 'yes');
  const host = new TcpHost(lab, (error) => log('warning', bugReport(error)));
  try {
    await host.listen(server.accept, { host: listenAddress(config), port });
  } catch (error) {
    fail(port, error);
  }
  log('warning', 'Server initialized');
  log('notice', 'Ready to accept connections');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => end(host, signal));
  }
}

/** The file that the first argument names, "-" for standard input, then all options. */
function readConfiguration(args: readonly string[]): ConfigTexts {
  const file = args[0]?.startsWith('--') ? undefined : args[0];
  const options = optionLines(args.slice(file === undefined ? 0 : 1).map(utf8Encode));
  try {
    return readConf(`${file === undefined ? '' : readFile(file)}\n${options}`);
  } catch (error) {
    if (!(error instanceof ConfFileError)) throw error;
    console.error(error.report(REDIS_VERSION));
    process.exit(1);
  }
}

function readFile(file: string): string {
  if (file === '-') return readFileSync(0, 'latin1');
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    log('warning', `Fatal error, can't open config file '${resolve(file)}': ${reasonOf(error)}`);
    process.exit(1);
  }
}

function greet(port: number, withLogo: boolean): void {
  const { pid } = process;
  log('warning', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  log(
    'warning',
    `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${pid}, just started`,
  );
  log('warning', 'Configuration loaded');
  if (withLogo) {
    const facts = ['Running in standalone mode', `Port: ${port}`, `PID: ${pid}`];
    console.log(`\n  Keyspace, a Redis ${REDIS_VERSION}\n\n  ${facts.join('\n  ')}\n`);
  } else {
    log('notice', `Running mode=standalone, port=${port}.`);
  }
}

/** The first address of `bind`; only this machine unless told otherwise. */
function listenAddress({ bind }: ConfigTexts): string {
  const address = bind?.split(' ')[0]?.replace(/^-/, '') ?? '127.0.0.1';
  return address === '*' ? '0.0.0.0' : address;
}

function fail(port: number, error: unknown): never {
  const what = `Could not create server TCP listening socket *:${port}: bind: ${reasonOf(error)}`;
  log('warning', `Warning: ${what}`);
  log('warning', `Failed listening on port ${port} (TCP), aborting.`);
  process.exit(1);
}

async function end(host: TcpHost, signal: string): Promise<void> {
  const seconds = Math.floor(Date.now() / 1000);
  console.log(
    `${process.pid}:signal-handler (${seconds}) Received ${signal} scheduling shutdown...`,
  );
  log('warning', 'User requested shutdown...');
  await host.close();
  log('warning', 'Redis is now ready to exit, bye bye...');
  process.exit(0);
}

/** What the C library says about an error of the system. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EACCES: 'Permission denied',
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
};

/** A command threw what none should: the connection is closed, the server goes on. */
const bugReport = (error: unknown): string =>
  `=== REDIS BUG REPORT: ${error instanceof Error ? error.stack : error}`;

const [first = '', second] = process.argv.slice(2);
if (second === undefined && (first === '-v' || first === '--version')) {
  console.log(`Redis server v=${REDIS_VERSION} sha=00000000:0 malloc=libc bits=64 build=keyspace`);
} else if (second === undefined && (first === '-h' || first === '--help')) {
  process.stderr.write(usage);
  process.exitCode = 1;
} else {
  await start(process.argv.slice(2));
}
