import { syntaxError } from '../errors.ts';
import { nullArray, type Reply } from '../resp/reply.ts';
import { ListValue } from '../values/list.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { type Ends, type Keys, nameOf, readEnd } from './list-blocking.ts';
import { readTimeout } from './timeout.ts';
import { Wait } from './wait.ts';

/** Moving several elements from one list to another. https://redis.io/docs/latest/commands/lmovem/ */

const row = {
  group: 'list',
  since: '8.10.0',
  complexity: 'O(N) where N is the number of elements moved.',
  keyUse: ['RW access delete', 'RW insert'],
} as const;

const ENDS = '<LEFT | RIGHT> <LEFT | RIGHT>';
const HOW_MANY = '[<<COUNT count:int | EXACTLY exactly:int> <OBO | BULK>>]';

export const listMoveManyCommands = [
  command(`LMOVEM source:key destination:key ${ENDS} ${HOW_MANY}`, {
    ...row,
    summary: 'Takes elements from one end of a list and adds them to an end of another.',
    flags: ['write', 'denyoom'],
    run(ctx, args) {
      const keys = [args.string(), args.string()] as const;
      const ends = [readEnd(args), readEnd(args)] as const;
      return moveMany(ctx, { keys, ends, ...readHowMany(args) }) ?? nullArray;
    },
  }),
  command(`BLMOVEM source:key destination:key ${ENDS} timeout:double ${HOW_MANY}`, {
    ...row,
    summary: 'Moves elements from one list to another; waits until there are enough.',
    flags: ['write', 'denyoom', 'blocking'],
    run: blockingMoveMany,
  }),
];

interface HowMany {
  readonly count: number;
  /** All or none. */
  readonly exactly: boolean;
  /** In the order in which they stood; otherwise one by one, as LMOVE would. */
  readonly inBulk: boolean;
}

interface Move extends HowMany {
  readonly keys: Keys;
  readonly ends: Ends;
}

function readHowMany(args: Args): HowMany {
  if (args.done) return { count: 1, exactly: false, inBulk: true };
  const selector = args.oneOf('COUNT', 'EXACTLY');
  if (!selector) throw syntaxError();
  const count = args.range(1, 2 ** 63, 'ERR count should be greater than 0');
  const order = args.oneOf('OBO', 'BULK');
  if (!order) throw syntaxError();
  args.end();
  return { count, exactly: selector === 'EXACTLY', inBulk: order === 'BULK' };
}

/** Returns what was moved, in the order in which it stands then; undefined when nothing was. */
function moveMany(ctx: Context, move: Move): readonly string[] | undefined {
  const { db, limits } = ctx;
  const [from, to] = move.keys;
  const [fromEnd, toEnd] = move.ends;
  const source = db.get(from, 'list');
  if (!source) return undefined;
  const present = from === to ? source : db.get(to, 'list');
  if (move.exactly && source.size < move.count) return undefined;
  const count = Math.min(move.count, source.size);
  const taken = Array.from({ length: count }, () => source.pop(fromEnd, limits) as string);
  // The order of the source where they go in bulk, else that of arrival.
  const isTurned = move.inBulk ? fromEnd === 'tail' : toEnd === 'head';
  const block = isTurned ? taken.toReversed() : taken;
  const target = present ?? new ListValue();
  target.push(toEnd, toEnd === 'head' ? block.toReversed() : block, limits);
  if (!present) db.set(to, target);
  db.changed(toEnd === 'head' ? 'lpush' : 'rpush', to);
  db.changedCollection(fromEnd === 'head' ? 'lpop' : 'rpop', from, source.size);
  return block;
}

function blockingMoveMany(ctx: Context, args: Args): Reply | Wait {
  const keys = [args.string(), args.string()] as const;
  const ends = [readEnd(args), readEnd(args)] as const;
  const timeoutMs = readTimeout(args);
  const howMany = readHowMany(args);
  const moved = moveMany(ctx, { keys, ends, ...howMany });
  if (!moved) return new Wait({ keys: [keys[0]], type: 'list', timeoutMs, onTimeout: nullArray });
  const order = howMany.inBulk ? 'BULK' : 'OBO';
  const exactly = ['EXACTLY', String(moved.length), order];
  ctx.propagate('LMOVEM', ...keys, ...ends.map(nameOf), ...exactly);
  return moved;
}
