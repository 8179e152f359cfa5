import { noSuchKey, redisError } from '../errors.ts';
import { mapOf, type Reply } from '../resp/reply.ts';
import { radixNodes } from '../values/radix.ts';
import { printId, type StreamValue } from '../values/stream.ts';
import { type ConsumerGroup, deliveriesOf, lagOf } from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { container } from './help.ts';
import { entryReply } from './stream.ts';
import { noSuchGroup } from './stream-group.ts';

/** Looking into streams, groups and consumers. https://redis.io/docs/latest/commands/xinfo/ */

const row = { group: 'stream', flags: ['readonly'], keyUse: ['RO access'] } as const;

export const streamInfoCommands = container(
  'XINFO',
  { since: '5.0.0', group: 'stream', summary: 'A container for stream introspection commands.' },
  [
    command('XINFO|STREAM key [FULL [COUNT count:int]]', {
      ...row,
      summary: 'Describes a stream; FULL adds its entries and all that its groups know.',
      since: '5.0.0',
      complexity: 'O(1)',
      history: [['6.0.0', 'Added FULL.']],
      run: describe,
    }),
    command('XINFO|GROUPS key', {
      ...row,
      summary: 'Lists the consumer groups of a stream.',
      since: '5.0.0',
      complexity: 'O(1)',
      run({ db }, args) {
        const stream = existing(db.get(args.string(), 'stream'));
        return sortedByName(stream.groups).map(([name, group]) =>
          mapOf({
            name,
            consumers: group.consumers.size,
            pending: group.pendingCount,
            'last-delivered-id': printId(group.lastId),
            'entries-read': group.entriesRead ?? null,
            lag: lagOf(stream, group) ?? null,
          }),
        );
      },
    }),
    command('XINFO|CONSUMERS key groupname', {
      ...row,
      summary: 'Lists the consumers of a group.',
      since: '5.0.0',
      complexity: 'O(1)',
      tips: ['nondeterministic_output'],
      history: [['7.2.0', 'Added the field inactive.']],
      run({ db, now }, args) {
        const key = args.string();
        const name = args.string();
        const group = existing(db.get(key, 'stream')).groups.get(name);
        if (!group) throw noSuchGroup(key, name);
        const since = (at: number) => Math.max(now - at, 0);
        return sortedByName(group.consumers).map(([consumer, { pending, seenAt, activeAt }]) =>
          mapOf({
            name: consumer,
            pending,
            idle: since(seenAt),
            inactive: activeAt === undefined ? -1 : since(activeAt),
          }),
        );
      },
    }),
  ],
);

function existing(stream: StreamValue | undefined): StreamValue {
  if (!stream) throw noSuchKey();
  return stream;
}

/** Redis keeps names in a radix tree, which lists them in order. */
const sortedByName = <T>(named: ReadonlyMap<string, T>): [string, T][] =>
  [...named].sort(([a], [b]) => (a < b ? -1 : 1));

function describe(ctx: Context, args: Args): Reply {
  const stream = existing(ctx.db.get(args.string(), 'stream'));
  const count = args.done ? undefined : readFull(args);
  const head = {
    length: stream.size,
    'radix-tree-keys': stream.nodeCount,
    'radix-tree-nodes': radixNodes(stream.nodes().map(({ master }) => master.id)),
    'last-generated-id': printId(stream.lastId),
    'max-deleted-entry-id': printId(stream.maxDeletedId),
    'entries-added': stream.entriesAdded,
    'recorded-first-entry-id': printId(stream.first?.id ?? 0n),
    ...describeIdempotence(stream),
  };
  if (count !== undefined) return describeFully(stream, head, count);
  return mapOf({
    ...head,
    groups: stream.groups.size,
    'first-entry': stream.first ? entryReply(stream.first) : null,
    'last-entry': stream.last ? entryReply(stream.last) : null,
  });
}

/** Only of streams that remember ids, so that others look as they always did. */
function describeIdempotence({ idempotence }: StreamValue): Record<string, Reply> {
  if (!idempotence) return {};
  return {
    'idmp-duration': idempotence.durationSeconds,
    'idmp-maxsize': idempotence.maxSize,
    'pids-tracked': idempotence.producers,
    'iids-tracked': idempotence.tracked,
    'iids-added': idempotence.added,
    'iids-duplicates': idempotence.duplicates,
  };
}

function readFull(args: Args): number {
  const count = args.token('FULL') && args.left === 2 && args.token('COUNT') ? args.index() : 10;
  if (!args.done || !/^full$/i.test(args.argv[3] ?? '')) {
    throw redisError(
      `ERR unknown subcommand or wrong number of arguments for '${args.argv[1]}'. Try XINFO HELP.`,
    );
  }
  return count < 0 ? 10 : count;
}

function describeFully(stream: StreamValue, head: Record<string, Reply>, count: number): Reply {
  const limit = count === 0 ? Infinity : count;
  return mapOf({
    ...head,
    entries: stream.range(0n, stream.lastId, limit).map(entryReply),
    groups: sortedByName(stream.groups).map(([name, group]) =>
      describeGroup(stream, name, group, limit),
    ),
  });
}

function describeGroup(
  stream: StreamValue,
  name: string,
  group: ConsumerGroup,
  limit: number,
): Reply {
  const pending = [...group.pendingFrom(0n)];
  const shown = pending.slice(0, limit);
  return mapOf({
    name,
    'last-delivered-id': printId(group.lastId),
    'entries-read': group.entriesRead ?? null,
    lag: lagOf(stream, group) ?? null,
    'pel-count': group.pendingCount,
    ...(group.releasedCount > 0 && { 'nacked-count': group.releasedCount }),
    pending: shown.map(([id, each]) => [
      printId(id),
      each.consumer?.name ?? '',
      each.deliveredAt,
      deliveriesOf(each),
    ]),
    consumers: sortedByName(group.consumers).map(
      ([consumer, { seenAt, activeAt, pending: owed }]) =>
        mapOf({
          name: consumer,
          'seen-time': seenAt,
          'active-time': activeAt ?? -1,
          'pel-count': owed,
          pending: pending
            .filter(([, each]) => each.consumer?.name === consumer)
            .slice(0, limit)
            .map(([id, each]) => [printId(id), each.deliveredAt, deliveriesOf(each)]),
        }),
    ),
  });
}
