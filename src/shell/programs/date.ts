import type { Program } from '../program.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'],
  ...['October', 'November', 'December'],
];

const digits = (value: number, width = 2, fill = '0') => String(value).padStart(width, fill);

/** date [-u] [-d @seconds | -d ISO] [+FORMAT]: the time of the lab, in UTC. */
export const date: Program = async (call) => {
  const at = call.args.indexOf('-d');
  const given = at < 0 ? undefined : call.args[at + 1];
  const time = given === undefined ? call.machine.now() : readTime(given);
  if (Number.isNaN(time)) {
    call.complain(`date: invalid date '${given}'\n`);
    return 1;
  }
  const format = call.args.find((word) => word.startsWith('+'))?.slice(1);
  call.print(`${clock(time, format ?? '%a %b %e %H:%M:%S UTC %Y')}\n`);
  return 0;
};

function readTime(text: string): number {
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000;
  return Date.parse(
    /\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text,
  );
}

/** A time as `date` prints it, in UTC. */
export function clock(ms: number, format: string): string {
  const time = new Date(ms);
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  const [hour, minute, second] = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()];
  const [weekday = '', name = ''] = [days[time.getUTCDay()], months[month]];
  const fields: Readonly<Record<string, string>> = {
    ...{ Y: String(year), m: digits(month + 1), d: digits(day), e: digits(day, 2, ' ') },
    ...{ H: digits(hour), M: digits(minute), S: digits(second), y: digits(year % 100) },
    ...{ I: digits(hour % 12 || 12), p: hour < 12 ? 'AM' : 'PM', s: String(Math.floor(ms / 1000)) },
    ...{
      N: digits(Math.floor(ms % 1000), 3).padEnd(9, '0'),
      '3N': digits(Math.floor(ms % 1000), 3),
    },
    ...{
      A: weekday,
      a: weekday.slice(0, 3),
      B: name,
      b: name.slice(0, 3),
      u: String(time.getUTCDay() || 7),
    },
    ...{
      F: time.toISOString().slice(0, 10),
      T: time.toISOString().slice(11, 19),
      R: time.toISOString().slice(11, 16),
    },
    ...{
      j: digits(Math.floor((ms - Date.UTC(year, 0)) / 86_400_000) + 1, 3),
      w: String(time.getUTCDay()),
    },
    ...{ Z: 'UTC', z: '+0000', '%': '%', n: '\n', t: '\t' },
  };
  return format.replace(/%-?(3N|[a-zA-Z%])/g, (whole, letter: string) => {
    const field = Object.hasOwn(fields, letter) ? fields[letter] : undefined;
    if (field === undefined) return whole;
    return whole[1] === '-' ? field.replace(/^[0 ]+(?=.)/, '') : field;
  });
}
