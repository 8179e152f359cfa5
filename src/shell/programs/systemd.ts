/**
 * systemctl, service and journalctl, of two units: the server at port 6379 and the Sentinel at
 * 26379. They are enabled, and nothing starts them again by itself.
 */
import type { Call, JournalLine, ProcessInfo, Program } from '../program.ts';
import { clock } from './date.ts';

interface Unit {
  readonly name: string;
  readonly port: number;
  readonly about: string;
}

const server: Unit = {
  name: 'redis-server.service',
  port: 6379,
  about: 'Advanced key-value store',
};
const sentinel: Unit = {
  name: 'redis-sentinel.service',
  port: 26379,
  about: 'Advanced key-value store',
};

const units: ReadonlyMap<string, Unit> = new Map([
  ['redis', server],
  ['redis-server', server],
  ['redis-sentinel', sentinel],
]);

const unitOf = (word: string): Unit | undefined => units.get(word.replace(/\.service$/, ''));
const fullName = (word: string) => (word.includes('.') ? word : `${word}.service`);

const processOf = ({ machine }: Call, { port }: Unit): ProcessInfo | undefined =>
  machine.processes.list().find(({ title }) => title.split(' ')[1]?.endsWith(`:${port}`));

/** systemctl start|stop|restart|status|is-active|is-enabled|enable|disable unit ... */
export const systemctl: Program = async (call) => {
  const [verb = '', ...names] = call.args.filter((word) => !word.startsWith('-'));
  if (verb === 'daemon-reload') return 0;
  const run = verbs.get(verb);
  if (!run) {
    const known = [...verbs.keys()].join(', ');
    call.complain(
      `systemctl: not simulated here: ${verb || 'a list of all units'}; ${known} are\n`,
    );
    return 1;
  }
  if (names.length === 0) {
    call.complain('Too few arguments.\n');
    return 1;
  }
  let status = 0;
  for (const name of names) status = (await run(call, unitOf(name), name)) || status;
  return status;
};

/** service unit start|stop|restart|status */
export const service: Program = async (call) => {
  const [name, verb] = call.args;
  if (name === undefined || verb === undefined) {
    call.complain('Usage: service < option > | --status-all | [ service_name [ command ] ]\n');
    return 1;
  }
  if (!unitOf(name)) {
    call.complain(`${name}: unrecognized service\n`);
    return 1;
  }
  return systemctl({ ...call, args: [verb, name] });
};

type Verb = (call: Call, unit: Unit | undefined, name: string) => Promise<number>;

/** Does something to a unit that is there. */
const acting =
  (verb: string, act: (call: Call, unit: Unit) => Promise<number>): Verb =>
  async (call, unit, name) => {
    if (unit) return act(call, unit);
    const full = fullName(name);
    call.complain(`Failed to ${verb} ${full}: Unit ${full} not found.\n`);
    return 5;
  };

async function stop(call: Call, unit: Unit): Promise<number> {
  const { machine, signal } = call;
  const running = processOf(call, unit);
  if (running) machine.processes.signal(running.pid, 'TERM');
  // One that cannot save goes on until somebody frees the disk, or Ctrl-C.
  while (processOf(call, unit)) await machine.sleep(100, signal);
  return 0;
}

async function start(call: Call, unit: Unit): Promise<number> {
  if (processOf(call, unit)) return 0;
  const { processes } = call.machine;
  const isBack = processes.resume(unit.port);
  if (isBack || (isBack === undefined && launch(call, unit))) return 0;
  call.complain(
    `Job for ${unit.name} failed because the control process exited with error code.\n` +
      `See "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.\n`,
  );
  return 1;
}

/** On a host where it has never run. */
function launch({ machine }: Call, { port }: Unit): boolean {
  const isSentinel = port === sentinel.port;
  const conf = `/etc/redis/${isSentinel ? 'sentinel' : 'redis'}.conf`;
  if (machine.files.read(conf) === undefined) return false;
  const mode = isSentinel ? ['--sentinel'] : [];
  return (
    machine.processes.launch([conf, '--daemonize', 'yes', ...mode], '/data').process !== undefined
  );
}

const asked =
  (answer: (running: ProcessInfo | undefined) => string): Verb =>
  async (call, unit) => {
    const running = unit && processOf(call, unit);
    const text = answer(running);
    call.print(`${text}\n`);
    return text === 'inactive' ? 3 : 0;
  };

