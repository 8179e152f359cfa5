import { cString, redisError, syntaxError } from '../errors.ts';
import { MapReply, nullArray, type Reply } from '../resp/reply.ts';
import { MAX_ID, printId, type StreamId, type StreamValue } from '../values/stream.ts';
import {
  type Consumer,
  type ConsumerGroup,
  entriesUpTo,
  hasHolesFrom,
} from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { entryReply } from './stream.ts';
import { readId } from './stream-id.ts';
import { Wait } from './wait.ts';

/** Reading several streams, alone or in a group, and waiting for entries to come. https://redis.io/docs/latest/commands/xread/ */

const STREAMS = '<STREAMS key [key ...] id [id ...]>';

export const streamReadCommands = [
  command(`XREAD [COUNT count:int] [BLOCK milliseconds:int] ${STREAMS}`, {
    summary: 'Returns the entries of streams after given ids; may wait for them.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries returned.',
    flags: ['readonly', 'blocking'],
    keyUse: ['RO access'],
    run: (ctx, args) => read(ctx, readRequest(ctx, args, { inGroup: false })),
  }),
  command(
    `XREADGROUP <GROUP group consumer> [COUNT count:int] [BLOCK milliseconds:int] [NOACK] ${STREAMS}`,
    {
      summary: 'Returns entries that no other consumer of the group gets; may wait for them.',
      since: '5.0.0',
      group: 'stream',
      complexity: 'O(M) for each stream, where M is the number of entries returned.',
      flags: ['write', 'blocking'],
      keyUse: ['RO access'],
      run: (ctx, args) => readGroup(ctx, readRequest(ctx, args, { inGroup: true })),
    },
  ),
];

const missingGroup = () => redisError('ERR Missing GROUP option for XREADGROUP');

interface Request {
  /** Entries of each stream; 0 and below are no limit. */
  readonly count: number;
  readonly blockMs: number | undefined;
  readonly noAck: boolean;
  readonly group: readonly [name: string, consumer: string] | undefined;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
  readonly argv: readonly string[];
}

function readRequest(ctx: Context, args: Args, { inGroup }: { inGroup: boolean }): Request {
  let count = 0;
  let blockMs: number | undefined;
  let noAck = false;
  let group: Request['group'];
  for (;;) {
    if (args.left > 1 && args.token('BLOCK')) blockMs = readBlock(ctx, args);
    else if (args.left > 1 && args.token('COUNT')) count = Math.max(args.index(), 0);
    else if (inGroup && args.left > 2 && args.token('GROUP'))
      group = [args.string(), args.string()];
    else if (inGroup && args.token('NOACK')) noAck = true;
    else if (args.left > 1 && args.token('STREAMS')) break;
    else throw syntaxError();
  }
  if (args.left % 2 !== 0) throw unbalanced();
  if (inGroup && !group) throw missingGroup();
  const half = args.left / 2;
  const keys = args.take(half);
  return { count, blockMs, noAck, group, keys, ids: args.rest(), argv: args.argv };
}

/** The same words for XREADGROUP. */
const unbalanced = () =>
  redisError(
    "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
  );

function readBlock({ inScript }: Context, args: Args): number {
  if (inScript) {
    const name = cString(args.argv[0] ?? '').toLowerCase();
    throw redisError(`ERR ${name} command is not allowed with BLOCK option from scripts`);
  }
  const ms = args.index(() => redisError('ERR timeout is not an integer or out of range'));
  if (ms < 0) throw redisError('ERR timeout is negative');
  return ms;
}

const losses = {
  key: redisError('UNBLOCKED the stream key no longer exists'),
  group: redisError('NOGROUP the consumer group this client was blocked on no longer exists'),
};

/** One stream's part of the reply: its key and its entries. */
type Found = readonly [key: string, entries: Reply];

/** Nothing at all is nil, or a reason to wait. */
function answer(
  { protocol }: Context,
  found: readonly Found[],
  request: Request,
  ids: readonly string[],
): Reply | Wait {
  // A map in RESP3, an array of pairs in RESP2.
  if (found.length > 0) return protocol === 3 ? new MapReply(found) : found;
  if (request.blockMs === undefined) return nullArray;
  return new Wait({
    keys: request.keys,
    type: 'stream',
    timeoutMs: request.blockMs,
    onTimeout: nullArray,
    ...(request.group && { losses }),
    retryAs: [...request.argv.slice(0, request.argv.length - ids.length), ...ids],
  });
}

