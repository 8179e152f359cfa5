/** What the operator wants to be there for a RedisSet, as manifests. */
import { ownerOf } from '../kubernetes/api.ts';
import type { KubeObject, Manifest } from '../kubernetes/objects.ts';

export interface RedisSet extends KubeObject {
  spec: {
    mode: 'replicated' | 'cluster';
    nodes: number;
    image: string;
    storage: string;
    backup?: { schedule: string };
  };
  status?: { ready?: string; primary?: string };
}

export const SET_LABEL = 'redis.example.com/set';
export const ROLE_LABEL = 'redis.example.com/role';

/** All of them belong to the set, and go with it. Claims stay. */
export function objectsOf(set: RedisSet): Manifest[] {
  const { name } = set.metadata;
  const isCluster = set.spec.mode === 'cluster';
  const own = { [SET_LABEL]: name };
  const primary = isCluster ? own : { ...own, [ROLE_LABEL]: 'primary' };
  const made = (kind: string, apiVersion: string, called: string, rest: object): Manifest => ({
    ...{ apiVersion, kind },
    metadata: { name: called, labels: own, ownerReferences: [ownerOf(set)] },
    ...rest,
  });
  const port = { name: 'redis', port: 6379 };
  const service = (called: string, spec: object) =>
    made('Service', 'v1', called, { spec: { ports: [port], ...spec } });
  return [
    service(`${name}-nodes`, {
      ...{ clusterIP: 'None', publishNotReadyAddresses: true, selector: own },
    }),
    service(name, { selector: primary }),
    made('PodDisruptionBudget', 'policy/v1', name, {
      spec: { maxUnavailable: 1, selector: { matchLabels: own } },
    }),
    made('StatefulSet', 'apps/v1', name, { spec: statefulSpec(set) }),
    ...(set.spec.backup
      ? [made('CronJob', 'batch/v1', `${name}-backup`, { spec: backupSpec(set) })]
      : []),
  ];
}

/** A new replica is served at once, and not with others some seconds later. */
const SERVER = ['--appendonly', 'yes', '--repl-diskless-sync-delay', '0'];

function statefulSpec({ metadata: { name }, spec }: RedisSet) {
  const labels = { [SET_LABEL]: name };
  const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'];
  const container = {
    name: 'redis',
    image: spec.image,
    args: [...SERVER, ...(spec.mode === 'cluster' ? cluster : [])],
    ports: [{ name: 'redis', containerPort: 6379 }],
    readinessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 2, failureThreshold: 2 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  return {
    replicas: spec.nodes,
    serviceName: `${name}-nodes`,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: spec.storage } },
        },
      },
    ],
  };
}

/** A snapshot of the primary, fetched as a replica would. */
function backupSpec({ metadata: { name }, spec }: RedisSet) {
  const from = spec.mode === 'cluster' ? `${name}-0.${name}-nodes` : name;
  const container = {
    name: 'backup',
    image: spec.image,
    command: ['redis-cli', '-h', from, '--rdb', '/backup/dump.rdb'],
    volumeMounts: [{ name: 'backup', mountPath: '/backup' }],
  };
  const pod = {
    restartPolicy: 'OnFailure',
    containers: [container],
    volumes: [{ name: 'backup', emptyDir: {} }],
  };
  return {
    schedule: spec.backup?.schedule,
    concurrencyPolicy: 'Forbid',
    jobTemplate: { spec: { template: { spec: pod } } },
  };
}
