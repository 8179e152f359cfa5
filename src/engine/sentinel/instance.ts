/** What a Sentinel knows of a server, or of another Sentinel, that it watches. */
import type { SentinelAddress } from './address.ts';
import type { Channel } from './channel.ts';
import type { MonitoredConf, SentinelConf } from './conf.ts';

export const samePlace = (one: SentinelAddress, other: SentinelAddress): boolean =>
  one.port === other.port && (one.ip === other.ip || one.hostname === other.hostname);

export abstract class Instance {
  abstract readonly kind: 'master' | 'slave' | 'sentinel';
  /** The connection for commands, and that for hellos. */
  commands: Channel | undefined;
  hellos: Channel | undefined;
  triedAt = Number.NEGATIVE_INFINITY;
  connectedAt = 0;
  hellosConnectedAt = 0;
  hellosHeardAt = 0;
  /** When it answered well; when it answered; when it was asked; since when it owes an answer. */
  availableAt: number;
  pongAt: number;
  pingAt = 0;
  owesSince: number | undefined;
  publishedAt: number;
  /** Since when it is down for us. */
  downSince: number | undefined;
  /** It was told to end a script that keeps it busy. */
  isScriptKilled = false;
  runId = '';

  constructor(
    readonly name: string,
    public place: SentinelAddress,
    readonly knownSince: number,
  ) {
    this.availableAt = knownSince;
    this.pongAt = knownSince;
    this.publishedAt = knownSince;
    this.owesSince = knownSince;
  }

  /** What is watched, because of which this is. */
  abstract get primary(): Primary;

  get isDown(): boolean {
    return this.downSince !== undefined;
  }

  get isConnected(): boolean {
    return this.commands?.isConnected ?? false;
  }

  /** All connections that it is to have are there, or being made. */
  get isLinked(): boolean {
    return this.commands !== undefined && (this.kind === 'sentinel' || this.hellos !== undefined);
  }

  get address(): string {
    return `${this.place.ip}:${this.place.port}`;
  }

  disconnect(): void {
    this.commands?.close();
    this.hellos?.close();
    this.commands = undefined;
    this.hellos = undefined;
  }

  /** As events name it. */
  describe(): string {
    const own = `${this.kind} ${this.named}`;
    return this.kind === 'master' ? own : `${own} @ ${this.primary.named}`;
  }

  /** Its name, and where it is. */
  get named(): string {
    const { place, name } = this;
    const host = this.primary.settings.announcesHostnames ? place.hostname : place.ip;
    return `${name} ${host} ${place.port}`;
  }
}

/** A server that is watched with INFO. */
export abstract class ServerInstance extends Instance {
  abstract override readonly kind: 'master' | 'slave';
  infoAt: number | undefined;
  infoAskedAt = Number.NEGATIVE_INFINITY;
  /** What INFO said last. */
  infoText: string | undefined;
  role: 'master' | 'slave';
  roleSince: number;

  constructor(name: string, place: SentinelAddress, now: number, role: 'master' | 'slave') {
    super(name, place, now);
    this.role = role;
    this.roleSince = now;
  }
}

export type FailoverState =
  | 'none'
  | 'wait-start'
  | 'select-slave'
  | 'send-slaveof-noone'
  | 'wait-promotion'
  | 'reconf-slaves'
  | 'update-config';

/** A primary, with those that follow it and the Sentinels that watch it as well. */
export class Primary extends ServerInstance {
  readonly kind = 'master';
  readonly replicas = new Map<string, Replica>();
  /** By their ids. */
  readonly sentinels = new Map<string, Peer>();
  /** Since when enough Sentinels say that it is down. */
  downForMostSince: number | undefined;
  configEpoch: number;
  leader: string | undefined;
  leaderEpoch: number;
  state: FailoverState = 'none';
  stateSince = 0;
  failoverEpoch = 0;
  failoverAt = Number.NEGATIVE_INFINITY;
  /** Which attempt it was of which the log says how long another must wait. */
  delayToldOf: number | undefined;
  /** The failover was asked for by SENTINEL FAILOVER. */
  isForced = false;
  promoted: Replica | undefined;
  /** Since when it has been started anew, where that alone makes it be looked at. */
  rebootedAt: number | undefined;

  constructor(
    readonly conf: MonitoredConf,
    readonly settings: Pick<SentinelConf, 'announcesHostnames'>,
    now: number,
    place: SentinelAddress = conf.address,
  ) {
    super(conf.name, place, now, 'master');
    this.configEpoch = conf.configEpoch;
    this.leaderEpoch = conf.leaderEpoch;
  }

  get primary(): Primary {
    return this;
  }

  get isDownForMost(): boolean {
    return this.downForMostSince !== undefined;
  }

  get isFailingOver(): boolean {
    return this.state !== 'none';
  }

  /** Where clients are sent, and other Sentinels: to the new one as soon as it is promoted. */
  get currentPlace(): SentinelAddress {
    const isMoving = this.state === 'reconf-slaves' || this.state === 'update-config';
    return isMoving && this.promoted ? this.promoted.place : this.place;
  }

  /** All that is watched because of it, itself first. */
  get watched(): Instance[] {
    return [this, ...this.replicas.values(), ...this.sentinels.values()];
  }
}

export class Replica extends ServerInstance {
  readonly kind = 'slave';
  followed: { readonly host: string; readonly port: number } | undefined;
  followedSince: number;
  isLinkUp = false;
  linkDownMs = 0;
  priority = 100;
  offset = 0;
  isAnnounced = true;
  /** How far it is with following the one that was promoted. */
  move: 'none' | 'sent' | 'in-progress' | 'done' = 'none';
  movedAt = 0;

  constructor(
    readonly primary: Primary,
    name: string,
    place: SentinelAddress,
    now: number,
  ) {
    super(name, place, now, 'slave');
    this.followedSince = now;
  }
}

/** Another Sentinel that watches the same primary. */
export class Peer extends Instance {
  readonly kind = 'sentinel';
  saysDown = false;
  leader: string | undefined;
  leaderEpoch = 0;
  toldAt = 0;
  askedAt = Number.NEGATIVE_INFINITY;
  helloAt: number;

  constructor(
    readonly primary: Primary,
    id: string,
    place: SentinelAddress,
    now: number,
  ) {
    super(id, place, now);
    this.runId = id;
    this.helloAt = now;
  }
}
