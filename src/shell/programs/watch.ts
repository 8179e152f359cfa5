import type { Call, Program } from '../program.ts';
import { type ProgramsOf, runHere } from './remote.ts';

/** watch [-n seconds] command: runs it again and again, until Ctrl-C. */
export const watchWith =
  (programs: ProgramsOf): Program =>
  async (call) => {
    const { seconds, words } = readWatch(call.args);
    if (words.length === 0) {
      call.complain('Usage: watch [-n seconds] command\n');
      return 1;
    }
    const line = words.join(' ');
    for (;;) {
      call.print(`Every ${seconds.toFixed(1)}s: ${line}   ${timeOf(call)}\n\n`);
      await runHere(call, programs, line);
      call.print('\n');
      await call.machine.sleep(seconds * 1000, call.signal);
    }
  };

function readWatch([flag = '', ...rest]: readonly string[]) {
  if (/^-n\d/.test(flag)) return { seconds: Number(flag.slice(2)), words: rest };
  if (flag !== '-n') return { seconds: 2, words: flag === '' ? [] : [flag, ...rest] };
  const [seconds, ...words] = rest;
  return { seconds: Math.max(Number(seconds) || 2, 0.1), words };
}

const timeOf = ({ machine }: Call) =>
  new Date(machine.now())
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) (.*) GMT$/, '$1 $3 $2 $5 $4');
