import { mustBePositive, syntaxError } from '../errors.ts';
import { Double, nullArray, type Reply } from '../resp/reply.ts';
import type { Scored } from '../values/sorted-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { scoredReply } from './sorted-set.ts';
import { parseTimeout, readTimeout } from './timeout.ts';
import { Wait } from './wait.ts';

/** Taking the lowest or highest members, and waiting for some. https://redis.io/docs/latest/commands/zpopmin/ */

type End = 'min' | 'max';

const popping = {
  group: 'sorted-set',
  complexity: 'O(log(N)*M) where N is the size of the sorted set and M the number popped.',
  flags: ['write', 'fast'],
  keyUse: ['RW access delete'],
} as const;

export const sortedSetPopCommands = [
  command('ZPOPMIN key [count:int]', {
    ...popping,
    summary: 'Removes and returns the members with the lowest scores.',
    since: '5.0.0',
    run: (ctx, args) => pop(ctx, args, 'min'),
  }),
  command('ZPOPMAX key [count:int]', {
    ...popping,
    summary: 'Removes and returns the members with the highest scores.',
    since: '5.0.0',
    run: (ctx, args) => pop(ctx, args, 'max'),
  }),
  command('ZMPOP numkeys:int key [key ...] <MIN | MAX> [COUNT count:int]', {
    ...popping,
    flags: ['write'],
    summary: 'Takes members from the first sorted set that is not empty.',
    since: '7.0.0',
    run: (ctx, args) => popMany(ctx, readPopMany(args)) ?? nullArray,
  }),
  command('BZPOPMIN key [key ...] timeout:double', {
    ...popping,
    flags: ['write', 'noscript', 'blocking', 'fast'],
    summary: 'Takes the lowest member of the first sorted set that has one; waits until one has.',
    since: '5.0.0',
    history: [['6.0.0', 'The timeout may have a fraction.']],
    run: (ctx, args) => blockingPop(ctx, args, 'min'),
  }),
  command('BZPOPMAX key [key ...] timeout:double', {
    ...popping,
    flags: ['write', 'noscript', 'blocking', 'fast'],
    summary: 'Takes the highest member of the first sorted set that has one; waits until one has.',
    since: '5.0.0',
    history: [['6.0.0', 'The timeout may have a fraction.']],
    run: (ctx, args) => blockingPop(ctx, args, 'max'),
  }),
  command('BZMPOP timeout:double numkeys:int key [key ...] <MIN | MAX> [COUNT count:int]', {
    ...popping,
    flags: ['write', 'blocking'],
    summary: 'Takes members from the first sorted set that is not empty; waits until one is.',
    since: '7.0.0',
    run(ctx, args) {
      const timeout = args.string();
      const request = readPopMany(args);
      const timeoutMs = parseTimeout(timeout);
      const popped = popMany(ctx, request);
      return (
        popped ?? new Wait({ keys: request.keys, type: 'zset', timeoutMs, onTimeout: nullArray })
      );
    },
  }),
];

/** Takes members off an end and says so. Undefined when there is no such sorted set. */
function popFrom({ db }: Context, key: string, end: End, count: number): Scored[] | undefined {
  const zset = db.get(key, 'zset');
  if (!zset) return undefined;
  const from = end === 'min' ? 0 : Math.max(zset.size - count, 0);
  const popped = zset.removeRange({ from, to: Math.min(from + count, zset.size) });
  if (count > 0) db.changedCollection(`zpop${end}`, key, zset.size);
  return end === 'min' ? popped : popped.reverse();
}

/** Without a count RESP3 gives the one pair flat, with a count a list of pairs. */
function pop(ctx: Context, args: Args, end: End): Reply {
  const key = args.string();
  if (args.left > 1) throw syntaxError();
  const count = args.done ? undefined : args.index(mustBePositive);
  if (count !== undefined && count < 0) throw mustBePositive();
  const popped = popFrom(ctx, key, end, count ?? 1) ?? [];
  if (count !== undefined) return scoredReply(popped);
  return popped.flatMap(({ member, score }) => [member, new Double(score)]);
}

function blockingPop(ctx: Context, args: Args, end: End): Reply | Wait {
  const keys = args.take(args.left - 1);
  const timeoutMs = readTimeout(args);
  for (const key of keys) {
    const [popped] = popFrom(ctx, key, end, 1) ?? [];
    if (!popped) continue;
    ctx.propagate(`ZPOP${end.toUpperCase()}`, key);
    return [key, popped.member, new Double(popped.score)];
  }
  return new Wait({ keys, type: 'zset', timeoutMs, onTimeout: nullArray });
}

interface PopMany {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
}

const MAX_COUNT = 2 ** 63;

function readPopMany(args: Args): PopMany {
  const numkeys = args.range(1, MAX_COUNT, 'ERR numkeys should be greater than 0');
  if (numkeys >= args.left) throw syntaxError();
  const keys = args.take(numkeys);
  const end = args.oneOf('MIN', 'MAX');
  if (!end) throw syntaxError();
  let count: number | undefined;
  while (!args.done) {
    if (count !== undefined || args.left < 2 || !args.token('COUNT')) throw syntaxError();
    count = args.range(1, MAX_COUNT, 'ERR count should be greater than 0');
  }
  return { keys, end: end === 'MIN' ? 'min' : 'max', count: count ?? 1 };
}

function popMany(ctx: Context, { keys, end, count }: PopMany): Reply | undefined {
  for (const key of keys) {
    const popped = popFrom(ctx, key, end, count);
    if (!popped) continue;
    ctx.propagate(`ZPOP${end.toUpperCase()}`, key, String(popped.length));
    return [key, popped.map(({ member, score }) => [member, new Double(score)])];
  }
  return undefined;
}
