/** CLUSTER ADDSLOTS, SETSLOT and the like: who serves which slots, and which keys they have. */
import { SLOT_COUNT, slotOf } from '../bytes/crc16.ts';
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { redisError, wrongArity } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterState } from './state.ts';

type How = 'add' | 'delete';

/** ADDSLOTS and DELSLOTS. */
export function changeSlots({ state }: Cluster, args: Args, how: How): Reply {
  const slots = new Set<number>();
  for (const slot of args.rest().map(readSlot)) note(state, slots, slot, how);
  apply(state, slots, how);
  return ok;
}

/** ADDSLOTSRANGE and DELSLOTSRANGE: each range is checked before the next is read. */
export function changeRanges({ state }: Cluster, args: Args, how: How): Reply {
  if (args.left % 2 === 1) throw wrongArity(`cluster|${how === 'add' ? 'add' : 'del'}slotsrange`);
  const slots = new Set<number>();
  while (!args.done) {
    const first = readSlot(args.string());
    const last = readSlot(args.string());
    if (first > last) {
      throw redisError(`ERR start slot number ${first} is greater than end slot number ${last}`);
    }
    for (let slot = first; slot <= last; slot++) note(state, slots, slot, how);
  }
  apply(state, slots, how);
  return ok;
}

/** Notes that a slot is to be changed. Throws when it cannot be. */
function note(state: ClusterState, slots: Set<number>, slot: number, how: How): void {
  const isFree = state.owners[slot] === undefined;
  if (how === 'delete' && isFree) throw redisError(`ERR Slot ${slot} is already unassigned`);
  if (how === 'add' && !isFree) throw redisError(`ERR Slot ${slot} is already busy`);
  if (slots.has(slot)) throw redisError(`ERR Slot ${slot} specified multiple times`);
  slots.add(slot);
}

function apply(state: ClusterState, slots: ReadonlySet<number>, how: How): void {
  for (const slot of slots) {
    if (how === 'delete') state.release(slot);
    else {
      // A slot that was to be imported is now simply ours.
      state.importing.delete(slot);
      state.assign(slot, state.myself);
    }
  }
  state.changed();
}

export function flushSlots({ state }: Cluster): Reply {
  if (state.host.db.size > 0) {
    throw redisError('ERR DB must be empty to perform CLUSTER FLUSHSLOTS.');
  }
  state.releaseAll(state.myself);
  state.changed();
  return ok;
}

export function readSlot(text: string): number {
  const slot = parseInteger(text);
  if (slot === undefined || slot < 0n || slot >= SLOT_COUNT) {
    throw redisError('ERR Invalid or out of range slot');
  }
  return Number(slot);
}

export const keySlot = (args: Args): Reply => slotOf(args.string());

export function countKeys({ state }: Cluster, args: Args): Reply {
  const slot = args.int();
  if (slot < 0n || slot >= SLOT_COUNT) throw redisError('ERR Invalid slot');
  return state.keys.count(Number(slot));
}

export function getKeys({ state }: Cluster, args: Args): Reply {
  const slot = args.int();
  const limit = args.int();
  if (slot < 0n || slot >= SLOT_COUNT || limit < 0n) {
    throw redisError('ERR Invalid slot or number of keys');
  }
  return state.keys.keys(Number(slot), Number(limit));
}

/** SETSLOT: marks a slot as moving, or says whose it is. */
export function setSlot(cluster: Cluster, args: Args): Reply {
  const { state } = cluster;
  if (state.myself.isReplica) throw redisError('ERR Please use SETSLOT only with masters.');
  const slot = readSlot(args.string());
  const action = args.string().toLowerCase();
  const [name] = args.rest();
  const count = args.argv.length;
  if (action === 'migrating' && name !== undefined && count === 5) {
    if (state.owners[slot] !== state.myself) {
      throw redisError(`ERR I'm not the owner of hash slot ${slot}`);
    }
    state.migrating.set(slot, findPrimary(state, name));
  } else if (action === 'importing' && name !== undefined && count === 5) {
    if (state.owners[slot] === state.myself) {
      throw redisError(`ERR I'm already the owner of hash slot ${slot}`);
    }
    state.importing.set(slot, findPrimary(state, name));
  } else if (action === 'stable' && count === 4) {
    state.importing.delete(slot);
    state.migrating.delete(slot);
  } else if (action === 'node' && name !== undefined && count === 5) giveSlot(cluster, slot, name);
  else {
    throw redisError('ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP');
  }
  state.changed();
  return ok;
}

function findPrimary(state: ClusterState, name: string): ClusterNode {
  const node = state.nodes.get(name);
  if (!node) throw redisError(`ERR I don't know about node ${name}`);
  if (node.isReplica) throw redisError('ERR Target node is not a master');
  return node;
}

function giveSlot({ state, bus }: Cluster, slot: number, name: string): void {
  const { myself } = state;
  const node = state.nodes.get(name);
  if (!node) throw redisError(`ERR Unknown node ${name}`);
  if (node.isReplica) throw redisError('ERR Target node is not a master');
  const wasMine = state.owners[slot] === myself;
  const keys = state.keys.count(slot);
  if (wasMine && node !== myself && keys > 0) {
    throw redisError(
      `ERR Can't assign hashslot ${slot} to a different node while I still hold keys for this hash slot.`,
    );
  }
  if (keys === 0) state.migrating.delete(slot);
  state.release(slot);
  state.assign(slot, node);
  if (wasMine && node !== myself && myself.slots.size === 0) followNewOwner(state, node);
  if (node !== myself || !state.importing.has(slot)) return;
  // The slot has moved here: a new epoch makes our word on it count more than that of its old owner.
  if (state.bumpEpoch()) {
    state.log('warning', `configEpoch updated after importing slot ${slot}`);
  }
  state.importing.delete(slot);
  bus.pongAll('all');
}

/** A primary that has given its last slot away becomes a replica of who has it now. */
function followNewOwner(state: ClusterState, node: ClusterNode): void {
  if (!state.says('cluster-allow-replica-migration')) return;
  state.log(
    'notice',
    `Configuration change detected. Reconfiguring myself as a replica of ${node.name}`,
  );
  state.follow(node);
}
