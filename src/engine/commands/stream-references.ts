import type { StreamId, StreamValue } from '../values/stream.ts';
import type { Args } from './args.ts';

/**
 * What becomes of groups that still refer to entries which leave their stream.
 * https://redis.io/docs/latest/commands/xdelex/
 */

/**
 * KEEPREF leaves references dangling, as ever; DELREF removes them too; ACKED lets only those entries
 * go that every group has read and acknowledged.
 */
export type Policy = 'KEEPREF' | 'DELREF' | 'ACKED';

/** Consumes a policy if one comes next. */
export const readPolicy = (args: Args): Policy | undefined =>
  args.oneOf('KEEPREF', 'DELREF', 'ACKED');

/** Whether some group has still to read an entry, or to acknowledge it. */
export const isReferenced = ({ groups }: StreamValue, id: StreamId): boolean =>
  [...groups.values()].some((group) => group.lastId < id || group.pendingEntry(id) !== undefined);

/** Every group forgets that an entry is pending. Returns whether one did. */
export function removeReferences({ groups }: StreamValue, id: StreamId): boolean {
  return [...groups.values()].filter((group) => group.acknowledge(id)).length > 0;
}
