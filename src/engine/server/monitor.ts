import type { Command } from '../commands/command.ts';
import { quote } from '../resp/print.ts';
import { type Reply, Status } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Client } from './client.ts';

/** A command as MONITOR shows it. https://redis.io/docs/latest/commands/monitor/ */
export function monitorLine(nowMs: number, client: Client, argv: readonly string[]): string {
  const seconds = Math.floor(nowMs / 1000);
  const micros = String(Math.floor((nowMs % 1000) * 1000)).padStart(6, '0');
  const from = client.addr === '' ? 'lua' : client.addr;
  return `${seconds}.${micros} [${client.db} ${from}] ${argv.map(quote).join(' ')}`;
}

/** What showing commands needs of the server. */
interface MonitorHost {
  readonly clock: Clock;
  readonly monitors: ReadonlySet<Client>;
  readonly output: { deliver(client: Client, message: Reply): void };
}

/** Shows a command to all who have said MONITOR. Administration is not for everybody's eyes. */
export function feedMonitors(
  host: MonitorHost,
  call: { readonly client: Client; readonly shownArgv: readonly string[] },
  command: Command<never>,
): void {
  if (host.monitors.size === 0 || command.flags.has('admin')) return;
  const { client, shownArgv } = call;
  const line = new Status(monitorLine(host.clock.now, client, shownArgv));
  for (const monitor of host.monitors) host.output.deliver(monitor, line);
}
