/** What one may say to the debugger while the script stands still. */
import type { DebugScreen } from './debug-screen.ts';
import type { DebugView } from './machine.ts';

/** What the commands work on. */
export interface DebugSession {
  readonly screen: DebugScreen;
  readonly view: DebugView;
  /** The script runs one line. */
  step(): void;
  /** It runs to the next breakpoint. */
  go(): void;
  abort(): void;
  /** Calls a command of Redis, and shows it with its reply. */
  callRedis(argv: readonly string[]): void;
}

type DebugCommand = (session: DebugSession, args: readonly string[]) => void;

/** Runs a command, or says that there is none. */
export function runDebugCommand(session: DebugSession, argv: readonly string[]): void {
  const [name = '', ...args] = argv;
  const run = byName.get(name.toLowerCase());
  if (run && !(run === redis && args.length === 0)) run(session, args);
  else session.screen.log(UNKNOWN);
}

const UNKNOWN = '<error> Unknown Redis Lua debugger command or wrong number of arguments.';
const LINES_AROUND = 5;

const help: DebugCommand = ({ screen }) => {
  for (const line of HELP) screen.log(line);
};

const maxlen: DebugCommand = ({ screen }, [bytes]) =>
  screen.setMaxLength(bytes === undefined ? undefined : numberOf(bytes));

const breakAt: DebugCommand = ({ screen }, lines) => {
  if (lines.length === 0) screen.showBreakpoints();
  for (const text of lines) {
    const line = Number(text);
    if (!/^(0|-?[1-9]\d*)$/.test(text)) screen.log(`Invalid argument:'${text}'`);
    else if (line > 0) screen.addBreakpoint(line);
    else if (line < 0) screen.removeBreakpoint(-line);
    else {
      screen.clearBreakpoints();
      screen.log('All breakpoints removed.');
    }
  }
};

const evaluate: DebugCommand = ({ view, screen }, words) => {
  const result = view.evaluate(words.join(' '));
  if ('error' in result) screen.log(`<error> ${result.error}`);
  else screen.logValue(`<retval> ${result.value}`);
};

const redis: DebugCommand = (session, argv) => session.callRedis(argv);

const print: DebugCommand = ({ view, screen }, args) => {
  const [name] = args;
  if (name !== undefined && args.length === 1) {
    const value = view.find(name);
    if (value === undefined) screen.log('No such variable.');
    else screen.logValue(`<value> ${value}`);
    return;
  }
  const { locals } = view;
  for (const [local, value] of locals) screen.logValue(`<value> ${local} = ${value}`);
  if (locals.length === 0) screen.log('No local variables in the current context.');
};

const list: DebugCommand = ({ screen }, [around, context]) => {
  const wanted = numberOf(around);
  const lines = context === undefined ? LINES_AROUND : numberOf(context);
  screen.list(wanted > 0 ? wanted : screen.line, lines);
};

const trace: DebugCommand = ({ view, screen }) => {
  for (const [depth, { name, line }] of view.frames.entries()) {
    screen.log(`${depth === 0 ? 'In' : 'From'} ${name ?? 'top level'}:`);
    screen.logSource(line);
  }
};

/** A number as C's atoi() reads it. */
const numberOf = (text = ''): number => Number.parseInt(text, 10) || 0;

const byName: ReadonlyMap<string, DebugCommand> = new Map(
  Object.entries({
    ...{ h: help, help, m: maxlen, maxlen, b: breakAt, break: breakAt },
    ...{ e: evaluate, eval: evaluate, r: redis, redis, p: print, print },
    ...{ l: list, list, t: trace, trace },
    ...named(['s', 'step', 'n', 'next'], ({ step }) => step()),
    ...named(['c', 'continue'], ({ go }) => go()),
    ...named(['a', 'abort'], ({ abort }) => abort()),
    ...named(['w', 'whole'], ({ screen }) => screen.list(undefined, 0)),
  }),
);

function named(names: readonly string[], run: DebugCommand): Record<string, DebugCommand> {
  return Object.fromEntries(names.map((name) => [name, run]));
}

/** The commands, in our own words. */
const HELP = [
  'Redis Lua debugger help:',
  '[h]elp               These lines.',
  '[s]tep, [n]ext       Run this line and stop before the next one.',
  '[c]ontinue           Run to the next breakpoint, or to the end.',
  '[l]ist [line] [ctx]  The script around this line, or around another;',
  '                     ctx lines before and after it.',
  '[w]hole              The whole script.',
  '[p]rint [var]        All local variables, or one; also KEYS and ARGV.',
  '[b]reak              All breakpoints.',
  '[b]reak <line>       Stop there, too; -<line> not any more, 0 nowhere.',
  '[t]race              Who has called whom.',
  '[e]val <code>        Run some Lua, which sees what is global.',
  '[r]edis <cmd>        Call a command.',
  '[m]axlen [bytes]     Cut long values and replies; 0 does not.',
  '[a]bort              End the script; what it wrote stays, in sync mode.',
  '',
  'In the script:',
  'redis.debug(...)     Shows values here.',
  'redis.breakpoint()   Stops before the next line.',
];
