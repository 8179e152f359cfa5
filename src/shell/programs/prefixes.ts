/** Programs that run another one: nohup and timeout. */
import { absolute } from '../../engine/bytes/path.ts';
import { type Call, Interrupted, type Program } from '../program.ts';
import { type ProgramsOf, runHere } from './remote.ts';

const quoted = (words: readonly string[]) =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');

/** nohup command: what it prints is added to nohup.out when it would go to a terminal. */
export const nohupWith =
  (programs: ProgramsOf): Program =>
  async (call) => {
    if (call.args.length === 0) {
      call.complain("nohup: missing operand\nTry 'nohup --help' for more information.\n");
      return 125;
    }
    if (!call.isTerminal) return runHere(call, programs, quoted(call.args));
    const path = absolute('nohup.out', call.folder);
    const { files } = call.machine;
    const print = (text: string) => files.write(path, (files.read(path) ?? '') + text);
    call.complain("nohup: ignoring input and appending output to 'nohup.out'\n");
    const into = { ...call, print, complain: print, isTerminal: false };
    return runHere(into, programs, quoted(call.args));
  };

const TIMED_OUT = 124;
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** timeout [-s signal] [-k duration] duration command: status 124 when it was ended. */
export const timeoutWith =
  (programs: ProgramsOf): Program =>
  async (call) => {
    const words = [...call.args];
    while (words[0]?.startsWith('-')) {
      if (/^-[sk]$/.test(words.shift() as string)) words.shift();
    }
    const [duration = '', ...command] = words;
    const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(duration) ?? [];
    if (number === undefined || command.length === 0) {
      call.complain(
        command.length === 0
          ? "timeout: missing operand\nTry 'timeout --help' for more information.\n"
          : `timeout: invalid time interval '${duration}'\nTry 'timeout --help' for more information.\n`,
      );
      return 125;
    }
    return endAfter(call, programs, quoted(command), Number(number) * (units[unit || 's'] ?? 1));
  };

async function endAfter(
  call: Call,
  programs: ProgramsOf,
  line: string,
  seconds: number,
): Promise<number> {
  const over = new AbortController();
  const signal = AbortSignal.any([call.signal, over.signal]);
  const ended = runHere({ ...call, signal }, programs, line);
  const done = new AbortController();
  const late = call.machine.sleep(seconds * 1000, AbortSignal.any([call.signal, done.signal]));
  const first = await Promise.race([ended, late.catch(() => undefined)]);
  done.abort();
  if (call.signal.aborted) throw new Interrupted();
  if (first !== undefined) return first;
  over.abort();
  await ended;
  return TIMED_OUT;
}
