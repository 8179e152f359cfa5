import type { Program } from '../program.ts';
import { MODEL, memoryOf, sayModelled } from './modelled-host.ts';

const NOTE = `${MODEL.memory / 1024 ** 3} GiB without swap; used is what the servers here would take`;

/** free: memory in KiB, with -m in MiB, with -h for people. */
export const free: Program = async (call) => {
  const wrong = call.args.find((flag) => !/^-[bkmgh]$|^--human$/.test(flag));
  if (wrong !== undefined) {
    call.complain(`free: ${wrong} is not simulated here; -b -k -m -g -h are\n`);
    return 1;
  }
  const print = printers[call.args.at(-1) ?? '-k'] ?? human;
  const { total, used, free: unused, cache, available } = memoryOf(call);
  const row = (name: string, values: readonly string[]) =>
    `${name.padEnd(8)}${values.map((value) => value.padStart(12)).join('')}\n`;
  call.print(row('', ['total', 'used', 'free', 'shared', 'buff/cache', 'available']));
  call.print(row('Mem:', [total, used, unused, 0, cache, available].map(print)));
  call.print(row('Swap:', [0, 0, 0].map(print)));
  sayModelled(call, NOTE);
  return 0;
};

const divided = (unit: number) => (bytes: number) => String(Math.floor(bytes / unit));

/** As free -h prints: three digits and a unit. */
function human(bytes: number): string {
  const units = ['B', 'Ki', 'Mi', 'Gi'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit > 0 && value < 10 ? value.toFixed(1) : String(Math.round(value));
  return `${digits}${units[unit]}`;
}

const printers: Readonly<Record<string, (bytes: number) => string>> = {
  '-b': divided(1),
  '-k': divided(1024),
  '-m': divided(1024 ** 2),
  '-g': divided(1024 ** 3),
  '-h': human,
};

/** swapon -s: the swap areas. There is none, and so nothing is printed, as on a real host. */
export const swapon: Program = async (call) => {
  const isAsked = call.args.some((flag) => ['-s', '--show', '--summary'].includes(flag));
  if (isAsked) {
    sayModelled(call, 'this host has no swap, for which swapon prints nothing');
    return 0;
  }
  call.complain('swapon: only -s and --show are simulated here\n');
  return 1;
};