const installing = (verb: string) =>
  acting(verb, async ({ complain }, { name }) => {
    const script = '/lib/systemd/systemd-sysv-install';
    const bare = name.replace('.service', '');
    complain(`Synchronizing state of ${name} with SysV service script with ${script}.\n`);
    complain(`Executing: ${script} ${verb} ${bare}\n`);
    return 0;
  });

const status: Verb = async (call, unit, name) => {
  if (!unit) {
    call.complain(`Unit ${fullName(name)} could not be found.\n`);
    return 4;
  }
  const running = processOf(call, unit);
  const lines = call.machine.processes.journal(unit.port);
  const since = lines.findLast(({ isOfSystem }) => isOfSystem)?.at ?? call.machine.host.startedAt;
  const age = ageOf(call.machine.now() - since);
  const state = running ? 'active (running)' : 'inactive (dead)';
  const about = [
    `${running ? '●' : '○'} ${unit.name} - ${unit.about}`,
    `     Loaded: loaded (/lib/systemd/system/${unit.name}; enabled; preset: enabled)`,
    `     Active: ${state} since ${clock(since, '%a %F %T UTC')}; ${age} ago`,
    ...(running ? [`   Main PID: ${running.pid} (${running.title.split(' ')[0]})`] : []),
  ];
  call.print(
    about
      .map((line) => `${line}\n`)
      .join('')
      .replace(/[●○]/g, toUtf8),
  );
  if (lines.length > 0)
    call.print(
      `\n${lines
        .slice(-10)
        .map((line) => printed(call, line))
        .join('')}`,
    );
  return running ? 0 : 3;
};

const toUtf8 = (char: string) => (char === '●' ? '\xe2\x97\x8f' : '\xe2\x97\x8b');

const restart = async (call: Call, unit: Unit) =>
  (await stop(call, unit)) || (await start(call, unit));

const verbs: ReadonlyMap<string, Verb> = new Map([
  ['start', acting('start', start)],
  ['stop', acting('stop', stop)],
  ['restart', acting('restart', restart)],
  ['status', status],
  ['is-active', asked((running) => (running ? 'active' : 'inactive'))],
  [
    'is-enabled',
    acting('get unit file state for', async ({ print }) => {
      print('enabled\n');
      return 0;
    }),
  ],
  ['enable', installing('enable')],
  ['disable', installing('disable')],
]);

function ageOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`;
}

const printed = ({ machine }: Call, { at, pid, text, isOfSystem }: JournalLine): string => {
  const from = isOfSystem ? 'systemd[1]' : `redis-server[${pid}]`;
  return `${clock(at, '%b %d %T')} ${machine.host.name} ${from}: ${text}\n`;
};

const LOOK_EVERY_MS = 200;

/** journalctl [-u unit] [-n lines] [-f]: what a unit has logged; -f goes on with what it logs. */
export const journalctl: Program = async (call) => {
  const { name, count, follows } = readJournal(call.args);
  const unit = name === undefined ? server : unitOf(name);
  if (!unit) {
    call.print('-- No entries --\n');
    return 0;
  }
  const { machine } = call;
  const lines = machine.processes.journal(unit.port);
  if (lines.length === 0 && !follows) call.print('-- No entries --\n');
  const first = lines.slice(-(count ?? (follows ? 10 : lines.length)) || lines.length);
  call.print(first.map((line) => printed(call, line)).join(''));
  for (let seen = lines.length; follows; ) {
    await machine.sleep(LOOK_EVERY_MS, call.signal);
    const now = machine.processes.journal(unit.port);
    call.print(
      now
        .slice(seen)
        .map((line) => printed(call, line))
        .join(''),
    );
    seen = now.length;
  }
  return 0;
};

function readJournal(args: readonly string[]) {
  let name: string | undefined;
  let count: number | undefined;
  let follows = false;
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, value] = /^(?:--unit=|--lines=|-u|-n)(.+)$/.exec(word) ?? [];
    if (/^(-u|--unit)/.test(word)) name = value ?? left.shift();
    else if (/^(-n|--lines)/.test(word)) count = Number(value ?? left.shift()) || undefined;
    else if (word === '-fu' || word === '-xeu') {
      follows ||= word === '-fu';
      name = left.shift();
    } else if (/^-\w*f|^--follow$/.test(word)) follows = true;
  }
  return { name, count, follows };
}
