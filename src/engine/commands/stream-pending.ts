import { cString, redisError, syntaxError } from '../errors.ts';
import { nullArray, type Reply } from '../resp/reply.ts';
import { printId, type StreamId, type StreamValue } from '../values/stream.ts';
import {
  type Consumer,
  type ConsumerGroup,
  deliveriesOf,
  type Pending,
} from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { entryReply } from './stream.ts';
import { readEnd, readId, readStart } from './stream-id.ts';

/** Entries that were delivered and not acknowledged: looking at them, taking them over. https://redis.io/docs/latest/commands/xpending/ */

export const streamPendingCommands = [
  command('XPENDING key group [[IDLE min-idle-time:int] start end count:int [consumer]]', {
    summary: 'Tells what is pending in a group: in sum, or entry by entry.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries returned; O(1) for the sum.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    history: [['6.2.0', 'Added IDLE and exclusive ranges.']],
    run: pending,
  }),
  command(
    'XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms:int] [TIME unix-time-milliseconds:unixtime] [RETRYCOUNT count:int] [FORCE] [JUSTID] [LASTID id]',
    {
      readsKeys: true,
      summary: 'Takes pending entries over from a consumer that has been idle for too long.',
      since: '5.0.0',
      group: 'stream',
      complexity: 'O(log N) for each entry, where N is the number of pending ones.',
      flags: ['write', 'fast'],
      keyUse: ['RW update'],
      tips: ['nondeterministic_output'],
      run: claim,
    },
  ),
  command('XAUTOCLAIM key group consumer min-idle-time start [COUNT count:int] [JUSTID]', {
    readsKeys: true,
    summary: 'Takes over whatever has been pending for too long, a few entries at a time.',
    since: '6.2.0',
    group: 'stream',
    complexity: 'O(1) for each entry looked at.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    tips: ['nondeterministic_output'],
    history: [['7.0.0', 'Also returns the ids that are no longer in the stream.']],
    run: autoClaim,
  }),
];

export interface Place {
  readonly key: string;
  readonly name: string;
  readonly stream: StreamValue;
  readonly group: ConsumerGroup;
}

/** Where a group is; throws NOGROUP. */
export function placeOf({ db }: Context, key: string, name: string): Place {
  const stream = db.get(key, 'stream');
  const group = stream?.groups.get(name);
  if (stream && group) return { key, name, stream, group };
  throw redisError(`NOGROUP No such key '${cString(key)}' or consumer group '${cString(name)}'`);
}

function pending(ctx: Context, args: Args): Reply {
  const [key, name] = [args.string(), args.string()];
  if (args.done) return summary(placeOf(ctx, key, name).group);
  // Redis counts the arguments first, and ignores what is left over at the end.
  if (args.left < 3 || args.left > 6) throw syntaxError();
  const minIdleMs = args.token('IDLE') ? args.index() : 0;
  if (args.left < 3) throw syntaxError();
  const [from, to] = [args.string(), args.string()];
  const count = Math.max(args.index(), 0);
  const [start, end] = [readStart(from), readEnd(to)];
  const { group } = placeOf(ctx, key, name);
  const wanted = args.done ? undefined : args.string();
  const entries: Reply[] = [];
  for (const [id, each] of group.pendingFrom(start)) {
    if (id > end || entries.length >= count) break;
    const { consumer } = each;
    const idleMs = ctx.now - each.deliveredAt;
    if (idleMs < minIdleMs || (wanted !== undefined && consumer?.name !== wanted)) continue;
    // What nobody has was never delivered to anybody, as far as that can be told.
    const idle = consumer ? Math.max(idleMs, 0) : -1;
    entries.push([printId(id), consumer?.name ?? '', idle, deliveriesOf(each)]);
  }
  return entries;
}

function summary(group: ConsumerGroup): Reply {
  const bounds = group.pendingBounds();
  if (!bounds) return [0, null, null, nullArray];
  const owing = [...group.consumers.values()].filter((consumer) => consumer.pending > 0);
  const byName = owing.sort((a, b) => (a.name < b.name ? -1 : 1));
  const counts = byName.map((consumer) => [consumer.name, String(consumer.pending)]);
  return [group.pendingCount, ...bounds.map(printId), counts];
}

interface Claim {
  readonly minIdleMs: number;
  deliveredAt: number;
  retryCount: number | undefined;
  force: boolean;
  justId: boolean;
  lastId: StreamId | undefined;
}

function readMinIdle(args: Args, name: string): number {
  const ms = args.index(() => redisError(`ERR Invalid min-idle-time argument for ${name}`));
  return Math.max(ms, 0);
}

function claim(ctx: Context, args: Args): Reply {
  ctx.propagateNothing();
  const place = placeOf(ctx, args.string(), args.string());
  const consumerName = args.string();
  const minIdleMs = readMinIdle(args, 'XCLAIM');
  const ids: StreamId[] = [];
  while (!args.done && isId(args.peek() as string)) ids.push(readId(args.string()));
  const options = readClaim(ctx, args, minIdleMs);
  const { group, stream } = place;
  if (options.lastId !== undefined && options.lastId > group.lastId) group.lastId = options.lastId;
  const consumer = claimingConsumer(ctx, place, consumerName);
  const replies: Reply[] = [];
  for (const id of ids) {
    const entry = stream.get(id);
    let each = group.pendingEntry(id);
    if (!entry) {
      // What has left the stream leaves the pending entries too, as soon as somebody asks.
      if (each) forget(ctx, place, id, each);
      continue;
    }
    if (!each && !options.force) continue;
    each ??= group.deliver(id, consumer, 0);
    if (options.minIdleMs > 0 && ctx.now - each.deliveredAt < options.minIdleMs) continue;
    take(ctx, place, { id, consumer, before: each, options });
    replies.push(options.justId ? printId(id) : entryReply(entry));
  }
  return replies;
}

