/** Columns and times as kubectl prints them. */

/** Three spaces between columns, none of which is narrower than six characters. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(rows);
  return rows.map((row) => printRow(row, widths)).join('');
}

/** How wide columns are, what is between them included. */
export function widthsOf(
  rows: readonly (readonly string[])[],
  least: readonly number[] = [],
): number[] {
  const count = Math.max(0, ...rows.map(({ length }) => length));
  return Array.from({ length: count }, (_, i) =>
    Math.max(6, least[i] ?? 0, ...rows.map((row) => (row[i] ?? '').length + 3)),
  );
}

export function printRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell));
  return `${cells.join('')}\n`;
}

/** How long something has been: "65s", "3m5s", "12m", "25h", "2d3h". */
export function printAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const both = (whole: number, unit: string, rest: number, smaller: string) =>
    rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${smaller}`;
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return both(days, 'd', hours % 24, 'h');
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y${days % 365}d`;
}

/** How long ago a time of an object is. */
export const printSince = (time: string | undefined, now: number): string =>
  time === undefined ? '<unknown>' : printAge(now - Date.parse(time));
