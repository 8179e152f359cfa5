import { syntaxError } from '../errors.ts';
import { nullArray, type Reply } from '../resp/reply.ts';
import { type End, ListValue } from '../values/list.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { popFrom } from './list.ts';
import { parseTimeout, readTimeout } from './timeout.ts';
import { Wait } from './wait.ts';

/** Moving between lists, popping from the first of several, and waiting for elements to come. */

const moving = {
  group: 'list',
  flags: ['write', 'denyoom'],
  keyUse: ['RW access delete', 'RW insert'],
} as const;

const waiting = {
  group: 'list',
  flags: ['write', 'noscript', 'blocking'],
  keyUse: ['RW access delete'],
} as const;

const ENDS = '<LEFT | RIGHT>';

export const listBlockingCommands = [
  command('RPOPLPUSH source:key destination:key', {
    ...moving,
    summary: 'Takes the last element of a list and prepends it to another.',
    since: '1.2.0',
    complexity: 'O(1)',
    deprecated: { since: '6.2.0', instead: '`LMOVE` with the `RIGHT` and `LEFT` arguments' },
    run: (ctx, args) => move(ctx, [args.string(), args.string()], ['tail', 'head']) ?? null,
  }),
  command(`LMOVE source:key destination:key ${ENDS} ${ENDS}`, {
    ...moving,
    summary: 'Takes an element from one end of a list and adds it to an end of another.',
    since: '6.2.0',
    complexity: 'O(1)',
    run(ctx, args) {
      const keys = [args.string(), args.string()] as const;
      return move(ctx, keys, [readEnd(args), readEnd(args)]) ?? null;
    },
  }),
  command('LMPOP numkeys:int key [key ...] <LEFT | RIGHT> [COUNT count:int]', {
    summary: 'Takes elements from the first list that is not empty.',
    since: '7.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the number of keys and M the number of elements returned.',
    flags: ['write'],
    keyUse: ['RW access delete'],
    run: (ctx, args) => popMany(ctx, readPopMany(args)) ?? nullArray,
  }),
  command('BLPOP key [key ...] timeout:double', {
    ...waiting,
    summary: 'Takes the first element of the first list that has one; waits until one has.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of keys.',
    history: [['6.0.0', 'The timeout may have a fraction.']],
    run: (ctx, args) => blockingPop(ctx, args, 'head'),
  }),
  command('BRPOP key [key ...] timeout:double', {
    ...waiting,
    summary: 'Takes the last element of the first list that has one; waits until one has.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of keys.',
    history: [['6.0.0', 'The timeout may have a fraction.']],
    run: (ctx, args) => blockingPop(ctx, args, 'tail'),
  }),
  command('BRPOPLPUSH source:key destination:key timeout:double', {
    ...moving,
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    summary: 'Takes the last element of a list, when there is one, and prepends it to another.',
    since: '2.2.0',
    complexity: 'O(1)',
    deprecated: { since: '6.2.0', instead: '`BLMOVE` with the `RIGHT` and `LEFT` arguments' },
    run(ctx, args) {
      const keys = [args.string(), args.string()] as const;
      return blockingMove(ctx, keys, ['tail', 'head'], readTimeout(args), ['RPOPLPUSH', ...keys]);
    },
  }),
  command(`BLMOVE source:key destination:key ${ENDS} ${ENDS} timeout:double`, {
    ...moving,
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    summary: 'Moves an element from one list to another; waits until there is one.',
    since: '6.2.0',
    complexity: 'O(1)',
    run(ctx, args) {
      const keys = [args.string(), args.string()] as const;
      const ends = [readEnd(args), readEnd(args)] as const;
      return blockingMove(ctx, keys, ends, readTimeout(args));
    },
  }),
  command('BLMPOP timeout:double numkeys:int key [key ...] <LEFT | RIGHT> [COUNT count:int]', {
    ...waiting,
    flags: ['write', 'blocking'],
    summary: 'Takes elements from the first list that is not empty; waits until one is.',
    since: '7.0.0',
    complexity: 'O(N+M) where N is the number of keys and M the number of elements returned.',
    run(ctx, args) {
      const timeout = args.string();
      const request = readPopMany(args);
      const timeoutMs = parseTimeout(timeout);
      const popped = popMany(ctx, request);
      return (
        popped ?? new Wait({ keys: request.keys, type: 'list', timeoutMs, onTimeout: nullArray })
      );
    },
  }),
];

export type Keys = readonly [from: string, to: string];
export type Ends = readonly [from: End, to: End];

/** LEFT or RIGHT. */
export function readEnd(args: Args): End {
  const end = args.oneOf('LEFT', 'RIGHT');
  if (!end) throw syntaxError();
  return end === 'LEFT' ? 'head' : 'tail';
}

export const nameOf = (end: End) => (end === 'head' ? 'LEFT' : 'RIGHT');

/** Moves one element. Undefined when the source is empty; the destination's type is checked first. */
function move(ctx: Context, [from, to]: Keys, [fromEnd, toEnd]: Ends): string | undefined {
  const source = ctx.db.get(from, 'list');
  if (!source) return undefined;
  const target = from === to ? source : ctx.db.get(to, 'list');
  const popped = fromEnd === 'head' ? 'lpop' : 'rpop';
  const pushed = toEnd === 'head' ? 'lpush' : 'rpush';
  if (source === target) {
    const element = source.rotate(fromEnd, toEnd, ctx.limits);
    ctx.db.changed(pushed, to);
    ctx.db.changed(popped, from);
    return element;
  }
  const element = source.pop(fromEnd, ctx.limits) as string;
  const list = target ?? new ListValue();
  list.push(toEnd, [element], ctx.limits);
  if (!target) ctx.db.set(to, list);
  ctx.db.changed(pushed, to);
  ctx.db.changedCollection(popped, from, source.size);
  return element;
}

/** `told` is what does the same elsewhere, without waiting. */
function blockingMove(
  ctx: Context,
  keys: Keys,
  ends: Ends,
  timeoutMs: number,
  told: readonly string[] = ['LMOVE', ...keys, ...ends.map(nameOf)],
): Reply | Wait {
  const moved = move(ctx, keys, ends);
  if (moved === undefined)
    return new Wait({ keys: [keys[0]], type: 'list', timeoutMs, onTimeout: null });
  ctx.propagate(...told);
  return moved;
}

function blockingPop(ctx: Context, args: Args, end: End): Reply | Wait {
  const keys = args.take(args.left - 1);
  const timeoutMs = readTimeout(args);
  for (const key of keys) {
    const list = ctx.db.get(key, 'list');
    if (!list) continue;
    const popped = popFrom(ctx, key, list, end, 1);
    ctx.propagate(end === 'head' ? 'LPOP' : 'RPOP', key);
    return [key, ...popped];
  }
  return new Wait({ keys, type: 'list', timeoutMs, onTimeout: nullArray });
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
  const end = readEnd(args);
  let count: number | undefined;
  while (!args.done) {
    if (count !== undefined || args.left < 2 || !args.token('COUNT')) throw syntaxError();
    count = args.range(1, MAX_COUNT, 'ERR count should be greater than 0');
  }
  return { keys, end, count: count ?? 1 };
}

function popMany(ctx: Context, { keys, end, count }: PopMany): Reply | undefined {
  for (const key of keys) {
    const list = ctx.db.get(key, 'list');
    if (!list) continue;
    const popped = popFrom(ctx, key, list, end, count);
    ctx.propagate(end === 'head' ? 'LPOP' : 'RPOP', key, String(popped.length));
    return [key, popped];
  }
  return undefined;
}
