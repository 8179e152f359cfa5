import { cString, redisError, syntaxError } from '../errors.ts';
import { MapReply, nullArray, type Reply } from '../resp/reply.ts';
import {
  MAX_ID,
  printId,
  type StreamEntry,
  type StreamId,
  type StreamValue,
} from '../values/stream.ts';
import {
  type Consumer,
  type ConsumerGroup,
  deliveriesOf,
  entriesUpTo,
  hasHolesFrom,
} from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { entryReply } from './stream.ts';
import { readId } from './stream-id.ts';
import { type Place, take, tellPending } from './stream-pending.ts';
import { Wait } from './wait.ts';

/** Reading several streams, alone or in a group, and waiting for entries to come. https://redis.io/docs/latest/commands/xread/ */

const STREAMS = '<STREAMS key [key ...] id [id ...]>';

const LIMITS = '[COUNT count:int] [MAXCOUNT maxcount:int] [MAXSIZE maxsize:int]';
const limitsSince = { MAXCOUNT: '8.10', MAXSIZE: '8.10' };
const limitsHistory = ['8.10.0', 'Added MAXCOUNT and MAXSIZE.'] as const;

export const streamReadCommands = [
  command(`XREAD ${LIMITS} [BLOCK milliseconds:int] ${STREAMS}`, {
    summary: 'Returns the entries of streams after given ids; may wait for them.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries returned.',
    flags: ['readonly', 'blocking'],
    keyUse: ['RO access'],
    optionsSince: limitsSince,
    history: [limitsHistory],
    run: (ctx, args) => read(ctx, readRequest(ctx, args, { inGroup: false })),
  }),
  command(
    `XREADGROUP <GROUP group consumer> ${LIMITS} [BLOCK milliseconds:int]
     [CLAIM min-idle-time:int] [NOACK] ${STREAMS}`,
    {
      readsKeys: true,
      summary: 'Returns entries that no other consumer of the group gets; may wait for them.',
      since: '5.0.0',
      group: 'stream',
      complexity: 'O(M) for each stream, where M is the number of entries returned.',
      flags: ['write', 'blocking'],
      keyUse: ['RO access'],
      optionsSince: { ...limitsSince, CLAIM: '8.4' },
      history: [['8.4.0', 'Added CLAIM.'], limitsHistory],
      run: (ctx, args) => readGroup(ctx, readRequest(ctx, args, { inGroup: true })),
    },
  ),
];

const missingGroup = () => redisError('ERR Missing GROUP option for XREADGROUP');

interface Request {
  /** Entries of each stream; 0 is no limit. */
  readonly count: number;
  /** Entries of all streams together, and their bytes. */
  readonly budget: Budget;
  readonly blockMs: number | undefined;
  /** How long an entry must have been pending to be claimed, in ms; undefined claims none. */
  readonly claimMs: number | undefined;
  readonly noAck: boolean;
  readonly group: readonly [name: string, consumer: string] | undefined;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
  readonly argv: readonly string[];
}

function readRequest(ctx: Context, args: Args, { inGroup }: { inGroup: boolean }): Request {
  let count = 0;
  const limits = { entries: Infinity, bytes: Infinity };
  let blockMs: number | undefined;
  let claimMs: number | undefined;
  let noAck = false;
  let group: Request['group'];
  for (;;) {
    if (args.left > 1 && args.token('BLOCK')) blockMs = readBlock(ctx, args);
    else if (args.left > 1 && args.token('COUNT')) count = Math.max(args.index(), 0);
    else if (args.left > 1 && args.token('MAXCOUNT')) limits.entries = readLimit(args, 'MAXCOUNT');
    else if (args.left > 1 && args.token('MAXSIZE')) limits.bytes = readLimit(args, 'MAXSIZE');
    else if (args.left > 1 && args.token('CLAIM')) claimMs = readClaim(args, inGroup);
    else if (inGroup && args.left > 2 && args.token('GROUP'))
      group = [args.string(), args.string()];
    else if (inGroup && args.token('NOACK')) noAck = true;
    else if (args.left > 1 && args.token('STREAMS')) break;
    else throw syntaxError();
  }
  if (args.left % 2 !== 0) throw unbalanced(inGroup);
  if (inGroup && !group) throw missingGroup();
  const half = args.left / 2;
  const keys = args.take(half);
  const budget = new Budget(limits.entries, limits.bytes);
  return { count, budget, blockMs, claimMs, noAck, group, keys, ids: args.rest(), argv: args.argv };
}

