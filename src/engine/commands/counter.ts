import {
  addLongDoubles,
  type LongDouble,
  parseLongDouble,
  printLongDouble,
} from '../bytes/long-double.ts';
import { parseInteger, parseSafeInteger } from '../bytes/numbers.ts';
import { notAFloat, notAnInteger, overflow, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Strings that are numbers. https://redis.io/docs/latest/develop/data-types/strings/#strings-as-counters */

const row = {
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  keyUse: ['RW access update'],
} as const;

export const counterCommands = [
  command('INCR key', {
    ...row,
    summary: 'Adds one to the integer value of a key, which counts as 0 when it does not exist.',
    since: '1.0.0',
    run: (ctx, args) => incrementBy(ctx, args.string(), 1),
  }),
  command('DECR key', {
    ...row,
    summary: 'Takes one from the integer value of a key, which counts as 0 when it does not exist.',
    since: '1.0.0',
    run: (ctx, args) => incrementBy(ctx, args.string(), -1),
  }),
  command('INCRBY key increment:int', {
    ...row,
    summary: 'Adds a number to the integer value of a key.',
    since: '1.0.0',
    run: (ctx, args) => incrementBy(ctx, args.string(), args.int()),
  }),
  command('DECRBY key decrement:int', {
    ...row,
    summary: 'Takes a number from the integer value of a key.',
    since: '1.0.0',
    run(ctx, args) {
      const key = args.string();
      const by = args.int();
      if (by === -(2n ** 63n)) throw redisError('ERR decrement would overflow');
      return incrementBy(ctx, key, -by);
    },
  }),
  command('INCRBYFLOAT key increment:double', {
    ...row,
    summary: 'Adds a floating point number to the value of a key.',
    since: '2.6.0',
    run: incrementByFloat,
  }),
];

/** The sum must fit into 64 bits. */
function incrementBy(ctx: Context, key: string, by: bigint | number): Reply {
  const old = ctx.db.get(key, 'string');
  const sum = addIntegers(old?.counted ?? old?.bytes ?? 0, by);
  const content = typeof sum === 'number' ? sum : String(sum);
  if (old) old.become(content);
  else ctx.db.set(key, new StringValue(content));
  ctx.db.changed('incrby', key);
  return sum;
}

/** Adds to an integer, or to one in its string form; shared with HINCRBY. */
export function addIntegers(
  to: string | number,
  by: bigint | number,
  notInteger = notAnInteger,
): bigint | number {
  const small = typeof to === 'number' ? to : parseSafeInteger(to);
  const step = Number(by);
  if (small !== undefined && Number.isSafeInteger(step) && Number.isSafeInteger(small + step)) {
    return small + step;
  }
  const before = parseInteger(String(to));
  if (before === undefined) throw notInteger();
  const after = before + BigInt(by);
  if (BigInt.asIntN(64, after) !== after) throw overflow();
  return after;
}

function incrementByFloat(ctx: Context, args: Args): Reply {
  const key = args.string();
  const by = args.string();
  const old = ctx.db.get(key, 'string');
  const sum = addFloats(old?.bytes ?? '0', by);
  ctx.db.set(key, new StringValue(sum, 'float'), { keepTtl: true });
  ctx.db.changed('incrbyfloat', key);
  // Replicas get the result, so that their arithmetic cannot differ.
  ctx.propagate('SET', key, sum, 'KEEPTTL');
  return sum;
}

/** Adds two floats in their string forms as long doubles. Returns how Redis prints the sum. */
export function addFloats(text: string, by: string, notFloat = notAFloat): string {
  const before = parseLongDouble(text);
  if (before === undefined) throw notFloat();
  const increment = parseLongDouble(by);
  if (increment === undefined) throw notAFloat();
  if (isInfinite(before) || isInfinite(increment)) throw notFinite();
  const sum = addLongDoubles(before, increment);
  if (!sum) throw notFinite();
  return printLongDouble(sum);
}

const isInfinite = (value: LongDouble | 'inf' | '-inf'): value is 'inf' | '-inf' =>
  typeof value === 'string';

const notFinite = () => redisError('ERR increment would produce NaN or Infinity');
