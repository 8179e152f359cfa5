/** The lines of a sentinel.conf that say what a Sentinel knows: they are written at every change. */
import { quote } from '../resp/print.ts';
import type { SentinelAddress } from './address.ts';
import type { SentinelConf } from './conf.ts';
import type { ConfLine } from './host.ts';
import type { Primary } from './instance.ts';
import type { Periods } from './periods.ts';

/** What is to be remembered. */
interface Memory {
  readonly id: string;
  readonly epoch: number;
  readonly conf: SentinelConf;
  readonly periods: Periods;
  readonly primaries: ReadonlyMap<string, Primary>;
  /** An address, as it is told. */
  shown(place: SentinelAddress): string;
}

/** Every kind of line: what is left of old ones goes. */
export const sentinelLineKinds: readonly string[] = [
  ...['myid', 'deny-scripts-reconfig', 'resolve-hostnames', 'announce-hostnames', 'monitor'],
  ...['down-after-milliseconds', 'failover-timeout', 'parallel-syncs', 'notification-script'],
  ...['client-reconfig-script', 'auth-pass', 'auth-user', 'master-reboot-down-after-period'],
  ...['config-epoch', 'leader-epoch', 'known-replica', 'known-slave', 'known-sentinel'],
  ...['rename-command', 'current-epoch', 'announce-ip', 'announce-port', 'sentinel-user'],
  'sentinel-pass',
].map((name) => `sentinel ${name}`);

export function confLines(state: Memory): ConfLine[] {
  const { conf } = state;
  const lines = [line('myid', state.id)];
  if (!conf.deniesScriptsReconfig) lines.push(line('deny-scripts-reconfig', 'no'));
  if (conf.resolvesHostnames) lines.push(line('resolve-hostnames', 'yes'));
  if (conf.announcesHostnames) lines.push(line('announce-hostnames', 'yes'));
  for (const primary of state.primaries.values()) lines.push(...linesOf(state, primary));
  lines.push(line('current-epoch', state.epoch));
  if (conf.announceIp !== undefined) lines.push(line('announce-ip', quote(conf.announceIp)));
  if (conf.announcePort) lines.push(line('announce-port', conf.announcePort));
  if (conf.user !== undefined) lines.push(line('sentinel-user', conf.user));
  if (conf.password !== undefined) lines.push(line('sentinel-pass', conf.password));
  return lines;
}

const line = (name: string, ...words: readonly (string | number)[]): ConfLine => ({
  kind: `sentinel ${name}`,
  text: ['sentinel', name, ...words].join(' '),
});

function linesOf(state: Memory, primary: Primary): ConfLine[] {
  const { conf, name, currentPlace } = primary;
  const of = (kind: string, ...words: readonly (string | number)[]) => line(kind, name, ...words);
  const at = (place: SentinelAddress) => [state.shown(place), place.port];
  const { downAfter, failoverTimeout, parallelSyncs, rebootDownAfter, authPass, authUser } = conf;
  const { periods } = state;
  return [
    of('monitor', ...at(currentPlace), conf.quorum),
    ...(downAfter === periods.defaultDownAfter ? [] : [of('down-after-milliseconds', downAfter)]),
    ...(failoverTimeout === periods.defaultFailoverTimeout
      ? []
      : [of('failover-timeout', failoverTimeout)]),
    ...(parallelSyncs === 1 ? [] : [of('parallel-syncs', parallelSyncs)]),
    ...(authPass === undefined ? [] : [of('auth-pass', authPass)]),
    ...(authUser === undefined ? [] : [of('auth-user', authUser)]),
    ...(rebootDownAfter === 0 ? [] : [of('master-reboot-down-after-period', rebootDownAfter)]),
    of('config-epoch', primary.configEpoch),
    of('leader-epoch', primary.leaderEpoch),
    // Where the primary is from now on, who was there is the replica.
    ...[...primary.replicas.values()].map(({ place }) =>
      of('known-replica', ...at(place === currentPlace ? primary.place : place)),
    ),
    ...[...primary.sentinels.values()].map(({ place, runId }) =>
      of('known-sentinel', ...at(place), runId),
    ),
    ...[...conf.renames].map(([command, renamed]) => of('rename-command', command, renamed)),
  ];
}
