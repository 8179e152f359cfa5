import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { Lab, type LabOptions } from '../engine/lab/lab.ts';
import type { Dial } from '../engine/network/network.ts';
import { LoadError } from '../engine/persistence/host.ts';
import { type Conf, ConfFileError, optionLines } from '../engine/server/conf-file.ts';
import type { ConfigTexts } from '../engine/server/config.ts';
import { terminate } from '../engine/server/shutdown.ts';
import {
  greet,
  modeOf,
  tellEnd,
  tellMode,
  tellNotListening,
  versionLine,
} from '../engine/server/startup.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';
import { FolderDisk, reasonOf } from './folder-disk.ts';
import { bugReport, createLog } from './log.ts';
import { openLua } from './lua-file.ts';
import { catchUp } from './pace.ts';
import { listenAddress, readServerConf } from './redis-conf.ts';
import { serveLab } from './serve-lab.ts';
import { serveSentinel } from './serve-sentinel.ts';
import { TcpHost } from './tcp.ts';
import { mayEnter, TlsError, tlsOptions } from './tls.ts';

/**
 * Keyspace as a redis-server: `npm run serve -- [redis.conf] [--directive value ...]`, or a whole
 * data centre with `--lab` (see serve-lab.ts). Starts, logs
 * and ends as redis-server does, its files in the folder that `dir` names.
 */

const usage = `Usage: redis-server [/path/to/redis.conf] [options] [-]
       redis-server - (read config from stdin)
       redis-server -v or --version
       redis-server -h or --help

Examples:
       redis-server (run the server with default conf)
       echo 'maxmemory 128mb' | redis-server -
       redis-server ./redis.conf --port 7777

Sentinel mode:
       redis-server ./sentinel.conf --sentinel

A whole data centre:
       redis-server --lab servers|nodes|replicated|sentinel|cluster [--base-port 7000]
`;

type Server = Lab['nodes'][number]['server'];

// A command runs through many small functions: more of them than V8 makes one of by itself.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');

const log = createLog((line) => process.stdout.write(line), process.pid);

async function start(args: readonly string[]): Promise<void> {
  const conf = readConfiguration(args);
  const config: ConfigTexts = { dir: process.cwd(), ...conf.texts };
  const port = Number(config.port ?? 6379);
  greet(log, process.pid, args.length > 0);
  showMode(port, config);
  const outside: Dial = (to, listener) => host.dial(to, listener);
  const told = { ...conf, config, outside, ...configFileOf(args) };
  const lab = openLab(told, () => void leave(host, server.settings.crashSignal));
  const { server } = lab.nodes[0] as Lab['nodes'][number];
  const host = new TcpHost(lab, (error) => log('warning', bugReport(error)));
  catchUp(lab.clock);
  const address = listenAddress(config);
  if (port !== 0)
    await open(port, 'TCP', () => host.listen(server.accept, { host: address, port }));
  await openTls(host, server, address);
  await openBus(host, server, address);
  log('warning', 'Server initialized');
  log('notice', 'Ready to accept connections');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => end(server, signal));
  }
}

async function open(port: number, kind: string, listen: () => Promise<number>): Promise<void> {
  try {
    await listen();
  } catch (error) {
    fail(port, kind, error);
  }
}

/** Listens to the other nodes, where the server is one of a cluster. */
async function openBus(host: TcpHost, server: Server, address: string): Promise<void> {
  if (!server.cluster) return;
  const { busPort: port } = server.cluster.state.myself;
  if (port > 65_535) {
    log(
      'warning',
      'Redis port number too high. Cluster communication port is 10,000 port numbers higher than your Redis port. Your Redis port number must be 55535 or less.',
    );
    process.exit(1);
  }
  await open(port, 'Cluster', () => host.listen(server.acceptBus, { host: address, port }));
}

