import { SLOT_COUNT } from '../bytes/crc16.ts';
import type { Random } from '../time/random.ts';
import type { ClusterHost } from './host.ts';
import { ClusterNode, NodeFlag } from './node.ts';
import type { SlotKeys } from './slot-keys.ts';

/** What has to be done before the server waits for the next event. */
export interface Todo {
  save: boolean;
  /** What is saved must survive a loss of power: a vote is given once. */
  sync: boolean;
  updateHealth: boolean;
  failover: boolean;
  manualFailover: boolean;
}

/** How the election of a replica stands. Instants are ms since 1970. */
export interface Election {
  /** When votes are asked for. */
  at: number;
  epoch: number;
  votes: number;
  isAsked: boolean;
  rank: number;
}

/** How a CLUSTER FAILOVER stands, on the replica and on its primary. */
export interface ManualFailover {
  /** When it is given up; 0 while there is none. */
  end: number;
  /** On the primary: the replica that asked. */
  replica: ClusterNode | undefined;
  /** On the replica: where the primary stopped. */
  primaryOffset: number | undefined;
  canStart: boolean;
}

/** What a node takes on faith of the cluster's shape, and what it does next. */
export class ClusterState {
  readonly nodes = new Map<string, ClusterNode>();
  /** Who serves each slot. */
  readonly owners: (ClusterNode | undefined)[] = new Array(SLOT_COUNT).fill(undefined);
  /** How many slots somebody serves. */
  assigned = 0;
  readonly migrating = new Map<number, ClusterNode>();
  readonly importing = new Map<number, ClusterNode>();
  currentEpoch = 0;
  lastVoteEpoch = 0;
  isOk = false;
  /** Primaries that serve slots. */
  size = 1;
  /** When we were last without a majority of primaries. */
  minorityAt = 0;
  /** When health was looked at first. */
  firstLookAt = 0;
  readonly todo: Todo = {
    save: false,
    sync: false,
    updateHealth: false,
    failover: false,
    manualFailover: false,
  };
  readonly election: Election = { at: 0, epoch: 0, votes: 0, isAsked: false, rank: 0 };
  readonly manual: ManualFailover = {
    end: 0,
    replica: undefined,
    primaryOffset: undefined,
    canStart: false,
  };
  /** Nodes that were forgotten on purpose, and until when gossip may not bring them back. */
  readonly banned = new Map<string, number>();
  /** Slots that were ours, or our primary's, and were released lately. */
  readonly #released = new Set<number>();
  readonly #shardLuck: Random;

  constructor(
    readonly host: ClusterHost,
    readonly keys: SlotKeys,
    public myself: ClusterNode,
  ) {
    this.#shardLuck = host.random.fork('shards');
    myself.shardId = this.newShardId();
  }

  get now(): number {
    return Math.floor(this.host.clock.now);
  }

  /** cluster-node-timeout, in ms. */
  get nodeTimeout(): number {
    return Number(this.host.config.text('cluster-node-timeout'));
  }

  /** The votes, or the words, of so many primaries are those of most. */
  get majority(): number {
    return Math.floor(this.size / 2) + 1;
  }

  /** Who serves what, or is well, has changed: to be saved, and our own health to be looked at. */
  changed(): void {
    this.todo.save = true;
    this.todo.updateHealth = true;
  }

  says(directive: string): boolean {
    return this.host.config.text(directive) === 'yes';
  }

  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void {
    this.host.log(level, message);
  }

  newName(): string {
    return this.host.random.hex(40);
  }

  newShardId(): string {
    return this.#shardLuck.hex(40);
  }

  /** A node that has not said yet which shard it is of has one that only we know. */
  newNode(name: string, flags: number): ClusterNode {
    const node = new ClusterNode(name, flags, this.now);
    node.mark('myself', false);
    node.shardId = this.newShardId();
    return node;
  }

  add(node: ClusterNode): void {
    this.nodes.set(node.name, node);
  }

  rename(node: ClusterNode, name: string): void {
    this.log('debug', `Renaming node ${node.name} into ${name}`);
    this.nodes.delete(node.name);
    this.banned.delete(name);
    node.name = name;
    this.add(node);
  }

  /** Removes a node and everything that points to it. */
  remove(node: ClusterNode): void {
    for (const moving of [this.importing, this.migrating]) {
      for (const [slot, other] of moving) if (other === node) moving.delete(slot);
    }
    this.releaseAll(node);
    for (const other of this.nodes.values()) other.reports.delete(node);
    this.nodes.delete(node.name);
    if (node.isReplica && node.replicaOf) dropReplica(node.replicaOf, node);
    for (const replica of node.replicas) replica.replicaOf = undefined;
    node.link?.close();
    node.inbound?.close();
  }

