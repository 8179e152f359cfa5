/** Bash itself, with our programs in it; fetched when the first statement needs it. */
import { Bash, defineCommand, type FileContent, InMemoryFs } from 'just-bash/browser';
import { fromUint8, utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { SharedDisk } from './disk.ts';
import { type Call, HOME, type Machine, type Program, type TerminalOutput } from './program.ts';
import { runProgram } from './run-program.ts';
import { ARRAYS_FILE, ERR_FILE, OUT_FILE, SEEN, streaming, withoutMark } from './streaming.ts';

export interface OpenBash {
  readonly bash: Bash;
  readonly disk: SharedDisk;
}

/** How many commands a statement may run: so many take a second or two, in which nobody is heard. */
const MOST_COMMANDS = 30_000;

export async function openBash(
  machine: Machine,
  programs: Readonly<Record<string, Program>>,
  output: TerminalOutput,
): Promise<OpenBash> {
  const fs = new TerminalFs(output);
  let disk: SharedDisk | undefined;
  const commands = Object.entries(programs).map(([name, program]) =>
    defineCommand(name, async (words, { stdin, env, cwd, signal }) => {
      const { args, isSeen = env.get(SEEN) === 'yes' } = withoutMark(words);
      const printed = { stdout: '', stderr: '' };
      await disk?.toHost();
      const call: Call = {
        args: args.map(utf8Encode),
        env: Object.fromEntries(env),
        folder: cwd,
        stdin: String(stdin),
        isTerminal: isSeen,
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
  // Who sleeps may wait for a file.
  const sleep = async (ms: number) => {
    await disk?.toHost();
    await machine.sleep(ms, signal);
    await disk?.toBash();
  };
  const executionLimits = { maxCommandCount: MOST_COMMANDS };
  const bash = new Bash({
    fs,
    cwd: HOME,
    customCommands: [...commands, xargs],
    sleep,
    executionLimits,
  });
  bash.registerTransformPlugin(streaming((name) => Object.hasOwn(programs, name)));
  await fs.mkdir(HOME, { recursive: true });
  await fs.writeFile(ARRAYS_FILE, '');
  disk = new SharedDisk(fs, machine.files);
  return { bash, disk };
}

/** Bash's own takes `-n 1`, but not `-n1`. */
const xargs = defineCommand('xargs', async (args, { origCommand }) => {
  const end = args.findIndex(
    (word, i) => !word.startsWith('-') && !/^-[nILPd]$/.test(args[i - 1] ?? ''),
  );
  const options = args.slice(0, end < 0 ? args.length : end);
  const split = options.flatMap((word) => word.match(/^-[nILPd]|.+/g) ?? []);
  const whole = [...split, ...args.slice(options.length)];
  return (await origCommand?.(whole)) ?? { stdout: '', stderr: '', exitCode: 127 };
});

/** Bash's own files, two of which are the terminal. */
class TerminalFs extends InMemoryFs {
  readonly #output: TerminalOutput;

  constructor(output: TerminalOutput) {
    super();
    this.#output = output;
  }

  override async appendFile(
    path: string,
    content: FileContent,
    options?: Parameters<InMemoryFs['appendFile']>[2],
  ): Promise<void> {
    const print =
      path === OUT_FILE ? this.#output.out : path === ERR_FILE ? this.#output.err : undefined;
    if (!print) return super.appendFile(path, content, options);
    const encoding = typeof options === 'string' ? options : options?.encoding;
    const isText = typeof content === 'string' && encoding !== 'binary' && encoding !== 'latin1';
    const text = isText
      ? content
      : utf8Decode(typeof content === 'string' ? content : fromUint8(content));
    if (text !== '') print(text);
  }
}
