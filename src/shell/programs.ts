import { memtierBenchmark } from './memtier/memtier.ts';
import {
  type Call,
  INTERRUPTED_STATUS,
  Interrupted,
  type ProcessSignal,
  type Program,
} from './program.ts';
import { absent } from './programs/absent.ts';
import { iostat, top, vmstat } from './programs/activity.ts';
import { aws } from './programs/aws.ts';
import { redisCheckAof } from './programs/check-aof.ts';
import { redisCheckRdb } from './programs/check-rdb.ts';
import { date } from './programs/date.ts';
import { tail } from './programs/files.ts';
import { free, swapon } from './programs/memory.ts';
import { curl, nc, ping } from './programs/network.ts';
import { scp, sshWith } from './programs/remote.ts';
import { watchWith } from './programs/watch.ts';
import { redisBenchmark } from './redis-benchmark/redis-benchmark.ts';
import { redisCli } from './redis-cli/redis-cli.ts';

/** redis-server: in the foreground until Ctrl-C, or as a daemon. */
const redisServer: Program = async (call) => {
  const { machine, args } = call;
  if (args[0] === '--version' || args[0] === '-v') {
    call.print(`${machine.processes.version}\n`);
    return 0;
  }
  const { output, process } = machine.processes.launch(args, call.folder);
  if (process === undefined) {
    call.complain(output);
    return 1;
  }
  call.print(output);
  if (process.isDaemon) return 0;
  const isRunning = () => machine.processes.list().some(({ pid }) => pid === process.pid);
  try {
    while (isRunning()) await machine.sleep(100, call.signal);
    return 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    machine.processes.signal(process.pid, 'INT');
    return INTERRUPTED_STATUS;
  }
};

/** redis-sentinel FILE: the same program, as a Sentinel. */
const redisSentinel: Program = (call) =>
  redisServer({ ...call, args: [...call.args, '--sentinel'] });

/** ps: the processes of the host. */
const ps: Program = async ({ machine, print }) => {
  print('    PID STAT COMMAND\n');
  for (const { pid, state, title } of machine.processes.list()) {
    print(`${String(pid).padStart(7)} ${state.padEnd(4)} ${title}\n`);
  }
  return 0;
};

const signals: Readonly<Record<string, ProcessSignal>> = {
  ...{ '1': 'TERM', '2': 'INT', '9': 'KILL', '15': 'TERM', '18': 'CONT', '19': 'STOP' },
  ...{ TERM: 'TERM', INT: 'INT', KILL: 'KILL', STOP: 'STOP', CONT: 'CONT' },
};

/** kill [-signal] pid ...; pkill [-signal] pattern. */
function killBy(
  find: (call: Call, word: string) => readonly number[],
  problem: (word: string) => string,
): Program {
  return async (call) => {
    const [first = '', ...rest] = call.args;
    const named = /^-(?:s(?:ignal)?)?(?:SIG)?(\w+)$/.exec(first)?.[1];
    const signal = named === undefined ? 'TERM' : signals[named.toUpperCase()];
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

const kill = killBy(
  ({ machine }, word) =>
    machine.processes.list().flatMap(({ pid }) => (String(pid) === word ? [pid] : [])),
  (word) =>
    /^\d+$/.test(word)
      ? `bash: kill: (${word}) - No such process\n`
      : `bash: kill: ${word}: arguments must be process or job IDs\n`,
);

const pkill = killBy(
  ({ machine }, word) =>
    machine.processes.list().flatMap(({ pid, title }) => (title.includes(word) ? [pid] : [])),
  () => '',
);

/** What a lesson's shell may call, beside what bash itself knows. */
export const programs: Readonly<Record<string, Program>> = {
  'redis-cli': redisCli,
  'redis-benchmark': redisBenchmark,
  'redis-check-aof': redisCheckAof,
  'redis-check-rdb': redisCheckRdb,
  'redis-sentinel': redisSentinel,
  'redis-server': redisServer,
  memtier_benchmark: memtierBenchmark,
  ...{ ps, kill, pkill, top, htop: top, free, swapon, iostat, vmstat },
  ...{ ping, nc, curl, scp, ssh: sshWith(() => programs), aws },
  ...{ date, tail, watch: watchWith(() => programs) },
  ...absent,
};
