import { utf8Decode } from '../engine/bytes/bytes.ts';
import type { Lab } from '../engine/lab/lab.ts';
import type { Connection } from '../engine/network/network.ts';
import { Docker } from '../ops/docker.ts';
import { enterprisePrograms } from '../ops/enterprise/programs.ts';
import type { Accept, OpsHost } from '../ops/host.ts';
import { Monitoring } from '../ops/monitoring.ts';
import type { Program } from '../shell/program.ts';
import type { Dial } from '../wire/link.ts';
import type { TerminalPlace } from './host-facts.ts';

/** What runs on a host beside Redis: containers, Prometheus. It stays when its terminal is closed. */
export interface Services {
  readonly host: OpsHost;
  readonly monitoring: Monitoring;
  readonly programs: Readonly<Record<string, Program>>;
}

const known = new WeakMap<Lab, Map<string, Services>>();

/** The services of a host; `dialAs` reaches out from an address. */
export function servicesOf(
  place: TerminalPlace,
  dialAs: (place: TerminalPlace, from: string) => Dial,
): Services {
  const hosts = known.get(place.lab) ?? new Map<string, Services>();
  known.set(place.lab, hosts);
  const { address } = place.host;
  const found = hosts.get(address) ?? open(opsHost(place, address, dialAs));
  hosts.set(address, found);
  return found;
}

function open(host: OpsHost): Services {
  const monitoring = new Monitoring(host);
  const docker = new Docker(host).program;
  const { prometheus, promtool } = monitoring;
  const programs = { docker, prometheus, promtool, ...enterprisePrograms(host) };
  return { host, monitoring, programs };
}

/** Containers of all hosts get their addresses one after the other. */
const containers = new WeakMap<Lab, number>();

function opsHost(
  place: TerminalPlace,
  address: string,
  dialAs: (place: TerminalPlace, from: string) => Dial,
): OpsHost {
  const { lab, host, enter, isLeft } = place;
  const taken = new Set<number>();
  const isTaken = (port: number) =>
    taken.has(port) || lab.nodes.some((node) => node.host === address && node.port === port);
  return {
    name: lab.nodes.find((node) => node.host === address)?.name ?? address,
    address,
    dial: dialAs(place, address),
    now: () => lab.clock.now,
    // What a service does then may reach into the lab again, so it is done outside.
    after: (ms, task) =>
      enter(() => lab.clock.schedule(ms, () => queueMicrotask(() => isLeft() || task()))),
    listen(port, accept) {
      if (isTaken(port)) return undefined;
      taken.add(port);
      const stop = lab.network.listen(`${address}:${port}`, (connection) =>
        accept(answering(connection, place)),
      );
      return () => {
        taken.delete(port);
        stop();
      };
    },
    read(path) {
      const bytes = host.disk.read(path);
      return bytes === undefined ? undefined : utf8Decode(bytes);
    },
    container(name) {
      const count = (containers.get(lab) ?? 1) + 1;
      containers.set(lab, count);
      const inner = `172.17.0.${count}`;
      lab.network.name(name, inner);
      return opsHost(place, inner, dialAs);
    },
    peer(name) {
      const at = lab.network.resolve(name, address);
      const isKnown = at === address || lab.nodes.some((node) => node.host === at);
      return isKnown ? servicesOf({ ...place, host: place.machine(at) }, dialAs).host : undefined;
    },
    cut: (one, other, isCut) => enter(() => (isCut ? lab.cut(one, other) : lab.heal(one, other))),
  };
}

/** A service answers when it is ready, which is another turn than that of the question. */
const answering = (
  connection: Connection,
  { enter, isLeft }: TerminalPlace,
): Parameters<Accept>[0] => ({
  send: (bytes) => isLeft() || enter(() => connection.send(bytes)),
  close: () => isLeft() || enter(() => connection.close()),
});
