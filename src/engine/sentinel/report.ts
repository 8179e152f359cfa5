/** What a Sentinel does about what servers say of themselves in INFO. */
import { enter, follow } from './failover.ts';
import type { ServerInfo } from './info.ts';
import { Primary, Replica, type ServerInstance, samePlace } from './instance.ts';
import type { SentinelState } from './state.ts';
import { helloSoon } from './watch.ts';

export function hearInfo(state: SentinelState, instance: ServerInstance, info: ServerInfo): void {
  noteRunId(state, instance, info);
  const role = info.role ?? instance.role;
  if (instance instanceof Primary && role === 'master') discover(state, instance, info);
  if (instance instanceof Replica) noteReplica(state, instance, info);
  if (role !== instance.role) {
    instance.role = role;
    instance.roleSince = state.now;
    const isUsual = role === instance.kind;
    const word = isUsual ? '+role-change' : '-role-change';
    state.tell(word, instance, ` new reported role is ${role}`);
  }
  if (!(instance instanceof Replica) || state.isTilted) return;
  if (role === 'master') hearPrimary(state, instance);
  else {
    fixPrimary(state, instance);
    noteMove(state, instance);
  }
}

function noteRunId(state: SentinelState, instance: ServerInstance, { runId }: ServerInfo): void {
  if (runId === undefined) return;
  if (instance.runId !== '' && instance.runId !== runId) {
    state.tell('+reboot', instance);
    if (instance instanceof Primary && instance.conf.rebootDownAfter !== 0) {
      instance.rebootedAt = state.now;
    }
  }
  instance.runId = runId;
}

function discover(state: SentinelState, primary: Primary, { replicas }: ServerInfo): void {
  for (const { ip, port } of replicas) {
    const place = state.addressOf(ip, port);
    if (!place || [...primary.replicas.values()].some((each) => samePlace(each.place, place))) {
      continue;
    }
    state.tell('+slave', state.addReplica(primary, place));
    state.save();
  }
}

function noteReplica(state: SentinelState, replica: Replica, info: ServerInfo): void {
  const { primaryHost, primaryPort } = info;
  if (primaryHost !== undefined && primaryPort !== undefined) {
    const { followed } = replica;
    if (followed?.host !== primaryHost || followed.port !== primaryPort) {
      replica.followed = { host: primaryHost, port: primaryPort };
      replica.followedSince = state.now;
    }
  }
  replica.isLinkUp = info.isLinkUp;
  replica.linkDownMs = info.linkDownSeconds * 1000;
  replica.priority = info.priority;
  replica.offset = info.offset;
  replica.isAnnounced = info.isAnnounced;
}

/** A replica says that it is a primary: we have asked for it, or it has come back as one. */
function hearPrimary(state: SentinelState, replica: Replica): void {
  const { primary } = replica;
  if (primary.promoted === replica) {
    if (primary.state !== 'wait-promotion') return;
    primary.configEpoch = primary.failoverEpoch;
    enter(state, primary, 'reconf-slaves');
    state.save();
    state.tell('+promoted-slave', replica);
    if (state.crashes.has('promotion')) {
      state.host.crash();
      return;
    }
    state.tell('+failover-state-reconf-slaves', primary);
    helloSoon(primary);
    return;
  }
  const wait = state.periods.publish * 4;
  if (!isSane(state, primary) || !isWell(state, replica, wait)) return;
  if (state.now - replica.roleSince <= wait) return;
  if (follow(state, replica, primary)) state.tell('+convert-to-slave', replica);
}

/** A replica that follows somebody else for long is led back. */
function fixPrimary(state: SentinelState, replica: Replica): void {
  const { primary, followed } = replica;
  const wait = primary.conf.failoverTimeout;
  if (!followed || primary.isFailingOver) return;
  if (state.isAt(primary.place, followed.host, followed.port)) return;
  if (!isSane(state, primary) || !isWell(state, replica, wait)) return;
  if (state.now - replica.followedSince <= wait) return;
  if (follow(state, replica, primary)) state.tell('+fix-slave-config', replica);
}

function noteMove(state: SentinelState, replica: Replica): void {
  const { promoted } = replica.primary;
  if (!promoted || !replica.followed) return;
  if (!state.isAt(promoted.place, replica.followed.host, replica.followed.port)) return;
  if (replica.move === 'sent') {
    replica.move = 'in-progress';
    state.tell('+slave-reconf-inprog', replica);
  }
  if (replica.move === 'in-progress' && replica.isLinkUp) {
    replica.move = 'done';
    state.tell('+slave-reconf-done', replica);
  }
}

const isSane = ({ now, periods }: SentinelState, primary: Primary): boolean =>
  primary.role === 'master' &&
  !primary.isDown &&
  now - (primary.infoAt ?? Number.NEGATIVE_INFINITY) < periods.info * 2;

const isWell = ({ now }: SentinelState, replica: Replica, ms: number): boolean =>
  !replica.isDown && now - replica.knownSince > ms;
