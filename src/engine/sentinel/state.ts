/** What a Sentinel knows, and how it says what happens. */
import { SentinelAddress } from './address.ts';
import type { SentinelConf } from './conf.ts';
import type { EventLevel, SentinelHost } from './host.ts';
import { type Instance, Peer, Primary, Replica, samePlace } from './instance.ts';
import { usualPeriods } from './periods.ts';
import { confLines } from './write.ts';

export class SentinelState {
  readonly primaries = new Map<string, Primary>();
  readonly periods = usualPeriods();
  /** In which moments it is to crash: SENTINEL SIMULATE-FAILURE. */
  readonly crashes = new Set<'election' | 'promotion'>();
  epoch: number;
  /** Since when it does not trust its clock, and only looks. */
  tiltSince: number | undefined;

  constructor(
    readonly host: SentinelHost,
    readonly id: string,
    /** What its file said of it, but for what it monitors; CONFIG SET changes it. */
    readonly conf: SentinelConf,
  ) {
    this.epoch = conf.currentEpoch;
  }

  get now(): number {
    return this.host.clock.now;
  }

  get isTilted(): boolean {
    return this.tiltSince !== undefined;
  }

  /** `+sdown` and the like, of an instance; `more` is what Redis adds to its description. */
  tell(channel: string, about: Instance, more = ''): void {
    this.host.event(levels.get(channel) ?? 'warning', channel, `${about.describe()}${more}`);
  }

  /** An event that is not told as the description of one. */
  say(channel: string, payload: string): void {
    this.host.event('warning', channel, payload);
  }

  /** Writes the file. Returns why it could not. */
  save(): string | undefined {
    const problem = this.host.save(confLines(this));
    if (problem === undefined) this.host.log('notice', 'Sentinel new configuration saved on disk');
    else {
      const words = 'WARNING: Sentinel was not able to save the new configuration on disk!!!';
      this.host.log('warning', `${words}: ${problem}`);
    }
    return problem;
  }

  /** Somebody has seen a later epoch. */
  adoptEpoch(epoch: number): void {
    this.epoch = epoch;
    this.save();
    this.say('+new-epoch', String(epoch));
  }

  /** An address, as it is told: its name where names are announced. */
  shown(place: SentinelAddress): string {
    return this.conf.announcesHostnames ? place.hostname : place.ip;
  }

  /** Undefined for a name, where names are not resolved. */
  addressOf(host: string, port: number): SentinelAddress | undefined {
    const { resolvesHostnames } = this.conf;
    return SentinelAddress.of(host, port, resolvesHostnames ? this.host.resolve : undefined);
  }

  isAt(place: SentinelAddress, host: string, port: number): boolean {
    const other = this.addressOf(host, port);
    return other !== undefined && samePlace(place, other);
  }

  at(host: string, port: number): Primary | undefined {
    return [...this.primaries.values()].find(({ place }) => this.isAt(place, host, port));
  }

  addReplica(primary: Primary, place: SentinelAddress): Replica {
    const name = `${this.shown(place)}:${place.port}`;
    const replica = new Replica(primary, name, place, this.now);
    primary.replicas.set(name, replica);
    return replica;
  }

  addPeer(primary: Primary, id: string, place: SentinelAddress): Peer {
    const peer = new Peer(primary, id, place, this.now);
    primary.sentinels.set(id, peer);
    return peer;
  }

  /** The primary is elsewhere from now on; who was there follows it, as far as is known. */
  move(primary: Primary, place: SentinelAddress): void {
    const others = [...[...primary.replicas.values()].map((each) => each.place), primary.place];
    for (const each of primary.watched) each.disconnect();
    const fresh = new Primary(primary.conf, primary.settings, this.now, place);
    fresh.configEpoch = primary.configEpoch;
    fresh.leaderEpoch = primary.leaderEpoch;
    for (const [id, { place: its }] of primary.sentinels) this.addPeer(fresh, id, its);
    this.primaries.set(fresh.name, fresh);
    for (const other of others) {
      if (!samePlace(other, place)) this.tell('+slave', this.addReplica(fresh, other));
    }
    this.save();
  }

  /** Forgets all that was found out about a primary, as SENTINEL RESET. */
  forget(primary: Primary): void {
    for (const each of primary.watched) each.disconnect();
    const fresh = new Primary(primary.conf, primary.settings, this.now, primary.place);
    fresh.configEpoch = primary.configEpoch;
    fresh.leaderEpoch = primary.leaderEpoch;
    this.primaries.set(fresh.name, fresh);
    this.tell('+reset-master', fresh);
  }
}

/** Of events that are no warnings. */
const levels: ReadonlyMap<string, EventLevel> = new Map([
  ...[
    ...['+slave', '+sentinel', '+convert-to-slave', '+fix-slave-config', '+reboot'],
    ...['+slave-reconf-sent', '+slave-reconf-inprog', '+slave-reconf-done'],
    ...['+slave-reconf-sent-be', '+failover-state-send-slaveof-noone'],
    ...['+failover-state-wait-promotion', '+sentinel-address-switch', '+sentinel-invalid-addr'],
  ].map((channel) => [channel, 'notice'] as const),
  ...['+role-change', '-role-change'].map((channel) => [channel, 'verbose'] as const),
]);
