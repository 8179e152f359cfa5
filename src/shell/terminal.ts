import type { Bash, BashExecResult, InMemoryFs } from 'just-bash/browser';
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { absolute } from '../engine/bytes/path.ts';
import type { SharedDisk } from './disk.ts';
import {
  type Ask,
  type Call,
  INTERRUPTED_STATUS,
  Interrupted,
  type Machine,
  type Program,
} from './program.ts';
import { runProgram } from './run-program.ts';
import { isPiped, plainCall, statements } from './statements.ts';

/** What a terminal shows, as text for people. */
export interface TerminalOutput {
  out(text: string): void;
  err(text: string): void;
}

/** How long bash may work on one statement, in ms of real time. */
const PATIENCE_MS = 20_000;
/** How many commands a statement may run: so many take a second or two, in which nobody is heard. */
const MOST_COMMANDS = 30_000;
export const HOME = '/root';

/** `rm -rf /`, which rm refuses; bash's own here would do it. */
const REMOVES_ALL =
  /(^|[;&|]\s*|\bsudo\s+)rm\s+(?=.*(-\w*[rR]|--recursive))(--?\S+\s+)*\/+\s*($|[;&|])/;
const ROOT_IS_KEPT =
  "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n";

/**
 * A terminal on a host: statements in, text out. A statement that only calls one of our programs is
 * run here, so that its output streams and Ctrl-C ends it; everything else goes through bash, with
 * the same programs in it. Variables and the folder are kept from one statement to the next.
 */
export class Terminal {
  readonly #machine: Machine;
  readonly #programs: Readonly<Record<string, Program>>;
  readonly #output: TerminalOutput;
  readonly #ask: Ask | undefined;
  #env: Record<string, string> = { HOME, PWD: HOME, USER: 'root', PATH: '/usr/bin:/bin' };
  #bash: Promise<OpenBash> | undefined;
  #interrupt = new AbortController();
  /** What `$?` is to the next statement. */
  #status = 0;

  constructor(
    machine: Machine,
    programs: Readonly<Record<string, Program>>,
    output: TerminalOutput,
    /** Asks who sits there, if somebody does; in text for people. */
    ask?: Ask,
  ) {
    this.#machine = machine;
    this.#programs = programs;
    this.#output = output;
    this.#ask = ask;
  }

  /** Runs a script. Resolves with the status of its last statement. */
  async run(script: string): Promise<number> {
    this.#interrupt = new AbortController();
    const { signal } = this.#interrupt;
    let status = 0;
    for (const statement of statements(script)) {
      status = await this.#runStatement(statement, signal);
      this.#status = status;
      if (signal.aborted) return INTERRUPTED_STATUS;
      if (/^\s*exit\b/.test(statement)) break;
    }
    return status;
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#interrupt.abort();
  }

  async #runStatement(statement: string, signal: AbortSignal): Promise<number> {
    const plain = plainCall(statement);
    const [name = '', ...args] = plain?.words ?? [];
    const program = Object.hasOwn(this.#programs, name) ? this.#programs[name] : undefined;
    if (REMOVES_ALL.test(statement)) {
      this.#output.err(ROOT_IS_KEPT);
      return 1;
    }
    if (!plain || !program) return this.#runBash(statement, signal);
    const { isBackground } = plain;
    const running = this.#runProgram(program, { args: args.map(utf8Encode), isBackground }, signal);
    if (!isBackground) return running;
    running.catch(() => {});
    return 0;
  }

