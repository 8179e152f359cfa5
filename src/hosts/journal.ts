/** What systemd would know of the servers of a host: their logs, what became of them. */
import { LoadError } from '../engine/persistence/host.ts';
import type { JournalLine } from '../shell/program.ts';
import type { TerminalPlace } from './host-facts.ts';
import { logLine } from './log.ts';

const ABOUT = 'Advanced key-value store';

/** What the system says of what a lab tells of a node. */
const told: ReadonlyMap<string, (unit: string) => string> = new Map([
  ['starts', (unit) => `Started ${unit} - ${ABOUT}.`],
  ['is stopped', (unit) => `Stopped ${unit} - ${ABOUT}.`],
  ['ends', (unit) => `${unit}: Deactivated successfully.`],
  ['is killed', (unit) => `${unit}: Main process exited, code=killed, status=9/KILL`],
]);

export function journalOf({ lab, host }: TerminalPlace, port: number): readonly JournalLine[] {
  const nodes = new Map(
    lab.nodes
      .filter((node) => node.host === host.address && node.port === port)
      .map((node) => [node.name, node] as const),
  );
  return lab.events.all.flatMap(({ node: name, at, text, level }): JournalLine[] => {
    const node = nodes.get(name);
    if (!node) return [];
    const pid = host.processes.find((process) => process.node === node)?.pid ?? 1000;
    if (level !== undefined) {
      const line = logLine(pid, at, level, text, node.isSentinel ? 'X' : 'M').trimEnd();
      return [{ at, pid, text: line, isOfSystem: false }];
    }
    const unit = `redis-${node.isSentinel ? 'sentinel' : 'server'}.service`;
    const said = told.get(text)?.(unit);
    return said === undefined ? [] : [{ at, pid, text: said, isOfSystem: true }];
  });
}

/** Within the lab. */
export function resume({ lab, host }: TerminalPlace, port: number): boolean | undefined {
  const node = lab.nodes.findLast(
    (each) => each.host === host.address && each.port === port && each.state === 'ended',
  );
  if (!node) return undefined;
  try {
    node.start();
    return true;
  } catch (error) {
    if (error instanceof LoadError) return false;
    throw error;
  }
}
