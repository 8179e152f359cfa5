import type { SentinelConf } from './conf.ts';
import { askOthers, checkDown, checkDownForMost } from './down.ts';
import { vote } from './election.ts';
import { proceed, startIfNeeded } from './failover.ts';
import { type Hello, readHello } from './hello.ts';
import type { SentinelHost } from './host.ts';
import { type Place, Primary, samePlace } from './instance.ts';
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
 * Not here yet: TILT, SENTINEL's commands, writing sentinel.conf; no server runs one so far.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/
 */
export class Sentinel {
  readonly state: SentinelState;
  #isStopped = false;
  readonly #heard: Heard;

  /** Begins to watch what its file says. */
  constructor(
    private readonly host: SentinelHost,
    conf: SentinelConf,
  ) {
    const state = new SentinelState(host, conf.id ?? host.random.hex(40), conf.currentEpoch);
    this.state = state;
    this.#heard = {
      info: (instance, info) => {
        if (!this.#isStopped) hearInfo(state, instance, info);
      },
      hello: (primary, text) => this.#hearHello(primary, text),
    };
    for (const monitored of conf.primaries.values()) this.#monitor(monitored);
    this.#schedule();
  }

  /** Answers SENTINEL IS-MASTER-DOWN-BY-ADDR: what it thinks, and whom it votes for. */
  isPrimaryDown(place: Place, epoch: number, candidate: string) {
    const primary = this.state.at(place);
    const none = { leader: undefined, epoch: 0 };
    const asks = primary !== undefined && candidate !== '*';
    const { leader, epoch: since } = asks ? vote(this.state, primary, epoch, candidate) : none;
    return { isDown: primary?.isDown ?? false, leader: leader ?? '*', epoch: since };
  }

  /** The process has ended. */
  stop(): void {
    this.#isStopped = true;
    for (const primary of this.state.primaries.values()) {
      for (const each of primary.watched) each.disconnect();
    }
  }

  #monitor(conf: ConstructorParameters<typeof Primary>[0]): void {
    const { state } = this;
    const primary = new Primary(conf, state.now);
    state.primaries.set(conf.name, primary);
    for (const { ip, port } of conf.replicas.values()) state.addReplica(primary, { ip, port });
    for (const [id, { ip, port }] of conf.sentinels) state.addPeer(primary, id, { ip, port });
    state.tell('+monitor', primary, ` quorum ${conf.quorum}`);
  }

  #schedule(): void {
    // No two Sentinels keep the same time, or none of them would ever win a vote.
    const hz = HZ + this.host.random.below(HZ);
    this.host.clock.schedule(Math.floor(1000 / hz), () => {
      if (this.#isStopped) return;
      for (const primary of [...this.state.primaries.values()]) this.#look(primary);
      this.#schedule();
    });
  }

  #look(primary: Primary): void {
    const { state } = this;
    for (const each of primary.watched) {
      connect(state, each, this.#heard);
      ask(state, each, this.#heard);
      checkDown(state, each);
    }
    checkDownForMost(state, primary);
    if (startIfNeeded(state, primary)) askOthers(state, primary, true);
    proceed(state, primary);
    askOthers(state, primary);
    const { promoted } = primary;
    if (primary.state === 'update-config' && promoted) this.#switch(primary, promoted.place);
  }

  #switch(primary: Primary, place: Place): void {
    const { ip, port } = primary.place;
    this.state.say('+switch-master', `${primary.name} ${ip} ${port} ${place.ip} ${place.port}`);
    const fresh = this.state.move(primary, place);
    for (const replica of fresh.replicas.values()) this.state.tell('+slave', replica);
  }

  #hearHello(heardFrom: Primary, text: string): void {
    const hello = readHello(text);
    if (this.#isStopped || !hello || hello.id === this.state.id) return;
    this.hear(hello, heardFrom.name);
  }

  /** What another Sentinel says: who it is, its epoch, and which primary is the right one. */
  hear(hello: Hello, name = hello.primaryName): void {
    const { state } = this;
    const primary = state.primaries.get(name);
    if (!primary || hello.primaryName !== name) return;
    this.#meet(primary, hello);
    if (hello.epoch > state.epoch) state.adoptEpoch(hello.epoch);
    if (hello.configEpoch <= primary.configEpoch) return;
    primary.configEpoch = hello.configEpoch;
    const place = { ip: hello.primaryIp, port: hello.primaryPort };
    if (samePlace(place, primary.place)) return;
    const peer = primary.sentinels.get(hello.id);
    if (peer) state.tell('+config-update-from', peer);
    this.#switch(primary, place);
  }

  #meet(primary: Primary, { id, ip, port }: Hello): void {
    const known = primary.sentinels.get(id);
    const place = { ip, port };
    if (known && samePlace(known.place, place)) return;
    known?.disconnect();
    const peer = this.state.addPeer(primary, id, place);
    if (!known) this.state.tell('+sentinel', peer);
    else this.state.tell('+sentinel-address-switch', primary, ` ip ${ip} port ${port} for ${id}`);
    this.host.save();
  }
}
