/** Programs that find and end the processes of a host. */
import type { Call, ProcessInfo, ProcessSignal, Program } from '../program.ts';

/** ps; ps aux and ps -ef show whose they are, and what they hold. */
export const ps: Program = async (call) => {
  const { machine, print, args } = call;
  const style = args.map((word) => word.replace(/^-/, '')).join('');
  const write = /^a?ux/.test(style) ? auxLine : /e/.test(style) ? efLine : undefined;
  if (write === auxLine) {
    print('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
  } else if (write) print('UID          PID    PPID  C STIME TTY          TIME CMD\n');
  else print('    PID STAT COMMAND\n');
  for (const process of machine.processes.list()) {
    const { pid, state, title } = process;
    print(
      write ? write(call, process) : `${String(pid).padStart(7)} ${state.padEnd(4)} ${title}\n`,
    );
  }
  return 0;
};

/** Of the memory and the CPU of the host nothing is measured: those columns are 0.0. */
function auxLine({ machine }: Call, { pid, state, title }: ProcessInfo): string {
  const used = machine.host.usage().find((usage) => usage.pid === pid)?.bytes ?? 0;
  const rss = Math.ceil(used / 1024);
  const head = `redis    ${String(pid).padStart(7)}  0.0  0.0`;
  const memory = `${String(rss).padStart(6)} ${String(rss).padStart(5)}`;
  return `${head} ${memory} ?        ${`${state}l`.padEnd(4)} ${startOf(machine.host.startedAt)}   0:00 ${title}\n`;
}

const efLine = ({ machine }: Call, { pid, title }: ProcessInfo): string =>
  `redis    ${String(pid).padStart(7)}       1  0 ${startOf(machine.host.startedAt)} ?        00:00:00 ${title}\n`;

const startOf = (ms: number) => new Date(ms).toISOString().slice(11, 16);

const signals: ReadonlyMap<string, ProcessSignal> = new Map([
  ...(['1', '15', 'TERM'] as const).map((name) => [name, 'TERM'] as const),
  ...(['2', 'INT'] as const).map((name) => [name, 'INT'] as const),
  ...(['9', 'KILL'] as const).map((name) => [name, 'KILL'] as const),
  ...(['18', 'CONT'] as const).map((name) => [name, 'CONT'] as const),
  ...(['19', 'STOP'] as const).map((name) => [name, 'STOP'] as const),
]);

type Find = (call: Call, word: string) => readonly number[];

const byPid: Find = ({ machine }, word) =>
  machine.processes.list().flatMap(({ pid }) => (String(pid) === word ? [pid] : []));

const byTitle: Find = ({ machine }, word) =>
  machine.processes.list().flatMap(({ pid, title }) => (title.includes(word) ? [pid] : []));

const byName: Find = ({ machine }, word) =>
  machine.processes.list().flatMap(({ pid, title }) => (title.split(' ')[0] === word ? [pid] : []));

/** kill [-signal] pid ...; pkill [-signal] pattern; killall [-signal] name. */
function killBy(find: Find, problem: (word: string) => string): Program {
  return async (call) => {
    const [first = '', ...rest] = call.args;
    const named = /^-(?:s(?:ignal)?)?(?:SIG)?(\w+)$/.exec(first)?.[1];
    const isPattern = named === 'f';
    const signal = named === undefined || isPattern ? 'TERM' : signals.get(named.toUpperCase());
    if (signal === undefined) {
      call.complain(`bash: kill: ${named}: invalid signal specification\n`);
      return 1;
    }
    let status = 0;
    for (const word of named === undefined ? call.args : rest) {
      const pids = find(call, word);
      if (pids.length === 0) {
        if (problem(word) !== '') call.complain(problem(word));
        status = 1;
      }
      for (const pid of pids) call.machine.processes.signal(pid, signal);
    }
    return status;
  };
}

export const kill = killBy(byPid, (word) =>
  /^\d+$/.test(word)
    ? `bash: kill: (${word}) - No such process\n`
    : `bash: kill: ${word}: arguments must be process or job IDs\n`,
);
export const pkill = killBy(byTitle, () => '');
export const killall = killBy(byName, (word) => `${word}: no process found\n`);

/** pgrep [-f] [-a] pattern: a number a line. */
export const pgrep: Program = async (call) => {
  const flags = call.args.filter((word) => word.startsWith('-')).join('');
  const pattern = call.args.find((word) => !word.startsWith('-')) ?? '';
  const pids = byTitle(call, pattern);
  const titles = new Map(call.machine.processes.list().map(({ pid, title }) => [pid, title]));
  for (const pid of pids) {
    const title = titles.get(pid) ?? '';
    const shown = flags.includes('a') ? ` ${title}` : flags.includes('l') ? ' redis-server' : '';
    call.print(`${pid}${shown}\n`);
  }
  return pids.length > 0 ? 0 : 1;
};

/** pidof name: the numbers on one line. */
export const pidof: Program = async (call) => {
  const pids = call.args.flatMap((word) => byName(call, word)).reverse();
  if (pids.length > 0) call.print(`${pids.join(' ')}\n`);
  return pids.length > 0 ? 0 : 1;
};
