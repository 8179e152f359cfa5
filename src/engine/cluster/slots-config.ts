/** Whose word counts on who serves a slot: that with the greater epoch. */
import { type ClusterNode, countSlots } from './node.ts';
import type { ClusterState } from './state.ts';

/**
 * Believes a primary that it serves these slots since this epoch, where nobody has a better claim. A
 * primary that loses its last slot so becomes a replica of the new one; keys of slots that were lost
 * otherwise are dropped.
 */
export function updateSlots(
  state: ClusterState,
  sender: ClusterNode,
  epoch: number,
  slots: string,
): void {
  const { myself } = state;
  if (sender === myself) return;
  const mine = myself.primary;
  const dirty: number[] = [];
  let lost = 0;
  for (const slot of sender.slots.missing(slots)) {
    const owner = state.owners[slot];
    // What we import is decided by CLUSTER SETSLOT, not by news.
    if (state.importing.has(slot)) continue;
    if (owner && owner.configEpoch >= epoch) continue;
    if (owner === myself && state.keys.count(slot) > 0) dirty.push(slot);
    if (owner && owner === mine) lost++;
    state.release(slot);
    state.assign(slot, sender);
    state.migrating.delete(slot);
    state.changed();
  }
  if (lost > 0 && mine?.slots.size === 0 && mayFollow(state, slots, lost)) {
    state.log(
      'notice',
      `Configuration change detected. Reconfiguring myself as a replica of ${sender.name}`,
    );
    state.follow(sender);
    return;
  }
  for (const slot of dirty) dropKeys(state, slot);
}

/** Without replica migration only who was replaced as a whole follows its successor. */
const mayFollow = (state: ClusterState, claimed: string, lost: number): boolean =>
  state.says('cluster-allow-replica-migration') || countSlots(claimed) === lost;

/** Deletes all keys of a slot that is no longer ours. */
export function dropKeys(state: ClusterState, slot: number): number {
  const keys = state.keys.keys(slot, Number.POSITIVE_INFINITY);
  for (const key of keys) state.host.dropKey(key);
  return keys.length;
}

/** Two primaries of one epoch: the one with the greater name keeps it, the other takes a new one. */
export function resolveEpochCollision(state: ClusterState, sender: ClusterNode): void {
  const { myself } = state;
  if (sender.configEpoch !== myself.configEpoch || !sender.isPrimary || !myself.isPrimary) return;
  if (sender.name <= myself.name) return;
  state.currentEpoch++;
  myself.configEpoch = state.currentEpoch;
  state.todo.save = true;
  state.todo.sync = true;
  state.log(
    'verbose',
    `WARNING: configEpoch collision with node ${sender.name}. configEpoch set to ${myself.configEpoch}`,
  );
}
