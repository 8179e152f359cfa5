import { memtierBenchmark } from './memtier/memtier.ts';
import { INTERRUPTED_STATUS, Interrupted, type Program } from './program.ts';
import { absent } from './programs/absent.ts';
import { iostat, top, vmstat } from './programs/activity.ts';
import { aws } from './programs/aws.ts';
import { redisCheckAof } from './programs/check-aof.ts';
import { redisCheckRdb } from './programs/check-rdb.ts';
import { date } from './programs/date.ts';
import { tail } from './programs/files.ts';
import { free, swapon } from './programs/memory.ts';
import { curl, nc, ping } from './programs/network.ts';
import { nohupWith, timeoutWith } from './programs/prefixes.ts';
import { kill, killall, pgrep, pidof, pkill, ps } from './programs/processes.ts';
import { scp, sshWith } from './programs/remote.ts';
import { journalctl, service, systemctl } from './programs/systemd.ts';
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
  call.becomes?.(process.pid);
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

/** What a lesson's shell may call, beside what bash itself knows. */
export const programs: Readonly<Record<string, Program>> = {
  'redis-cli': redisCli,
  'redis-benchmark': redisBenchmark,
  'redis-check-aof': redisCheckAof,
  'redis-check-rdb': redisCheckRdb,
  'redis-sentinel': redisSentinel,
  'redis-server': redisServer,
  memtier_benchmark: memtierBenchmark,
  ...{ ps, pgrep, pidof, kill, pkill, killall },
  ...{ systemctl, service, journalctl },
  ...{ top, htop: top, free, swapon, iostat, vmstat },
  ...{ ping, nc, curl, scp, ssh: sshWith(() => programs), aws },
  ...{ date, tail, watch: watchWith(() => programs) },
  ...{ nohup: nohupWith(() => programs), timeout: timeoutWith(() => programs) },
  ...absent,
};