function readLimit(args: Args, option: string): number {
  const limit = args.index();
  if (limit <= 0) throw redisError(`ERR ${option} must be a positive integer`);
  return limit;
}

function readClaim(args: Args, inGroup: boolean): number {
  if (!inGroup) {
    throw redisError(
      'ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.',
    );
  }
  const ms = args.index(() => redisError('ERR min-idle-time is not an integer or out of range'));
  if (ms < 0) throw redisError('ERR min-idle-time must be a positive integer');
  return ms;
}

/** What a reply may still hold. The first entry always fits, or nobody would get on. */
class Budget {
  #used = false;

  constructor(
    private entries: number,
    private bytes: number,
  ) {}

  /** Whether an entry fits; it then counts. */
  take({ id, fields }: StreamEntry): boolean {
    const size = fields.reduce((sum, field) => sum + field.length, printId(id).length);
    if (this.#used && (this.entries < 1 || this.bytes < size)) return false;
    this.#used = true;
    this.entries--;
    this.bytes -= size;
    return true;
  }

  /** The first entries of a list that fit. */
  cut(entries: readonly StreamEntry[]): readonly StreamEntry[] {
    const end = entries.findIndex((entry) => !this.take(entry));
    return end < 0 ? entries : entries.slice(0, end);
  }
}

const unbalanced = (inGroup: boolean) =>
  redisError(
    inGroup
      ? "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified."
      : "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.",
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
  retryInMs?: number,
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
    ...(retryInMs !== undefined && { retryInMs }),
  });
}

function read(ctx: Context, request: Request): Reply | Wait {
  // Key by key: what is no stream, then its id.
  const reads = request.keys.map((key, i) => {
    const stream = ctx.db.get(key, 'stream');
    return { key, stream, from: readAfter(request.ids[i] as string, stream) };
  });
  const found = reads.flatMap(({ key, stream, from }, i): Found[] => {
    // Redis looks a second time, and counts it.
    ctx.db.inspect(key);
    if (!stream || from === MAX_ID || stream.lastId <= from) return [];
    const count = request.ids[i] === '+' ? 1 : request.count || Infinity;
    const entries = request.budget.cut(stream.range(from + 1n, MAX_ID, count));
    return entries.length > 0 ? [[key, entries.map(entryReply)]] : [];
  });
  const ids = reads.map(({ from }) => printId(from));
  return answer(ctx, found, request, ids);
}

function readAfter(text: string, stream: StreamValue | undefined): StreamId {
  if (text === '$') return stream?.lastId ?? 0n;
  // From the last entry on, if there is one.
  if (text === '+') return stream?.last ? stream.last.id - 1n : (stream?.lastId ?? 0n);
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
  ctx.propagateNothing();
  const [groupName, consumerName] = request.group as readonly [string, string];
  const reads = request.keys.map((key, i): GroupRead => {
    const stream = ctx.db.get(key, 'stream');
    const group = stream?.groups.get(groupName);
    if (!stream || !group) throw noGroup(key, groupName);
    return { key, stream, group, after: readHistoryId(request.ids[i] as string) };
  });
  const found = reads.flatMap((each): Found[] => {
    ctx.db.inspect(each.key);
    const consumer = seen(ctx, each, consumerName, request);
    if (each.after !== undefined) return [[each.key, history(ctx, each, consumer, request.count)]];
    const claimed = claimPending(ctx, each, consumer, request);
    const entries = [...claimed, ...deliver(ctx, each, consumer, request, claimed.length)];
    return entries.length > 0 ? [[each.key, entries]] : [];
  });
  return answer(ctx, found, request, request.ids, claimableIn(ctx, reads, request));
}

/** In how many ms the first entry may be claimed, or undefined. */
function claimableIn(ctx: Context, reads: readonly GroupRead[], request: Request) {
  const { claimMs, blockMs } = request;
  if (claimMs === undefined || blockMs === undefined) return undefined;
  const first = reads.flatMap(({ group }) => group.claimable().slice(0, 1));
  if (first.length === 0) return undefined;
  const dueAt = Math.min(...first.map(([, { deliveredAt }]) => deliveredAt + claimMs));
  return Math.max(dueAt - ctx.now, 1);
}

