import { printReply } from '../../engine/resp/print.ts';
import { isError, type Reply, Status } from '../../engine/resp/reply.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import type { Ask, Call } from '../program.ts';
import { Link, LinkError } from './link.ts';
import type { Options } from './options.ts';
import { isEnd, isRestart, runPrompt } from './prompt.ts';
import { evalOf } from './run-command.ts';

const PROMPT = 'lua debugger> ';
const GREETING = `Lua debugging session started, please use:
quit    -- End the session.
restart -- Restart the script in debug mode again.
help    -- Show Lua script debugging commands.

`;

/**
 * --ldb and --ldb-sync-mode: runs a script line by line, in the debugger of the server. After its end
 * redis-cli goes on as a prompt.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-debugging/
 */
export async function debugFile(
  call: Call,
  options: Options,
  { file, ask }: { readonly file: string; readonly ask: Ask },
): Promise<number> {
  for (;;) {
    // A script that stands still goes on when its connection ends: until then a server may wait for it.
    const link = await Link.open(call, options);
    let end = await debugOnce(call, options, { file, ask, link }).finally(() => link.close());
    if (end === 'failed') return 1;
    if (end === 'over') {
      end = await runPrompt(call, { ...options, format: undefined }, { ask, isAfterScript: true });
    }
    if (end !== 'restart') return 0;
    call.print('\n');
  }
}

/** over: the script has come to its end. */
type End = 'over' | 'restart' | 'end' | 'failed';

async function debugOnce(
  call: Call,
  options: Options,
  { file, ask, link }: { readonly file: string; readonly ask: Ask; readonly link: Link },
): Promise<End> {
  call.print(GREETING);
  const argv = evalOf(call, options, file);
  if (!argv) return 'failed';
  const isSync = options.debugs === 'sync';
  const refusal = await link.send(['SCRIPT', 'DEBUG', isSync ? 'SYNC' : 'YES']);
  if (isError(refusal)) {
    call.print(`${printReply(refusal)}\n`);
    return 'end';
  }
  const replies = new Replies(link);
  const first = await replies.to(argv);
  if (isLast(first)) {
    call.print(`Eval debugging session can't start:\n${printReply(await replies.next())}\n`);
    return 'end';
  }
  show(call, first);
  const end = await obey(call, replies, ask);
  if (end === 'over') {
    const rest = isSync ? '' : ' -- dataset changes rolled back';
    const result = printReply(await replies.next());
    call.print(`\n${result}\n\n(Lua debugging session ended${rest})\n\n`);
  }
  return end;
}

/** Sends what is typed to the debugger, until one of them has enough. */
async function obey(call: Call, replies: Replies, ask: Ask): Promise<End> {
  for (;;) {
    const line = await ask(PROMPT);
    if (line === undefined) return 'end';
    const words = splitArgs(line);
    if (!words) call.print('Invalid argument(s)\n');
    else if (isEnd(words)) return 'end';
    else if (isRestart(words)) return 'restart';
    else if (words.length > 0) {
      const reply = await replies.to(words);
      show(call, reply);
      if (isLast(reply)) return 'over';
    }
  }
}

/** What comes on a connection, one after the other: the end of a session is answered twice. */
class Replies {
  readonly #link: Link;
  readonly #come: Reply[] = [];
  readonly #lost: Promise<never>;
  #wake = () => {};

  constructor(link: Link) {
    this.#link = link;
    this.#lost = link.ended().then(() => {
      throw new LinkError('Error: Server closed the connection');
    });
    this.#lost.catch(() => {});
    link.onUnasked = (reply) => {
      this.#come.push(reply);
      this.#wake();
    };
  }

  to(argv: readonly string[]): Promise<Reply> {
    this.#link.sendQuietly(argv);
    return this.next();
  }

  async next(): Promise<Reply> {
    while (this.#come.length === 0) {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([more, this.#lost]);
    }
    return this.#come.shift() as Reply;
  }
}

const END = '<endsession>';

/** The lines of the debugger's answer. */
const linesOf = (reply: Reply): readonly string[] =>
  Array.isArray(reply)
    ? (reply as readonly Reply[]).map((line) => (line instanceof Status ? line.text : ''))
    : [printReply(reply)];

const isLast = (reply: Reply): boolean => linesOf(reply).at(-1) === END;

/** Prints an answer; where the terminal has colours, with one for each kind of line. */
function show(call: Call, reply: Reply): void {
  const isColoured = call.env.TERM?.includes('xterm') ?? false;
  for (const line of linesOf(reply)) {
    if (line === END) continue;
    call.print(isColoured ? `\u001b[${colourOf(line)};49m${line}\u001b[0m\n` : `${line}\n`);
  }
}

const colours: Readonly<Record<string, string>> = {
  '<debug>': '1;37',
  '<redis>': '0;32',
  '<reply>': '0;36',
  '<error>': '0;31',
  '<hint>': '1;37',
  '<value>': '0;35',
  '<retval>': '0;35',
};
const PLAIN = '0;37';
const NEXT_LINE = '0;33';
const BREAKPOINT = '1;37';

function colourOf(line: string): string {
  const kind = /^<\w+>/.exec(line)?.[0] ?? '';
  if (Object.hasOwn(colours, kind)) return colours[kind] as string;
  if (!/^...\d/.test(line) || line.length <= 4) return PLAIN;
  if (line[1] === '>') return NEXT_LINE;
  return line[2] === '#' ? BREAKPOINT : PLAIN;
}
