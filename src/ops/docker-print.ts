/** How docker prints containers. */
import { DockerError, type Order } from './docker-order.ts';

export const portsOf = (ports: Order['ports']) =>
  ports.map(([outer, inner]) => `0.0.0.0:${outer}->${inner}/tcp`).join(', ');

export const portTaken = (port: number) =>
  new DockerError(
    `docker: Error response from daemon: failed to set up container networking: Bind for 0.0.0.0:${port} failed: port is already allocated`,
  );

/** Columns, three spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] as string).length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

export function ageOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}

/** 64 hexadecimal digits that are the same for the same words. */
export function idOf(words: string): string {
  let state = 0x811c9dc5;
  for (const char of words) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193) >>> 0;
  let id = '';
  for (let i = 0; id.length < 64; i++) {
    state = Math.imul(state ^ words.charCodeAt(i % words.length) ^ i, 0x01000193) >>> 0;
    id += state.toString(16).padStart(8, '0').slice(0, 4);
  }
  return id;
}
