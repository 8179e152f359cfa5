import type { SentinelAddress } from './address.ts';
import { type SentinelConf, usualMonitored } from './conf.ts';
import { askOthers, checkDown, checkDownForMost } from './down.ts';
import { vote } from './election.ts';
import { proceed, startIfNeeded } from './failover.ts';
import { type Hello, readHello } from './hello.ts';
import type { SentinelHost } from './host.ts';
import { type Peer, Primary } from './instance.ts';
import { hearInfo } from './report.ts';
import { SentinelState } from './state.ts';
import { ask, connect, type Heard } from './watch.ts';

/** How often it looks at everything: between so many times a second and twice that. */
const HZ = 10;

/**
 * What makes a process a Redis Sentinel. It watches primaries, and finds their replicas and other
 * Sentinels by itself (watch.ts, report.ts). A primary that does not answer is down for it; when
 * enough Sentinels say so it is down (down.ts), they elect one of them (election.ts), and that one
 * promotes a replica and lets the others follow it (failover.ts). All of them hear of it by hellos.
 * When its clock jumps it trusts nothing for a while, and only looks: TILT.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/
 */
export class Sentinel {
  readonly state: SentinelState;
  #isStopped = false;
  #lookedAt: number;
  readonly #heard: Heard;

  /** Begins to watch what its file says. */
  constructor(
    private readonly host: SentinelHost,
    conf: SentinelConf,
  ) {
    const state = new SentinelState(host, conf.id ?? host.random.hex(40), conf);
    this.state = state;
    this.#lookedAt = state.now;
    this.#heard = {
      info: (instance, info) => {
        if (!this.#isStopped) hearInfo(state, instance, info);
      },
      hello: (_, text) => this.hear(text),
    };
    for (const monitored of conf.primaries.values()) this.#watch(monitored);
    if (conf.id === undefined) state.save();
    host.log('warning', `Sentinel ID is ${state.id}`);
    for (const primary of state.primaries.values()) this.#tellMonitor(primary);
    this.#schedule();
  }

  /** Answers SENTINEL IS-MASTER-DOWN-BY-ADDR: what it thinks, and whom it votes for. */
  isPrimaryDown(host: string, port: number, epoch: number, candidate: string) {
    const primary = this.state.at(host, port);
    const none = { leader: undefined, epoch: 0 };
    const asks = primary !== undefined && candidate !== '*';
    const { leader, epoch: since } = asks ? vote(this.state, primary, epoch, candidate) : none;
    const isDown = primary?.isDown === true && !this.state.isTilted;
    return { isDown, leader: leader ?? '*', epoch: since };
  }

