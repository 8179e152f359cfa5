import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import { type Call, INTERRUPTED_STATUS, type Machine, type Program } from '../program.ts';
import { Terminal } from '../terminal.ts';

/** Programs that reach other hosts of the lab: scp and ssh. Everybody may log in everywhere. */

export type ProgramsOf = () => Readonly<Record<string, Program>>;

interface Place {
  readonly machine: Machine;
  readonly host: string | undefined;
  readonly path: string;
}

/** A file here, or on another host: `[user@]host:path`. Undefined when nobody has that name. */
function placeOf(call: Call, word: string): Place | undefined {
  const [, host, path = ''] = /^(?:[^@/:]+@)?([^/:]+):(.*)$/.exec(word) ?? [];
  if (host === undefined) {
    return { machine: call.machine, host, path: absolute(word, call.folder) };
  }
  const machine = call.machine.host.peer(host);
  return machine && { machine, host, path: absolute(path === '' ? '.' : path, '/root') };
}

const noHost = (program: string, word: string) =>
  `${program}: Could not resolve hostname ${word.replace(/:.*$/, '').replace(/^.*@/, '')}: Name or service not known\n`;

/** scp [-q] [-r] from... to: takes as long as the line between the hosts. */
export const scp: Program = async (call) => {
  const isQuiet = call.args.includes('-q') || !call.isTerminal;
  const isRecursive = call.args.includes('-r');
  const words = call.args.filter((word) => !word.startsWith('-'));
  const target = words.pop();
  if (target === undefined || words.length === 0) {
    call.complain('usage: scp [-q] source ... target\n');
    return 1;
  }
  const to = placeOf(call, target);
  if (!to) {
    call.complain(noHost('ssh', target));
    return 255;
  }
  let status = 0;
  for (const word of words) {
    const from = placeOf(call, word);
    if (!from) {
      call.complain(noHost('ssh', word));
      return 255;
    }
    for (const [source, target] of isRecursive ? walk(from, to) : [[from, to] as const]) {
      const intoFolder = words.length > 1 || source !== from;
      if (!(await copy(call, source, target, isQuiet, intoFolder))) status = 1;
    }
  }
  return status;
};

/**
 * The files of a folder, each with the folder that it goes to; a file alone where it is one. The
 * folder keeps its name in a target that is there, and is called as the target where there is none.
 */
function walk(from: Place, to: Place): (readonly [Place, Place])[] {
  const root = from.path.replace(/\/$/, '');
  const isThere = isKnownFolder(to);
  const above = isThere ? root.slice(0, root.lastIndexOf('/') + 1) : `${root}/`;
  const within = from.machine.files.paths.filter((path) => path.startsWith(`${root}/`));
  if (within.length === 0) return [[from, to]];
  return within.map((path) => {
    const folder = path.slice(above.length, path.lastIndexOf('/') + 1);
    const target = `${to.path.replace(/\/$/, '')}/${folder}`;
    return [
      { ...from, path },
      { ...to, path: target },
    ] as const;
  });
}

/** Whether it is a folder in which something is, or one that every host has. */
const isKnownFolder = ({ machine, path }: Place): boolean =>
  ['/root', '/tmp', '/data', '/'].includes(path) ||
  machine.files.paths.some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));

async function copy(call: Call, from: Place, to: Place, isQuiet: boolean, many: boolean) {
  const bytes = from.machine.files.read(from.path);
  const name = from.path.slice(from.path.lastIndexOf('/') + 1);
  if (bytes === undefined) {
    call.complain(`scp: ${from.path}: No such file or directory\n`);
    return false;
  }
  const target = many || isKnownFolder(to) ? `${to.path.replace(/\/$/, '')}/${name}` : to.path;
  const route =
    from.host === undefined
      ? call.machine.host.route(to.host ?? '127.0.0.1')
      : call.machine.host.route(from.host);
  const seconds = await travel(call, bytes.length, route);
  to.machine.files.write(target, bytes);
  if (!isQuiet) call.print(progress(name, bytes.length, seconds));
  return true;
}

/** Waits for as long as the line takes. Returns the seconds of it. */
async function travel(
  call: Call,
  bytes: number,
  route: ReturnType<Machine['host']['route']>,
): Promise<number> {
  // A line that is cut is waited for until Ctrl-C.
  const wait = route?.roundTripMs ?? Number.MAX_SAFE_INTEGER;
  const rate = route?.bytesPerMs ?? Number.POSITIVE_INFINITY;
  const ms = wait * 3 + (rate === Number.POSITIVE_INFINITY ? 0 : bytes / rate);
  await call.machine.sleep(ms, call.signal);
  return ms / 1000;
}

/** The line that scp leaves when a file has come over. */
function progress(name: string, bytes: number, seconds: number): string {
  const units = ['', 'KB', 'MB', 'GB'];
  let [size, unit] = [bytes, 0];
  while (size >= 1000 * 10 && unit < 3) [size, unit] = [size / 1024, unit + 1];
  const rate = `${(bytes / Math.max(seconds, 0.001) / 1024 ** 2).toFixed(1)}MB/s`;
  const whole = Math.round(seconds);
  const time = `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return `${name.padEnd(45)} 100% ${`${Math.round(size)}${units[unit]}`.padStart(5)} ${rate.padStart(9)}   ${time}    \n`;
}

/** ssh [user@]host command: runs it there. */
export const sshWith =
  (programs: ProgramsOf): Program =>
  async (call) => {
    const [target, ...words] = call.args.filter((word, at) => at > 0 || !word.startsWith('-'));
    const machine = target === undefined ? undefined : placeOf(call, `${target}:`)?.machine;
    if (target === undefined || !machine) {
      call.complain(
        target === undefined ? 'usage: ssh destination command\n' : noHost('ssh', target),
      );
      return 255;
    }
    if (words.length === 0) {
      call.complain('ssh: an open session is not simulated here; give the command to run there\n');
      return 255;
    }
    return runLine(call, machine, programs, words.join(' '));
  };

/** Runs a line in a shell of its own on this host, in the same folder. */
export const runHere = (call: Call, programs: ProgramsOf, line: string): Promise<number> =>
  runLine(call, call.machine, programs, line, { ...call.env, PWD: call.folder });

/** Runs a line in a shell of its own, printing where the caller prints. */
async function runLine(
  call: Call,
  machine: Machine,
  programs: ProgramsOf,
  line: string,
  env?: Readonly<Record<string, string>>,
): Promise<number> {
  const output = {
    out: (text: string) => call.print(utf8Encode(text)),
    err: (text: string) => call.complain(utf8Encode(text)),
    isTerminal: call.isTerminal,
  };
  const terminal = new Terminal(machine, programs(), output, { env });
  const stop = () => terminal.interrupt();
  call.signal.addEventListener('abort', stop, { once: true });
  try {
    return call.signal.aborted ? INTERRUPTED_STATUS : await terminal.run(utf8Decode(line));
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
}
