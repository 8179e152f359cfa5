/** Deployments and their ReplicaSets: pods that are all alike. */
import { type ApiServer, isOwnedBy, ownerOf } from '../api.ts';
import type { Controller } from '../controller.ts';
import { templateHash } from '../identity.ts';
import type { Deployment, Pod, ReplicaSet } from '../objects.ts';
import { createPod, isEnding, isOver, isReady } from '../pods.ts';

export const REVISION_NOTE = 'deployment.kubernetes.io/revision';
const HASH_LABEL = 'pod-template-hash';

export const deployments: Controller = {
  name: 'deployment-controller',
  reconcile({ api }) {
    for (const deployment of api.list('Deployment')) {
      if (!isEnding(deployment)) roll(api, deployment);
    }
  },
};

export const replicaSets: Controller = {
  name: 'replicaset-controller',
  reconcile({ api, wake }) {
    for (const set of api.list('ReplicaSet')) {
      if (!isEnding(set) && !keep(api, set)) wake(10_000);
    }
  },
};

/** The ReplicaSets of a Deployment, oldest revision first. */
export const deploymentRevisions = (api: ApiServer, deployment: Deployment): ReplicaSet[] =>
  api
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter((set) => isOwnedBy(set, deployment))
    .sort((a, b) => revisionOf(a) - revisionOf(b));

const revisionOf = ({ metadata }: ReplicaSet): number =>
  Number(metadata.annotations?.[REVISION_NOTE] ?? 0);

function roll(api: ApiServer, deployment: Deployment): void {
  const { spec, metadata } = deployment;
  const own = deploymentRevisions(api, deployment);
  const hash = templateHash(spec.template);
  const newest = Math.max(0, ...own.map(revisionOf));
  const current = own.find((set) => set.metadata.labels?.[HASH_LABEL] === hash);
  if (!current) {
    makeSet(api, deployment, hash, newest + 1);
    return;
  }
  if (revisionOf(current) < newest) {
    api.change(current, (draft) => {
      draft.metadata.annotations = { [REVISION_NOTE]: String(newest + 1) };
    });
  }
  const old = own.filter((set) => set !== current);
  step(api, deployment, current, old);
  const pods = api
    .list('Pod', metadata.namespace)
    .filter((pod) => own.some((set) => isOwnedBy(pod, set)) && !isEnding(pod));
  const updated = pods.filter((pod) => isOwnedBy(pod, current));
  const ready = pods.filter(isReady).length;
  api.change(deployment, (draft) => {
    draft.status = {
      observedGeneration: metadata.generation ?? 1,
      replicas: pods.length,
      updatedReplicas: updated.length,
      readyReplicas: ready,
      availableReplicas: ready,
    };
  });
}

/** Makes room for new pods and takes old ones away, within what the strategy allows. */
function step(
  api: ApiServer,
  { spec }: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const wanted = spec.replicas;
  const rolling = spec.strategy?.rollingUpdate;
  const isRecreate = spec.strategy?.type === 'Recreate';
  const oldCount = old.reduce((sum, set) => sum + set.spec.replicas, 0);
  if (isRecreate) {
    for (const set of old) resize(api, set, 0);
    const isGone = old.every((set) => (set.status.replicas ?? 0) === 0);
    if (isGone) resize(api, current, wanted);
    return;
  }
  const surge = share(rolling?.maxSurge ?? '25%', wanted, Math.ceil);
  const missing = share(rolling?.maxUnavailable ?? '25%', wanted, Math.floor);
  const most = wanted + surge;
  const size = Math.min(wanted, Math.max(current.spec.replicas, most - oldCount));
  resize(api, current, current.spec.replicas > wanted ? wanted : size);
  const ready = [current, ...old].reduce((sum, set) => sum + (set.status.readyReplicas ?? 0), 0);
  let spare = ready - (wanted - Math.max(missing, surge === 0 ? 1 : 0));
  for (const set of old) {
    const unready = set.spec.replicas - (set.status.readyReplicas ?? 0);
    const cut = Math.min(set.spec.replicas, unready + Math.max(0, spare));
    spare -= Math.max(0, cut - unready);
    if (cut > 0) resize(api, set, set.spec.replicas - cut);
  }
}

const share = (text: number | string, of: number, round: (n: number) => number): number =>
  typeof text === 'number' ? text : round((Number.parseInt(text, 10) / 100) * of);

function resize(api: ApiServer, set: ReplicaSet, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  api.change(set, ({ spec }) => {
    spec.replicas = replicas;
  });
}

function makeSet(api: ApiServer, deployment: Deployment, hash: string, revision: number): void {
  const { metadata, spec } = deployment;
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  const name = `${metadata.name}-${hash}`;
  const matchLabels = { ...spec.selector.matchLabels, [HASH_LABEL]: hash };
  api.put({
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    metadata: {
      ...{ name, labels, ownerReferences: [ownerOf(deployment)] },
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      annotations: { [REVISION_NOTE]: String(revision) },
    },
    spec: {
      replicas: 0,
      selector: { ...spec.selector, matchLabels },
      template: {
        ...structuredClone(spec.template),
        metadata: { ...spec.template.metadata, labels },
      },
    },
    status: { replicas: 0 },
  });
  const message = `Scaled up replica set ${name} from 0 to ${spec.replicas}`;
  api.event(deployment, 'Normal', 'ScalingReplicaSet', message, 'deployment-controller');
}

/** Sees that there are as many pods as wanted. False when one was refused. */
function keep(api: ApiServer, set: ReplicaSet): boolean {
  const { namespace, name } = set.metadata;
  const own = api
    .list('Pod', namespace)
    .filter((pod) => isOwnedBy(pod, set) && !isEnding(pod) && !isOver(pod));
  let isAllowed = true;
  for (let i = own.length; i < set.spec.replicas && isAllowed; i++) {
    const named = { generateName: `${name}-` };
    isAllowed = createPod(api, set, set.spec.template, named, 'replicaset-controller');
  }
  for (const pod of rest(own, set.spec.replicas)) {
    api.delete(pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    api.event(set, 'Normal', 'SuccessfulDelete', message, 'replicaset-controller');
  }
  const ready = own.filter(isReady).length;
  const live = api.find('ReplicaSet', name, namespace);
  if (live) {
    api.change(live, (draft) => {
      draft.status = { replicas: own.length, readyReplicas: ready, availableReplicas: ready };
    });
  }
  return isAllowed;
}

/** Those that are too many: what is not ready goes first. */
const rest = (pods: readonly Pod[], wanted: number): Pod[] =>
  [...pods]
    .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, pods.length - wanted));
