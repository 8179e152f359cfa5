/** Runs what is no server: a script or a program, in the shell of the container. */
import { utf8Decode, utf8Encode } from '../../../engine/bytes/bytes.ts';
import type { Call, Program, TerminalOutput } from '../../../shell/program.ts';
import { programs } from '../../../shell/programs.ts';
import { runProgram } from '../../../shell/run-program.ts';
import { Terminal } from '../../../shell/terminal.ts';
import type { Infrastructure, PodHost, ProcessListener } from '../infrastructure.ts';
import type { Environment } from './environment.ts';

export interface ShellOrder {
  readonly words: readonly string[];
  readonly env: Environment;
  readonly host: PodHost;
  readonly infrastructure: Infrastructure;
  /** Aborted when the container has ended, by which its script ends too. */
  readonly signal: AbortSignal;
  /** Starts a redis-server as the container's own process. */
  launch(args: readonly string[]): boolean;
}

/** Runs it beside the lab; what comes of it is heard in the lab. */
export function runShell(order: ShellOrder, hear: ProcessListener): void {
  const { words, env, host, infrastructure, signal } = order;
  let hasServer = false;
  const server: Program = async ({ args, complain }) => {
    hasServer = infrastructure.enter(() => order.launch(args));
    if (!hasServer) complain('redis-server: it did not start\n');
    return hasServer ? 0 : 1;
  };
  const say = (text: string) => infrastructure.enter(() => hear.onLog(text));
  const output = { out: say, err: say };
  const own = { 'redis-server': server, hostname: hostnameOf(env) };
  const running = runIn(host, words, { env, own, output, signal });
  void running
    .catch((error: unknown) => {
      say(`${error instanceof Error ? error.message : error}\n`);
      return 1;
    })
    .then((status) => {
      if (!hasServer) infrastructure.enter(() => hear.onEnd(status));
    })
    .catch(() => {});
}

const hostnameOf =
  (env: Environment): Program =>
  async ({ print }) => {
    print(`${env.HOSTNAME ?? ''}\n`);
    return 0;
  };

export interface ShellRun {
  readonly env: Environment;
  /** Programs that stand in the place of others. */
  readonly own?: Readonly<Record<string, Program>>;
  readonly output: TerminalOutput;
  readonly signal: AbortSignal;
  readonly stdin?: string | undefined;
  readonly isTerminal?: boolean;
  /** Asks for a line, where somebody is there to type it. */
  readonly ask?: Call['ask'];
}

/** Runs words in a pod. Resolves with the status. */
export async function runIn(
  host: PodHost,
  words: readonly string[],
  { env, own = {}, output, signal, stdin, isTerminal = false, ask }: ShellRun,
): Promise<number> {
  const machine = host.machine();
  const all = { hostname: hostnameOf(env), ...programs, ...own };
  const [name = '', ...args] = words;
  const bare = name.replace(/^.*\//, '');
  const program = Object.hasOwn(all, bare) ? all[bare as keyof typeof all] : undefined;
  if (program) {
    return runProgram(program, {
      ...{
        args: args.map(utf8Encode),
        env,
        folder: '/data',
        stdin,
        isTerminal,
        machine,
        signal,
        ask,
      },
      print: (text) => output.out(utf8Decode(text)),
      complain: (text) => output.err(utf8Decode(text)),
    });
  }
  const terminal = new Terminal(machine, all, output);
  signal.addEventListener('abort', () => terminal.interrupt(), { once: true });
  return terminal.run(`${preamble(env)}${scriptOf(words)}`);
}

/** `exec` in front of a server means that the shell is not needed any more; here it never is. */
function scriptOf([name = '', ...args]: readonly string[]): string {
  const isShell = /^(\/(usr\/)?bin\/)?(sh|bash|ash)$/.test(name);
  const at = args.findIndex((word) => /^-\w*c$/.test(word));
  if (isShell && at >= 0)
    return (args[at + 1] ?? '').replace(/(^|[;&|\n]\s*|then\s+|else\s+)exec\s+/g, '$1');
  return [name, ...args].map(quoted).join(' ');
}

function preamble(env: Environment): string {
  const exports = Object.entries(env)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && name !== 'PATH')
    .map(([name, value]) => `export ${name}=${quoted(value)}`);
  return `${exports.join('; ')}; mkdir -p /data; cd /data\n`;
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
