/** Finds a node for every pod, or says why there is none. */
import type { ApiServer } from '../api.ts';
import type { Controller } from '../controller.ts';
import { fits, fitsAll } from '../labels.ts';
import type { ClusterNode, Pod } from '../objects.ts';
import { isEnding, isOver } from '../pods.ts';
import { amountOf } from '../quantity.ts';

const COMPONENT = 'default-scheduler';

export const scheduler: Controller = {
  name: COMPONENT,
  reconcile({ api }) {
    for (const pod of api.list('Pod')) {
      if (pod.spec.nodeName === undefined && !isEnding(pod) && !isOver(pod)) place(api, pod);
    }
  },
};

function place(api: ApiServer, pod: Pod): void {
  const nodes = api.list('Node');
  const claim = problemOfClaims(api, pod);
  const reasons = nodes.map((node) => claim ?? reasonAgainst(api, pod, node));
  const free = nodes.filter((_, i) => reasons[i] === undefined);
  const [best] = free.sort((a, b) => loadOf(api, pod, a) - loadOf(api, pod, b));
  const { name, namespace } = pod.metadata;
  if (!best) {
    const why = claim ? claim : countReasons(reasons as string[]);
    const message = `0/${nodes.length} nodes are available: ${why}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
    api.event(pod, 'Warning', 'FailedScheduling', message, COMPONENT);
    setScheduled(api, pod, 'False', message);
    return;
  }
  const { name: node } = best.metadata;
  api.change(pod, (draft) => {
    draft.spec.nodeName = node;
  });
  setScheduled(api, pod, 'True');
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  api.event(pod, 'Normal', 'Scheduled', message, COMPONENT);
}

function setScheduled(api: ApiServer, pod: Pod, status: string, message?: string): void {
  api.change(pod, (draft) => {
    const others = (draft.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
    const known = draft.status.conditions?.find(({ type }) => type === 'PodScheduled');
    const lastTransitionTime =
      known?.status === status ? (known.lastTransitionTime ?? api.time) : api.time;
    const reason = status === 'False' ? { reason: 'Unschedulable' } : {};
    const why = message === undefined ? {} : { message };
    draft.status.conditions = [
      ...others,
      { type: 'PodScheduled', status, ...reason, ...why, lastTransitionTime },
    ];
  });
}

function problemOfClaims(api: ApiServer, { metadata, spec }: Pod): string | undefined {
  for (const { persistentVolumeClaim } of spec.volumes ?? []) {
    const name = persistentVolumeClaim?.claimName;
    if (name === undefined) continue;
    const claim = api.find('PersistentVolumeClaim', name, metadata.namespace);
    if (!claim) return `persistentvolumeclaim ${JSON.stringify(name)} not found`;
    if (claim.metadata.deletionTimestamp !== undefined) {
      return `persistentvolumeclaim ${JSON.stringify(name)} is being deleted`;
    }
    if (claim.status?.phase !== 'Bound') {
      return 'pod has unbound immediate PersistentVolumeClaims';
    }
  }
  return undefined;
}

/** Why a pod may not run on a node; undefined when it may. */
function reasonAgainst(api: ApiServer, pod: Pod, node: ClusterNode): string | undefined {
  if (node.spec.unschedulable) return 'node(s) were unschedulable';
  const taint = (node.spec.taints ?? []).find(
    ({ key, effect }) =>
      effect !== 'PreferNoSchedule' &&
      !(pod.spec.tolerations ?? []).some(
        (each) =>
          (each.key === undefined || each.key === key) && (each.effect ?? effect) === effect,
      ),
  );
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!fitsAll(pod.spec.nodeSelector ?? {}, node.metadata.labels)) {
    return "node(s) didn't match Pod's node affinity/selector";
  }
  const there = podsOn(api, node);
  if (isRepelled(pod, there) || there.some((other) => isRepelled(other, [pod]))) {
    return "node(s) didn't match pod anti-affinity rules";
  }
  for (const resource of ['cpu', 'memory']) {
    const free = amountOf(node.status.allocatable[resource]) - requested(there, resource);
    if (requested([pod], resource) > free) return `Insufficient ${resource}`;
  }
  return undefined;
}

/** Whether a pod must not be where one of the others is; nodes are the only places there are. */
function isRepelled(pod: Pod, others: readonly Pod[]): boolean {
  const terms =
    pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(({ labelSelector }) =>
    others.some(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace && fits(labelSelector, metadata.labels),
    ),
  );
}

/** The pods that take room on a node. */
export const podsOn = (api: ApiServer, node: ClusterNode): Pod[] =>
  api.list('Pod').filter((pod) => pod.spec.nodeName === node.metadata.name && !isOver(pod));

/** What pods ask for of a resource, in all. */
export const requested = (pods: readonly Pod[], resource: string): number =>
  pods
    .flatMap(({ spec }) => spec.containers)
    .reduce((sum, { resources }) => sum + amountOf(resources?.requests?.[resource]), 0);

/** Pods of one owner are spread; then the emptier node is better. */
function loadOf(api: ApiServer, pod: Pod, node: ClusterNode): number {
  const there = podsOn(api, node);
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  const kin = there.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === owner);
  return (owner === undefined ? 0 : kin.length) * 100 + there.length;
}

/** `1 Insufficient memory, 2 node(s) were unschedulable`. */
function countReasons(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
