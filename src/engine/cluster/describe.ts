/** What a node tells of the cluster: CLUSTER INFO, SLOTS, SHARDS, LINKS. */
import { SLOT_COUNT } from '../bytes/crc16.ts';
import { MapReply, mapOf, type Reply } from '../resp/reply.ts';
import { type Bus, countsOf } from './bus.ts';
import type { BusLink, ClusterNode } from './node.ts';
import { endpointOf } from './redirect.ts';
import type { ClusterState } from './state.ts';

/** https://redis.io/docs/latest/commands/cluster-info/ */
export function describeInfo(state: ClusterState, bus: Bus): string {
  const { myself } = state;
  const slots = countSlots(state);
  const epoch = (myself.primary ?? myself).configEpoch;
  const fields: (readonly [string, string | number])[] = [
    ['cluster_state', state.isOk ? 'ok' : 'fail'],
    ['cluster_slots_assigned', slots.assigned],
    ['cluster_slots_ok', slots.ok],
    ['cluster_slots_pfail', slots.pfail],
    ['cluster_slots_fail', slots.fail],
    ['cluster_known_nodes', state.nodes.size],
    ['cluster_size', state.size],
    ['cluster_current_epoch', state.currentEpoch],
    ['cluster_my_epoch', epoch],
    ...messageFields(bus, 'sent'),
    ...messageFields(bus, 'received'),
    ['total_cluster_links_buffer_limit_exceeded', bus.overfull],
  ];
  return fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
}

function countSlots({ owners }: ClusterState) {
  const slots = { assigned: 0, ok: 0, pfail: 0, fail: 0 };
  for (const owner of owners) {
    if (!owner) continue;
    slots.assigned++;
    if (owner.hasFailed) slots.fail++;
    else if (owner.is('pfail')) slots.pfail++;
    else slots.ok++;
  }
  return slots;
}

function messageFields(bus: Bus, way: 'sent' | 'received'): [string, number][] {
  const counts = countsOf(bus[way]);
  const total = counts.reduce((sum, [, times]) => sum + times, 0);
  const each = counts.map(
    ([type, times]) => [`cluster_stats_messages_${type}_${way}`, times] as [string, number],
  );
  return [...each, [`cluster_stats_messages_${way}`, total]];
}

/** https://redis.io/docs/latest/commands/cluster-slots/ */
export function describeSlots(state: ClusterState): Reply {
  const ranges: Reply[] = [];
  let start = 0;
  for (let slot = 0; slot <= SLOT_COUNT; slot++) {
    if (slot < SLOT_COUNT && state.owners[slot] === state.owners[start]) continue;
    const owner = state.owners[start];
    if (owner) {
      const replicas = owner.replicas.filter((node) => isAvailable(state, node));
      ranges.push([start, slot - 1, ...[owner, ...replicas].map((node) => slotsNode(state, node))]);
    }
    start = slot;
  }
  return ranges;
}

const offsetOf = (state: ClusterState, node: ClusterNode): number =>
  node === state.myself ? state.host.replication.offset : node.offset;

/** A replica is of use once it has got something. */
const isAvailable = (state: ClusterState, node: ClusterNode): boolean =>
  !node.hasFailed && offsetOf(state, node) !== 0;

/** Endpoint, port, id, and the other ways to reach it. */
function slotsNode(state: ClusterState, node: ClusterNode): Reply {
  const type = state.host.config.text('cluster-preferred-endpoint-type');
  const others: [string, string][] = [];
  if (type !== 'ip' && node.ip !== '') others.push(['ip', node.ip]);
  if (type !== 'hostname' && node.hostname !== '') others.push(['hostname', node.hostname]);
  return [endpointOf(state, node), node.port, node.name, new MapReply(others)];
}

/** https://redis.io/docs/latest/commands/cluster-shards/ */
export const describeShards = (state: ClusterState): Reply =>
  [...state.nodes.values()]
    .filter((node) => node.isPrimary)
    .map((node) =>
      mapOf({
        slots: node.slots.ranges().flat(),
        nodes: [node, ...node.replicas].map((member) => shardNode(state, member)),
      }),
    );

function shardNode(state: ClusterState, node: ClusterNode): Reply {
  const offset = offsetOf(state, node);
  const isLoading = node.isReplica && offset === 0;
  const health = node.isSuspect ? 'fail' : isLoading ? 'loading' : 'online';
  return mapOf({
    id: node.name,
    port: node.port,
    ip: node.ip,
    endpoint: endpointOf(state, node),
    ...(node.hostname !== '' && { hostname: node.hostname }),
    role: node.isPrimary ? 'master' : 'replica',
    'replication-offset': offset,
    health,
  });
}

/** https://redis.io/docs/latest/commands/cluster-links/ */
export function describeLinks(state: ClusterState): Reply {
  const links: Reply[] = [];
  for (const node of state.nodes.values()) {
    if (node === state.myself) continue;
    for (const link of [node.link, node.inbound]) if (link) links.push(describeLink(node, link));
  }
  return links;
}

const describeLink = (node: ClusterNode, link: BusLink): Reply =>
  mapOf({
    direction: link.isInbound ? 'from' : 'to',
    node: node.name,
    'create-time': link.createdAt,
    events: link.pending > 0 ? 'rw' : 'r',
    'send-buffer-allocated': link.pending,
    'send-buffer-used': link.pending,
  });
