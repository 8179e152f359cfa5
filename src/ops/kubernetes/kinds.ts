/** The kinds that the API server knows, and what kubectl calls them. */

export interface KindInfo {
  readonly kind: string;
  /** "v1", "apps/v1". */
  readonly apiVersion: string;
  /** "pods". */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly isNamespaced: boolean;
  /** Part of `kubectl get all`. */
  readonly isInAll?: boolean;
}

const core = (
  kind: string,
  plural: string,
  shortNames: readonly string[] = [],
  isNamespaced = true,
): KindInfo => ({
  ...{ kind, plural, shortNames, isNamespaced, apiVersion: 'v1' },
  singular: kind.toLowerCase(),
});

const inGroup = (
  apiVersion: string,
  kind: string,
  plural: string,
  shortNames: readonly string[] = [],
): KindInfo => ({ ...core(kind, plural, shortNames), apiVersion });

const inAll = (info: KindInfo): KindInfo => ({ ...info, isInAll: true });
const ofCluster = (info: KindInfo): KindInfo => ({ ...info, isNamespaced: false });

const RBAC = 'rbac.authorization.k8s.io/v1';

/** In the order in which `kubectl get all` prints them. */
export const builtInKinds: readonly KindInfo[] = [
  inAll(core('Pod', 'pods', ['po'])),
  inAll(core('Service', 'services', ['svc'])),
  inAll(inGroup('apps/v1', 'Deployment', 'deployments', ['deploy'])),
  inAll(inGroup('apps/v1', 'ReplicaSet', 'replicasets', ['rs'])),
  inAll(inGroup('apps/v1', 'StatefulSet', 'statefulsets', ['sts'])),
  inAll(inGroup('batch/v1', 'CronJob', 'cronjobs', ['cj'])),
  inAll(inGroup('batch/v1', 'Job', 'jobs')),
  core('Namespace', 'namespaces', ['ns'], false),
  core('Node', 'nodes', ['no'], false),
  core('Event', 'events', ['ev']),
  core('Endpoints', 'endpoints', ['ep']),
  core('ConfigMap', 'configmaps', ['cm']),
  core('Secret', 'secrets'),
  core('ServiceAccount', 'serviceaccounts', ['sa']),
  core('PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc']),
  core('PersistentVolume', 'persistentvolumes', ['pv'], false),
  inGroup('apps/v1', 'ControllerRevision', 'controllerrevisions'),
  inGroup('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', ['netpol']),
  inGroup('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', ['pdb']),
  ofCluster(inGroup('storage.k8s.io/v1', 'StorageClass', 'storageclasses', ['sc'])),
  inGroup(RBAC, 'Role', 'roles'),
  inGroup(RBAC, 'RoleBinding', 'rolebindings'),
  ofCluster(inGroup(RBAC, 'ClusterRole', 'clusterroles')),
  ofCluster(inGroup(RBAC, 'ClusterRoleBinding', 'clusterrolebindings')),
  ofCluster(
    inGroup('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', [
      ...['crd', 'crds'],
    ]),
  ),
];

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';

/** "statefulsets.apps", "pods": a resource as the API server names it. */
export function resourceOf({ plural, apiVersion }: KindInfo): string {
  const group = groupOf(apiVersion);
  return group === '' ? plural : `${plural}.${group}`;
}

/** "statefulset.apps", "pod": as kubectl names one object of it, before the slash. */
export function singularOf({ singular, apiVersion }: KindInfo): string {
  const group = groupOf(apiVersion);
  return group === '' ? singular : `${singular}.${group}`;
}
