/** What SENTINEL MASTERS and its like, and INFO, say of what is watched. */
import { mapOf, type Reply } from '../resp/reply.ts';
import { type Instance, Peer, Primary, Replica, type ServerInstance } from './instance.ts';
import type { SentinelState } from './state.ts';

/** One map: everything as text. */
export function describe(state: SentinelState, instance: Instance): Reply {
  const { now } = state;
  const fields: Record<string, string | number> = {
    name: instance.name,
    ip: state.shown(instance.place),
    port: instance.place.port,
    runid: instance.runId,
    flags: flagsOf(instance).join(','),
    'link-pending-commands': instance.commands?.pending ?? 0,
    'link-refcount': instance instanceof Peer ? sharers(state, instance) : 1,
    ...(instance instanceof Primary &&
      instance.isFailingOver && { 'failover-state': stateNames[instance.state] }),
    'last-ping-sent': instance.owesSince === undefined ? 0 : now - instance.owesSince,
    'last-ok-ping-reply': now - instance.availableAt,
    'last-ping-reply': now - instance.pongAt,
    ...(instance.downSince !== undefined && { 's-down-time': now - instance.downSince }),
    ...(instance instanceof Primary &&
      instance.downForMostSince !== undefined && {
        'o-down-time': now - instance.downForMostSince,
      }),
    'down-after-milliseconds': instance.primary.conf.downAfter,
  };
  if (instance instanceof Peer) Object.assign(fields, ofPeer(instance, now));
  if (instance instanceof Primary || instance instanceof Replica) {
    Object.assign(fields, ofServer(instance, now));
  }
  if (instance instanceof Primary) Object.assign(fields, ofPrimary(instance));
  if (instance instanceof Replica) Object.assign(fields, ofReplica(instance));
  return mapOf(
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  );
}

const ofServer = ({ infoAt, role, roleSince }: ServerInstance, now: number) => ({
  'info-refresh': infoAt === undefined ? 0 : now - infoAt,
  'role-reported': role,
  'role-reported-time': now - roleSince,
});

const ofPrimary = ({ conf, configEpoch, replicas, sentinels }: Primary) => ({
  'config-epoch': configEpoch,
  'num-slaves': replicas.size,
  'num-other-sentinels': sentinels.size,
  quorum: conf.quorum,
  'failover-timeout': conf.failoverTimeout,
  'parallel-syncs': conf.parallelSyncs,
});

const ofReplica = (replica: Replica) => ({
  'master-link-down-time': replica.linkDownMs,
  'master-link-status': replica.isLinkUp ? 'ok' : 'err',
  'master-host': replica.followed?.host ?? '?',
  'master-port': replica.followed?.port ?? 0,
  'slave-priority': replica.priority,
  'slave-repl-offset': replica.offset,
  'replica-announced': replica.isAnnounced ? 1 : 0,
});

const ofPeer = ({ helloAt, leader, leaderEpoch }: Peer, now: number) => ({
  'last-hello-message': now - helloAt,
  'voted-leader': leader ?? '?',
  'voted-leader-epoch': leaderEpoch,
});

/** How many primaries it is watched for. */
const sharers = ({ primaries }: SentinelState, { runId }: Peer): number =>
  [...primaries.values()].filter(({ sentinels }) => sentinels.has(runId)).length;

function flagsOf(instance: Instance): string[] {
  const isPrimary = instance instanceof Primary;
  const isReplica = instance instanceof Replica;
  const flags: Readonly<Record<string, boolean>> = {
    s_down: instance.isDown,
    o_down: isPrimary && instance.isDownForMost,
    [instance.kind]: true,
    disconnected: !instance.isLinked,
    master_down: instance instanceof Peer && instance.saysDown,
    failover_in_progress: isPrimary && instance.isFailingOver,
    promoted: isReplica && instance.primary.promoted === instance,
    reconf_sent: isReplica && instance.move === 'sent',
    reconf_inprog: isReplica && instance.move === 'in-progress',
    reconf_done: isReplica && instance.move === 'done',
    force_failover: isPrimary && instance.isForced,
    script_kill_sent: instance.isScriptKilled,
    master_reboot: isPrimary && instance.rebootedAt !== undefined,
  };
  return Object.keys(flags).filter((flag) => flags[flag]);
}

const stateNames: Readonly<Record<Primary['state'], string>> = {
  none: 'none',
  'wait-start': 'wait_start',
  'select-slave': 'select_slave',
  'send-slaveof-noone': 'send_slaveof_noone',
  'wait-promotion': 'wait_promotion',
  'reconf-slaves': 'reconf_slaves',
  'update-config': 'update_config',
};

/** INFO's section on Sentinel: names and values. */
export function sentinelInfo(state: SentinelState): (readonly [string, string | number])[] {
  const { now, tiltSince, crashes } = state;
  const tiltSeconds = tiltSince === undefined ? -1 : Math.floor((now - tiltSince) / 1000);
  const crashFlags = (crashes.has('election') ? 1 : 0) + (crashes.has('promotion') ? 2 : 0);
  return [
    ['sentinel_masters', state.primaries.size],
    ['sentinel_tilt', tiltSince === undefined ? 0 : 1],
    ['sentinel_tilt_since_seconds', tiltSeconds],
    ['sentinel_running_scripts', 0],
    ['sentinel_scripts_queue_length', 0],
    ['sentinel_simulate_failure_flags', crashFlags],
    ...[...state.primaries.values()].map((primary, index) => {
      const { name, place, replicas, sentinels, isDown, isDownForMost } = primary;
      const status = isDownForMost ? 'odown' : isDown ? 'sdown' : 'ok';
      const address = `${state.shown(place)}:${place.port}`;
      const counts = `slaves=${replicas.size},sentinels=${sentinels.size + 1}`;
      return [
        `master${index}`,
        `name=${name},status=${status},address=${address},${counts}`,
      ] as const;
    }),
  ];
}
