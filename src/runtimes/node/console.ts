/** Node's console, formatted by Node's own `util.inspect`. */
import { format, inspect } from './shims/util.ts';

type Write = (stream: 'out' | 'err', text: string) => void;

export function nodeConsole(write: Write) {
  let indent = '';
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const print = (stream: 'out' | 'err', text: string) =>
    write(stream, `${indent}${indent ? text.replaceAll('\n', `\n${indent}`) : text}\n`);
  const log = (...args: unknown[]) => print('out', format(...args));
  const error = (...args: unknown[]) => print('err', format(...args));
  const elapsed = (label: string) =>
    `${label}: ${duration(performance.now() - (timers.get(label) ?? 0))}`;
  return {
    ...{ log, info: log, debug: log, error, warn: error },
    dir: (value: unknown, options: object = {}) => print('out', inspect(value, options)),
    table: (value: unknown) =>
      typeof value === 'object' && value !== null ? print('out', table(value)) : log(value),
    trace: (...args: unknown[]) => error(`Trace: ${format(...args)}`),
    assert(holds: unknown, ...args: unknown[]) {
      if (!holds) error(args.length ? `Assertion failed: ${format(...args)}` : 'Assertion failed');
    },
    count(label = 'default') {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => void counts.delete(label),
    time: (label = 'default') => void timers.set(label, performance.now()),
    timeLog: (label = 'default', ...args: unknown[]) => log(elapsed(label), ...args),
    timeEnd: (label = 'default') => log(elapsed(label)),
    group(...args: unknown[]) {
      if (args.length > 0) log(...args);
      indent += '  ';
    },
    groupEnd() {
      indent = indent.slice(2);
    },
  };
}

const duration = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`;

/** Rows and columns as `console.table` draws them. */
function table(value: object): string {
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const columns = new Set<string>();
  let hasValues = false;
  for (const [, row] of entries) {
    if (typeof row === 'object' && row !== null) {
      for (const name of Object.keys(row)) columns.add(name);
    } else hasValues = true;
  }
  const cell = (row: unknown, name: string) => {
    const holder = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : {};
    return name in holder ? inspect(holder[name]) : '';
  };
  const header = ['(index)', ...columns, ...(hasValues ? ['Values'] : [])];
  const rows = entries.map(([key, row]) => [
    String(key),
    ...[...columns].map((name) => cell(row, name)),
    ...(hasValues ? [typeof row === 'object' && row !== null ? '' : inspect(row)] : []),
  ]);
  return draw([header, ...rows]);
}

function draw(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows;
  const widths = header.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}`;
  const line = (row: readonly string[]) =>
    `│ ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' │ ')} │`;
  const [first = header, ...others] = rows;
  return [
    ...[rule('┌', '┬', '┐'), line(first), rule('├', '┼', '┤')],
    ...others.map(line),
    rule('└', '┴', '┘'),
  ].join('\n');
}
