/** The environment of a container: what the services are, and what its manifest says. */
import type { ApiServer } from '../api.ts';
import { secretText } from '../defaults.ts';
import type { Container, EnvVar, Pod } from '../objects.ts';

/** A reason why a container cannot be made, such as a secret that is not there. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

export type Environment = Readonly<Record<string, string>>;

/** Throws a ContainerConfigError. Services are those of this moment: later ones are not in it. */
export function environmentOf(api: ApiServer, pod: Pod, container: Container): Environment {
  const env: Record<string, string> = {
    ...{ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    ...serviceEnvironment(api, pod.metadata.namespace ?? 'default'),
  };
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    const entries = configMapRef
      ? Object.entries(need(api, 'ConfigMap', configMapRef.name, pod).data ?? {})
      : secretRef
        ? secretEntries(api, secretRef.name, pod)
        : [];
    for (const [key, value] of entries) env[`${prefix}${key}`] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(api, pod, variable);
    if (value !== undefined) env[variable.name] = expand(value, env);
  }
  return env;
}

/** Replaces $(NAME) by what is known; leaves the rest. */
export const expand = (text: string, env: Environment): string =>
  text.replace(/\$\$|\$\(([\w.-]+)\)/g, (whole, name?: string) => {
    if (name === undefined) return '$';
    return Object.hasOwn(env, name) ? (env[name] as string) : whole;
  });

function secretEntries(api: ApiServer, name: string, pod: Pod): [string, string][] {
  const secret = need(api, 'Secret', name, pod);
  return Object.keys(secret.data ?? {}).map((key) => [key, secretText(secret, key) ?? '']);
}

function need<K extends 'ConfigMap' | 'Secret'>(api: ApiServer, kind: K, name: string, pod: Pod) {
  const found = api.find(kind, name, pod.metadata.namespace);
  if (found) return found;
  throw new ContainerConfigError(`${kind.toLowerCase()} ${JSON.stringify(name)} not found`);
}

function variableValue(api: ApiServer, pod: Pod, { value, valueFrom }: EnvVar): string | undefined {
  if (!valueFrom) return value ?? '';
  const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom;
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath);
  const ref = secretKeyRef ?? configMapKeyRef;
  if (!ref) return '';
  const kind = secretKeyRef ? 'Secret' : 'ConfigMap';
  if (ref.optional && !api.find(kind, ref.name, pod.metadata.namespace)) return undefined;
  const found = secretKeyRef
    ? secretText(need(api, 'Secret', ref.name, pod), ref.key)
    : need(api, 'ConfigMap', ref.name, pod).data?.[ref.key];
  if (found !== undefined || ref.optional) return found;
  throw new ContainerConfigError(
    `couldn't find key ${ref.key} in ${kind} ${pod.metadata.namespace}/${ref.name}`,
  );
}

function fieldOf({ metadata, spec, status }: Pod, path: string): string {
  const label = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (label) return metadata[label[1] as 'labels' | 'annotations']?.[label[2] as string] ?? '';
  const fields: ReadonlyMap<string, string | undefined> = new Map([
    ['metadata.name', metadata.name],
    ['metadata.namespace', metadata.namespace],
    ['metadata.uid', metadata.uid],
    ['spec.nodeName', spec.nodeName],
    ['spec.serviceAccountName', spec.serviceAccountName],
    ['status.podIP', status.podIP],
    ['status.hostIP', status.hostIP],
  ]);
  return fields.get(path) ?? '';
}

/** REDIS_SERVICE_HOST, REDIS_PORT=tcp://…: of every service of the namespace that has an address. */
function serviceEnvironment(api: ApiServer, namespace: string): Record<string, string> {
  const env: Record<string, string> = {};
  const own = api.list('Service', namespace);
  const system = api.find('Service', 'kubernetes', 'default');
  for (const { metadata, spec } of system ? [system, ...own] : own) {
    const { clusterIP: host, ports = [] } = spec;
    const [first] = ports;
    if (!host || host === 'None' || !first) continue;
    const name = metadata.name.toUpperCase().replaceAll('-', '_');
    env[`${name}_SERVICE_HOST`] = host;
    env[`${name}_SERVICE_PORT`] = String(first.port);
    env[`${name}_PORT`] = `tcp://${host}:${first.port}`;
    for (const { port, name: called } of ports) {
      if (called) {
        env[`${name}_SERVICE_PORT_${called.toUpperCase().replaceAll('-', '_')}`] = String(port);
      }
      const at = `${name}_PORT_${port}_TCP`;
      env[at] = `tcp://${host}:${port}`;
      env[`${at}_PROTO`] = 'tcp';
      env[`${at}_PORT`] = String(port);
      env[`${at}_ADDR`] = host;
    }
  }
  return env;
}