function isId(text: string): boolean {
  return /^\d{1,20}(-\d{1,20})?$/.test(text);
}

function readClaim(ctx: Context, args: Args, minIdleMs: number): Claim {
  const claim: Claim = {
    minIdleMs,
    deliveredAt: ctx.now,
    retryCount: undefined,
    force: false,
    justId: false,
    lastId: undefined,
  };
  while (!args.done) {
    if (args.token('FORCE')) claim.force = true;
    else if (args.token('JUSTID')) claim.justId = true;
    else if (args.left > 1 && args.token('IDLE'))
      claim.deliveredAt = ctx.now - readNumber(args, 'IDLE');
    else if (args.left > 1 && args.token('TIME')) claim.deliveredAt = readNumber(args, 'TIME');
    else if (args.left > 1 && args.token('RETRYCOUNT')) {
      claim.retryCount = readNumber(args, 'RETRYCOUNT');
    } else if (args.left > 1 && args.token('LASTID')) claim.lastId = readId(args.string());
    else throw redisError(`ERR Unrecognized XCLAIM option '${cString(args.string())}'`);
  }
  // A delivery in the future counts as one of now.
  if (claim.deliveredAt > ctx.now || claim.deliveredAt < 0) claim.deliveredAt = ctx.now;
  return claim;
}

const readNumber = (args: Args, option: string): number =>
  args.index(() => redisError(`ERR Invalid ${option} option argument for XCLAIM`));

function claimingConsumer(ctx: Context, { key, group }: Place, name: string): Consumer {
  const isNew = !group.consumers.has(name);
  const consumer = group.consumer(name, ctx.now);
  consumer.seenAt = ctx.now;
  if (isNew) ctx.db.changedBeside(key, { event: 'xgroup-createconsumer' });
  return consumer;
}

interface Take {
  readonly id: StreamId;
  readonly consumer: Consumer;
  readonly before: Pending;
  readonly options: Pick<Claim, 'deliveredAt' | 'retryCount' | 'justId'>;
}

/** Gives a pending entry to a consumer; unless only its id was asked for, that is one more delivery. */
export function take(ctx: Context, place: Place, { id, consumer, before, options }: Take): void {
  const { deliveries } = before;
  const after = place.group.deliver(id, consumer, options.deliveredAt);
  after.deliveries = options.retryCount ?? (options.justId ? deliveries : deliveries + 1);
  consumer.activeAt = ctx.now;
  ctx.db.changedBeside(place.key);
  tellPending(ctx, place, id, after);
}

/** Who owes an entry, since when and the how manieth time, as replicas are told of it. */
export function tellPending(
  ctx: Context,
  { key, name, group }: Omit<Place, 'stream'>,
  id: StreamId,
  pending: Pending,
): void {
  ctx.propagate(
    ...['XCLAIM', key, name, pending.consumer?.name ?? '', '0', printId(id)],
    ...['TIME', String(pending.deliveredAt), 'RETRYCOUNT', String(deliveriesOf(pending))],
    ...['FORCE', 'JUSTID', 'LASTID', printId(group.lastId)],
  );
}

/**
 * The entry has been deleted from the stream: nobody can acknowledge it any more. A replica finds that
 * out by claiming it.
 */
function forget(ctx: Context, place: Place, id: StreamId, pending: Pending): void {
  place.group.acknowledge(id);
  ctx.db.changedBeside(place.key);
  if (pending.consumer) tellPending(ctx, place, id, pending);
  else ctx.propagate('XACK', place.key, place.name, printId(id));
}

function autoClaim(ctx: Context, args: Args): Reply {
  const [key, name, consumerName] = [args.string(), args.string(), args.string()];
  const minIdleMs = readMinIdle(args, 'XAUTOCLAIM');
  const start = readStart(args.string());
  let count = 100;
  let justId = false;
  while (!args.done) {
    if (args.left > 1 && args.token('COUNT'))
      count = args.range(1, 2 ** 58, 'ERR COUNT must be > 0');
    else if (args.token('JUSTID')) justId = true;
    else throw syntaxError();
  }
  ctx.propagateNothing();
  const place = placeOf(ctx, key, name);
  const consumer = claimingConsumer(ctx, place, consumerName);
  const options = { deliveredAt: ctx.now, retryCount: undefined, justId };
  const claimed: Reply[] = [];
  const deleted: Reply[] = [];
  let attempts = count * 10;
  let next: StreamId = 0n;
  for (const [id, before] of place.group.pendingFrom(start)) {
    if (attempts-- === 0 || claimed.length + deleted.length >= count) {
      next = id;
      break;
    }
    const entry = place.stream.get(id);
    if (!entry) {
      forget(ctx, place, id, before);
      deleted.push(printId(id));
      continue;
    }
    if (minIdleMs > 0 && ctx.now - before.deliveredAt < minIdleMs) continue;
    take(ctx, place, { id, consumer, before, options });
    claimed.push(justId ? printId(id) : entryReply(entry));
  }
  return [printId(next), claimed, deleted];
}
