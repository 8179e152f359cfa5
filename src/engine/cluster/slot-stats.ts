/**
 * CLUSTER SLOT-STATS: how much each slot is used. Without cluster-slot-stats-enabled, which is off
 * unless set, that is how many keys it has.
 * https://redis.io/docs/latest/commands/cluster-slot-stats/
 */
import { SLOT_COUNT } from '../bytes/crc16.ts';
import type { Args } from '../commands/args.ts';
import { redisError, syntaxError } from '../errors.ts';
import { mapOf, type Reply } from '../resp/reply.ts';
import type { Cluster } from './cluster.ts';
import { readSlot } from './slot-commands.ts';
import type { ClusterState } from './state.ts';

export function slotStats({ state }: Cluster, args: Args): Reply {
  if (args.token('SLOTSRANGE')) return inRange(state, args);
  if (args.token('ORDERBY')) return inOrder(state, args);
  throw syntaxError();
}

function inRange(state: ClusterState, args: Args): Reply {
  if (args.left !== 2) throw syntaxError();
  const first = readSlot(args.string());
  const last = readSlot(args.string());
  if (first > last) {
    throw redisError(`ERR Start slot number ${first} is greater than end slot number ${last}`);
  }
  return ownSlots(state)
    .filter((slot) => slot >= first && slot <= last)
    .map((slot) => describe(state, slot));
}

function inOrder(state: ClusterState, args: Args): Reply {
  if (args.string().toLowerCase() !== 'key-count') {
    throw redisError('ERR Unrecognized sort metric for ORDERBY.');
  }
  let limit = SLOT_COUNT;
  let sign = -1;
  while (!args.done) {
    if (args.left > 1 && args.token('LIMIT')) {
      limit = args.range(
        1,
        SLOT_COUNT,
        'ERR Limit has to lie in between 1 and 16384 (maximum number of slots).',
      );
    } else if (args.token('ASC')) sign = 1;
    else if (args.token('DESC')) sign = -1;
    else throw syntaxError();
  }
  const { keys } = state;
  return ownSlots(state)
    .sort((one, other) => sign * (keys.count(one) - keys.count(other)) || one - other)
    .slice(0, limit)
    .map((slot) => describe(state, slot));
}

/** Those that the node serves, itself or for its primary. */
const ownSlots = ({ myself }: ClusterState): number[] => myself.primary?.slots.list() ?? [];

const describe = ({ keys }: ClusterState, slot: number): Reply => [
  slot,
  mapOf({ 'key-count': keys.count(slot) }),
];
