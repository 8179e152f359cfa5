import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import { type Call, type Files, HOME, type Machine, type Program } from '../../shell/program.ts';
import { Terminal } from '../../shell/terminal.ts';
import type { OpsHost } from '../host.ts';
import { type CronJob, CronTableError, isDue, readTable } from './table.ts';

/** What cron needs of its host. */
export interface CronHost extends Pick<OpsHost, 'name' | 'now' | 'after'> {
  machine(): Machine;
  /** What its jobs may call. */
  programs(): Readonly<Record<string, Program>>;
}

const FOLDER = '/var/spool/cron/crontabs';
const SYSLOG = '/var/log/syslog';
const MINUTE_MS = 60_000;
/** Of what lies further back than that nothing is made up for. */
const MOST_MINUTES = 400 * 24 * 60;
const users = ['root', 'redis'];

/**
 * The cron of a host: runs what its crontabs say, in the lab's time, which is UTC. What a job prints is
 * mailed to /var/mail; that it ran is in /var/log/syslog. When the lab's time leaps, a job that would
 * have run several times in between runs once.
 */
export class Cron {
  readonly #host: CronHost;
  /** The number of the minute that was looked at last; undefined: there is nothing to run. */
  #minute: number | undefined;
  #pid = 4000;

  constructor(host: CronHost) {
    this.#host = host;
  }

