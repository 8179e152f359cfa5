/** The lines of a crontab, read as cron reads them: crontab(5). */

export interface CronTable {
  readonly jobs: readonly CronJob[];
}

export interface CronJob {
  /** What is in the table: the command, and after a "%" its input. */
  readonly text: string;
  readonly command: string;
  readonly input: string | undefined;
  /** The settings that stand above it, in order; the last of a name holds. */
  readonly settings: ReadonlyMap<string, string>;
  /** Undefined for `@reboot`: hosts do not boot here. */
  readonly times: CronTimes | undefined;
}

export interface CronTimes {
  readonly fields: readonly ReadonlySet<number>[];
  /** Whether a day must be one of the month's AND one of the week's: one of them begins with "*". */
  readonly needsBothDays: boolean;
}

/** A table that cannot be installed. */
export class CronTableError extends Error {
  override readonly name = 'CronTableError';
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}

/** Throws `CronTableError`, its line counted as crontab counts. */
export function readTable(text: string): CronTable {
  const jobs: CronJob[] = [];
  let settings: ReadonlyMap<string, string> = new Map();
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const setting = /^\s*(["']?)(\w+)\1\s*=\s*(.*?)\s*$/.exec(line);
    if (setting) {
      const value = (setting[3] as string).replace(/^(["'])(.*)\1$/, '$2');
      settings = new Map([...settings, [setting[2] as string, value]]);
    } else jobs.push({ ...readJob(line.trimStart(), index), settings });
  }
  return { jobs };
}

/** Whether a job is due in the minute that begins at `ms` since 1970, in UTC. */
export function isDue({ fields, needsBothDays }: CronTimes, ms: number): boolean {
  const time = new Date(ms);
  const parts = [time.getUTCMinutes(), time.getUTCHours(), time.getUTCDate()];
  parts.push(time.getUTCMonth() + 1, time.getUTCDay());
  const [minute, hour, date, month, weekday] = parts.map((part, i) => fields[i]?.has(part));
  const day = needsBothDays ? date && weekday : date || weekday;
  return Boolean(minute && hour && month && day);
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day-of-month', from: 1, to: 31 },
  {
    name: 'month',
    from: 1,
    to: 12,
    words: ['', ...'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')],
  },
  { name: 'day-of-week', from: 0, to: 7, words: 'sun mon tue wed thu fri sat'.split(' ') },
];

const nicknames: ReadonlyMap<string, string | undefined> = new Map([
  ['@reboot', undefined],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

function readJob(line: string, index: number): Omit<CronJob, 'settings'> {
  const nickname = /^@\S*/.exec(line)?.[0];
  if (nickname === undefined) {
    const words = line.split(/[ \t]+/);
    const times = readTimes(words.slice(0, 5), words.length, index);
    return { ...readCommand(line.replace(/^(\S+[ \t]*){5}/, '')), times };
  }
  if (!nicknames.has(nickname)) throw new CronTableError(index, 'bad time specifier');
  const told = nicknames.get(nickname)?.split(' ');
  const times = told && readTimes(told, told.length, index);
  return { ...readCommand(line.slice(nickname.length).trimStart()), times };
}

/** A field at the end of its line is noticed when the next one has begun, and counted there. */
function readTimes(words: readonly string[], count: number, index: number): CronTimes {
  const sets = fields.map((field, i) => {
    const set = readField(words[i] ?? '', field);
    const isLast = i >= count - 1;
    if (!set) throw new CronTableError(isLast ? index + 1 : index, `bad ${field.name}`);
    return set;
  });
  return {
    fields: sets,
    needsBothDays: [words[2], words[4]].some((word) => word?.startsWith('*')),
  };
}

function readField(text: string, { from, to, words }: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const read = (word: string) => {
    const named = words?.indexOf(word.toLowerCase()) ?? -1;
    const value = named >= 0 && word !== '' ? named : /^\d+$/.test(word) ? Number(word) : -1;
    return value >= from && value <= to ? value : undefined;
  };
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [low, high] = range === '*' ? [from, to] : range.split('-').map(read);
    if (low === undefined || Number(step) < 1 || range.split('-').length > 2) return undefined;
    const isRange = range === '*' || range.includes('-');
    if (isRange && high === undefined) return undefined;
    if (!isRange && part.includes('/')) return undefined;
    for (let n = low; n <= (high ?? low); n += Number(step)) values.add(to === 7 ? n % 7 : n);
  }
  return values;
}

/** The first "%" begins what the command reads, the others are ends of lines; "\%" is a "%". */
function readCommand(text: string): Pick<CronJob, 'text' | 'command' | 'input'> {
  const [command = '', ...input] = text
    .split(/(?<!\\)%/)
    .map((part) => part.replaceAll('\\%', '%'));
  return { text, command, input: input.length === 0 ? undefined : `${input.join('\n')}\n` };
}