function read(ctx: Context, request: Request): Reply | Wait {
  const streams = request.keys.map((key) => ctx.db.get(key, 'stream'));
  const after = request.ids.map((id, i) => readAfter(id, streams[i]));
  const found = streams.flatMap((stream, i): Found[] => {
    const from = after[i] as StreamId;
    if (!stream || from === MAX_ID || stream.lastId <= from) return [];
    const entries = stream.range(from + 1n, MAX_ID, request.count || Infinity);
    return entries.length > 0 ? [[request.keys[i] as string, entries.map(entryReply)]] : [];
  });
  return answer(ctx, found, request, after.map(printId));
}

function readAfter(text: string, stream: StreamValue | undefined): StreamId {
  if (text === '$') return stream?.lastId ?? 0n;
  if (text !== '>') return readId(text);
  throw redisError(
    'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
  );
}

interface GroupRead {
  readonly key: string;
  readonly stream: StreamValue;
  readonly group: ConsumerGroup;
  /** Undefined is `>`: what nobody in the group has got yet. Otherwise the consumer's own history. */
  readonly after: StreamId | undefined;
}

function readGroup(ctx: Context, request: Request): Reply | Wait {
  const [groupName, consumerName] = request.group as readonly [string, string];
  const reads = request.keys.map((key, i): GroupRead => {
    const stream = ctx.db.get(key, 'stream');
    const group = stream?.groups.get(groupName);
    if (!stream || !group) throw noGroup(key, groupName);
    return { key, stream, group, after: readHistoryId(request.ids[i] as string) };
  });
  const found = reads.flatMap((each): Found[] => {
    const consumer = seen(ctx, each, consumerName);
    if (each.after !== undefined) return [[each.key, history(each, consumer, request.count)]];
    const entries = deliver(ctx, each, consumer, request);
    return entries.length > 0 ? [[each.key, entries]] : [];
  });
  return answer(ctx, found, request, request.ids);
}

export const noGroup = (key: string, group: string) =>
  redisError(
    `NOGROUP No such key '${cString(key)}' or consumer group '${cString(group)}' in XREADGROUP with GROUP option`,
  );

function readHistoryId(text: string): StreamId | undefined {
  if (text === '>') return undefined;
  if (text !== '$') return readId(text);
  throw redisError(
    'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
  );
}

/** Consumers appear by reading. */
function seen(ctx: Context, { key, group }: GroupRead, name: string): Consumer {
  const isNew = !group.consumers.has(name);
  const consumer = group.consumer(name, ctx.now);
  consumer.seenAt = ctx.now;
  if (isNew) ctx.db.changed('xgroup-createconsumer', key);
  return consumer;
}

/** What the consumer has been given and has not acknowledged; deleted entries are nil. */
function history({ stream, group, after }: GroupRead, consumer: Consumer, count: number): Reply {
  const entries: Reply[] = [];
  for (const [id, pending] of group.pendingFrom((after ?? 0n) + 1n)) {
    if (count > 0 && entries.length >= count) break;
    if (pending.consumer !== consumer) continue;
    const entry = stream.get(id);
    entries.push(entry ? entryReply(entry) : [printId(id), nullArray]);
  }
  return entries;
}

function deliver(ctx: Context, each: GroupRead, consumer: Consumer, request: Request): Reply[] {
  const { stream, group, key } = each;
  if (stream.lastId <= group.lastId) return [];
  const entries = stream.range(group.lastId + 1n, MAX_ID, request.count || Infinity);
  for (const { id } of entries) {
    advance(stream, group, id);
    if (!request.noAck) group.deliver(id, consumer, ctx.now);
  }
  if (entries.length > 0) ctx.db.changed('xreadgroup', key);
  return entries.map(entryReply);
}

/** The group has read up to this id; how many entries that makes is counted where it can be. */
export function advance(stream: StreamValue, group: ConsumerGroup, id: StreamId): void {
  if (group.entriesRead !== undefined && !hasHolesFrom(stream, id)) group.entriesRead++;
  else group.entriesRead = entriesUpTo(stream, id);
  group.lastId = id;
}
