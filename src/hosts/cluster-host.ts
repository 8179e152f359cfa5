/** The lab as a Kubernetes cluster needs it: hosts for its pods, disks for its volumes. */

import { Machine, type RunningServer } from '../engine/lab/machine.ts';
import { VirtualDisk } from '../engine/persistence/disk.ts';
import type {
  Infrastructure,
  Mount,
  PodHost,
  ProcessListener,
} from '../ops/kubernetes/infrastructure.ts';
import type { Machine as ShellMachine } from '../shell/program.ts';
import type { TerminalPlace } from './host-facts.ts';
import { logLine } from './log.ts';
import { MountedDisk, type MountedPart } from './mounted-disk.ts';

/** How programs see a host that they are on. */
export type MachineOn = (place: TerminalPlace) => ShellMachine;

/** Everything but `enter` is called within the lab. */
export function infrastructureOf(place: TerminalPlace, machineOn: MachineOn): Infrastructure {
  const { lab, enter } = place;
  return {
    now: () => lab.clock.now,
    after: (ms, task) => lab.clock.schedule(ms, task),
    enter,
    openDisk: () => new VirtualDisk(() => lab.clock.now),
    openHost: (name, address, mounts) =>
      new LabPodHost(place, machineOn, { name, address, mounts }),
    setRoutes: (routes) => {
      lab.network.routes = routes;
    },
    connect(address, from, { onOpen, onData, onClose, onFail }) {
      let hangUp = () => {};
      const giveUp = lab.network.connect(address, from, {
        onData,
        onClose,
        onFail,
        onConnect(connection) {
          hangUp = () => connection.close();
          onOpen((bytes) => connection.send(bytes));
        },
      });
      return () => {
        giveUp();
        hangUp();
      };
    },
  };
}

interface Plan {
  readonly name: string;
  readonly address: string;
  readonly mounts: readonly Mount[];
}

/** What the lab says of a server that ends, and the signal that has ended it; 0 for none. */
const signals: ReadonlyMap<string, number> = new Map([
  ['ends', 0],
  ['is killed', 9],
]);

/** A host of the lab for a pod. */
class LabPodHost implements PodHost {
  readonly address: string;
  readonly #name: string;
  readonly #place: TerminalPlace;
  readonly #machineOn: MachineOn;
  #machine: Machine;
  readonly #disk: MountedDisk;
  readonly #mounts: readonly VirtualDisk[];

  constructor(place: TerminalPlace, machineOn: MachineOn, { name, address, mounts }: Plan) {
    const { lab } = place;
    this.address = address;
    this.#name = name;
    this.#place = place;
    this.#machineOn = machineOn;
    // Only disks that were opened above are mounted.
    const disks = mounts as readonly MountedPart[];
    this.#mounts = disks.map(({ disk }) => disk);
    this.#disk = new MountedDisk(() => lab.clock.now, disks);
    this.#machine = this.#settle();
  }

  /** A container counts its processes from 1. */
  #settle(): Machine {
    const { lab, settle } = this.#place;
    const machine = new Machine(lab, this.address, logLine, { disk: this.#disk, firstPid: 1 });
    settle(machine);
    return machine;
  }

  launch(args: readonly string[], hear: ProcessListener) {
    this.#forgetEnded();
    const { output, running } = this.#machine.launch(args, '/data', this.#name);
    hear.onLog(output);
    if (!running) return undefined;
    this.#listen(running, hear);
    return {
      signal: (signal: 'TERM' | 'KILL') => {
        this.#machine.signal(running.pid, signal);
      },
    };
  }

  /** Hears a server until it has ended, and none that somebody starts beside it. */
  #listen({ pid, node }: RunningServer, hear: ProcessListener): void {
    const stop = this.#place.lab.events.listen(({ node: name, at, level, text }) => {
      if (name !== node.name) return;
      if (level !== undefined) {
        hear.onLog(logLine(pid, at, level, text, node.isSentinel ? 'X' : 'M'));
        return;
      }
      const signal = text === 'crashes' ? node.server.settings.crashSignal : signals.get(text);
      if (signal === undefined) return;
      stop();
      hear.onEnd(signal === 0 ? 0 : 128 + signal);
    });
  }

  #has = ({ host }: { host: string }) => host === this.address;

  machine(): ShellMachine {
    return this.#machineOn({ ...this.#place, host: this.#machine });
  }

  read(path: string): string | undefined {
    return this.#disk.read(path);
  }

  write(path: string, bytes: string): void {
    this.#disk.write(path, bytes);
  }

  clear(): void {
    this.#disk.clear();
    this.#forgetEnded();
    this.#machine = this.#settle();
  }

  usedBytes(): number {
    const servers = this.#machine.processes.map(({ node }) => node.server);
    return servers.reduce((sum, { memory }) => sum + memory.used, 0);
  }

  close(isPowerLoss: boolean): void {
    for (const { pid } of this.#machine.processes) this.#machine.signal(pid, 'KILL');
    if (isPowerLoss) for (const disk of this.#mounts) disk.losePower();
    this.#forgetEnded();
    this.#place.vacate(this.address);
  }

  /** A container that restarts every few minutes does not fill the lab with servers that were. */
  #forgetEnded(): void {
    const { lab } = this.#place;
    for (const node of [...lab.nodes]) if (this.#has(node)) lab.forget(node);
  }
}
