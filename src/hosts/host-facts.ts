/** What a terminal's programs may know of the host that they run on, and of others. */
import type { Lab } from '../engine/lab/lab.ts';
import type { Machine as Host } from '../engine/lab/machine.ts';
import { checkRdb } from '../engine/persistence/rdb-check.ts';
import { defaultSettings } from '../engine/server/settings.ts';
import type { HostFacts, Machine as ShellMachine, SnapshotCheck } from '../shell/program.ts';

/** Where a terminal is. */
export interface TerminalPlace {
  readonly lab: Lab;
  readonly host: Host;
  /** Another host of the lab. */
  machine(address: string): Host;
  /** Puts a host in the place of the one that was at its address; takes it away. */
  readonly settle: (host: Host) => void;
  readonly vacate: (address: string) => void;
  /** Everything that happens in the lab happens in here. Throws once the lab has been left. */
  enter<T>(task: () => T): T;
  /** Whether the lab has been left: nothing happens in it any more. */
  isLeft(): boolean;
  /** Calls when the lab is left. Returns how not to be called any more. */
  atEnd(end: () => void): () => void;
}

/** Checks a snapshot as redis-check-rdb does. */
export const checkSnapshot = (bytes: string, now: number): SnapshotCheck =>
  checkRdb(bytes, defaultSettings(), now);

/** `machineOn` makes what programs see of another host. */
export function hostFacts(
  place: TerminalPlace,
  machineOn: (place: TerminalPlace) => ShellMachine,
): HostFacts {
  const { lab, host, enter } = place;
  const { network } = lab;
  const nodeAt = (address: string) => lab.nodes.find((node) => node.host === address);
  /** The address of a name that is known here. */
  const find = (name: string): string | undefined => {
    const address = network.resolve(name, host.address);
    const known = address !== name || nodeAt(address) || address === host.address;
    return known ? address : undefined;
  };
  return {
    name: nodeAt(host.address)?.name ?? 'localhost',
    address: host.address,
    startedAt: lab.clock.now,
    usage: () =>
      host.processes.map(({ pid, node: { server } }) => ({
        pid,
        bytes: server.memory.used,
        commands: server.stats.commandsProcessed,
      })),
    disk: () => host.disk.traffic,
    route: (name) => {
      const address = find(name);
      if (address === undefined) return undefined;
      const there = network.link(host.address, address);
      const back = network.link(address, host.address);
      const isCut = there.isCut || back.isCut;
      return {
        address,
        roundTripMs: isCut ? undefined : there.quality.latencyMs + back.quality.latencyMs,
        bytesPerMs: there.quality.bytesPerMs,
      };
    },
    peer: (name) => {
      const address = find(name);
      if (address === undefined) return undefined;
      return enter(() => machineOn({ ...place, host: place.machine(address) }));
    },
  };
}
