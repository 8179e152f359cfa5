import { redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { StreamId, StreamValue } from '../values/stream.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readId } from './stream-id.ts';
import { isReferenced, type Policy, readPolicy, removeReferences } from './stream-references.ts';
import { POLICY } from './stream-trim.ts';

/** Deleting entries with regard to groups. https://redis.io/docs/latest/commands/xdelex/ */

const IDS = '<IDS numids:int id [id ...]>';
const row = { group: 'stream', flags: ['write', 'fast'], since: '8.2.0' } as const;

/** What the replies say of each id. */
const NOT_FOUND = -1;
const DELETED = 1;
const KEPT = 2;

export const streamDeleteCommands = [
  command(`XDELEX key ${POLICY} ${IDS}`, {
    ...row,
    summary: 'Deletes entries, with what groups know of them or only where no group needs them.',
    complexity: 'O(1) for each entry.',
    keyUse: ['RW delete'],
    run: deleteEntries,
  }),
  command(`XACKDEL key group ${POLICY} ${IDS}`, {
    ...row,
    summary: 'Acknowledges entries in a group and deletes them from the stream.',
    complexity: 'O(1) for each entry.',
    keyUse: ['RW update delete'],
    run: acknowledgeAndDelete,
  }),
];

function readIds(args: Args): { policy: Policy; ids: readonly StreamId[] } {
  let policy: Policy | undefined;
  let ids: readonly StreamId[] | undefined;
  while (!args.done) {
    const given = readPolicy(args);
    if (given) {
      if (policy) throw syntaxError();
      policy = given;
    } else {
      if (ids || args.left < 2 || !args.token('IDS')) throw syntaxError();
      const count = args.range(1, 2 ** 53, 'ERR Number of IDs must be a positive integer');
      if (count > args.left) {
        throw redisError('ERR The `numids` parameter must match the number of arguments');
      }
      ids = args.take(count).map((text) => readId(text));
    }
  }
  if (!ids) throw syntaxError();
  return { policy: policy ?? 'KEEPREF', ids };
}

function deleteEntries({ db }: Context, args: Args): Reply {
  const key = args.string();
  const { policy, ids } = readIds(args);
  const stream = db.get(key, 'stream');
  if (!stream) return ids.map(() => NOT_FOUND);
  let changes = 0;
  const replies = ids.map((id) => {
    if (policy === 'ACKED' && stream.get(id) && isKept(stream, id)) return KEPT;
    // References that dangle are removed even where the entry has gone.
    if (policy === 'DELREF' && removeReferences(stream, id)) changes++;
    if (!stream.delete(id)) return NOT_FOUND;
    changes++;
    return DELETED;
  });
  if (changes > 0) db.changed('xdel', key);
  return replies;
}

/** ACKED deletes nothing where there is nobody to acknowledge. */
const isKept = (stream: StreamValue, id: StreamId): boolean =>
  stream.groups.size === 0 || isReferenced(stream, id);

function acknowledgeAndDelete({ db }: Context, args: Args): Reply {
  const [key, name] = [args.string(), args.string()];
  const { policy, ids } = readIds(args);
  const stream = db.get(key, 'stream');
  const group = stream?.groups.get(name);
  if (!stream || !group) return ids.map(() => NOT_FOUND);
  let [acknowledged, deleted] = [0, 0];
  const replies = ids.map((id) => {
    if (!group.acknowledge(id)) return NOT_FOUND;
    acknowledged++;
    if (policy === 'ACKED' && isReferenced(stream, id)) return KEPT;
    if (policy === 'DELREF') removeReferences(stream, id);
    if (stream.delete(id)) deleted++;
    return DELETED;
  });
  if (acknowledged > 0) db.changedBeside(key);
  if (deleted > 0) db.changed('xdel', key);
  return replies;
}
