/** What the server fills in where a manifest is silent. */
import { fromBase64, toBase64 } from './base64.ts';
import type {
  ClaimSpec,
  Container,
  CronJob,
  Deployment,
  Job,
  KubeObject,
  Labels,
  PodSpec,
  Probe,
  Secret,
  Service,
  StatefulSet,
} from './objects.ts';

/** Completes an object that is about to be checked and kept; changes it. */
export function fillIn(object: KubeObject): void {
  const fill = fillers.get(object.kind) as ((object: KubeObject) => void) | undefined;
  fill?.(object);
  const status = firstStatus.get(object.kind);
  if (status) object.status ??= { ...status };
}

/** What controllers find before they have looked at an object. */
const firstStatus: ReadonlyMap<string, object> = new Map<string, object>([
  ['Pod', { phase: 'Pending' }],
  ['Namespace', { phase: 'Active' }],
  ['PersistentVolumeClaim', { phase: 'Pending' }],
  ['StatefulSet', { replicas: 0 }],
  ['Deployment', {}],
  ['ReplicaSet', { replicas: 0 }],
  ['Job', {}],
  ['CronJob', {}],
  [
    'PodDisruptionBudget',
    { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  ],
]);

type Filler = (object: never) => void;

const fillers: ReadonlyMap<string, Filler> = new Map<string, Filler>([
  ['Pod', ({ spec }: { spec?: PodSpec }) => fillPod(spec)],
  ['StatefulSet', fillStatefulSet],
  ['Deployment', fillDeployment],
  ['ReplicaSet', fillDeployment],
  ['Service', fillService],
  ['Secret', fillSecret],
  ['PersistentVolumeClaim', ({ spec }: { spec?: ClaimSpec }) => fillClaim(spec)],
  ['Job', ({ spec }: Job) => fillJob(spec)],
  ['CronJob', fillCronJob],
]);

function fillPod(spec: PodSpec | undefined): void {
  if (!spec) return;
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.serviceAccountName ??= 'default';
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    fillContainer(container);
  }
  for (const volume of spec.volumes ?? []) {
    if (Object.keys(volume).length === 1) volume.emptyDir = {};
  }
}

function fillContainer(container: Container): void {
  const tag = /:([^:/]+)$/.exec(container.image ?? '')?.[1] ?? 'latest';
  container.imagePullPolicy ??= tag === 'latest' ? 'Always' : 'IfNotPresent';
  container.resources ??= {};
  const { limits, requests } = container.resources;
  if (limits) container.resources.requests = { ...limits, ...requests };
  for (const resources of [container.resources.limits, container.resources.requests]) {
    for (const name of Object.keys(resources ?? {})) {
      (resources as Labels)[name] = String((resources as Labels)[name]);
    }
  }
  for (const port of container.ports ?? []) port.protocol ??= 'TCP';
  const { readinessProbe, livenessProbe, startupProbe } = container;
  for (const probe of [readinessProbe, livenessProbe, startupProbe]) if (probe) fillProbe(probe);
}

function fillProbe(probe: Probe): void {
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
}

function fillStatefulSet({ spec }: StatefulSet): void {
  if (!spec) return;
  spec.replicas ??= 1;
  spec.podManagementPolicy ??= 'OrderedReady';
  spec.updateStrategy ??= { type: 'RollingUpdate' };
  if (spec.updateStrategy.type === 'RollingUpdate') {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.partition ??= 0;
  }
  for (const { spec: claim } of spec.volumeClaimTemplates ?? []) fillClaim(claim);
  const templates = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
  const pod = spec.template?.spec;
  if (!pod) return;
  fillPod({ ...pod, volumes: (pod.volumes ?? []).filter(({ name }) => !templates.includes(name)) });
  pod.restartPolicy ??= 'Always';
  pod.terminationGracePeriodSeconds ??= 30;
}

function fillDeployment({ kind, spec }: Deployment): void {
  if (!spec) return;
  spec.replicas ??= 1;
  fillPod(spec.template?.spec);
  if (kind !== 'Deployment') return;
  spec.strategy ??= { type: 'RollingUpdate' };
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate = {
      ...{ maxSurge: '25%', maxUnavailable: '25%' },
      ...spec.strategy.rollingUpdate,
    };
  }
}

function fillService({ spec }: Service): void {
  if (!spec) return;
  spec.type ??= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
  }
}

function fillSecret(secret: Secret): void {
  secret.type ??= 'Opaque';
  const plain = secret.stringData as Labels | undefined;
  delete secret.stringData;
  for (const [key, text] of Object.entries(plain ?? {})) {
    secret.data = { ...secret.data, [key]: toBase64(text) };
  }
}

/** The text of an entry of a secret; undefined when there is none. */
export const secretText = (secret: Secret | undefined, key: string): string | undefined => {
  const data = secret?.data ?? {};
  return Object.hasOwn(data, key) ? fromBase64(data[key] as string) : undefined;
};

/** The class of volumes that is there when none is named. */
export const STORAGE_CLASS = 'standard';

function fillClaim(spec: ClaimSpec | undefined): void {
  if (spec) spec.storageClassName ??= STORAGE_CLASS;
}

function fillJob(spec: Job['spec'] | undefined): void {
  if (!spec) return;
  spec.completions ??= 1;
  spec.backoffLimit ??= 6;
  const template = spec.template?.spec;
  const policy = template?.restartPolicy;
  fillPod(template);
  // A job must say it: the usual one is refused.
  if (template && policy === undefined) delete template.restartPolicy;
}

function fillCronJob({ spec }: CronJob): void {
  if (!spec) return;
  spec.concurrencyPolicy ??= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  fillJob(spec.jobTemplate?.spec);
}