  async #runProgram(
    program: Program,
    { args, isBackground }: { readonly args: readonly string[]; readonly isBackground: boolean },
    signal: AbortSignal,
  ): Promise<number> {
    const ask = this.#ask && askingIn(this.#ask);
    try {
      if (this.#bash) await (await this.#bash).disk.toHost();
      return await runProgram(program, {
        args,
        env: this.#env,
        folder: this.#folder,
        stdin: undefined,
        ask: isBackground ? undefined : ask,
        isTerminal: true,
        machine: this.#machine,
        print: (text) => this.#output.out(utf8Decode(text)),
        complain: (text) => this.#output.err(utf8Decode(text)),
        signal,
      });
    } catch (error) {
      if (error instanceof Interrupted || signal.aborted) return INTERRUPTED_STATUS;
      throw error;
    }
  }

  async #runBash(statement: string, signal: AbortSignal): Promise<number> {
    this.#bash ??= openBash(this.#machine, this.#programs);
    const { bash, disk } = await this.#bash;
    await disk.toBash();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const script = withHeader(statement, this.#isPiped(statement), this.#status);
    const result = await stoppable(bash, script, this.#env, limit);
    if (result === undefined) {
      const why = signal.aborted ? '^C\n' : `bash: stopped after ${PATIENCE_MS / 1000} s\n`;
      this.#output.err(why);
      return INTERRUPTED_STATUS;
    }
    this.#output.out(result.stdout);
    this.#output.err(result.stderr.replace(/, increase executionLimits\.\w+/g, ''));
    this.#env = { ...result.env };
    await disk.toHost();
    return result.exitCode;
  }

  /** Whether its output goes on, in the statement itself or in a script file that it calls. */
  #isPiped(statement: string): boolean {
    const words = statement.match(/[\w./-]+/g) ?? [];
    const called = words.map(
      (word) => this.#machine.files.read(absolute(word, this.#folder)) ?? '',
    );
    return isPiped(statement) || called.some((text) => text.startsWith('#!') && isPiped(text));
  }

  get #folder(): string {
    return this.#env.PWD ?? HOME;
  }
}

/** What is typed, as the bytes that a program reads. */
const askingIn =
  (ask: Ask): Ask =>
  async (prompt) => {
    const line = await ask(utf8Decode(prompt));
    return line === undefined ? undefined : utf8Encode(line);
  };

interface OpenBash {
  readonly bash: Bash;
  readonly disk: SharedDisk;
}

/** Bash is fetched when the first statement needs it. */
async function openBash(
  machine: Machine,
  programs: Readonly<Record<string, Program>>,
): Promise<OpenBash> {
  const { Bash, defineCommand, InMemoryFs } = await import('just-bash/browser');
  const { SharedDisk } = await import('./disk.ts');
  const fs: InMemoryFs = new InMemoryFs();
  let disk: SharedDisk | undefined;
  const commands = Object.entries(programs).map(([name, program]) =>
    defineCommand(name, async (args, { stdin, env, cwd, signal }) => {
      const printed = { stdout: '', stderr: '' };
      await disk?.toHost();
      const call: Call = {
        args: args.map(utf8Encode),
        env: Object.fromEntries(env),
        folder: cwd,
        stdin: String(stdin),
        isTerminal: env.get(PIPED) !== 'yes',
        machine,
        print: (text) => {
          printed.stdout += text;
        },
        complain: (text) => {
          printed.stderr += text;
        },
        signal: signal ?? new AbortController().signal,
      };
      const exitCode = await runProgram(program, call);
      await disk?.toBash();
      return { stdout: utf8Decode(printed.stdout), stderr: utf8Decode(printed.stderr), exitCode };
    }),
  );
  // A statement that is stopped is not waited for any more.
  const { signal } = new AbortController();
  const sleep = (ms: number) => machine.sleep(ms, signal);
  const executionLimits = { maxCommandCount: MOST_COMMANDS };
  const bash = new Bash({ fs, cwd: HOME, customCommands: commands, sleep, executionLimits });
  await fs.mkdir(HOME, { recursive: true });
  disk = new SharedDisk(fs, machine.files);
  return { bash, disk };
}

/** Tells programs within a statement that nobody reads their output directly. */
const PIPED = 'KEYSPACE_PIPED';
const withHeader = (statement: string, piped: boolean, status: number) =>
  `${PIPED}=${piped ? 'yes' : 'no'}; export ${PIPED}; (exit ${status})\n${statement}`;

/** The result, or undefined when it was stopped first: bash itself may hear of that late. */
async function stoppable(
  bash: Bash,
  script: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<BashExecResult | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const folder = env.PWD ?? HOME;
  const result = bash.exec(script, { env, cwd: folder, rawScript: true, signal });
  result.catch(() => {});
  const first = await Promise.race([result, stopped]);
  return signal.aborted ? undefined : first;
}
