/** What a Sentinel knows of a server, or of another Sentinel, that it watches. */
import type { Channel } from './channel.ts';
import type { MonitoredConf } from './conf.ts';

export interface Place {
  readonly ip: string;
  readonly port: number;
}

export const samePlace = (one: Place, other: Place): boolean =>
  one.ip === other.ip && one.port === other.port;

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
  runId = '';

  constructor(
    readonly name: string,
    public place: Place,
    readonly knownSince: number,
  ) {
    this.availableAt = knownSince;
    this.pongAt = knownSince;
    this.publishedAt = knownSince;
    this.owesSince = knownSince;
  }

  get isDown(): boolean {
    return this.downSince !== undefined;
  }

  get isConnected(): boolean {
    return this.commands?.isConnected ?? false;
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
  abstract describe(): string;
}

const own = ({ kind, name, place }: Instance) => `${kind} ${name} ${place.ip} ${place.port}`;

/** A server that is watched with INFO. */
export abstract class ServerInstance extends Instance {
  infoAt: number | undefined;
  infoAskedAt = Number.NEGATIVE_INFINITY;
  role: 'master' | 'slave';
  roleSince: number;

  constructor(name: string, place: Place, now: number, role: 'master' | 'slave') {
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
  /** Enough Sentinels say that it is down. */
  isDownForMost = false;
  configEpoch: number;
  leader: string | undefined;
  leaderEpoch: number;
  state: FailoverState = 'none';
  stateSince = 0;
  failoverEpoch = 0;
  failoverAt = Number.NEGATIVE_INFINITY;
  promoted: Replica | undefined;

  constructor(
    readonly conf: MonitoredConf,
    now: number,
  ) {
    super(conf.name, { ip: conf.address.ip, port: conf.address.port }, now, 'master');
    this.configEpoch = conf.configEpoch;
    this.leaderEpoch = conf.leaderEpoch;
  }

  get isFailingOver(): boolean {
    return this.state !== 'none';
  }

  /** All that is watched because of it, itself first. */
  get watched(): Instance[] {
    return [this, ...this.replicas.values(), ...this.sentinels.values()];
  }

  describe(): string {
    return own(this);
  }
}

export class Replica extends ServerInstance {
  readonly kind = 'slave';
  followed: Place | undefined;
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
    place: Place,
    now: number,
  ) {
    super(`${place.ip}:${place.port}`, place, now, 'slave');
    this.followedSince = now;
  }

  describe(): string {
    return `${own(this)} @ ${ownPlace(this.primary)}`;
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

  constructor(
    readonly primary: Primary,
    id: string,
    place: Place,
    now: number,
  ) {
    super(id, place, now);
    this.runId = id;
  }

  describe(): string {
    return `${own(this)} @ ${ownPlace(this.primary)}`;
  }
}

const ownPlace = ({ name, place }: Instance) => `${name} ${place.ip} ${place.port}`;
