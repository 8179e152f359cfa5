import type { Bash, BashExecResult } from 'just-bash/browser';
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { absolute } from '../engine/bytes/path.ts';
import type { OpenBash } from './bash.ts';
import { Jobs, until } from './jobs.ts';
import {
  type Ask,
  HOME,
  INTERRUPTED_STATUS,
  Interrupted,
  type Machine,
  type Program,
  type TerminalOutput,
} from './program.ts';
import { runProgram } from './run-program.ts';
import { isPiped, plainCall, statements, withoutAmpersand } from './statements.ts';
import { arraysIn, withHeader } from './streaming.ts';

/** `rm -rf /`, which rm refuses; bash's own here would do it. */
const REMOVES_ALL =
  /(^|[;&|]\s*|\bsudo\s+)rm\s+(?=.*(-\w*[rR]|--recursive))(--?\S+\s+)*\/+\s*($|[;&|])/;
const ROOT_IS_KEPT =
  "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n";

export interface TerminalStart {
  /** Asks who sits there, if somebody does; in text for people. */
  readonly ask?: Ask | undefined;
  /** The variables that it begins with, PWD among them, in place of those of a login. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

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
  readonly #jobs = new Jobs();
  readonly #arrays = new Set<string>();

  constructor(
    machine: Machine,
    programs: Readonly<Record<string, Program>>,
    output: TerminalOutput,
    { ask, env }: TerminalStart = {},
  ) {
    this.#machine = machine;
    const { kill } = programs;
    this.#programs = kill ? { ...programs, ...this.#jobs.programs(kill) } : programs;
    this.#output = output;
    this.#ask = ask;
    if (env) this.#env = { ...env };
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
    if (REMOVES_ALL.test(statement)) {
      this.#output.err(ROOT_IS_KEPT);
      return 1;
    }
    const text = statement.replace(/\$!|\$\{!\}/g, () => String(this.#jobs.latest?.pid ?? ''));
    const beside = withoutAmpersand(text);
    if (beside === undefined) return this.#runPart(text, { signal });
    this.#jobs.start(beside.trim(), signal, (ending, becomes) =>
      this.#runPart(beside, { signal: ending, becomes }),
    );
    // Whoever asks for it next finds it running.
    for (let i = 0; i < 2; i++) await this.#machine.breathe();
    return 0;
  }

  #runPart(text: string, how: Running): Promise<number> {
    const [name = '', ...args] = plainCall(text) ?? [];
    const program = Object.hasOwn(this.#programs, name) ? this.#programs[name] : undefined;
    if (!program) return this.#runBash(text, how);
    return this.#runProgram(program, args.map(utf8Encode), how);
  }

  async #runProgram(
    program: Program,
    args: readonly string[],
    { signal, becomes }: Running,
  ): Promise<number> {
    const ask = this.#ask && askingIn(this.#ask);
    try {
      if (this.#bash) await (await this.#bash).disk.toHost();
      return await runProgram(program, {
        args,
        env: this.#env,
        folder: this.#folder,
        stdin: undefined,
        ask: becomes ? undefined : ask,
        becomes,
        isTerminal: this.#isSeen,
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

  async #runBash(statement: string, { signal, becomes }: Running): Promise<number> {
    const { out, err } = this.#output;
    const { bash, disk } = await this.#opened();
    await disk.toBash();
    const isSeen = this.#isSeen && !this.#isPiped(statement);
    for (const name of arraysIn(statement)) this.#arrays.add(name);
    const told = { isSeen, status: this.#status, arrays: this.#arrays };
    const script = withHeader(statement, told);
    const result = await stoppable(bash, script, this.#env, signal);
    if (result === undefined) {
      if (!becomes) err('^C\n');
      return INTERRUPTED_STATUS;
    }
    if (result.stdout !== '') out(result.stdout);
    const complaint = result.stderr.replace(/, increase executionLimits\.\w+/g, '');
    if (complaint !== '') err(complaint);
    if (!becomes) this.#env = { ...result.env };
    await disk.toHost();
    return result.exitCode;
  }

  /** Bash is fetched when the first statement needs it. */
  #opened(): Promise<OpenBash> {
    this.#bash ??= import('./bash.ts').then(({ openBash }) =>
      openBash(this.#machine, this.#programs, this.#output),
    );
    return this.#bash;
  }

  get #isSeen(): boolean {
    return this.#output.isTerminal ?? true;
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

/** How a statement runs: until the signal ends it; beside others, if it becomes a process. */
interface Running {
  readonly signal: AbortSignal;
  readonly becomes?: (pid: number) => void;
}

/** The result, or undefined when it was stopped first: bash itself may hear of that late. */
async function stoppable(
  bash: Bash,
  script: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<BashExecResult | undefined> {
  const folder = env.PWD ?? HOME;
  const result = bash.exec(script, { env, cwd: folder, rawScript: true, signal });
  result.catch(() => {});
  const first = await until(result, signal);
  return signal.aborted ? undefined : first;
}
