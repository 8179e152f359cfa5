import { splitArgs } from '../../engine/resp/split.ts';
import type { Ask, Call } from '../program.ts';
import { LinkError } from './link.ts';
import type { Options } from './options.ts';
import { Gone, Prompt } from './run-command.ts';

const NOT_CONNECTED = 'not connected> ';

/**
 * redis-cli without a command, on a terminal: reads commands until `exit`, or the end. After a script
 * was debugged `restart` ends it, too.
 */
export async function runPrompt(
  call: Call,
  options: Options,
  { ask, isAfterScript }: { readonly ask: Ask; readonly isAfterScript: boolean },
): Promise<'end' | 'restart'> {
  let told = options;
  let prompt = await connect(call, told);
  for (;;) {
    const line = await ask(prompt?.text ?? NOT_CONNECTED);
    if (line === undefined) return 'end';
    const argv = splitArgs(line);
    const [first = ''] = argv ?? [];
    if (argv === undefined) call.print('Invalid argument(s)\n');
    else if (isEnd(argv)) return 'end';
    else if (isAfterScript && isRestart(argv)) return 'restart';
    else if (/^(help|\?)$/i.test(first))
      call.print('help is not simulated here; the Console has it\n');
    else if (/^connect$/i.test(first) && argv.length === 3) {
      const [, host = '', port = ''] = argv;
      told = { ...told, host, port: Number.parseInt(port, 10) || 0 };
      prompt = await connect(call, told);
    } else if (first !== '' && !/^clear$/i.test(first)) {
      prompt ??= await connect(call, told);
      prompt = prompt && (await runLine(call, prompt, argv));
    }
  }
}

/** Whether a line ends the program. */
export const isEnd = (argv: readonly string[]): boolean =>
  argv.length === 1 && /^(quit|exit)$/i.test(argv[0] ?? '');

export const isRestart = (argv: readonly string[]): boolean =>
  argv.length === 1 && /^restart$/i.test(argv[0] ?? '');

/** Undefined where there is no server. */
const connect = (call: Call, options: Options): Promise<Prompt | undefined> =>
  whileThere(call, () => Prompt.open(call, options));

/** Runs a command, as often as the number before it says. Undefined when the server has gone. */
const runLine = (
  call: Call,
  prompt: Prompt,
  argv: readonly string[],
): Promise<Prompt | undefined> =>
  whileThere(call, async () => {
    const [first = ''] = argv;
    const isRepeated = argv.length > 1 && /^[1-9]\d*$/.test(first);
    if (isRepeated) await prompt.run(argv.slice(1), Number(first));
    else await prompt.run(argv);
    return prompt;
  });

/** Undefined where there is no server, or no more; that is said, unless SHUTDOWN ended it. */
async function whileThere(call: Call, task: () => Promise<Prompt>): Promise<Prompt | undefined> {
  try {
    return await task();
  } catch (error) {
    const hasGone = error instanceof Gone;
    if (call.signal.aborted || !(hasGone || error instanceof LinkError)) throw error;
    if (!hasGone) call.complain(`${error.message}\n`);
    return undefined;
  }
}