  /** Gives a slot to a node. False when somebody has it. */
  assign(slot: number, node: ClusterNode): boolean {
    if (this.owners[slot]) return false;
    this.assigned++;
    node.slots.add(slot);
    // A primary with its first slot may attract replicas, if primaries have them here.
    if (node.slots.size === 1 && this.#primariesHaveReplicas()) node.mark('migrateTo');
    this.owners[slot] = node;
    return true;
  }

  /** Nobody serves the slot any more. False when nobody did. */
  release(slot: number): boolean {
    const owner = this.owners[slot];
    if (!owner) return false;
    // Who listened to the slot's shard channels here must look elsewhere.
    if (owner === this.myself.primary) this.#released.add(slot);
    this.assigned--;
    owner.slots.delete(slot);
    this.owners[slot] = undefined;
    return true;
  }

  /** Nobody serves the slots of this node any more. */
  releaseAll(node: ClusterNode): void {
    for (const slot of node.slots.list()) this.release(slot);
  }

  /** The slots that were ours, or our primary's, and were released since the last call. */
  takeReleased(): number[] {
    const slots = [...this.#released];
    this.#released.clear();
    return slots.filter((slot) => this.owners[slot] !== this.myself.primary);
  }

  closeSlots(): void {
    this.migrating.clear();
    this.importing.clear();
  }

  makePrimary(node: ClusterNode): void {
    if (node.isPrimary) return;
    if (node.replicaOf) {
      dropReplica(node.replicaOf, node);
      node.replicaOf = undefined;
      if (node !== this.myself) node.mark('migrateTo');
    }
    node.mark('slave', false);
    node.mark('master');
    this.changed();
  }

  /** Makes us a replica of this primary. */
  follow(primary: ClusterNode): void {
    const { myself } = this;
    if (myself.isPrimary) {
      myself.mark('master', false);
      myself.mark('migrateTo', false);
      myself.mark('slave');
      this.closeSlots();
    }
    addReplica(primary, myself);
    this.host.replication.follow(primary.ip, primary.port);
    this.resetManualFailover();
    this.changed();
  }

  resetManualFailover(): void {
    const { manual } = this;
    if (manual.replica) this.host.resumeWrites();
    manual.end = 0;
    manual.canStart = false;
    manual.replica = undefined;
    manual.primaryOffset = undefined;
  }

  /** The greatest epoch that anybody has told. */
  get greatestEpoch(): number {
    let greatest = this.currentEpoch;
    for (const { configEpoch } of this.nodes.values()) greatest = Math.max(greatest, configEpoch);
    return greatest;
  }

  /** Takes a new epoch for us without asking anybody. False when ours is already the greatest. */
  bumpEpoch(): boolean {
    const greatest = this.greatestEpoch;
    if (this.myself.configEpoch !== 0 && this.myself.configEpoch === greatest) return false;
    this.currentEpoch++;
    this.myself.configEpoch = this.currentEpoch;
    this.todo.save = true;
    this.todo.sync = true;
    this.log('warning', `New configEpoch set to ${this.myself.configEpoch}`);
    return true;
  }

  /** Gossip may not bring a node back for a minute. */
  ban(name: string): void {
    this.banned.set(name, this.now + BAN_MS);
  }

  isBanned(name: string): boolean {
    const until = this.banned.get(name);
    if (until === undefined) return false;
    if (until >= this.now) return true;
    this.banned.delete(name);
    return false;
  }

  #primariesHaveReplicas(): boolean {
    let replicas = 0;
    for (const node of this.nodes.values()) replicas += node.replicas.length;
    return replicas > 0;
  }
}

/** How long CLUSTER FORGET keeps a node away. */
const BAN_MS = 60_000;

/** The replica is this primary's from now on, and no other's. */
export function addReplica(primary: ClusterNode, replica: ClusterNode): void {
  if (replica.replicaOf) dropReplica(replica.replicaOf, replica);
  replica.replicaOf = primary;
  replica.shardId = primary.shardId;
  if (primary.replicas.includes(replica)) return;
  primary.replicas.push(replica);
  primary.mark('migrateTo');
}

/** A node is of this shard from now on, and so are its replicas. */
export function joinShard(node: ClusterNode, shardId: string): void {
  node.shardId = shardId;
  for (const replica of node.replicas) replica.shardId = shardId;
}

function dropReplica(primary: ClusterNode, replica: ClusterNode): void {
  const at = primary.replicas.indexOf(replica);
  if (at < 0) return;
  primary.replicas.splice(at, 1);
  if (primary.replicas.length === 0) primary.mark('migrateTo', false);
}

/** The flags of a node that knows of itself only that it is a primary. */
export const NEW_MYSELF = NodeFlag.myself | NodeFlag.master;
