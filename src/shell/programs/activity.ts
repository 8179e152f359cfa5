import type { Call, ProcessInfo, Program } from '../program.ts';
import {
  type Activity,
  busyShare,
  MODEL,
  memoryOf,
  sayModelled,
  watchHost,
} from './modelled-host.ts';

/** Programs that show what a host is busy with: top, htop, iostat, vmstat. */

const NOTE = `${MODEL.processors} processors; a command of Redis costs ${MODEL.microsecondsPerCommand} microseconds`;

const mib = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
const twoDigits = (value: number) => String(value).padStart(2, '0');
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);

/** The word behind a flag as a number. */
function numberAfter(args: readonly string[], flag: string): number | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : Number.parseFloat(args[at + 1] ?? '');
}

/** top [-b] [-n times] [-d seconds]; htop shows the same. Without -n until Ctrl-C. */
export const top: Program = async (call) => {
  const times = numberAfter(call.args, '-n') ?? Number.POSITIVE_INFINITY;
  const delay = numberAfter(call.args, '-d') ?? 3;
  sayModelled(call, NOTE);
  for (let n = 0; n < times; n++) {
    const activity = await watchHost(call, n === 0 ? 1 : delay);
    if (n > 0) call.print('\n');
    call.print(screenOf(call, activity));
  }
  return 0;
};

function screenOf(call: Call, activity: Activity): string {
  const { machine } = call;
  const list = machine.processes.list();
  const memory = memoryOf(call);
  const busy = busyShare(activity);
  const up = Math.floor((machine.now() - machine.host.startedAt) / 60_000);
  const stopped = list.filter(({ state }) => state === 'T').length;
  const running = list.filter(({ pid }) => (activity.busy.get(pid) ?? 0) >= 50).length;
  const load = ((busy / 100) * MODEL.processors).toFixed(2);
  const percent = (value: number) => value.toFixed(1).padStart(5);
  return [
    `top - ${clock(machine.now())} up ${Math.floor(up / 60)}:${twoDigits(up % 60)},  1 user,  load average: ${load}, ${load}, ${load}\n`,
    `Tasks: ${String(list.length).padStart(3)} total, ${String(running).padStart(3)} running, ${String(list.length - running - stopped).padStart(3)} sleeping, ${String(stopped).padStart(3)} stopped,   0 zombie\n`,
    `%Cpu(s):${percent(busy)} us,  0.0 sy,  0.0 ni,${percent(100 - busy)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\n`,
    `MiB Mem : ${mib(memory.total).padStart(8)} total, ${mib(memory.free).padStart(8)} free, ${mib(memory.used).padStart(8)} used, ${mib(memory.cache).padStart(8)} buff/cache\n`,
    `MiB Swap: ${'0.0'.padStart(8)} total, ${'0.0'.padStart(8)} free, ${'0.0'.padStart(8)} used. ${mib(memory.available).padStart(8)} avail Mem\n\n`,
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n',
    ...list.map((process) => lineOf(call, activity, process)),
  ].join('');
}

function lineOf(call: Call, { busy }: Activity, { pid, state, title }: ProcessInfo): string {
  const used = call.machine.host.usage().find((each) => each.pid === pid);
  const kib = Math.ceil((used?.bytes ?? 0) / 1024);
  const centiseconds = Math.floor(((used?.commands ?? 0) * MODEL.microsecondsPerCommand) / 10_000);
  const minutes = Math.floor(centiseconds / 6000);
  const rest = centiseconds % 6000;
  const time = `${minutes}:${twoDigits(Math.floor(rest / 100))}.${twoDigits(rest % 100)}`;
  const share = ((100 * kib * 1024) / MODEL.memory).toFixed(1);
  const cpu = (busy.get(pid) ?? 0).toFixed(1);
  return `${String(pid).padStart(7)} redis     20   0 ${String(kib).padStart(7)} ${String(kib).padStart(6)} ${'0'.padStart(6)} ${state} ${cpu.padStart(5)} ${share.padStart(5)} ${time.padStart(9)} ${title.split(' ')[0]}\n`;
}

/** The two numbers that iostat and vmstat take: seconds between reports, and how many. */
function schedule(args: readonly string[]): readonly [seconds: number, times: number] {
  const [seconds, times] = args.filter((word) => /^\d/.test(word)).map(Number);
  if (seconds === undefined) return [1, 1];
  return [seconds, times ?? Number.POSITIVE_INFINITY];
}

/** iostat [-x] [seconds [times]]: what the disk of this host writes. */
export const iostat: Program = async (call) => {
  const { host, now } = call.machine;
  const [seconds, times] = schedule(call.args);
  const date = new Date(now());
  const day = `${twoDigits(date.getUTCMonth() + 1)}/${twoDigits(date.getUTCDate())}/${date.getUTCFullYear()}`;
  call.print(`Linux (Keyspace) (${host.name}) \t${day} \t_x86_64_\t(${MODEL.processors} CPU)\n\n`);
  sayModelled(call, `${NOTE}; what is written is counted, what is read is not`);
  for (let n = 0; n < times; n++) {
    const activity = await watchHost(call, seconds);
    const busy = busyShare(activity);
    const cpu = [busy, 0, 0, 0, 0, 100 - busy].map((each) => each.toFixed(2).padStart(8)).join('');
    call.print(`avg-cpu:  %user   %nice %system %iowait  %steal   %idle\n        ${cpu}\n\n`);
    call.print(deviceTable(activity));
  }
  return 0;
};

function deviceTable({ writes, syncs, bytesWritten, seconds }: Activity): string {
  const kib = bytesWritten / 1024;
  const columns = [(writes + syncs) / seconds, 0, kib / seconds, 0];
  const figures = columns.map((each) => each.toFixed(2).padStart(13)).join('');
  const totals = [0, Math.round(kib), 0].map((each) => String(each).padStart(11)).join('');
  return (
    'Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\n' +
    `vda      ${figures}${totals}\n\n`
  );
}

/** vmstat [seconds [times]]. */
export const vmstat: Program = async (call) => {
  const [seconds, times] = schedule(call.args);
  sayModelled(call, NOTE);
  call.print(
    'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n' +
      ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n',
  );
  for (let n = 0; n < times; n++) {
    const activity = await watchHost(call, seconds);
    const { free, cache } = memoryOf(call);
    const busy = Math.round(busyShare(activity));
    const [unused, cached] = [free, cache].map((bytes) => String(Math.floor(bytes / 1024)));
    const out = Math.round(activity.bytesWritten / 1024 / activity.seconds);
    call.print(
      ` ${busy >= 50 ? 1 : 0}  0      0 ${unused?.padStart(6)}      0 ${cached?.padStart(6)}    0    0     0 ${String(out).padStart(5)}    0    0 ${String(busy).padStart(2)}  0 ${String(100 - busy).padStart(2)}  0  0\n`,
    );
  }
  return 0;
};