  /** crontab FILE | - | -l | -r | -e, [-u user]: crontab(1). */
  readonly crontab: Program = async (call) => {
    const order = readOrder(call.args);
    if (typeof order === 'string') {
      call.complain(order);
      return 1;
    }
    const { user, verb } = order;
    const { files } = call.machine;
    const path = `${FOLDER}/${user}`;
    if (verb === 'install') return this.#install(call, order);
    if (verb === 'edit') {
      call.complain(
        'crontab: no editor is simulated here: write the lines to a file, and give it: crontab FILE\n',
      );
      return 1;
    }
    const text = files.read(path);
    if (text === undefined) {
      call.complain(`no crontab for ${user}\n`);
      return 1;
    }
    if (verb === 'remove') files.remove(path);
    else call.print(text.replace(/^(# (DO NOT EDIT|\(.* installed on|\(Cron version).*\n){3}/, ''));
    return 0;
  };

  #install(call: Call, { user, name, isDry }: Order): number {
    const { files } = call.machine;
    const text = name === '-' ? (call.stdin ?? '') : files.read(absolute(name, call.folder));
    if (text === undefined) {
      call.complain(`${name}: No such file or directory\n`);
      return 1;
    }
    const problem = problemOf(text, name);
    if (problem !== undefined) {
      call.complain(`${problem}, can't install.\n`);
      return 1;
    }
    if (isDry) {
      call.complain('The syntax of the crontab file was successfully checked.\n');
      return 0;
    }
    if (readTable(text).jobs.some(({ times }) => times === undefined)) {
      call.complain('crontab: @reboot is kept, and never comes: hosts do not boot here\n');
    }
    files.write(`${FOLDER}/${user}`, `${headOf(name, this.#host.now())}${text}`);
    this.#wakeUp();
    return 0;
  }

  /** It sleeps until the next minute while there is a table. */
  #wakeUp(): void {
    if (this.#minute !== undefined) return;
    this.#minute = Math.floor(this.#host.now() / MINUTE_MS);
    this.#plan();
  }

  #plan(): void {
    this.#host.after(MINUTE_MS - (this.#host.now() % MINUTE_MS), () => this.#look());
  }

  #look(): void {
    const machine = this.#host.machine();
    const now = Math.floor(this.#host.now() / MINUTE_MS);
    const first = Math.max((this.#minute ?? now) + 1, now - MOST_MINUTES);
    const tables = users.flatMap((user) => {
      const text = machine.files.read(`${FOLDER}/${user}`);
      return text === undefined ? [] : [{ user, text }];
    });
    this.#minute = tables.length === 0 ? undefined : now;
    if (tables.length > 0) this.#plan();
    for (const { user, text } of tables) {
      for (const job of jobsOf(text)) {
        if (isDueWithin(job, first, now)) void this.#run(job, user, machine);
      }
    }
  }

  async #run(job: CronJob, user: string, machine: Machine): Promise<void> {
    const { name, now } = this.#host;
    const pid = this.#pid++;
    const at = now();
    append(
      machine.files,
      SYSLOG,
      `${stampOf(at)} ${name} CRON[${pid}]: (${user}) CMD (${job.text})\n`,
    );
    let printed = '';
    const hear = (text: string) => {
      printed += text;
    };
    const output = { out: hear, err: hear, isTerminal: false };
    const terminal = new Terminal(machine, this.#host.programs(), output);
    await terminal.run(scriptOf(job)).catch(() => {});
    const to = job.settings.get('MAILTO') ?? user;
    if (printed === '' || to === '') return;
    const mail = { user, to, host: name, at, subject: job.text, body: printed };
    append(machine.files, `/var/mail/${to}`, utf8Encode(mailOf(mail)));
  }
}

interface Order {
  readonly user: string;
  readonly verb: 'install' | 'list' | 'remove' | 'edit';
  readonly name: string;
  /** Whether the table is only checked. */
  readonly isDry: boolean;
}

const verbs: ReadonlyMap<string, Order['verb']> = new Map([
  ['-l', 'list'],
  ['-r', 'remove'],
  ['-e', 'edit'],
]);

const USAGE = `usage:\tcrontab [-u user] [-n] file
\tcrontab [ -u user ] { -e | -l | -r }
`;

/** A text is what is wrong with it. */
function readOrder(args: readonly string[]): Order | string {
  let order: Order = { user: 'root', verb: 'install', name: '-', isDry: false };
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const verb = verbs.get(word);
    if (word === '-u') order = { ...order, user: left.shift() ?? '' };
    else if (word === '-n') order = { ...order, isDry: true };
    else if (verb) order = { ...order, verb };
    else if (word.startsWith('-') && word !== '-') {
      const letter = word.replace(/^-+/, '').slice(0, 1);
      return `crontab: invalid option -- '${letter}'\ncrontab: usage error: unrecognized option\n${USAGE}`;
    } else order = { ...order, name: word };
  }
  return users.includes(order.user) ? order : `crontab:  user \`${order.user}' unknown\n`;
}

/** Why a table cannot be installed. */
function problemOf(text: string, name: string): string | undefined {
  try {
    readTable(text);
  } catch (error) {
    if (!(error instanceof CronTableError)) throw error;
    return `"${name}":${error.line}: ${error.message}\nerrors in crontab file`;
  }
  const isWhole = text === '' || text.endsWith('\n');
  return isWhole ? undefined : 'new crontab file is missing newline before EOF';
}

/** A file that somebody has spoiled without crontab has no jobs. */
function jobsOf(text: string): readonly CronJob[] {
  return problemOf(text, '') === undefined ? readTable(text).jobs : [];
}

function isDueWithin({ times }: CronJob, first: number, last: number): boolean {
  for (let minute = last; times && minute >= first; minute--) {
    if (isDue(times, minute * MINUTE_MS)) return true;
  }
  return false;
}

function scriptOf({ command, input, settings }: CronJob): string {
  const told = [...settings].map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  const env = told.length === 0 ? '' : `export ${told.join(' ')}\n`;
  const whole =
    input === undefined ? command : `{ ${command}\n} <<'CRON_INPUT'\n${input}CRON_INPUT`;
  return utf8Decode(`${env}${whole}\n`);
}

function append(files: Files, path: string, text: string): void {
  files.write(path, (files.read(path) ?? '') + text);
}

const dateOf = (ms: number) => {
  const [, weekday = '', day = '', month = '', year = '', time = ''] =
    /^(\w+), 0?(\d+) (\w+) (\d+) (\S+)/.exec(new Date(ms).toUTCString()) ?? [];
  return { weekday, month, day: day.padStart(2), year, time };
};

const stampOf = (ms: number) => {
  const { month, day, time } = dateOf(ms);
  return `${month} ${day} ${time}`;
};

const longDateOf = (ms: number) => {
  const { weekday, year, month, day, time } = dateOf(ms);
  return `${weekday} ${month} ${day} ${time} ${year}`;
};

const headOf = (
  name: string,
  at: number,
) => `# DO NOT EDIT THIS FILE - edit the master and reinstall.
# (${name} installed on ${longDateOf(at)})
# (Cron version -- simulated here)
`;

interface Mail {
  readonly user: string;
  readonly to: string;
  readonly host: string;
  readonly at: number;
  readonly subject: string;
  readonly body: string;
}

const mailOf = ({
  user,
  to,
  host,
  at,
  subject,
  body,
}: Mail) => `From ${user}@${host} ${longDateOf(at)}
From: ${user} (Cron Daemon)
To: ${to}
Subject: Cron <${user}@${host}> ${utf8Decode(subject)}
X-Cron-Env: <SHELL=/bin/sh>
X-Cron-Env: <HOME=${HOME}>
X-Cron-Env: <LOGNAME=${user}>

${body}
`;
