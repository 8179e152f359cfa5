/** kubectl describe: an object as text for people, with its events. */

import { stringify } from 'yaml';
import { utf8Encode } from '../../../engine/bytes/bytes.ts';
import { type ApiServer, LAST_APPLIED } from '../api.ts';
import { podsOn, requested } from '../controllers/scheduler.ts';
import { printSelector } from '../labels.ts';
import type {
  Claim,
  ClusterNode,
  ConfigMap,
  Container,
  KubeObject,
  Pod,
  PodTemplate,
  Secret,
  Service,
} from '../objects.ts';
import { type Command, KubectlError, type Verb } from './context.ts';
import { containerLines, longTime, pairs } from './describe-container.ts';
import { podStatus } from './pod-state.ts';
import { objectsOf, wishes } from './select.ts';
import { printSince } from './table.ts';

export const describe: Verb = (command) => {
  const { cluster, call, words } = command;
  if (words.length === 0) {
    throw new KubectlError(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  }
  const texts = cluster.enter((api) =>
    wishes(api, words)
      .flatMap((wish) => objectsOf(command, api, wish))
      .map((object) => textOf(command, api, object)),
  );
  if (texts.length === 0) call.complain(`No resources found in ${command.namespace} namespace.\n`);
  call.print(utf8Encode(texts.join('\n\n')));
  return 0;
};

/** A name and what is said of it, or a heading with lines of its own below it. */
type Line = readonly [name: string, text: string | readonly string[]];

function textOf({ cluster }: Command, api: ApiServer, object: KubeObject): string {
  const about = details.get(object.kind) as Detail | undefined;
  const lines: Line[] = [...head(object), ...(about?.(object, api) ?? rest(object))];
  const width = Math.max(...lines.map(([name]) => name.length)) + 3;
  const text = lines.map(([name, value]) => {
    if (typeof value === 'string') {
      const below = `\n${' '.repeat(width)}`;
      return `${`${name}:`.padEnd(width)}${value.replaceAll('\n', below)}\n`;
    }
    return `${name}:\n${value.map((line) => `  ${line}\n`).join('')}`;
  });
  return `${text.join('')}${eventsOf(api, object, cluster.api.now)}`;
}

function head({ kind, metadata }: KubeObject): Line[] {
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations ?? {};
  return [
    ['Name', metadata.name],
    ...(metadata.namespace === undefined ? [] : [['Namespace', metadata.namespace] as const]),
    ...(kind === 'Pod'
      ? []
      : [['CreationTimestamp', longTime(metadata.creationTimestamp)] as const]),
    ['Labels', pairs(metadata.labels, '=')],
    ['Annotations', pairs(annotations, ': ')],
  ];
}

type Detail = (object: KubeObject, api: ApiServer) => Line[];

const details: ReadonlyMap<string, unknown> = new Map<
  string,
  (object: never, api: ApiServer) => Line[]
>([
  ['Pod', ofPod],
  ['StatefulSet', ofController],
  ['Deployment', ofController],
  ['ReplicaSet', ofController],
  ['Service', ofService],
  ['Node', ofNode],
  ['PersistentVolumeClaim', ofClaim],
  ['ConfigMap', ofConfigMap],
  ['Secret', ofSecret],
]);

/** Of other kinds: all of it, as YAML. */
function rest({ apiVersion: _, kind: __, metadata: ___, ...others }: KubeObject): Line[] {
  return Object.entries(others).map(([name, value]) => {
    const heading = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    if (typeof value !== 'object') return [heading, String(value)];
    return [heading, stringify(value, { lineWidth: 0, indentSeq: false }).trimEnd().split('\n')];
  });
}

function ofPod({ metadata, spec, status }: Pod, api: ApiServer): Line[] {
  const node = spec.nodeName && `${spec.nodeName}/${status.hostIP ?? ''}`;
  const owner = metadata.ownerReferences?.[0];
  const containers = spec.containers.flatMap((container) => containerLines(container, status));
  return [
    ['Service Account', spec.serviceAccountName ?? 'default'],
    ['Node', node ?? '<none>'],
    ...(status.startTime ? [['Start Time', longTime(status.startTime)] as const] : []),
    [
      'Status',
      podStatus({ metadata, spec, status } as Pod).replace(/^(?!Terminating).*/, status.phase),
    ],
    ['IP', status.podIP ?? ''],
    ...(owner ? [['Controlled By', `${owner.kind}/${owner.name}`] as const] : []),
    ['Containers', containers],
    [
      'Conditions',
      tableOf(
        ['Type', 'Status'],
        (status.conditions ?? []).map((each) => [each.type, each.status]),
      ),
    ],
    [
      'Volumes',
      (spec.volumes ?? []).flatMap((volume) => ofVolume(volume, api, metadata.namespace)),
    ],
    ['QoS Class', qualityOf(spec.containers)],
    ['Node-Selectors', pairs(spec.nodeSelector, '=')],
    [
      'Tolerations',
      'node.kubernetes.io/not-ready:NoExecute op=Exists for 300s\nnode.kubernetes.io/unreachable:NoExecute op=Exists for 300s',
    ],
  ];
}

function ofVolume(
  { name, persistentVolumeClaim, configMap, secret }: NonNullable<Pod['spec']['volumes']>[number],
  _api: ApiServer,
  _namespace: string | undefined,
): string[] {
  const line = (key: string, value: string) => `  ${`${key}:`.padEnd(12)}${value}`;
  if (persistentVolumeClaim) {
    const type =
      'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)';
    return [`${name}:`, line('Type', type), line('ClaimName', persistentVolumeClaim.claimName)];
  }
  if (configMap) {
    const type = 'ConfigMap (a volume populated by a ConfigMap)';
    return [`${name}:`, line('Type', type), line('Name', configMap.name)];
  }
  if (secret) {
    const type = 'Secret (a volume populated by a Secret)';
    return [`${name}:`, line('Type', type), line('SecretName', secret.secretName)];
  }
  const type = "EmptyDir (a temporary directory that shares a pod's lifetime)";
  return [`${name}:`, line('Type', type)];
}

function qualityOf(containers: readonly Container[]): string {
  const all = containers.map(({ resources }) => resources ?? {});
  if (all.every(({ limits, requests }) => !limits && !requests)) return 'BestEffort';
  const isFull = all.every(
    ({ limits, requests }) =>
      limits?.cpu !== undefined &&
      limits.memory !== undefined &&
      limits.cpu === requests?.cpu &&
      limits.memory === requests?.memory,
  );
  return isFull ? 'Guaranteed' : 'Burstable';
}

interface ControllerSpec {
  readonly replicas: number;
  readonly selector: object;
  readonly template: PodTemplate;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

function ofController(object: KubeObject, api: ApiServer): Line[] {
  const { selector, template, volumeClaimTemplates } = object.spec as ControllerSpec;
  const containers = template.spec.containers
    .flatMap((each) => containerLines(each, { phase: '' }))
    .filter((line) => !/^ {2}(Ready|Restart Count):/.test(line));
  const labels = `Labels:  ${pairs(template.metadata?.labels, '=')}`;
  const lines = [labels, 'Containers:', ...containers.map((line) => ` ${line}`)];
  const claims = volumeClaimTemplates?.map(({ metadata }) => `Name:  ${metadata.name}`);
  return [
    ['Selector', printSelector(selector)],
    ...countLines(object, api),
    ['Pod Template', lines],
    ...(claims ? [['Volume Claims', claims] as const] : []),
  ];
}

function countLines({ kind, metadata, spec, status }: KubeObject, api: ApiServer): Line[] {
  const { replicas } = spec as ControllerSpec;
  const { updatedReplicas = 0, availableReplicas = 0 } = (status ?? {}) as Record<string, number>;
  if (kind === 'Deployment') {
    const missing = Math.max(0, replicas - availableReplicas);
    const text = `${replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${missing} unavailable`;
    return [['Replicas', text]];
  }
  const own = api
    .list('Pod', metadata.namespace)
    .filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === metadata.uid);
  const running = own.filter((pod) => pod.status.phase === 'Running').length;
  const counts = `${running} Running / ${own.length - running} Waiting / 0 Succeeded / 0 Failed`;
  return [
    ['Replicas', `${replicas} desired | ${own.length} total`],
    ['Pods Status', counts],
  ];
}

function ofService({ metadata, spec }: Service, api: ApiServer): Line[] {
  const subset = api.find('Endpoints', metadata.name, metadata.namespace)?.subsets?.[0];
  const ports = (spec.ports ?? []).flatMap(({ name, port, targetPort }, i): Line[] => {
    const inner = subset?.ports?.[i]?.port;
    const all = (subset?.addresses ?? []).map(({ ip }) => `${ip}:${inner}`).join(',');
    return [
      ['Port', `${name ?? '<unset>'}  ${port}/TCP`],
      ['TargetPort', `${targetPort ?? port}/TCP`],
      ['Endpoints', all],
    ];
  });
  return [
    ['Selector', printSelector({ matchLabels: spec.selector ?? {} })],
    ['Type', spec.type ?? 'ClusterIP'],
    ['IP', spec.clusterIP ?? '<none>'],
    ...ports,
    ['Session Affinity', 'None'],
  ];
}

function ofNode(node: ClusterNode, api: ApiServer): Line[] {
  const { spec, status } = node;
  const taints = (spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  const pods = podsOn(api, node);
  const sum = (name: string) => requested(pods, name);
  return [
    ['Taints', taints.join('\n') || '<none>'],
    ['Unschedulable', String(spec.unschedulable ?? false)],
    [
      'Conditions',
      tableOf(
        ['Type', 'Status', 'Reason', 'Message'],
        status.conditions.map((each) => [
          each.type,
          each.status,
          each.reason ?? '',
          each.message ?? '',
        ]),
      ),
    ],
    ['Addresses', status.addresses.map(({ type, address }) => `${type}:  ${address}`)],
    ['Capacity', Object.entries(status.capacity).map(([name, amount]) => `${name}:  ${amount}`)],
    [
      'Non-terminated Pods',
      tableOf(
        ['Namespace', 'Name'],
        pods.map(({ metadata }) => [metadata.namespace ?? '', metadata.name]),
      ),
    ],
    [
      'Allocated resources',
      [
        `cpu:     ${Math.round(sum('cpu') * 1000)}m`,
        `memory:  ${Math.round(sum('memory') / 2 ** 20)}Mi`,
      ],
    ],
  ];
}

function ofClaim({ metadata, spec, status }: Claim, api: ApiServer): Line[] {
  const users = api
    .list('Pod', metadata.namespace)
    .filter(({ spec: pod }) =>
      (pod.volumes ?? []).some((each) => each.persistentVolumeClaim?.claimName === metadata.name),
    );
  return [
    ['StorageClass', spec.storageClassName ?? ''],
    ['Status', metadata.deletionTimestamp ? 'Terminating' : status.phase],
    ['Volume', spec.volumeName ?? ''],
    ['Capacity', status.capacity?.storage ?? ''],
    ['Access Modes', (spec.accessModes ?? []).join(',')],
    ['Used By', users.map((pod) => pod.metadata.name).join(', ') || '<none>'],
  ];
}

function ofConfigMap({ data }: ConfigMap): Line[] {
  const lines = Object.entries(data ?? {}).flatMap(([key, text]) => [
    ...[`${key}:`, '----'],
    ...text.replace(/\n$/, '').split('\n'),
    '',
  ]);
  return [['Data', ['====', ...lines]]];
}

function ofSecret({ type, data }: Secret): Line[] {
  const lines = Object.entries(data ?? {}).map(
    ([key, text]) => `${key}:  ${atob(text.replace(/\s/g, '')).length} bytes`,
  );
  return [
    ['Type', type ?? 'Opaque'],
    ['Data', ['====', ...lines]],
  ];
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['<none>'];
  const all = [head, head.map((word) => '-'.repeat(word.length)), ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length)) + 2);
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('')
      .trimEnd(),
  );
}

function eventsOf(api: ApiServer, { metadata }: KubeObject, now: number): string {
  const all = api
    .list('Event')
    .filter(({ involvedObject }) => involvedObject.uid === metadata.uid)
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
  if (all.length === 0) return 'Events:  <none>\n';
  const rows = all.map(
    ({ type, reason, count, firstTimestamp, lastTimestamp, source, message }) => {
      const last = printSince(lastTimestamp, now);
      const age = count > 1 ? `${last} (x${count} over ${printSince(firstTimestamp, now)})` : last;
      return [type, reason, age, source.component, message];
    },
  );
  const lines = tableOf(['Type', 'Reason', 'Age', 'From', 'Message'], rows);
  return `Events:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
