/** How a pod stands, in the words of `kubectl get pods`. */
import type { Pod } from '../objects.ts';
import { printSince } from './table.ts';

export function podReady({ spec, status }: Pod): string {
  const ready = (status.containerStatuses ?? []).filter((each) => each.ready).length;
  return `${ready}/${spec.containers.length}`;
}

export function podStatus({ metadata, spec, status }: Pod): string {
  let reason = status.reason ?? status.phase;
  let hasRunning = false;
  for (const { state, ready } of [...(status.containerStatuses ?? [])].reverse()) {
    if (state.waiting) reason = state.waiting.reason;
    else if (state.terminated) reason = state.terminated.reason;
    else if (state.running && ready) hasRunning = true;
  }
  if (reason === 'Completed' && hasRunning) reason = 'Running';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return initStatus(status, spec.initContainers?.length ?? 0) ?? reason;
}

/** While init containers run: which of them, or what is wrong with it. */
function initStatus({ initContainerStatuses = [] }: Pod['status'], count: number) {
  const at = initContainerStatuses.findIndex(({ state }) => state.terminated?.exitCode !== 0);
  const state = initContainerStatuses[at]?.state;
  if (!state) return undefined;
  if (state.terminated) return `Init:${state.terminated.reason}`;
  const reason = state.waiting?.reason ?? '';
  const isTrouble = reason !== '' && !/^(ContainerCreating|PodInitializing)$/.test(reason);
  return isTrouble ? `Init:${reason}` : `Init:${at}/${count}`;
}

/** How often its containers have been started again. */
export const restartCount = ({ status }: Pod): number =>
  (status.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0);

export function podRestarts(pod: Pod, now: number): string {
  const all = pod.status.containerStatuses ?? [];
  const count = restartCount(pod);
  const ends = all.flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []);
  const last = ends.sort().at(-1);
  return last === undefined || count === 0
    ? String(count)
    : `${count} (${printSince(last, now)} ago)`;
}
