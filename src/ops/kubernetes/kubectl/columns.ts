/** The columns of `kubectl get`, by kind. */

import { printSelector } from '../labels.ts';
import type {
  Claim,
  ClusterNode,
  ConfigMap,
  CronJob,
  CustomResourceDefinition,
  Deployment,
  DisruptionBudget,
  Endpoints,
  Job,
  KubeEvent,
  KubeObject,
  NetworkPolicy,
  PersistentVolume,
  Pod,
  PodSpec,
  ReplicaSet,
  Revision,
  Secret,
  Service,
  StatefulSet,
} from '../objects.ts';
import { printValues, readPath } from './jsonpath.ts';
import { podReady, podRestarts, podStatus } from './pod-state.ts';
import { printAge, printSince } from './table.ts';

/** A column; those that are `wide` are printed with -o wide only. */
export interface Column<T = never> {
  readonly head: string;
  readonly cell: (object: T, now: number) => string;
  readonly isWide?: boolean;
}

const NONE = '<none>';

const named = { head: 'NAME', cell: ({ metadata }: KubeObject) => metadata.name };
const aged = {
  head: 'AGE',
  cell: ({ metadata }: KubeObject, now: number) => printSince(metadata.creationTimestamp, now),
};
const wide = <T>(head: string, cell: (object: T, now: number) => string): Column<T> => ({
  ...{ head, cell, isWide: true },
});
const column = <T>(head: string, cell: (object: T, now: number) => string): Column<T> => ({
  ...{ head, cell },
});

const containersOf = ({ containers }: PodSpec) => containers.map(({ name }) => name).join(',');
const imagesOf = ({ containers }: PodSpec) => containers.map(({ image }) => image).join(',');

interface Templated extends KubeObject {
  spec: { template: { spec: PodSpec } };
}

const templated: readonly Column<Templated>[] = [
  wide('CONTAINERS', ({ spec }) => containersOf(spec.template.spec)),
  wide('IMAGES', ({ spec }) => imagesOf(spec.template.spec)),
];

const pods: readonly Column<Pod>[] = [
  named,
  column('READY', podReady),
  column('STATUS', podStatus),
  column('RESTARTS', podRestarts),
  aged,
  wide('IP', ({ status }) => status.podIP ?? NONE),
  wide('NODE', ({ spec }) => spec.nodeName ?? NONE),
  wide('NOMINATED NODE', () => NONE),
  wide('READINESS GATES', () => NONE),
];

const portsOf = ({ spec }: Service) =>
  (spec.ports ?? [])
    .map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    )
    .join(',') || NONE;

const services: readonly Column<Service>[] = [
  named,
  column('TYPE', ({ spec }) => spec.type ?? 'ClusterIP'),
  column('CLUSTER-IP', ({ spec }) => spec.clusterIP ?? NONE),
  column('EXTERNAL-IP', ({ spec }) => (spec.type === 'LoadBalancer' ? '<pending>' : NONE)),
  column('PORT(S)', portsOf),
  aged,
  wide('SELECTOR', ({ spec }) => printSelector({ matchLabels: spec.selector ?? {} })),
];

const nodeStatus = ({ spec, status }: ClusterNode): string => {
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
  return `${ready ? 'Ready' : 'NotReady'}${spec.unschedulable ? ',SchedulingDisabled' : ''}`;
};

const nodes: readonly Column<ClusterNode>[] = [
  named,
  column('STATUS', nodeStatus),
  column('ROLES', () => NONE),
  aged,
  column('VERSION', ({ status }) => status.nodeInfo.kubeletVersion ?? ''),
  wide('INTERNAL-IP', ({ status }) => status.addresses[0]?.address ?? NONE),
  wide('EXTERNAL-IP', () => NONE),
  wide('OS-IMAGE', ({ status }) => status.nodeInfo.osImage ?? ''),
  wide('KERNEL-VERSION', ({ status }) => status.nodeInfo.kernelVersion ?? ''),
  wide('CONTAINER-RUNTIME', ({ status }) => status.nodeInfo.containerRuntimeVersion ?? ''),
];

const modes: ReadonlyMap<string, string> = new Map([
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]);
const modesOf = (all: readonly string[] = []) =>
  all.map((each) => modes.get(each) ?? each).join(',');

