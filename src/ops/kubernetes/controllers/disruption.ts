/** PodDisruptionBudgets: how many of their pods may be taken away on purpose. */
import type { ApiServer } from '../api.ts';
import type { Controller } from '../controller.ts';
import { fits } from '../labels.ts';
import type { DisruptionBudget, Pod } from '../objects.ts';
import { isEnding, isReady } from '../pods.ts';

export const disruptionController: Controller = {
  name: 'disruption-controller',
  reconcile({ api }) {
    for (const budget of api.list('PodDisruptionBudget')) {
      api.change(budget, (draft) => {
        draft.status = statusOf(api, budget);
      });
    }
  },
};

function statusOf(api: ApiServer, { metadata, spec }: DisruptionBudget) {
  const pods = api
    .list('Pod', metadata.namespace)
    .filter((pod) => fits(spec.selector, pod.metadata.labels));
  const healthy = pods.filter((pod) => isReady(pod) && !isEnding(pod)).length;
  const share = (value: number | string) =>
    typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) / 100) * pods.length);
  const desired =
    spec.minAvailable === undefined
      ? pods.length - share(spec.maxUnavailable ?? 0)
      : share(spec.minAvailable);
  return {
    disruptionsAllowed: Math.max(0, healthy - desired),
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: pods.length,
  };
}

/** The budget that does not allow a pod to be evicted now; undefined when it may be. */
export function blockingBudget(api: ApiServer, pod: Pod): DisruptionBudget | undefined {
  return api
    .list('PodDisruptionBudget', pod.metadata.namespace)
    .filter(({ spec }) => fits(spec.selector, pod.metadata.labels))
    .find((budget) => isReady(pod) && statusOf(api, budget).disruptionsAllowed < 1);
}
