import { absolute } from '../../engine/bytes/path.ts';
import { RedisError } from '../../engine/errors.ts';
import { printReply } from '../../engine/resp/print.ts';
import { answersText } from '../../engine/resp/print-answer.ts';
import { printAs } from '../../engine/resp/print-formats.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import { messageOf, subscriptionOf } from '../../wire/subscriptions.ts';
import type { Call } from '../program.ts';
import { Link, LinkError } from './link.ts';
import type { Options } from './options.ts';
import { promptOf, type Tracked, track, untracked } from './tracking.ts';

/** redis-cli with a command: runs it, as often as it was told, and prints each reply. */
export async function runCommand(call: Call, options: Options): Promise<number> {
  const argv = withStdin(call, options);
  if (argv === undefined) {
    call.complain('Using -X option but stdin tag not match.\n');
    return 1;
  }
  const shell = await Prompt.open(call, options);
  return (await shell.run(argv)) ? 0 : 1;
}

/** redis-cli without a command, its standard input a file or a pipe: every line is a command. */
export async function runLines(call: Call, options: Options, text: string): Promise<number> {
  const prompt = await Prompt.open(call, options);
  for (const line of text.split('\n')) {
    const argv = splitArgs(line);
    if (argv === undefined) call.print('Invalid argument(s)\n');
    else if (/^(quit|exit)$/i.test(argv[0] ?? '')) break;
    else if (argv.length > 0) await prompt.run(argv);
  }
  return 0;
}

/** --eval: runs a file as a script. */
export async function runFile(call: Call, options: Options, file: string): Promise<number> {
  const words = evalOf(call, options, file);
  if (!words) return 1;
  const prompt = await Prompt.open(call, options);
  return (await prompt.run(words)) ? 0 : 1;
}

/** EVAL with a file; keys and arguments are separated by a comma that stands alone. */
export function evalOf(call: Call, { words }: Options, file: string): string[] | undefined {
  const script = call.machine.files.read(absolute(file, call.folder));
  if (script === undefined) {
    call.complain(`Can't open file '${file}': No such file or directory\n`);
    return undefined;
  }
  const comma = words.indexOf(',');
  const keys = comma < 0 ? words : words.slice(0, comma);
  const args = comma < 0 ? [] : words.slice(comma + 1);
  return ['EVAL', script, String(keys.length), ...keys, ...args];
}

/** The command with what was piped in: as its last argument, or in the place of a word. */
function withStdin({ stdin = '' }: Call, options: Options): readonly string[] | undefined {
  const { words, stdin: tag } = options;
  if (tag === undefined) return words;
  if (tag === true) return [...words, stdin];
  return words.includes(tag) ? words.map((word) => (word === tag ? stdin : word)) : undefined;
}

/** After so many runs of a command others may work. */
const BREATHE_EVERY = 100;

/** The most redirections that -c follows for one command. */
const MAX_REDIRECTIONS = 16;

/** A connection that runs commands and prints their replies; with -c it goes where it is sent. */
export class Prompt {
  readonly #call: Call;
  readonly #options: Options;
  #link: Link;
  #tracked: Tracked;

  static async open(call: Call, options: Options): Promise<Prompt> {
    return new Prompt(call, options, await Link.open(call, options));
  }

  private constructor(call: Call, options: Options, link: Link) {
    this.#call = call;
    this.#options = options;
    this.#link = link;
    this.#tracked = { ...untracked, db: options.db, protocol: options.protocol };
  }

