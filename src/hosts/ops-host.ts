import { utf8Decode } from '../engine/bytes/bytes.ts';
import type { Lab } from '../engine/lab/lab.ts';
import type { Connection } from '../engine/network/network.ts';
import { Cron } from '../ops/cron/cron.ts';
import { Docker } from '../ops/docker.ts';
import type { RedisGround } from '../ops/docker-redis.ts';
import { enterprisePrograms } from '../ops/enterprise/programs.ts';
import { helmWith } from '../ops/helm/helm.ts';
import type { Accept, OpsHost } from '../ops/host.ts';
import { applyAndWatch } from '../ops/kubernetes/kubectl/block.ts';
import { accidentsOn, kubectlOn } from '../ops/kubernetes/kubectl/kubectl.ts';
import { Kubernetes } from '../ops/kubernetes/kubernetes.ts';
import { Monitoring } from '../ops/monitoring.ts';
import { RedisOperator } from '../ops/redis-operator/operator.ts';
import type { Machine, Program, TerminalOutput } from '../shell/program.ts';
import { programs as shellPrograms } from '../shell/programs.ts';
import type { Dial } from '../wire/link.ts';
import { infrastructureOf, type MachineOn } from './cluster-host.ts';
import type { TerminalPlace } from './host-facts.ts';

/** What runs on a host beside Redis: containers, Prometheus. It stays when its terminal is closed. */
export interface Services {
  readonly host: OpsHost;
  readonly monitoring: Monitoring;
  /** Applies manifests, and shows what becomes of them. Resolves with a status, as kubectl ends. */
  applyYaml(
    text: string,
    machine: Machine,
    output: TerminalOutput,
    signal: AbortSignal,
  ): Promise<number>;
  readonly programs: Readonly<Record<string, Program>>;
}

const known = new WeakMap<Lab, Map<string, Services>>();

/** What the services reach the lab by. */
export interface Reach {
  /** Reaches out from an address. */
  readonly dialAs: (place: TerminalPlace, from: string) => Dial;
  readonly machineOn: MachineOn;
}

/** The services of a host. */
export function servicesOf(place: TerminalPlace, reach: Reach): Services {
  const hosts = known.get(place.lab) ?? new Map<string, Services>();
  known.set(place.lab, hosts);
  const { address } = place.host;
  const found =
    hosts.get(address) ??
    open(
      opsHost(place, address, reach),
      () => reach.machineOn(place),
      () => kubernetesOf(place, reach.machineOn),
      { infrastructure: infrastructureOf(place, reach.machineOn), disk: place.host.disk },
    );
  hosts.set(address, found);
  return found;
}

const clusters = new WeakMap<Lab, Kubernetes>();

/** The cluster of the lab, which begins when somebody first asks for it. */
function kubernetesOf(place: TerminalPlace, machineOn: MachineOn): Kubernetes {
  const found = clusters.get(place.lab);
  if (found) return found;
  const infrastructure = infrastructureOf(place, machineOn);
  const cluster = new Kubernetes(infrastructure);
  cluster.enter(() => cluster.add(new RedisOperator(infrastructure)));
  clusters.set(place.lab, cluster);
  return cluster;
}

function open(
  host: OpsHost,
  machine: () => Machine,
  cluster: () => Kubernetes,
  ground: RedisGround,
): Services {
  const monitoring = new Monitoring(host);
  const docker = new Docker(host, ground).program;
  const { prometheus, promtool } = monitoring;
  const kubectl = kubectlOn(host, cluster);
  const { crontab } = new Cron({
    ...host,
    machine,
    programs: () => ({ ...shellPrograms, ...programs }),
  });
  const programs: Services['programs'] = {
    ...{ crontab, docker, prometheus, promtool, kubectl, helm: helmWith(cluster) },
    ...accidentsOn(cluster),
    ...enterprisePrograms(host),
  };
  return {
    ...{ host, monitoring, programs },
    applyYaml: (text, machine, output, signal) =>
      applyAndWatch(cluster(), text, { machine, output, signal }),
  };
}

/** Containers of all hosts get their addresses one after the other. */
const containers = new WeakMap<Lab, number>();

function opsHost(place: TerminalPlace, address: string, reach: Reach): OpsHost {
  const { lab, host, enter, isLeft } = place;
  const taken = new Set<number>();
  const isTaken = (port: number) =>
    taken.has(port) || lab.nodes.some((node) => node.host === address && node.port === port);
  return {
    name: lab.nodes.find((node) => node.host === address)?.name ?? address,
    address,
    dial: reach.dialAs(place, address),
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
      return opsHost(place, inner, reach);
    },
    peer(name) {
      const at = lab.network.resolve(name, address);
      const isKnown = at === address || lab.nodes.some((node) => node.host === at);
      return isKnown ? servicesOf({ ...place, host: place.machine(at) }, reach).host : undefined;
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
