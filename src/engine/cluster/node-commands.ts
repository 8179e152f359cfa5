/** CLUSTER MEET, FORGET, REPLICATE, FAILOVER, RESET and the like: who is in, and in which role. */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { wrongSubcommand } from '../commands/help.ts';
import { redisError, syntaxError } from '../errors.ts';
import { ok, type Reply, Status } from '../resp/reply.ts';
import type { Cluster } from './cluster.ts';
import { countFailureReports } from './health.ts';
import { startManualFailover } from './manual-failover.ts';
import { BUS_PORT_OFFSET, type ClusterNode, NodeFlag } from './node.ts';
import { printNode } from './nodes-conf.ts';
import type { ClusterState } from './state.ts';

const MAX_PORT = 65_535;

export function meet({ state }: Cluster, args: Args): Reply {
  const [host = '', portText = '', busText, ...more] = args.rest();
  if (more.length > 0) throw wrongSubcommand('CLUSTER', args);
  const port = readPort(portText, 'base');
  const busPort = busText === undefined ? port + BUS_PORT_OFFSET : readPort(busText, 'bus');
  const ip = normalAddress(host);
  const isPort = (each: number) => each > 0 && each <= MAX_PORT;
  if (ip === undefined || !isPort(port) || !isPort(busPort)) {
    throw redisError(`ERR Invalid node address specified: ${host}:${portText}`);
  }
  const isKnown = [...state.nodes.values()].some(
    (node) => node.is('handshake') && node.ip === ip && node.busPort === busPort,
  );
  if (isKnown) return ok;
  const node = state.newNode(state.newName(), NodeFlag.handshake | NodeFlag.meet);
  node.moveTo({ ip, port, busPort });
  state.add(node);
  return ok;
}

function readPort(text: string, which: 'base' | 'bus'): number {
  const port = parseInteger(text);
  if (port === undefined) throw redisError(`ERR Invalid TCP ${which} port specified: ${text}`);
  return Number(port);
}

/** An IP address as inet_ntop prints it; undefined for what is none. Names are not looked up. */
function normalAddress(host: string): string | undefined {
  const parts = host.split('.');
  const isV4 =
    parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  if (isV4) return parts.every((part) => String(Number(part)) === part) ? host : undefined;
  return host.includes(':') && /^[0-9a-f:.]+$/i.test(host) ? host.toLowerCase() : undefined;
}

export function forget({ state }: Cluster, args: Args): Reply {
  const name = args.string();
  const node = find(state, name);
  const { myself } = state;
  if (node === myself) throw redisError("ERR I tried hard but I can't forget myself...");
  if (myself.isReplica && myself.replicaOf === node) {
    throw redisError("ERR Can't forget my master!");
  }
  state.ban(node.name);
  state.remove(node);
  state.changed();
  return ok;
}

export function replicate({ state }: Cluster, args: Args): Reply {
  const node = find(state, args.string());
  const { myself } = state;
  if (node === myself) throw redisError("ERR Can't replicate myself");
  if (node.isReplica) throw redisError('ERR I can only replicate a master, not a replica.');
  if (myself.isPrimary && (myself.slots.size > 0 || state.host.db.size > 0)) {
    throw redisError('ERR To set a master the node must be empty and without assigned slots.');
  }
  state.follow(node);
  return ok;
}

export function listReplicas({ state }: Cluster, args: Args): Reply {
  const node = find(state, args.string());
  if (node.isReplica) throw redisError('ERR The specified node is not a master');
  return node.replicas.map((replica) => printNode(state, replica));
}

export const countReports = ({ state }: Cluster, args: Args): Reply =>
  countFailureReports(state, find(state, args.string()));

export function failover({ state, bus }: Cluster, args: Args): Reply {
  if (args.left > 1) throw wrongSubcommand('CLUSTER', args);
  const how = args.done ? 'agreed' : args.string().toLowerCase();
  if (how !== 'agreed' && how !== 'force' && how !== 'takeover') throw syntaxError();
  const { myself } = state;
  if (myself.isPrimary) throw redisError('ERR You should send CLUSTER FAILOVER to a replica');
  const primary = myself.replicaOf;
  if (!primary) throw redisError("ERR I'm a replica but my master is unknown to me");
  if (how === 'agreed' && (primary.hasFailed || !primary.link)) {
    throw redisError('ERR Master is down or failed, please use CLUSTER FAILOVER FORCE');
  }
  startManualFailover(state, bus, how);
  return ok;
}

export function setConfigEpoch({ state }: Cluster, args: Args): Reply {
  const epoch = args.int();
  if (epoch < 0n) throw redisError(`ERR Invalid config epoch specified: ${epoch}`);
  if (state.nodes.size > 1) {
    throw redisError(
      'ERR The user can assign a config epoch only when the node does not know any other node.',
    );
  }
  if (state.myself.configEpoch !== 0) throw redisError('ERR Node config epoch is already non-zero');
  state.myself.configEpoch = Number(epoch);
  state.log('warning', `configEpoch set to ${epoch} via CLUSTER SET-CONFIG-EPOCH`);
  state.currentEpoch = Math.max(state.currentEpoch, Number(epoch));
  state.changed();
  return ok;
}

export function bumpEpoch({ state }: Cluster): Reply {
  const said = state.bumpEpoch() ? 'BUMPED' : 'STILL';
  return new Status(`${said} ${state.myself.configEpoch}`);
}

export function reset({ state }: Cluster, args: Args): Reply {
  if (args.left > 1) throw wrongSubcommand('CLUSTER', args);
  const how = args.done ? 'soft' : args.string().toLowerCase();
  if (how !== 'soft' && how !== 'hard') throw syntaxError();
  const { myself, host } = state;
  if (myself.isPrimary && host.db.size > 0) {
    throw redisError("ERR CLUSTER RESET can't be called with master nodes containing keys");
  }
  if (myself.isReplica) leavePrimary(state);
  state.closeSlots();
  for (let slot = 0; slot < state.owners.length; slot++) state.release(slot);
  state.resetManualFailover();
  for (const node of [...state.nodes.values()]) if (node !== myself) state.remove(node);
  if (how === 'hard') {
    state.currentEpoch = 0;
    state.lastVoteEpoch = 0;
    myself.configEpoch = 0;
    state.log('warning', 'configEpoch set to 0 via CLUSTER RESET HARD');
    const old = myself.name;
    state.nodes.delete(old);
    myself.name = state.newName();
    myself.shardId = state.newShardId();
    state.add(myself);
    state.log('notice', `Node hard reset, now I'm ${myself.name}`);
  }
  state.changed();
  return ok;
}

/** A replica becomes an empty primary. */
function leavePrimary(state: ClusterState): void {
  const { myself, host } = state;
  state.makePrimary(myself);
  host.replication.promote();
  host.flushAll();
}

function find(state: ClusterState, name: string): ClusterNode {
  const node = state.nodes.get(name);
  if (!node) throw redisError(`ERR Unknown node ${name}`);
  return node;
}
