/** How loud a line is, as redis-server marks it in its log. */
const marks = { debug: '.', verbose: '-', notice: '*', warning: '#' } as const;

export type LogLevel = keyof typeof marks;

/** Writes a line of the server's log. */
export type Log = (level: LogLevel, message: string) => void;

/** A log on a stream: `123:M 23 Nov 2026 12:49:46.431 * Ready to accept connections`. */
export function createLog(write: (line: string) => void, pid: number): Log {
  return (level, message) => write(logLine(pid, Date.now(), marks[level], message));
}

/** A line of a log; `at` is in ms since 1970. */
export const logLine = (pid: number, at: number, mark: string, message: string): string =>
  `${pid}:M ${timestamp(new Date(at))} ${mark} ${message}\n`;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${time}.${ms}`;
}
