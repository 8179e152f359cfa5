/** How a Sentinel makes a replica the primary, state by state. */

import { printDate } from './date.ts';
import { leaderOf, MAX_DESYNC_MS } from './election.ts';
import type { FailoverState, Instance, Primary, Replica } from './instance.ts';
import type { SentinelState } from './state.ts';
import { wordFor } from './watch.ts';

/** Begins one, if the primary is down for enough and the last attempt is long enough ago. */
export function startIfNeeded(state: SentinelState, primary: Primary): boolean {
  if (!primary.isDownForMost || primary.isFailingOver) return false;
  const nextAt = primary.failoverAt + primary.conf.failoverTimeout * 2;
  if (state.now < nextAt) {
    tellDelay(state, primary, nextAt);
    return false;
  }
  start(state, primary);
  return true;
}

/** Begins one. */
export function start(state: SentinelState, primary: Primary): void {
  primary.failoverEpoch = ++state.epoch;
  state.say('+new-epoch', String(state.epoch));
  enter(state, primary, 'wait-start');
  state.tell('+try-failover', primary);
  primary.failoverAt = state.now + state.host.random.below(MAX_DESYNC_MS);
}

/** Says once for each attempt when the next one may be. */
function tellDelay({ host }: SentinelState, primary: Primary, nextAt: number): void {
  if (primary.delayToldOf === primary.failoverAt) return;
  primary.delayToldOf = primary.failoverAt;
  host.log(
    'warning',
    `Next failover delay: I will not start a failover before ${printDate(nextAt)}`,
  );
}

/** Does what the state of the failover asks for. */
export function proceed(state: SentinelState, primary: Primary): void {
  if (primary.state === 'wait-start') waitStart(state, primary);
  else if (primary.state === 'select-slave') selectReplica(state, primary);
  else if (primary.state === 'send-slaveof-noone') promote(state, primary);
  else if (primary.state === 'wait-promotion') abortIfLate(state, primary);
  else if (primary.state === 'reconf-slaves') moveReplicas(state, primary);
}

/** Tells a replica to follow that server. False when it is not connected. */
export const follow = (state: SentinelState, replica: Replica, { place }: Instance): boolean =>
  sendReplicaOf(replica, [state.shown(place), String(place.port)]);

/** Tells a server whom to follow, as a transaction that also breaks its clients off. */
function sendReplicaOf(instance: Instance, to: readonly [string, string]): boolean {
  if (!instance.isConnected) return false;
  const commands: readonly [string, ...string[]][] = [
    ['MULTI'],
    ['SLAVEOF', ...to],
    ['CONFIG', 'REWRITE'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
    ['EXEC'],
  ];
  for (const [command, ...words] of commands) {
    instance.commands?.ask([wordFor(instance, command), ...words]);
  }
  return true;
}

export function enter(state: SentinelState, primary: Primary, next: FailoverState): void {
  primary.state = next;
  primary.stateSince = state.now;
}

function abort(state: SentinelState, primary: Primary, reason: string): void {
  state.tell(`-failover-abort-${reason}`, primary);
  primary.promoted = undefined;
  primary.isForced = false;
  enter(state, primary, 'none');
}

function waitStart(state: SentinelState, primary: Primary): void {
  const leader = leaderOf(state, primary, primary.failoverEpoch);
  if (leader !== state.id && !primary.isForced) {
    const patience = Math.min(state.periods.election, primary.conf.failoverTimeout);
    if (state.now - primary.failoverAt > patience) abort(state, primary, 'not-elected');
    return;
  }
  state.tell('+elected-leader', primary);
  if (state.crashes.has('election')) {
    state.host.crash();
    return;
  }
  enter(state, primary, 'select-slave');
  state.tell('+failover-state-select-slave', primary);
}

function selectReplica(state: SentinelState, primary: Primary): void {
  const chosen = bestReplica(state, primary);
  if (!chosen) {
    abort(state, primary, 'no-good-slave');
    return;
  }
  state.tell('+selected-slave', chosen);
  primary.promoted = chosen;
  enter(state, primary, 'send-slaveof-noone');
  state.tell('+failover-state-send-slaveof-noone', chosen);
}

/** By priority, then by what it has of the stream of writes, then by its run id. */
export function bestReplica(state: SentinelState, primary: Primary): Replica | undefined {
  const { now, periods } = state;
  const infoMs = primary.isDown ? periods.ping * 5 : periods.info * 3;
  const downMs = primary.downSince === undefined ? 0 : now - primary.downSince;
  const linkMs = downMs + primary.conf.downAfter * 10;
  const fit = [...primary.replicas.values()].filter(
    (replica) =>
      !replica.isDown &&
      replica.isConnected &&
      now - replica.availableAt <= periods.ping * 5 &&
      replica.priority !== 0 &&
      replica.isAnnounced &&
      now - (replica.infoAt ?? Number.NEGATIVE_INFINITY) <= infoMs &&
      replica.linkDownMs <= linkMs,
  );
  const byRunId = (a: Replica, b: Replica) => (a.runId < b.runId ? -1 : a.runId > b.runId ? 1 : 0);
  fit.sort((a, b) => a.priority - b.priority || b.offset - a.offset || byRunId(a, b));
  return fit[0];
}

function promote(state: SentinelState, primary: Primary): void {
  const { promoted } = primary;
  if (!promoted || !sendReplicaOf(promoted, ['NO', 'ONE'])) {
    abortIfLate(state, primary);
    return;
  }
  state.tell('+failover-state-wait-promotion', promoted);
  enter(state, primary, 'wait-promotion');
}

function abortIfLate(state: SentinelState, primary: Primary): void {
  if (state.now - primary.stateSince > primary.conf.failoverTimeout) {
    abort(state, primary, 'slave-timeout');
  }
}

/** Lets the other replicas follow the one that was promoted, some at a time. */
function moveReplicas(state: SentinelState, primary: Primary): void {
  const { now } = state;
  const { promoted } = primary;
  if (!promoted) return;
  const others = [...primary.replicas.values()].filter((each) => each !== promoted);
  let moving = others.filter(({ move }) => move === 'sent' || move === 'in-progress').length;
  for (const replica of others) {
    if (moving >= primary.conf.parallelSyncs) break;
    if (replica.move === 'sent' && now - replica.movedAt > state.periods.slaveReconf) {
      state.tell('-slave-reconf-sent-timeout', replica);
      replica.move = 'none';
    }
    if (replica.move !== 'none' || !follow(state, replica, promoted)) continue;
    replica.move = 'sent';
    replica.movedAt = now;
    state.tell('+slave-reconf-sent', replica);
    moving++;
  }
  endIfDone(state, primary, others, promoted);
}

function endIfDone(state: SentinelState, primary: Primary, others: Replica[], promoted: Replica) {
  if (promoted.isDown) return;
  const isLate = state.now - primary.stateSince > primary.conf.failoverTimeout;
  const left = others.filter(({ move, isDown }) => move !== 'done' && !isDown);
  if (left.length > 0 && !isLate) return;
  if (isLate) state.tell('+failover-end-for-timeout', primary);
  state.tell('+failover-end', primary);
  enter(state, primary, 'update-config');
  if (!isLate) return;
  for (const replica of others.filter(({ move }) => move === 'none' || move === 'in-progress')) {
    if (follow(state, replica, promoted)) state.tell('+slave-reconf-sent-be', replica);
  }
}
