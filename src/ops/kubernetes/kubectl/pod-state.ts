/** How a pod stands, in the words of `kubectl get pods`. */
import type { Pod } from '../objects.ts';
import { printSince } from './table.ts';

export function podReady({ spec, status }: Pod): string {
  const ready = (status.containerStatuses ?? []).filter((each) => each.ready).length;
  return `${ready}/${spec.containers.length}`;
}

export function podStatus({ metadata, status }: Pod): string {
  let reason = status.reason ?? status.phase;
  let hasRunning = false;
  for (const { state, ready } of [...(status.containerStatuses ?? [])].reverse()) {
    if (state.waiting) reason = state.waiting.reason;
    else if (state.terminated) reason = state.terminated.reason;
    else if (state.running && ready) hasRunning = true;
  }
  if (reason === 'Completed' && hasRunning) reason = 'Running';
  return metadata.deletionTimestamp === undefined ? reason : 'Terminating';
}

export function podRestarts({ status }: Pod, now: number): string {
  const all = status.containerStatuses ?? [];
  const count = all.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = all.flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []);
  const last = ends.sort().at(-1);
  return last === undefined || count === 0
    ? String(count)
    : `${count} (${printSince(last, now)} ago)`;
}
