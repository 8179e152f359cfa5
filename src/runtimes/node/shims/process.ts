/** Stands in for Node's `process`, as far as a worker has one. */
import EventEmitter from 'events/';
import { FILE, HOME } from '../home.ts';
import { theLab } from '../lab.ts';

/** Thrown by `process.exit`, so that the program goes no further. */
export class Exit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

type Write = (stream: 'out' | 'err', text: string) => void;

const startedAt = performance.now();
const hooks: { write: Write; exit: (code: number) => void } = { write() {}, exit() {} };

/** What the worker does for the process. */
export function connectProcess(write: Write, exit: (code: number) => void): void {
  Object.assign(hooks, { write, exit });
}

const stream = (name: 'out' | 'err', fd: number) => ({
  fd,
  isTTY: false,
  columns: 80,
  write(text: string | Uint8Array, ...rest: unknown[]): boolean {
    hooks.write(name, typeof text === 'string' ? text : new TextDecoder().decode(text));
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    if (done) queueMicrotask(done);
    return true;
  },
  on: () => {},
  once: () => {},
});

const nanoseconds = (): bigint => BigInt(Math.round((performance.now() - startedAt) * 1e6));

function hrtime(since?: readonly [number, number]): [number, number] {
  const now = Number(nanoseconds());
  const total = since ? now - since[0] * 1e9 - since[1] : now;
  return [Math.floor(total / 1e9), total % 1e9];
}

const facts = {
  argv: ['/usr/bin/node', FILE],
  argv0: 'node',
  env: {} as Record<string, string>,
  execArgv: [],
  exitCode: undefined as number | undefined,
  pid: 4242,
  platform: 'linux',
  title: 'node',
  version: 'v20.20.2',
  versions: { node: '20.20.2' },
  release: { name: 'node' },
  stdin: { isTTY: false, on: () => {}, resume: () => {}, setEncoding: () => {} },
  stdout: stream('out', 1),
  stderr: stream('err', 2),
  cwd: () => HOME,
  nextTick: (task: (...args: unknown[]) => void, ...args: unknown[]) =>
    queueMicrotask(() => task(...args)),
  hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
  uptime: () => (performance.now() - startedAt) / 1000,
  memoryUsage: Object.assign(
    () => ({ rss: 5e7, heapTotal: 3e7, heapUsed: 2e7, external: 1e6, arrayBuffers: 1e5 }),
    { rss: () => 5e7 },
  ),
  emitWarning: (warning: unknown) => hooks.write('err', `(node:4242) ${String(warning)}\n`),
  exit(code?: number): never {
    const exitCode = code ?? nodeProcess.exitCode ?? 0;
    nodeProcess.emit('exit', exitCode);
    hooks.exit(exitCode);
    throw new Exit(exitCode);
  },
};

export const nodeProcess = Object.assign(new EventEmitter(), facts);
/** Lab time: what `Date` says here. */
export const labDate = (RealDate: DateConstructor): DateConstructor =>
  new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget),
    apply: () => new Date().toString(),
    get: (target, name) =>
      name === 'now' ? () => Math.floor(theLab().now()) : Reflect.get(target, name),
  });

export const { nextTick, env, platform, version, versions } = facts;
export default nodeProcess;
