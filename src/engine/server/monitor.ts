import { quote } from '../resp/print.ts';
import type { Client } from './client.ts';

/** A command as MONITOR shows it. https://redis.io/docs/latest/commands/monitor/ */
export function monitorLine(nowMs: number, client: Client, argv: readonly string[]): string {
  const seconds = Math.floor(nowMs / 1000);
  const micros = String(Math.floor((nowMs % 1000) * 1000)).padStart(6, '0');
  const from = client.addr === '' ? 'lua' : client.addr;
  return `${seconds}.${micros} [${client.db} ${from}] ${argv.map(quote).join(' ')}`;
}
