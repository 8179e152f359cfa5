/** Who fails, by whose word, and whether the cluster can serve. */
import { SLOT_COUNT } from '../bytes/crc16.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterState } from './state.ts';

/** Reports of failure count for this many node timeouts. */
const REPORT_VALIDITY = 2;
/** So many node timeouts after it failed, a primary whose slots nobody took is welcome again. */
const UNDO_FAIL = 2;
/** How long a primary that has just started stays out, so that it may hear that it was replaced. */
const WRITABLE_DELAY_MS = 2_000;

/** Notes that a primary holds a node for unreachable. True when it did not before. */
export function addFailureReport(state: ClusterState, node: ClusterNode, by: ClusterNode): boolean {
  const isNew = !node.reports.has(by);
  node.reports.set(by, state.now);
  return isNew;
}

/** How many primaries hold a node for unreachable, by what they said lately. */
export function countFailureReports(state: ClusterState, node: ClusterNode): number {
  const oldest = state.now - state.nodeTimeout * REPORT_VALIDITY;
  for (const [by, at] of node.reports) if (at < oldest) node.reports.delete(by);
  return node.reports.size;
}

/** Marks a node as failing if a majority of primaries does not reach it. True when it does so. */
export function markFailingIfAgreed(state: ClusterState, node: ClusterNode): boolean {
  if (!node.is('pfail') || node.hasFailed) return false;
  let agreeing = countFailureReports(state, node);
  if (state.myself.isPrimary) agreeing++;
  if (agreeing < state.majority) return false;
  state.log('notice', `Marking node ${node.name} as failing (quorum reached).`);
  markFailing(state, node);
  return true;
}

export function markFailing(state: ClusterState, node: ClusterNode): void {
  node.mark('pfail', false);
  node.mark('fail');
  node.failedAt = state.now;
  state.changed();
}

/** A failing node answers again: it is well when nobody can have replaced it. */
export function clearFailureIfPossible(state: ClusterState, node: ClusterNode): void {
  const hasSlots = node.isPrimary && node.slots.size > 0;
  if (!hasSlots) {
    const who = node.isReplica ? 'replica' : 'master without slots';
    state.log('notice', `Clear FAIL state for node ${node.name}: ${who} is reachable again.`);
  } else if (state.now - node.failedAt > state.nodeTimeout * UNDO_FAIL) {
    state.log(
      'notice',
      `Clear FAIL state for node ${node.name}: is reachable again and nobody is serving its slots after some time.`,
    );
  } else return;
  node.mark('fail', false);
  state.changed();
}

/** Looks whether the cluster can serve: slots covered, a majority of primaries in reach. */
export function updateHealth(state: ClusterState): void {
  state.todo.updateHealth = false;
  const { now, myself } = state;
  if (state.firstLookAt === 0) state.firstLookAt = now;
  if (myself.isPrimary && !state.isOk && now - state.firstLookAt < WRITABLE_DELAY_MS) {
    state.todo.updateHealth = true;
    return;
  }
  const isCovered = !state.says('cluster-require-full-coverage') || coversAll(state);
  const hasMajority = countPrimaries(state);
  if (!hasMajority) state.minorityAt = now;
  const isOk = isCovered && hasMajority;
  if (isOk === state.isOk) return;
  // Who comes back from a minority waits for the news before it takes writes.
  const rejoinDelay = Math.min(Math.max(state.nodeTimeout, 500), 5000);
  if (isOk && myself.isPrimary && now - state.minorityAt < rejoinDelay) return;
  state.isOk = isOk;
  state.log('warning', `Cluster state changed: ${isOk ? 'ok' : 'fail'}`);
}

function coversAll(state: ClusterState): boolean {
  if (state.assigned < SLOT_COUNT) return false;
  for (const node of state.nodes.values()) if (node.hasFailed && node.slots.size > 0) return false;
  return true;
}

/** Counts the primaries that serve slots. Whether most of them are in reach. */
function countPrimaries(state: ClusterState): boolean {
  let size = 0;
  let reachable = 0;
  for (const node of state.nodes.values()) {
    if (!node.isPrimary || node.slots.size === 0) continue;
    size++;
    if (!node.isSuspect) reachable++;
  }
  state.size = size;
  return reachable >= state.majority;
}