const claims: readonly Column<Claim>[] = [
  named,
  column('STATUS', ({ metadata, status }) =>
    metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Pending') : 'Terminating',
  ),
  column('VOLUME', ({ spec }) => spec.volumeName ?? ''),
  column('CAPACITY', ({ status }) => status?.capacity?.storage ?? ''),
  column('ACCESS MODES', ({ status }) => modesOf(status?.accessModes)),
  column('STORAGECLASS', ({ spec }) => spec.storageClassName ?? ''),
  column('VOLUMEATTRIBUTESCLASS', () => '<unset>'),
  aged,
  wide('VOLUMEMODE', () => 'Filesystem'),
];

const volumes: readonly Column<PersistentVolume>[] = [
  named,
  column('CAPACITY', ({ spec }) => spec.capacity.storage ?? ''),
  column('ACCESS MODES', ({ spec }) => modesOf(spec.accessModes)),
  column('RECLAIM POLICY', ({ spec }) => spec.persistentVolumeReclaimPolicy),
  column('STATUS', ({ status }) => status.phase),
  column('CLAIM', ({ spec }) => `${spec.claimRef.namespace}/${spec.claimRef.name}`),
  column('STORAGECLASS', ({ spec }) => spec.storageClassName ?? ''),
  column('VOLUMEATTRIBUTESCLASS', () => '<unset>'),
  column('REASON', () => ''),
  aged,
];

const endpoints: readonly Column<Endpoints>[] = [
  named,
  column('ENDPOINTS', ({ subsets = [] }) => {
    const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
      addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
    );
    const rest = all.length > 3 ? ` + ${all.length - 3} more...` : '';
    return all.length === 0 ? NONE : `${all.slice(0, 3).join(',')}${rest}`;
  }),
  aged,
];

const events: readonly Column<KubeEvent>[] = [
  column('LAST SEEN', ({ lastTimestamp, firstTimestamp, count }, now) => {
    const last = printSince(lastTimestamp, now);
    return count > 1 ? `${last} (x${count} over ${printSince(firstTimestamp, now)})` : last;
  }),
  column('TYPE', ({ type }) => type),
  column('REASON', ({ reason }) => reason),
  column('OBJECT', ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}`),
  column('MESSAGE', ({ message }) => message),
];

const statefulSets: readonly Column<StatefulSet>[] = [
  named,
  column('READY', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas}`),
  aged,
];