  /** What stands before the cursor. */
  get text(): string {
    const { address } = this.#link;
    return promptOf({ ...this.#tracked, address, connected: true, subscribed: false });
  }

  /** Runs a command, as often as -r says unless told. False when it failed, as -e counts. */
  async run(argv: readonly string[], repeat = this.#options.repeat): Promise<boolean> {
    const { interval } = this.#options;
    let good = true;
    for (let n = 0; repeat < 0 || n < repeat; n++) {
      if (n % BREATHE_EVERY === 0) await this.#call.machine.breathe();
      if (n > 0 && interval) await this.#call.machine.sleep(interval * 1000, this.#call.signal);
      good = await this.#once(argv);
    }
    return good;
  }

  async #once(argv: readonly string[]): Promise<boolean> {
    if (subscriptionOf(argv) === 'subscribe' || /^monitor$/i.test(argv[0] ?? '')) {
      return this.#stream(argv);
    }
    const reply = await this.#send(argv);
    this.#tracked = track(this.#tracked, argv, reply);
    if (reply instanceof RedisError && this.#options.failsOnError) {
      this.#call.complain(`${reply.message}\n`);
      return false;
    }
    this.#print(argv, reply);
    return true;
  }

  /** Sends a command, once more after a connection that the server has ended. */
  async #send(argv: readonly string[]): Promise<Reply> {
    try {
      return await this.#follow(argv);
    } catch (error) {
      if (!(error instanceof LinkError) || this.#call.signal.aborted) throw error;
      if (/^shutdown$/i.test(argv[0] ?? '')) throw new Gone();
      this.#link = await Link.open(this.#call, this.#options, this.#link.address);
      return this.#follow(argv);
    }
  }

  /** With -c, goes on at the node that MOVED or ASK name, and says so. */
  async #follow(argv: readonly string[]): Promise<Reply> {
    for (let redirections = 0; ; redirections++) {
      const reply = await this.#link.send(argv);
      const target = this.#options.followsCluster ? redirection(reply) : undefined;
      if (!target || redirections === MAX_REDIRECTIONS) return reply;
      const { slot, address, isAsk } = target;
      const to = address.startsWith(':')
        ? `${this.#link.address.split(':')[0]}${address}`
        : address;
      if (!this.#options.format) {
        this.#call.print(`-> Redirected to slot [${slot}] located at ${to}\n`);
      }
      this.#link.close();
      this.#link = await Link.open(this.#call, this.#options, to);
      if (isAsk) await this.#link.send(['ASKING']);
    }
  }

  /** SUBSCRIBE and MONITOR print until Ctrl-C, or until the server ends it. */
  async #stream(argv: readonly string[]): Promise<boolean> {
    const { format } = this.#options;
    if (!/^monitor$/i.test(argv[0] ?? '') && !format) {
      this.#call.print('Reading messages... (press Ctrl-C to quit)\n');
    }
    this.#link.onUnasked = (reply) => this.#print([], messageOf(reply, true)?.slice() ?? reply);
    this.#link.sendQuietly(argv);
    await this.#link.ended();
    if (!this.#call.signal.aborted) this.#call.complain('Error: Server closed the connection\n');
    return true;
  }

  #print(argv: readonly string[], reply: Reply): void {
    const { format, elementDelimiter, replyDelimiter } = this.#options;
    const isJson = format === 'json' || format === 'quoted-json';
    if (answersText(argv) && !isJson) {
      this.#call.print(printAs('raw', reply));
      return;
    }
    if (!format) {
      this.#call.print(`${printReply(reply)}\n`);
      return;
    }
    const text = printAs(format, reply);
    const spaced = elementDelimiter === '\n' ? text : joinWith(reply, elementDelimiter, text);
    this.#call.print(`${spaced}${replyDelimiter}`);
  }
}

/** A server that was told to shut down has done so. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** Where -MOVED or -ASK send a client. */
function redirection(reply: Reply): { slot: string; address: string; isAsk: boolean } | undefined {
  if (!(reply instanceof RedisError)) return undefined;
  const match = /^(MOVED|ASK) (\d+) (\S+)/.exec(reply.message);
  if (!match) return undefined;
  const [, kind, slot = '', address = ''] = match;
  return { slot, address, isAsk: kind === 'ASK' };
}

/** -d: another delimiter between the elements of a reply, nested ones included. */
function joinWith(reply: Reply, delimiter: string, text: string): string {
  if (!Array.isArray(reply)) return text;
  return (reply as readonly Reply[])
    .map((element) => joinWith(element, delimiter, printAs('raw', element)))
    .join(delimiter);
}