/** Listens at tls-port, where there is one. */
async function openTls(host: TcpHost, { accept, config }: Server, address: string): Promise<void> {
  const port = Number(config.text('tls-port'));
  if (port === 0) return;
  const text = (directive: string) => config.text(directive);
  const onRefused = (why: string) => log('warning', `Error accepting a client connection: ${why}`);
  try {
    const options = tlsOptions(text);
    const tls = { options, mayEnter: (socket: TLSSocket) => mayEnter(socket, text), onRefused };
    await open(port, 'TLS', () => host.listenTls(accept, { host: address, port }, tls));
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    log('warning', error.message);
    log('warning', 'Failed to configure TLS. Check logs for more info.');
    process.exit(1);
  }
}

/** Where the configuration file is, for CONFIG REWRITE. */
function configFileOf([file]: readonly string[]): { configFile?: string } {
  if (file === undefined || file.startsWith('-')) return {};
  return { configFile: resolve(file) };
}

/** The file that the first argument names, "-" for standard input, then all options. */
function readConfiguration(args: readonly string[]): Conf {
  const file = args[0]?.startsWith('--') ? undefined : args[0];
  const options = optionLines(args.slice(file === undefined ? 0 : 1).map(utf8Encode));
  try {
    return readServerConf(`${file === undefined ? '' : readFile(file)}\n${options}`);
  } catch (error) {
    if (!(error instanceof ConfFileError)) {
      log('warning', `Fatal error, can't open config file: ${reasonOf(error)}`);
      process.exit(1);
    }
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

function showMode(port: number, config: ConfigTexts): void {
  if (config['always-show-logo'] !== 'yes') {
    tellMode(log, port, modeOf(config));
    return;
  }
  const facts = [`Running in ${modeOf(config)} mode`, `Port: ${port}`, `PID: ${process.pid}`];
  console.log(`\n  Keyspace, a Redis ${REDIS_VERSION}\n\n  ${facts.join('\n  ')}\n`);
}

function fail(port: number, kind: string, error: unknown): never {
  tellNotListening(log, port, kind, reasonOf(error));
  process.exit(1);
}

/** The server with what its files hold. */
function openLab(told: LabOptions, onShutdown: () => void): Lab {
  const stopwatch = () => performance.now() * 1000;
  const { pid: processId } = process;
  const options = {
    ...told,
    stopwatch,
    processId,
    openLua,
    onShutdown,
    disk: new FolderDisk(),
    log,
  };
  try {
    return new Lab({ ...options, start: Date.now(), seed: Date.now() });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    log('warning', error.message);
    const isData = !error.message.startsWith('Unrecoverable');
    if (isData) log('warning', 'Fatal error loading the DB, check server logs. Exiting.');
    process.exit(1);
  }
}

function end(server: Server, signal: 'SIGINT' | 'SIGTERM'): void {
  const seconds = Math.floor(Date.now() / 1000);
  console.log(
    `${process.pid}:signal-handler (${seconds}) Received ${signal} scheduling shutdown...`,
  );
  terminate(server, signal === 'SIGINT' ? 'sigint' : 'sigterm');
}

/** `signal` is the one that has ended it, if it has crashed: a shell adds 128 to it. */
async function leave(host: TcpHost, signal: number): Promise<void> {
  await host.close();
  if (signal !== 0) process.exit(128 + signal);
  tellEnd(log, false);
  process.exit(0);
}

const [first = '', second] = process.argv.slice(2);
if (second === undefined && (first === '-v' || first === '--version')) {
  console.log(versionLine);
} else if (second === undefined && (first === '-h' || first === '--help')) {
  process.stderr.write(usage);
  process.exitCode = 1;
} else if (process.argv.includes('--sentinel')) {
  await serveSentinel(process.argv.slice(2).filter((arg) => arg !== '--sentinel'));
} else if (process.argv.includes('--lab')) {
  await serveLab(process.argv.slice(2));
} else {
  await start(process.argv.slice(2));
}
