/// <reference lib="webworker" />
/**
 * A Node program in a worker of its own, which ends with it. It has the real clients, Node's modules
 * as far as `modules.ts` has them, and ends when nothing is open any more. See `messages.ts`.
 */
import './globals.ts';
import type { End, Order, Program, Report } from '../messages.ts';
import { applyPolicy } from '../policy.ts';
import { Printer } from '../printer.ts';
import { compile, Unreadable } from './compile.ts';
import { nodeConsole } from './console.ts';
import { useLabTimers } from './globals.ts';
import { FILE, HOME } from './home.ts';
import { NodeLab, setLab, theLab } from './lab.ts';
import { loadModules, requireModule } from './modules.ts';
import { writeFileSync } from './shims/fs.ts';
import { connectProcess, Exit, labDate, nodeProcess } from './shims/process.ts';
import { inspect } from './shims/util.ts';
import { followLab } from './timers.ts';

type Run = Extract<Order, { do: 'run' }>;

/** As Node: a program that awaits what nobody will settle. */
const UNSETTLED = 13;
const UNSETTLED_AFTER_MS = 500;
/** As many lines of a stack as Node shows. */
const FRAMES_AT_MOST = 10;

const realSetTimeout = setTimeout;
const report = self.postMessage.bind(self) as (message: Report) => void;
const printer = new Printer((chunks) => report({ kind: 'printed', chunks }));
let ended = false;
let settled = false;
let code = '';
/** How far the first line was moved to the right. */
let shift = 0;

self.onmessage = ({ data }: MessageEvent<Order>) => {
  if (data.do === 'clock') theLab().follow(data.clock);
  else if (data.do === 'run') void start(data);
};

self.addEventListener('error', (event) => {
  event.preventDefault();
  fail(event.error ?? new Error(event.message));
});

self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  fail(event.reason);
});

async function start({ program, port, hosts, clock }: Run): Promise<void> {
  const lab = new NodeLab(port, hosts, clock);
  setLab(lab);
  lab.onIdle = () => (settled ? soon : later)(endIfIdle);
  followLab();
  code = program.code;
  try {
    const compiled = compile(code);
    const { run, modules } = compiled;
    shift = compiled.shift;
    await loadModules(modules);
    furnish(program);
    report({ kind: 'started' });
    const module = { exports: {} };
    const finished = run(module.exports, requireModule, module, FILE, HOME);
    // What it waits for may be something that nothing here knows of: a digest, say.
    later(endIfIdle);
    await finished;
    settled = true;
    soon(endIfIdle);
  } catch (error) {
    fail(error);
  }
}

/** What the program finds when it begins. */
function furnish({ files = {} }: Program): void {
  applyPolicy();
  useLabTimers();
  for (const [name, text] of Object.entries(files)) writeFileSync(name, text);
  const write = (stream: 'out' | 'err', text: string) => {
    if (!ended) printer.print(stream, text);
  };
  connectProcess(write, (exitCode) => end({ code: exitCode }));
  Object.assign(globalThis, { console: nodeConsole(write), Date: labDate(Date) });
  // The program's own lines only: those of the clients and of this worker would bury them.
  Object.assign(Error, {
    stackTraceLimit: 50,
    prepareStackTrace: (error: Error, frames: readonly NodeJS.CallSite[]) =>
      [String(error), ...placesOf(frames)].join('\n    at '),
  });
}

/** Never empty: the clients cut an error's stack at its first line break. */
function placesOf(frames: readonly NodeJS.CallSite[]): string[] {
  const own = frames.filter((frame) => frame.getScriptNameOrSourceURL() === FILE).map(inWords);
  return own.length > 0 ? own.slice(0, FRAMES_AT_MOST) : ['<a library, or Node itself>'];
}

function inWords(frame: NodeJS.CallSite): string {
  const line = frame.getLineNumber() ?? 0;
  const column = (frame.getColumnNumber() ?? 0) - (line === 1 ? shift : 0);
  const place = `${FILE}:${line}:${Math.max(column, 1)}`;
  const name = frame.getFunctionName();
  return name && name !== 'eval' ? `${name} (${place})` : place;
}

/** Twice through the event loop: what has been promised may open something again. */
const soon = (task: () => void) => realSetTimeout(() => realSetTimeout(task), 0);
const later = (task: () => void) => realSetTimeout(task, UNSETTLED_AFTER_MS);

function endIfIdle(): void {
  if (ended || !theLab().isIdle) return;
  if (settled) nodeProcess.emit('beforeExit', nodeProcess.exitCode ?? 0);
  if (!theLab().isIdle) return;
  if (!settled) {
    printer.print('err', 'Warning: Detected unsettled top-level await\n');
    end({ code: UNSETTLED });
    return;
  }
  nodeProcess.emit('exit', nodeProcess.exitCode ?? 0);
  end({ code: nodeProcess.exitCode ?? 0 });
}

function fail(error: unknown): void {
  if (ended || error instanceof Exit) return;
  if (error instanceof Unreadable) {
    const { message, line, column } = error;
    printer.print('err', `${excerpt(line, column)}\nSyntaxError: ${message}\n`);
    end({ code: 1, syntaxErrorAt: line });
    return;
  }
  const handled = nodeProcess.emit('uncaughtException', error);
  if (handled) return;
  const [, line, column] = /example\.js:(\d+):(\d+)/.exec(stackOf(error)) ?? [];
  const place = line === undefined ? '' : `${excerpt(Number(line), Number(column) - 1)}\n`;
  printer.print('err', `${place}${uncaught(error)}\n`);
  end({ code: 1 });
}

const stackOf = (error: unknown): string => (error instanceof Error ? String(error.stack) : '');

const uncaught = (error: unknown): string =>
  error instanceof Error ? inspect(error) : `Uncaught ${inspect(error)}`;

/** A line of the program with a mark below it, as Node shows where it went wrong. */
function excerpt(line: number, column: number): string {
  const text = code.split('\n')[line - 1] ?? '';
  return `${FILE}:${line}\n${text}\n${' '.repeat(Math.min(column, text.length))}^\n`;
}

function end(how: End): void {
  if (ended) return;
  ended = true;
  printer.flush();
  report({ kind: 'ended', end: how, worn: true });
}
