/**
 * A replica of a primary that has several moves to one that has lost all of its own.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#replica-migration
 */
import type { ClusterNode } from './node.ts';
import type { ClusterState } from './state.ts';

/** Its own replicas get this long to come back. */
const PATIENCE_MS = 5_000;

/** What the cron has seen of replicas, in one look over all primaries. */
export interface ReplicaCensus {
  orphaned: number;
  /** Of the primary with the most, and of ours. */
  most: number;
  ours: number;
}

export const isOrphaned = (node: ClusterNode): boolean =>
  node.isPrimary &&
  !node.hasFailed &&
  node.is('migrateTo') &&
  node.slots.size > 0 &&
  node.workingReplicas === 0;

/** Moves us, if it is for us to move. */
export function migrateIfNeeded(state: ClusterState, census: ReplicaCensus): void {
  const { myself } = state;
  const allowed = state.says('cluster-allow-replica-migration');
  if (!allowed || census.orphaned === 0 || census.most < 2 || census.ours !== census.most) return;
  const barrier = Number(state.host.config.text('cluster-migration-barrier'));
  if (!state.isOk || !myself.replicaOf || myself.replicaOf.workingReplicas <= barrier) return;
  const target = findTarget(state);
  if (!target || chooseReplica(state, census.most) !== myself) return;
  if (state.now - target.orphanedAt <= PATIENCE_MS) return;
  state.log('notice', `Migrating to orphaned master ${target.name}`);
  state.follow(target);
}

/** The first primary without replicas; notes for all of them since when. */
function findTarget(state: ClusterState): ClusterNode | undefined {
  let target: ClusterNode | undefined;
  for (const node of state.nodes.values()) {
    if (!node.isPrimary || node.hasFailed || !node.is('migrateTo') || node.workingReplicas > 0) {
      node.orphanedAt = 0;
      continue;
    }
    if (!target && node.slots.size > 0) target = node;
    if (node.orphanedAt === 0) node.orphanedAt = state.now;
  }
  return target;
}

/** Of the replicas of primaries with the most, the one with the smallest name. */
function chooseReplica(state: ClusterState, most: number): ClusterNode | undefined {
  let chosen: ClusterNode | undefined;
  for (const primary of state.nodes.values()) {
    if (!primary.isPrimary || primary.workingReplicas !== most) continue;
    for (const replica of primary.replicas) {
      if (!replica.hasFailed && (!chosen || replica.name < chosen.name)) chosen = replica;
    }
  }
  return chosen;
}
