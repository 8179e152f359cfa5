/** kubectl cordon, uncordon and drain. */
import type { ApiServer } from '../api.ts';
import { blockingBudget } from '../controllers/disruption.ts';
import { podsOn } from '../controllers/scheduler.ts';
import type { ClusterNode, Pod } from '../objects.ts';
import { isEnding } from '../pods.ts';
import { type Command, KubectlError, type Verb } from './context.ts';

function theNode({ words }: Command, api: ApiServer): ClusterNode {
  const name = (words[0] ?? '').replace(/^nodes?\//, '');
  if (name === '') throw new KubectlError('USAGE: cordon NODE [flags]');
  return api.get('Node', name);
}

const marking =
  (isOff: boolean): Verb =>
  (command) => {
    const { cluster, call } = command;
    call.print(cluster.enter((api) => mark(api, theNode(command, api), isOff)));
    return 0;
  };

function mark(api: ApiServer, node: ClusterNode, isOff: boolean): string {
  const word = isOff ? 'cordoned' : 'uncordoned';
  const { name } = node.metadata;
  if ((node.spec.unschedulable ?? false) === isOff) return `node/${name} already ${word}\n`;
  api.change(node, ({ spec }) => {
    if (isOff) spec.unschedulable = true;
    else delete spec.unschedulable;
  });
  return `node/${name} ${word}\n`;
}

export const cordon = marking(true);
export const uncordon = marking(false);

/** How long it waits until it asks again for a pod that a budget protects. */
const RETRY_MS = 5000;

/** Cordons, then evicts each pod as far as budgets allow, and waits until it is gone. */
export const drain: Verb = async (command) => {
  const { cluster, call, flags } = command;
  const { name } = cluster.enter((api) => theNode(command, api)).metadata;
  call.print(cluster.enter((api) => mark(api, api.get('Node', name), true)));
  const pods = cluster.enter((api) => podsOn(api, api.get('Node', name)));
  const bare = pods.filter(({ metadata }) => !metadata.ownerReferences?.length);
  if (bare.length > 0 && !flags.has('force')) {
    const list = bare.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
    throw new KubectlError(
      `unable to drain node ${JSON.stringify(name)} due to error: cannot delete Pods that declare no controller (use --force to override): ${list}, continuing command...`,
    );
  }
  const local = pods.filter(({ spec }) => (spec.volumes ?? []).some(({ emptyDir }) => emptyDir));
  if (local.length > 0 && !flags.has('delete-emptydir-data')) {
    const list = local.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');
    throw new KubectlError(
      `unable to drain node ${JSON.stringify(name)} due to error: cannot delete Pods with local storage (use --delete-emptydir-data to override): ${list}, continuing command...`,
    );
  }
  for (const pod of pods) {
    call.print(`evicting pod ${pod.metadata.namespace}/${pod.metadata.name}\n`);
  }
  for (const pod of pods) await evict(command, pod);
  call.print(`node/${name} drained\n`);
  return 0;
};

async function evict({ cluster, call }: Command, pod: Pod): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const live = () => {
    const found = cluster.api.find('Pod', name, namespace);
    return found?.metadata.uid === uid ? found : undefined;
  };
  for (;;) {
    const blocked = cluster.enter((api) => {
      const found = live();
      if (!found || isEnding(found)) return undefined;
      const budget = blockingBudget(api, found);
      if (!budget) api.delete(found);
      return budget;
    });
    if (!blocked) break;
    call.complain(
      `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n`,
    );
    await call.machine.sleep(RETRY_MS, call.signal);
  }
  while (live()) await call.machine.sleep(50, call.signal);
  call.print(`pod/${name} evicted\n`);
}
