/** What is there in a new cluster. */
import type { ApiServer } from './api.ts';
import { conditionsOf } from './controllers/nodes.ts';
import { STORAGE_CLASS } from './defaults.ts';

export const KUBERNETES_VERSION = 'v1.31.4';

/** The machines of the cluster; each has 2 cores and 4 GiB. */
export const NODES = ['worker-1', 'worker-2', 'worker-3'];

export function bootstrap(api: ApiServer): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    createNamespace(api, name);
  }
  for (const [i, name] of NODES.entries()) addNode(api, name, i);
  api.put({
    ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
    metadata: {
      name: STORAGE_CLASS,
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    ...{ provisioner: 'keyspace.example/disk', reclaimPolicy: 'Delete' },
    ...{ volumeBindingMode: 'Immediate', allowVolumeExpansion: true },
  });
  api.put({
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
    },
  });
}

/** A namespace with what every one has. */
export function createNamespace(api: ApiServer, name: string): void {
  api.put({
    ...{ apiVersion: 'v1', kind: 'Namespace', status: { phase: 'Active' } },
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  });
}

function addNode(api: ApiServer, name: string, index: number): void {
  const capacity = { cpu: '2', memory: '4Gi', pods: '110' };
  api.put({
    ...{ apiVersion: 'v1', kind: 'Node' },
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}`,
      },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      conditions: conditionsOf(api.time, 'True'),
      addresses: [
        { type: 'InternalIP', address: `172.18.0.${index + 2}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        containerRuntimeVersion: 'containerd://1.7.24',
        kernelVersion: '6.1.0-28-amd64',
        kubeletVersion: KUBERNETES_VERSION,
        osImage: 'Debian GNU/Linux 12 (bookworm)',
      },
    },
  });
}
