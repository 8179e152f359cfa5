/** What a Sentinel knows, and how it says what happens. */
import type { SentinelHost } from './host.ts';
import { type Instance, Peer, type Place, Primary, Replica, samePlace } from './instance.ts';

export class SentinelState {
  readonly primaries = new Map<string, Primary>();

  constructor(
    readonly host: SentinelHost,
    readonly id: string,
    public epoch: number,
  ) {}

  get now(): number {
    return this.host.clock.now;
  }

  /** `+sdown` and the like, of an instance; `more` is what Redis adds to its description. */
  tell(channel: string, about: Instance, more = ''): void {
    this.host.event(levels.get(channel) ?? 'warning', channel, `${about.describe()}${more}`);
  }

  /** An event that is not told as the description of one. */
  say(channel: string, payload: string): void {
    this.host.event('warning', channel, payload);
  }

  /** Somebody has seen a later epoch. */
  adoptEpoch(epoch: number): void {
    this.epoch = epoch;
    this.host.save();
    this.say('+new-epoch', String(epoch));
  }

  at(place: Place): Primary | undefined {
    return [...this.primaries.values()].find((primary) => samePlace(primary.place, place));
  }

  addReplica(primary: Primary, place: Place): Replica {
    const replica = new Replica(primary, place, this.now);
    primary.replicas.set(replica.name, replica);
    return replica;
  }

  /** The primary is elsewhere from now on; who was there follows it, as far as is known. */
  move(primary: Primary, place: Place): Primary {
    const others = [...[...primary.replicas.values()].map((each) => each.place), primary.place];
    const { now } = this;
    for (const each of primary.watched) each.disconnect();
    const fresh = new Primary(primary.conf, now);
    fresh.place = place;
    fresh.configEpoch = primary.configEpoch;
    fresh.leader = primary.leader;
    fresh.leaderEpoch = primary.leaderEpoch;
    for (const other of others) {
      if (!samePlace(other, place)) this.addReplica(fresh, other);
    }
    for (const [id, { place: its }] of primary.sentinels) this.addPeer(fresh, id, its);
    this.primaries.set(fresh.name, fresh);
    this.host.save();
    return fresh;
  }

  addPeer(primary: Primary, id: string, place: Place): Peer {
    const peer = new Peer(primary, id, place, this.now);
    primary.sentinels.set(id, peer);
    return peer;
  }
}

/** Of events that are no warnings. */
const levels: ReadonlyMap<string, 'notice' | 'verbose'> = new Map([
  ...[
    ...['+slave', '+sentinel', '+convert-to-slave', '+fix-slave-config'],
    ...['+slave-reconf-sent', '+slave-reconf-inprog', '+slave-reconf-done'],
    ...['+slave-reconf-sent-be', '+failover-state-send-slaveof-noone'],
    '+failover-state-wait-promotion',
  ].map((channel) => [channel, 'notice'] as const),
  ...['+role-change', '-role-change'].map((channel) => [channel, 'verbose'] as const),
]);
