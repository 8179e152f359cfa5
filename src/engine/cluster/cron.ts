/** What a cluster node does by itself, ten times a second. */
import type { Bus } from './bus.ts';
import { handleFailover } from './election.ts';
import { updateHealth } from './health.ts';
import { endManualFailoverIfLate, handleManualFailover } from './manual-failover.ts';
import type { ClusterNode } from './node.ts';
import { isOrphaned, migrateIfNeeded, type ReplicaCensus } from './replica-migration.ts';
import type { ClusterState } from './state.ts';

export const CRON_MS = 100;
/** A random node is pinged every so many rounds. */
const ROUNDS_PER_PING = 10;
/** Of so many nodes by chance, the one heard from longest ago is pinged. */
const PING_CANDIDATES = 5;

export function runCron(state: ClusterState, bus: Bus, round: number): void {
  connect(state, bus);
  if (round % ROUNDS_PER_PING === 0) pingSomebody(state, bus);
  const census = watchNodes(state, bus);
  followPrimary(state);
  endManualFailoverIfLate(state);
  if (state.myself.isReplica) {
    handleManualFailover(state);
    handleFailover(state, bus);
    migrateIfNeeded(state, census);
  }
  if (state.todo.updateHealth || !state.isOk) updateHealth(state);
}

/** Opens links that are missing, and gives up handshakes that nobody answers. */
function connect(state: ClusterState, bus: Bus): void {
  const handshakeTimeout = Math.max(state.nodeTimeout, 1000);
  for (const node of [...state.nodes.values()]) {
    if (node.is('myself') || node.is('noaddr')) continue;
    bus.limit(node);
    if (node.is('handshake') && state.now - node.createdAt > handshakeTimeout) state.remove(node);
    else if (!node.link) bus.open(node);
  }
}

function pingSomebody(state: ClusterState, bus: Bus): void {
  const nodes = [...state.nodes.values()];
  let chosen: ClusterNode | undefined;
  for (let i = 0; i < PING_CANDIDATES; i++) {
    const node = nodes[state.host.random.below(nodes.length)] as ClusterNode;
    if (!node.link || node.pingSentAt !== 0 || node.is('myself') || node.is('handshake')) continue;
    if (!chosen || node.pongAt < chosen.pongAt) chosen = node;
  }
  if (chosen?.link) bus.ping(chosen.link, 'ping');
}

function watchNodes(state: ClusterState, bus: Bus): ReplicaCensus {
  const census: ReplicaCensus = { orphaned: 0, most: 0, ours: 0 };
  for (const node of state.nodes.values()) {
    if (node.is('myself') || node.is('noaddr') || node.is('handshake')) continue;
    if (state.myself.isReplica && node.isPrimary && !node.hasFailed)
      countReplicas(state, node, census);
    watch(state, bus, node);
  }
  return census;
}

function countReplicas(state: ClusterState, node: ClusterNode, census: ReplicaCensus): void {
  const working = node.workingReplicas;
  if (isOrphaned(node)) census.orphaned++;
  census.most = Math.max(census.most, working);
  if (state.myself.replicaOf === node) census.ours = working;
}

/** Pings a node that was not heard from for a while, and suspects one that does not answer. */
function watch(state: ClusterState, bus: Bus, node: ClusterNode): void {
  const { now, nodeTimeout, manual, myself } = state;
  const half = nodeTimeout / 2;
  const isWaiting = node.pingSentAt !== 0 && node.pongAt < node.pingSentAt;
  const pingMs = now - node.pingSentAt;
  const isOldLink = node.link && now - node.link.createdAt > nodeTimeout;
  // The link may be what is broken: the next round opens another.
  if (isOldLink && isWaiting && pingMs > half && now - node.heardAt > half) node.link?.close();
  if (node.link && node.pingSentAt === 0 && now - node.pongAt > half) {
    bus.ping(node.link, 'ping');
    return;
  }
  if (node.link && manual.end !== 0 && myself.isPrimary && manual.replica === node) {
    bus.ping(node.link, 'ping');
    return;
  }
  if (node.pingSentAt === 0) return;
  // Whoever is busy sending may be late with an answer.
  const silentMs = Math.min(pingMs, now - node.heardAt);
  if (silentMs <= nodeTimeout || node.isSuspect) return;
  state.log('debug', `*** NODE ${node.name} possibly failing`);
  node.mark('pfail');
  state.todo.updateHealth = true;
}

/** A replica whose primary's address was unknown when it started follows it once it is known. */
function followPrimary(state: ClusterState): void {
  const { myself, host } = state;
  const primary = myself.replicaOf;
  if (!myself.isReplica || !primary || host.replication.isReplica) return;
  if (primary.ip !== '' && !primary.is('noaddr')) host.replication.follow(primary.ip, primary.port);
}
