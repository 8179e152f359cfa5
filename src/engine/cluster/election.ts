/**
 * How a replica takes the place of its primary: it waits the longer, the less it has, asks all
 * primaries for their vote, of which each has one per epoch, and with those of most it takes over.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#replica-election-and-promotion
 */
import { SLOT_COUNT } from '../bytes/crc16.ts';
import type { Bus } from './bus.ts';
import { updateHealth } from './health.ts';
import type { Header } from './message.ts';
import { type ClusterNode, hasSlot } from './node.ts';
import type { ClusterState } from './state.ts';

/** Every so often a replica may be voted for, in node timeouts. */
const VOTE_PAUSE = 2;

/** The primary's part: gives its vote, or not. */
export function voteFor(state: ClusterState, bus: Bus, node: ClusterNode, request: Header): void {
  const { myself } = state;
  if (!myself.isPrimary || myself.slots.size === 0) return;
  const objection = objectionTo(state, node, request);
  if (objection !== undefined) {
    state.log('warning', `Failover auth denied to ${node.name}: ${objection}`);
    return;
  }
  state.lastVoteEpoch = state.currentEpoch;
  if (node.replicaOf) node.replicaOf.votedAt = state.now;
  state.todo.save = true;
  state.todo.sync = true;
  if (node.link) bus.send(node.link, { type: 'auth-ack' });
  state.log('warning', `Failover auth granted to ${node.name} for epoch ${state.currentEpoch}`);
}

function objectionTo(state: ClusterState, node: ClusterNode, request: Header): string | undefined {
  const { currentEpoch, lastVoteEpoch, now, nodeTimeout } = state;
  const primary = node.replicaOf;
  if (request.currentEpoch < currentEpoch) {
    return `reqEpoch (${request.currentEpoch}) < curEpoch(${currentEpoch})`;
  }
  if (lastVoteEpoch === currentEpoch) return `already voted for epoch ${currentEpoch}`;
  if (node.isPrimary) return 'it is a master node';
  if (!primary) return "I don't know its master";
  if (!primary.hasFailed && !request.forcesVote) return 'its master is up';
  const pause = nodeTimeout * VOTE_PAUSE;
  if (now - primary.votedAt < pause) {
    const left = pause - (now - primary.votedAt);
    return `can't vote about this master before ${left} milliseconds`;
  }
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    if (!hasSlot(request.slots, slot)) continue;
    const owner = state.owners[slot];
    if (!owner || owner.configEpoch <= request.configEpoch) continue;
    return `slot ${slot} epoch (${owner.configEpoch}) > reqEpoch (${request.configEpoch})`;
  }
  return undefined;
}

/** A vote has come. */
export function countVote(state: ClusterState, sender: ClusterNode, header: Header): void {
  const { election } = state;
  if (!sender.isPrimary || sender.slots.size === 0) return;
  if (header.currentEpoch < election.epoch) return;
  election.votes++;
  state.todo.failover = true;
}

/** The replica's part, each time something happened that it may have waited for. */
export function handleFailover(state: ClusterState, bus: Bus): void {
  state.todo.failover = false;
  const { myself, election, manual, now, nodeTimeout } = state;
  const isManual = manual.end !== 0 && manual.canStart;
  if (!isCandidate(state, isManual)) return;
  const timeoutMs = Math.max(nodeTimeout * 2, 2000);
  const age = now - election.at;
  if (age > timeoutMs * 2) {
    plan(state, bus);
    return;
  }
  if (!election.isAsked && manual.end === 0) postpone(state);
  if (now < election.at || age > timeoutMs) return;
  if (!election.isAsked) {
    ask(state, bus);
    return;
  }
  if (election.votes < state.majority) return;
  state.log('warning', "Failover election won: I'm the new master.");
  if (myself.configEpoch < election.epoch) {
    myself.configEpoch = election.epoch;
    state.log('warning', `configEpoch set to ${election.epoch} after successful failover`);
  }
  replacePrimary(state, bus);
}

/** Whether we are to replace our primary, and our data is new enough for it. */
function isCandidate(state: ClusterState, isManual: boolean): boolean {
  const { myself } = state;
  const primary = myself.replicaOf;
  if (myself.isPrimary || !primary || primary.slots.size === 0) return false;
  if (!isManual && (!primary.hasFailed || state.says('cluster-replica-no-failover'))) return false;
  const factor = Number(state.host.config.text('cluster-replica-validity-factor'));
  if (factor === 0 || isManual) return true;
  const pingPeriod = Number(state.host.config.text('repl-ping-replica-period')) * 1000;
  let ageMs = state.host.replication.silenceMs;
  // The failure itself took so long to be noticed.
  if (ageMs > state.nodeTimeout) ageMs -= state.nodeTimeout;
  return ageMs <= pingPeriod + state.nodeTimeout * factor;
}

function plan(state: ClusterState, bus: Bus): void {
  const { election, manual, now } = state;
  election.at = now + 500 + state.host.random.below(500);
  election.votes = 0;
  election.isAsked = false;
  election.rank = rankOf(state);
  election.at += election.rank * 1000;
  if (manual.end !== 0) {
    election.at = now;
    election.rank = 0;
    state.todo.failover = true;
  }
  state.log(
    'warning',
    `Start of election delayed for ${election.at - now} milliseconds (rank #${election.rank}, offset ${state.host.replication.offset}).`,
  );
  // So that the other replicas know how far we are.
  bus.pongAll('siblings');
}

/** Others turned out to be further than we thought. */
function postpone(state: ClusterState): void {
  const { election } = state;
  const rank = rankOf(state);
  if (rank <= election.rank) return;
  const delay = (rank - election.rank) * 1000;
  election.at += delay;
  election.rank = rank;
  state.log('warning', `Replica rank updated to #${rank}, added ${delay} milliseconds of delay.`);
}

/** How many replicas of our primary have more of its writes. */
function rankOf({ myself, host }: ClusterState): number {
  const { offset } = host.replication;
  const siblings = myself.replicaOf?.replicas ?? [];
  return siblings.filter(
    (other) => other !== myself && !other.is('nofailover') && other.offset > offset,
  ).length;
}

function ask(state: ClusterState, bus: Bus): void {
  const { election } = state;
  state.currentEpoch++;
  election.epoch = state.currentEpoch;
  state.log('warning', `Starting a failover election for epoch ${state.currentEpoch}.`);
  bus.broadcast({ type: 'auth-req' }, { forcesVote: state.manual.end !== 0 });
  election.isAsked = true;
  state.changed();
  state.todo.sync = true;
}

/** Takes over from our primary: role, slots, and the news to all. */
export function replacePrimary(state: ClusterState, bus: Bus): void {
  const { myself } = state;
  const old = myself.replicaOf;
  if (!old) return;
  // Votes count once.
  Object.assign(state.election, { at: 0, votes: 0, isAsked: false });
  state.makePrimary(myself);
  state.host.replication.promote();
  for (const slot of old.slots.list()) {
    state.release(slot);
    state.assign(slot, myself);
  }
  updateHealth(state);
  state.todo.save = true;
  bus.pongAll('all');
  state.resetManualFailover();
}