const deployments: readonly Column<Deployment>[] = [
  named,
  column('READY', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas}`),
  column('UP-TO-DATE', ({ status }) => String(status?.updatedReplicas ?? 0)),
  column('AVAILABLE', ({ status }) => String(status?.availableReplicas ?? 0)),
  aged,
];

const replicaSets: readonly Column<ReplicaSet>[] = [
  named,
  column('DESIRED', ({ spec }) => String(spec.replicas)),
  column('CURRENT', ({ status }) => String(status?.replicas ?? 0)),
  column('READY', ({ status }) => String(status?.readyReplicas ?? 0)),
  aged,
];

const budgets: readonly Column<DisruptionBudget>[] = [
  named,
  column('MIN AVAILABLE', ({ spec }) => String(spec.minAvailable ?? 'N/A')),
  column('MAX UNAVAILABLE', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')),
  column('ALLOWED DISRUPTIONS', ({ status }) => String(status?.disruptionsAllowed ?? 0)),
  aged,
];

const jobStatus = ({ status }: Job): string => {
  const done = (status?.conditions ?? []).find((each) => each.status === 'True');
  return done?.type ?? 'Running';
};

const jobs: readonly Column<Job>[] = [
  named,
  column('STATUS', jobStatus),
  column('COMPLETIONS', ({ spec, status }) => `${status?.succeeded ?? 0}/${spec.completions ?? 1}`),
  column('DURATION', ({ status }, now) => {
    if (status?.startTime === undefined) return '';
    const end = status.completionTime ? Date.parse(status.completionTime) : now;
    return printAge(end - Date.parse(status.startTime));
  }),
  aged,
];

const cronJobs: readonly Column<CronJob>[] = [
  named,
  column('SCHEDULE', ({ spec }) => spec.schedule),
  column('TIMEZONE', () => NONE),
  column('SUSPEND', ({ spec }) => (spec.suspend ? 'True' : 'False')),
  column('ACTIVE', ({ status }) => String(status?.active?.length ?? 0)),
  column('LAST SCHEDULE', ({ status }, now) =>
    status?.lastScheduleTime ? printSince(status.lastScheduleTime, now) : NONE,
  ),
  aged,
];

const created = column('CREATED AT', ({ metadata }: KubeObject) => metadata.creationTimestamp);
const count = (data: object | undefined) => String(Object.keys(data ?? {}).length);

const byKind: ReadonlyMap<string, readonly Column[]> = new Map<string, readonly Column[]>([
  ['Pod', pods],
  ['Service', services],
  ['Node', nodes],
  ['PersistentVolumeClaim', claims],
  ['PersistentVolume', volumes],
  ['Endpoints', endpoints],
  ['Event', events],
  ['StatefulSet', [...statefulSets, ...templated]],
  ['Deployment', [...deployments, ...templated]],
  ['ReplicaSet', [...replicaSets, ...templated]],
  ['PodDisruptionBudget', budgets],
  ['Job', [...jobs, ...templated]],
  ['CronJob', cronJobs],
  ['ConfigMap', [named, column('DATA', ({ data }: ConfigMap) => count(data)), aged]],
  [
    'Secret',
    [
      named,
      column('TYPE', ({ type }: Secret) => type ?? 'Opaque'),
      column('DATA', ({ data }: Secret) => count(data)),
      aged,
    ],
  ],
  ['ServiceAccount', [named, column('SECRETS', () => '0'), aged]],
  ['Namespace', [named, column('STATUS', phaseOf), aged]],
  [
    'NetworkPolicy',
    [
      named,
      column('POD-SELECTOR', ({ spec }: NetworkPolicy) => printSelector(spec.podSelector)),
      aged,
    ],
  ],
  [
    'ControllerRevision',
    [
      named,
      column('CONTROLLER', ({ metadata }: Revision) => {
        const owner = metadata.ownerReferences?.[0];
        return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : NONE;
      }),
      column('REVISION', ({ revision }: Revision) => String(revision)),
      aged,
    ],
  ],
  [
    'StorageClass',
    [
      column('NAME', ({ metadata }: KubeObject) =>
        metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
          ? `${metadata.name} (default)`
          : metadata.name,
      ),
      ...['provisioner', 'reclaimPolicy', 'volumeBindingMode', 'allowVolumeExpansion'].map((name) =>
        column(name.toUpperCase(), (object: KubeObject) => String(object[name] ?? '')),
      ),
      aged,
    ],
  ],
  ['Role', [named, created]],
  ['ClusterRole', [named, created]],
  ['CustomResourceDefinition', [named, created]],
  ['RoleBinding', [named, column('ROLE', roleOf), aged]],
  ['ClusterRoleBinding', [named, column('ROLE', roleOf), aged]],
]);

function phaseOf({ metadata, status }: KubeObject): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return (status as { phase?: string } | undefined)?.phase ?? 'Active';
}

function roleOf({ roleRef }: KubeObject): string {
  const { kind, name } = roleRef as { kind: string; name: string };
  return `${kind}/${name}`;
}

/** The columns of a kind; those of a custom one are in its definition. */
export function columnsOf(
  kind: string,
  definition: CustomResourceDefinition | undefined,
): readonly Column<KubeObject>[] {
  const known = byKind.get(kind);
  // Each column knows the type of its own kind.
  if (known) return known as unknown as readonly Column<KubeObject>[];
  const extra = definition?.spec.versions[0]?.additionalPrinterColumns ?? [];
  const others = extra
    .filter(({ name }) => name !== 'Age')
    .map(({ name, jsonPath, type }) =>
      column(name.toUpperCase(), (object: KubeObject, now) => {
        const text = printValues(readPath(jsonPath.replace(/^\./, '$.'), object));
        return type === 'date' && text !== '' ? printSince(text, now) : text;
      }),
    );
  return [named, ...others, aged];
}
