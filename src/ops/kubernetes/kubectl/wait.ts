/** kubectl wait and port-forward: what lasts. */
import { fromUint8, toUint8 } from '../../../engine/bytes/bytes.ts';
import { targetOf } from '../controllers/endpoints.ts';
import type { Condition, KubeObject, Service } from '../objects.ts';
import { type Command, KubectlError, type Verb } from './context.ts';
import { readPath } from './jsonpath.ts';
import { podOf } from './logs.ts';
import { nameOf, objectsOf, wishes } from './select.ts';

/** --for=condition=Ready, --for=delete, --for=jsonpath='{.status.phase}'=Running. */
export const wait: Verb = async (command) => {
  const { cluster, call, flags, words } = command;
  const what = flags.get('for');
  if (what === undefined) throw new KubectlError('required flag(s) "for" not set');
  const test = testOf(what);
  const end = call.machine.now() + (flags.duration('timeout') ?? 30_000);
  const all = cluster.enter((api) =>
    wishes(api, words).flatMap((wish) => objectsOf(command, api, wish)),
  );
  if (all.length === 0) throw new KubectlError('no matching resources found');
  for (const object of all) {
    const { kind, metadata } = object;
    const live = () => {
      const found = cluster.api.find(kind, metadata.name, metadata.namespace);
      return found?.metadata.uid === metadata.uid ? found : undefined;
    };
    while (!test(live())) {
      if (call.machine.now() >= end) {
        throw new KubectlError(
          `timed out waiting for the condition on ${cluster.api.kindInfo(kind)?.plural}/${metadata.name}`,
        );
      }
      await call.machine.sleep(50, call.signal);
    }
    call.print(`${nameOf(cluster.api, object)} condition met\n`);
  }
  return 0;
};

function testOf(what: string): (object: KubeObject | undefined) => boolean {
  if (what === 'delete') return (object) => object === undefined;
  const condition = /^condition=([\w-]+)(?:=(\w+))?$/.exec(what);
  if (condition) {
    const [, type = '', wanted = 'True'] = condition;
    return (object) => {
      const { conditions = [] } = (object?.status ?? {}) as { conditions?: Condition[] };
      return conditions.some(
        (each) =>
          each.type.toLowerCase() === type.toLowerCase() &&
          each.status.toLowerCase() === wanted.toLowerCase(),
      );
    };
  }
  const path = /^jsonpath=['"]?\{?([^}=]+)\}?['"]?(?:=(.*))?$/.exec(what);
  if (!path) throw new KubectlError(`unrecognized condition: ${JSON.stringify(what)}`);
  const [, at = '', wanted] = path;
  return (object) => {
    const found = readPath(at, object);
    return wanted === undefined ? found.length > 0 : found.some((each) => String(each) === wanted);
  };
}

/** Until Ctrl-C connections to ports of the host go on to the pod. */
export const portForward: Verb = async (command) => {
  const { cluster, call, host, words } = command;
  const [name = '', ...ports] = words;
  if (name === '' || ports.length === 0) {
    throw new KubectlError('TYPE/NAME and list of ports are required for port-forward');
  }
  const pod = podOf(command, name);
  const address = pod.status.podIP;
  if (pod.status.phase !== 'Running' || address === undefined) {
    throw new KubectlError(
      `unable to forward port because pod is not running. Current status=${pod.status.phase}`,
    );
  }
  const stops = ports.map((text) => {
    const [outer, inner] = portsOf(command, name, text);
    const stop = host.listen(outer, (connection) => {
      call.print(`Handling connection for ${outer}\n`);
      const socket = host.dial(`${address}:${inner}`, {
        onData: (bytes) => connection.send(fromUint8(bytes)),
        onClose: () => connection.close(),
      });
      return {
        onData: (bytes) => socket.send(toUint8(bytes)),
        onClose: () => socket.close(),
      };
    });
    if (!stop) {
      throw new KubectlError(
        `unable to listen on any of the requested ports: [{${outer} ${inner}}]`,
      );
    }
    call.print(
      `Forwarding from 127.0.0.1:${outer} -> ${inner}\nForwarding from [::1]:${outer} -> ${inner}\n`,
    );
    return stop;
  });
  const isThere = () =>
    cluster.api.find('Pod', pod.metadata.name, pod.metadata.namespace)?.metadata.uid ===
    pod.metadata.uid;
  try {
    while (isThere()) await call.machine.sleep(200, call.signal);
    call.complain('error: lost connection to pod\n');
    return 1;
  } finally {
    for (const stop of stops) stop();
  }
};

/** `6380:6379`, `6379`, `:6379`; of a service the second is a port of the service. */
function portsOf({ cluster, namespace }: Command, name: string, text: string): [number, number] {
  const parts = /^(?:(\d*):)?(\d+)$/.exec(text);
  if (!parts) throw new KubectlError(`error parsing port ${text}`);
  const inner = Number(parts[2]);
  const outer = parts[1] ? Number(parts[1]) : inner;
  const called = /^(?:svc|services?)\/(.+)$/.exec(name)?.[1];
  if (called === undefined) return [outer, inner];
  const service: Service = cluster.api.get('Service', called, namespace);
  const port = (service.spec.ports ?? []).find((each) => each.port === inner);
  if (!port) throw new KubectlError(`Service ${called} does not have a service port ${inner}`);
  return [outer, targetOf(port, []) ?? inner];
}