/** Takes over what has been pending for too long; each entry comes with its past. */
function claimPending(
  ctx: Context,
  { key, stream, group }: GroupRead,
  consumer: Consumer,
  request: Request,
): Reply[] {
  const { claimMs, count, budget } = request;
  if (claimMs === undefined) return [];
  const place = { key, name: groupOf(request), stream, group };
  const options = { deliveredAt: ctx.now, retryCount: undefined, justId: false };
  const claimed: Reply[] = [];
  for (const [id, before] of group.claimable()) {
    const idleMs = ctx.now - before.deliveredAt;
    if (idleMs < claimMs || (count > 0 && claimed.length >= count)) break;
    const entry = stream.get(id);
    if (!entry) continue;
    if (!budget.take(entry)) break;
    const past = [before.consumer ? idleMs : -1, deliveriesOf(before)];
    take(ctx, place, { id, consumer, before, options });
    claimed.push([printId(id), entry.fields, ...past]);
  }
  return claimed;
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
function seen(ctx: Context, { key, group }: GroupRead, name: string, request: Request): Consumer {
  const isNew = !group.consumers.has(name);
  const consumer = group.consumer(name, ctx.now);
  consumer.seenAt = ctx.now;
  if (!isNew) return consumer;
  ctx.db.changedBeside(key, { event: 'xgroup-createconsumer' });
  // Otherwise what it is given makes it at replicas too.
  if (request.noAck) ctx.propagate('XGROUP', 'CREATECONSUMER', key, groupOf(request), name);
  return consumer;
}

const groupOf = ({ group }: Request): string => group?.[0] ?? '';

/**
 * What the consumer has been given and has not acknowledged, which is one more delivery; deleted entries
 * are nil.
 */
function history(ctx: Context, read: GroupRead, consumer: Consumer, count: number): Reply {
  const { stream, group, after } = read;
  const entries: Reply[] = [];
  for (const [id, pending] of group.pendingFrom((after ?? 0n) + 1n)) {
    if (count > 0 && entries.length >= count) break;
    if (pending.consumer !== consumer) continue;
    const entry = stream.get(id);
    entries.push(entry ? entryReply(entry) : [printId(id), nullArray]);
    if (!entry) continue;
    pending.deliveredAt = ctx.now;
    pending.deliveries++;
  }
  return entries;
}

function deliver(
  ctx: Context,
  each: GroupRead,
  consumer: Consumer,
  request: Request,
  claimed: number,
): Reply[] {
  const { stream, group, key } = each;
  const count = request.count > 0 ? request.count - claimed : Infinity;
  if (stream.lastId <= group.lastId || count <= 0) return [];
  const entries = request.budget.cut(stream.range(group.lastId + 1n, MAX_ID, count));
  const place = { key, name: groupOf(request), group };
  for (const { id } of entries) {
    advance(stream, group, id);
    if (!request.noAck) tellPending(ctx, place, id, group.deliver(id, consumer, ctx.now));
  }
  if (entries.length > 0) {
    consumer.activeAt = ctx.now;
    ctx.db.changedBeside(key);
    tellPosition(ctx, place);
  }
  // Where pending entries may come too, those that come for the first time have a past of nothing.
  const past = request.claimMs === undefined ? [] : [0, 0];
  return entries.map(({ id, fields }) => [printId(id), fields, ...past]);
}

/** How far the group has read, for replicas. */
function tellPosition(ctx: Context, { key, name, group }: Omit<Place, 'stream'>): void {
  const read = String(group.entriesRead ?? -1);
  ctx.propagate('XGROUP', 'SETID', key, name, printId(group.lastId), 'ENTRIESREAD', read);
}

/** The group has read up to this id; how many entries that makes is counted where it can be. */
export function advance(stream: StreamValue, group: ConsumerGroup, id: StreamId): void {
  if (group.entriesRead !== undefined && !hasHolesFrom(stream, id)) group.entriesRead++;
  else group.entriesRead = entriesUpTo(stream, id);
  group.lastId = id;
}
