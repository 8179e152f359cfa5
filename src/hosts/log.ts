import type { Log, LogLevel } from '../engine/server/persisting.ts';

/** How loud a line is, as redis-server marks it in its log. */
const marks = { debug: '.', verbose: '-', notice: '*', warning: '#' } as const;

/** A log on a stream: `123:M 23 Nov 2026 12:49:46.431 * Ready to accept connections`. */
export function createLog(write: (line: string) => void, pid: number, role?: 'X'): Log {
  return (level, message) => write(logLine(pid, Date.now(), level, message, role));
}

/** A line of a log; `at` is in ms since 1970. A Sentinel is X, a server M. */
export const logLine = (
  pid: number,
  at: number,
  level: LogLevel,
  message: string,
  role: 'M' | 'X' = 'M',
): string => `${pid}:${role} ${timestamp(new Date(at))} ${marks[level]} ${message}\n`;

/** A command threw what none should: the connection is closed, the server goes on. */
export const bugReport = (error: unknown): string =>
  `=== REDIS BUG REPORT: ${error instanceof Error ? error.stack : error}`;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${time}.${ms}`;
}
