/**
 * Runs a program of the learner's against the servers of a lab: Python, Node, a script of the shell,
 * or a configuration that a server is started with. What runs it is loaded when the first one does.
 */
import type { World } from '../wire/link.ts';
import type { End, Program } from './messages.ts';
import { type Screen, ScreenLog } from './screen.ts';
import { runInTerminal } from './shell.ts';

export type { End, Program } from './messages.ts';

export interface ProgramRun {
  readonly world: World;
  readonly signal: AbortSignal;
  /** Hears of everything that changes on the screen. */
  show(screen: Screen): void;
  /** Told what the program's connections carry: `TapMessage`s. */
  readonly tap?: MessagePort | undefined;
}

export type ProgramLanguage = Program['language'];

export const isProgramLanguage = (name: string): name is ProgramLanguage =>
  Object.hasOwn(languages, name);

/** What the hosts of a lab are called, beside their addresses. */
const hosts = { localhost: '127.0.0.1', redis: '127.0.0.1' };

/** Resolves with how it ended; rejects when it was stopped, or could not be run at all. */
export async function runProgram(program: Program, run: ProgramRun): Promise<End> {
  const { world, signal, show, tap } = run;
  const screen = new ScreenLog(show);
  const { perform } = await languages[program.language]();
  signal.throwIfAborted();
  return perform(program, { world, hosts, signal, screen, tap });
}

const languages = {
  python: async () => ({ perform: (await import('./python/machine.ts')).runPython }),
  node: async () => ({ perform: (await import('./node/machine.ts')).runNode }),
  shell: async () => ({ perform: runInTerminal }),
  conf: async () => ({ perform: runInTerminal }),
  acl: async () => ({ perform: runInTerminal }),
  'sentinel-conf': async () => ({ perform: runInTerminal }),
  'prometheus-conf': async () => ({ perform: runInTerminal }),
  yaml: async () => ({ perform: runInTerminal }),
};

/** Of a program that did not end well: a sentence. */
export const failureOf = ({ code, syntaxErrorAt }: End): string | undefined => {
  if (syntaxErrorAt !== undefined) return `It cannot be run: look at line ${syntaxErrorAt}.`;
  return code === 0 ? undefined : `It ended with exit code ${code}.`;
};
