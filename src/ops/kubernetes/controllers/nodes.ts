/**
 * Watches the nodes: one that is not heard of for 40 s is not ready, and its pods are to leave it
 * 5 minutes later. https://kubernetes.io/docs/concepts/architecture/nodes/
 */
import type { ApiServer } from '../api.ts';
import type { ClusterView, Controller } from '../controller.ts';
import type { ClusterNode, Condition } from '../objects.ts';
import { isEnding } from '../pods.ts';

const GRACE_MS = 40_000;
const TOLERATION_MS = 300_000;
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const COMPONENT = 'node-controller';

export class NodeLifecycle implements Controller {
  readonly name = COMPONENT;
  /** When nodes were last heard of that are not any more. */
  readonly #silentSince = new Map<string, number>();

  reconcile(cluster: ClusterView): void {
    for (const [name, since] of this.#silentSince) {
      const node = cluster.api.find('Node', name);
      const silent = cluster.now - since;
      if (!node) continue;
      if (silent < GRACE_MS) cluster.wake(GRACE_MS - silent);
      else {
        giveUp(cluster.api, node);
        const left = TOLERATION_MS + GRACE_MS - silent;
        if (left > 0) cluster.wake(left);
        else evict(cluster.api, name);
      }
    }
  }

  /** A node falls silent. */
  lose(name: string, now: number): void {
    if (!this.#silentSince.has(name)) this.#silentSince.set(name, now);
  }

  /** It is heard of again. */
  recover(api: ApiServer, name: string): void {
    this.#silentSince.delete(name);
    const node = api.find('Node', name);
    if (!node) return;
    api.change(node, (draft) => {
      draft.spec.taints = (draft.spec.taints ?? []).filter(({ key }) => key !== UNREACHABLE);
      draft.status.conditions = conditionsOf(api.time, 'True');
    });
    const message = `Node ${name} status is now: NodeReady`;
    api.event(node, 'Normal', 'NodeReady', message, 'kubelet');
  }
}

function giveUp(api: ApiServer, node: ClusterNode): void {
  const { name } = node.metadata;
  if ((node.spec.taints ?? []).some(({ key }) => key === UNREACHABLE)) return;
  api.change(node, (draft) => {
    draft.spec.taints = [
      ...(draft.spec.taints ?? []),
      { key: UNREACHABLE, effect: 'NoSchedule' },
      { key: UNREACHABLE, effect: 'NoExecute' },
    ];
    draft.status.conditions = conditionsOf(api.time, 'Unknown');
  });
  const message = `Node ${name} status is now: NodeNotReady`;
  api.event(node, 'Normal', 'NodeNotReady', message, COMPONENT);
  for (const pod of api.list('Pod')) {
    if (pod.spec.nodeName !== name) continue;
    api.change(pod, (draft) => {
      draft.status.conditions = (draft.status.conditions ?? []).map((each) =>
        each.type === 'Ready' ? { ...each, status: 'False', lastTransitionTime: api.time } : each,
      );
    });
    api.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready', COMPONENT);
  }
}

function evict(api: ApiServer, node: string): void {
  for (const pod of api.list('Pod')) {
    if (pod.spec.nodeName !== node || isEnding(pod)) continue;
    const message = `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`;
    api.event(pod, 'Normal', 'TaintManagerEviction', message, 'taint-eviction-controller');
    api.delete(pod);
  }
}

/** What the conditions of a node say. */
export function conditionsOf(time: string, ready: 'True' | 'Unknown'): Condition[] {
  const isKnown = ready === 'True';
  const pressure = (type: string, what: string): Condition => ({
    type,
    status: isKnown ? 'False' : 'Unknown',
    reason: isKnown ? `KubeletHas${what}` : 'NodeStatusUnknown',
    message: isKnown ? `kubelet has ${spaced(what)}` : 'Kubelet stopped posting node status.',
    lastTransitionTime: time,
  });
  return [
    pressure('MemoryPressure', 'SufficientMemory'),
    pressure('DiskPressure', 'NoDiskPressure'),
    pressure('PIDPressure', 'SufficientPID'),
    {
      type: 'Ready',
      status: ready,
      reason: isKnown ? 'KubeletReady' : 'NodeStatusUnknown',
      message: isKnown ? 'kubelet is posting ready status' : 'Kubelet stopped posting node status.',
      lastTransitionTime: time,
    },
  ];
}

const spaced = (text: string) =>
  text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/^\w/, (letter) => letter.toLowerCase());
