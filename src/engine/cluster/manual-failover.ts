/**
 * CLUSTER FAILOVER: the primary stops taking writes and says where it stopped; once the replica is
 * there, it is elected, so that no write is lost.
 * https://redis.io/docs/latest/commands/cluster-failover/
 */
import type { Bus } from './bus.ts';
import { replacePrimary } from './election.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterState } from './state.ts';

/** How long it may take. */
const TIMEOUT_MS = 5_000;
/** Writes are held back a while longer, so that the new primary is known before they go on. */
const PAUSE_FACTOR = 2;

/** The replica begins. */
export function startManualFailover(
  state: ClusterState,
  bus: Bus,
  how: 'agreed' | 'force' | 'takeover',
): void {
  const { manual, myself } = state;
  state.resetManualFailover();
  manual.end = state.now + TIMEOUT_MS;
  if (how === 'takeover') {
    state.log('warning', 'Taking over the master (user request).');
    state.bumpEpoch();
    replacePrimary(state, bus);
  } else if (how === 'force') {
    state.log('warning', 'Forced failover user request accepted.');
    manual.canStart = true;
    state.todo.failover = true;
  } else {
    state.log('warning', 'Manual failover user request accepted.');
    const link = myself.replicaOf?.link;
    if (link) bus.send(link, { type: 'mfstart' });
  }
}

/** The primary hears of it. */
export function pauseForFailover(state: ClusterState, bus: Bus, sender: ClusterNode): void {
  const { manual, myself } = state;
  if (!myself.isPrimary || sender.replicaOf !== myself) return;
  state.resetManualFailover();
  manual.end = state.now + TIMEOUT_MS;
  manual.replica = sender;
  state.host.pauseWrites(state.now + TIMEOUT_MS * PAUSE_FACTOR);
  state.log('warning', `Manual failover requested by replica ${sender.name}.`);
  // Every ping from now on tells that the offset stands still.
  if (sender.link) bus.ping(sender.link, 'ping');
}

/** The replica hears where its primary stopped. */
export function hearOffset(state: ClusterState, sender: ClusterNode, isPaused: boolean): void {
  const { manual, myself } = state;
  const isAwaited = manual.end !== 0 && myself.isReplica && myself.replicaOf === sender;
  if (!isAwaited || !isPaused || manual.primaryOffset !== undefined) return;
  manual.primaryOffset = sender.offset;
  state.todo.manualFailover = true;
  state.log(
    'warning',
    `Received replication offset for paused master manual failover: ${sender.offset}`,
  );
}

/** Once the replica has all that its primary had, its election may start. */
export function handleManualFailover(state: ClusterState): void {
  state.todo.manualFailover = false;
  const { manual, host } = state;
  if (manual.end === 0 || manual.canStart || manual.primaryOffset === undefined) return;
  if (manual.primaryOffset !== host.replication.offset) return;
  manual.canStart = true;
  state.todo.failover = true;
  // An election that was planned before must not delay this one.
  state.election.at = 0;
  state.log('warning', 'All master replication stream processed, manual failover can start.');
}

export function endManualFailoverIfLate(state: ClusterState): void {
  if (state.manual.end === 0 || state.manual.end >= state.now) return;
  state.log('warning', 'Manual failover timed out.');
  state.resetManualFailover();
}