  /** SENTINEL MONITOR. */
  monitor(name: string, address: SentinelAddress, quorum: number): void {
    const { periods } = this.state;
    const primary = this.#watch({
      ...usualMonitored(name, address, quorum),
      downAfter: periods.defaultDownAfter,
      failoverTimeout: periods.defaultFailoverTimeout,
    });
    this.state.save();
    this.#tellMonitor(primary);
  }

  /** SENTINEL REMOVE. */
  remove(primary: Primary): void {
    this.state.tell('-monitor', primary);
    for (const each of primary.watched) each.disconnect();
    this.state.primaries.delete(primary.name);
    this.state.save();
  }

  /** The process has ended. */
  stop(): void {
    this.#isStopped = true;
    for (const primary of this.state.primaries.values()) {
      for (const each of primary.watched) each.disconnect();
    }
  }

  /** What another Sentinel says, as it was published; what is no hello is passed over. */
  hear(text: string): void {
    const hello = readHello(text);
    if (this.#isStopped || !hello || hello.id === this.state.id) return;
    const primary = this.state.primaries.get(hello.primaryName);
    if (primary) this.#hearOf(primary, hello);
  }

  #watch(conf: Primary['conf']): Primary {
    const { state } = this;
    const primary = new Primary(conf, state.conf, state.now);
    state.primaries.set(conf.name, primary);
    for (const address of conf.replicas.values()) state.addReplica(primary, address);
    for (const [id, address] of conf.sentinels) state.addPeer(primary, id, address);
    return primary;
  }

  #tellMonitor(primary: Primary): void {
    this.state.tell('+monitor', primary, ` quorum ${primary.conf.quorum}`);
  }

  #schedule(): void {
    // No two Sentinels keep the same time, or none of them would ever win a vote.
    const hz = HZ + this.host.random.below(HZ);
    this.host.clock.schedule(Math.floor(1000 / hz), () => {
      if (this.#isStopped) return;
      this.#checkClock();
      for (const primary of [...this.state.primaries.values()]) this.#look(primary);
      this.#schedule();
    });
  }

  /** Who stood still for long, or whose clock was set, knows too little to judge others. */
  #checkClock(): void {
    const { state } = this;
    const { now, periods } = state;
    const passed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (passed >= 0 && passed <= periods.tiltTrigger) return;
    state.tiltSince = now;
    state.say('+tilt', '#tilt mode entered');
  }

  #look(primary: Primary): void {
    const { state } = this;
    for (const each of primary.watched) {
      connect(state, each, this.#heard);
      ask(state, each, this.#heard);
    }
    if (this.#isStillTilted()) return;
    for (const each of primary.watched) checkDown(state, each);
    checkDownForMost(state, primary);
    if (startIfNeeded(state, primary)) askOthers(state, primary, true);
    proceed(state, primary);
    if (this.#isStopped) return;
    askOthers(state, primary);
    const { promoted } = primary;
    if (primary.state === 'update-config' && promoted) this.#switch(primary, promoted.place);
  }

  #isStillTilted(): boolean {
    const { state } = this;
    if (state.tiltSince === undefined) return false;
    if (state.now - state.tiltSince < state.periods.tilt) return true;
    state.tiltSince = undefined;
    state.say('-tilt', '#tilt mode exited');
    return false;
  }

  #switch(primary: Primary, place: SentinelAddress): void {
    const { state } = this;
    const from = `${state.shown(primary.place)} ${primary.place.port}`;
    state.say('+switch-master', `${primary.name} ${from} ${state.shown(place)} ${place.port}`);
    state.move(primary, place);
  }

  /** Who says it, its epoch, and which primary is the right one. */
  #hearOf(primary: Primary, hello: Hello): void {
    const { state } = this;
    const peer = this.#meet(primary, hello);
    if (hello.epoch > state.epoch) state.adoptEpoch(hello.epoch);
    if (!peer) return;
    peer.helloAt = state.now;
    if (hello.configEpoch <= primary.configEpoch) return;
    primary.configEpoch = hello.configEpoch;
    if (state.isAt(primary.place, hello.primaryIp, hello.primaryPort)) return;
    const place = state.addressOf(hello.primaryIp, hello.primaryPort);
    if (!place) return;
    state.tell('+config-update-from', peer);
    this.#switch(primary, place);
  }

  #meet(primary: Primary, { id, ip, port }: Hello): Peer | undefined {
    const { state } = this;
    const known = primary.sentinels.get(id);
    if (known && state.isAt(known.place, ip, port)) return known;
    const place = state.addressOf(ip, port);
    if (known) {
      known.disconnect();
      primary.sentinels.delete(id);
      state.tell('+sentinel-address-switch', primary, ` ip ${ip} port ${port} for ${id}`);
    } else this.#outdate(primary, ip, port);
    if (!place) return undefined;
    const peer = state.addPeer(primary, id, place);
    if (!known) state.tell('+sentinel', peer);
    state.save();
    return peer;
  }

  /** Another Sentinel was there before: nobody knows where that one is now. */
  #outdate(primary: Primary, ip: string, port: number): void {
    const { state } = this;
    const other = [...primary.sentinels.values()].find(({ place }) => state.isAt(place, ip, port));
    if (!other) return;
    state.tell('+sentinel-invalid-addr', other);
    other.disconnect();
    const nowhere = state.addressOf(ip, 0);
    if (nowhere) other.place = nowhere;
  }
}
