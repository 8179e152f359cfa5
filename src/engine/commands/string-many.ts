import { redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readExpiryAmount } from './expiry.ts';

/** Several strings with one expiry and one condition. https://redis.io/docs/latest/commands/msetex/ */

export const stringManyCommands = [
  command(
    `MSETEX numkeys:int <key value [key value ...]> [NX | XX] [EX seconds:int | PX milliseconds:int |
     EXAT unix-time-seconds:unixtime | PXAT unix-time-milliseconds:unixtime | KEEPTTL]`,
    {
      summary: 'Sets several strings with one expiry, if none or all of the keys exist.',
      since: '8.4.0',
      group: 'string',
      complexity: 'O(N) where N is the number of keys to set.',
      flags: ['write', 'denyoom'],
      keyUse: ['OW update'],
      tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
      override: {
        keys: [{ begin: { index: 1 }, find: { keyNumIndex: 0, firstKey: 1, step: 2 } }],
      },
      run: setMany,
    },
  ),
];

const MAX_INT32 = 2 ** 31 - 1;

function setMany(ctx: Context, args: Args): Reply {
  const { db } = ctx;
  const pairs = readPairs(args);
  const { onlyIf, keepTtl, at } = readOptions(ctx, args);
  if (onlyIf && !pairs.every(([key]) => db.has(key) === (onlyIf === 'XX'))) return 0;
  for (const [key, value] of pairs) {
    db.set(key, new StringValue(value), { keepTtl });
    db.changed('set', key);
    if (at === undefined) continue;
    db.expireAt(key, at);
    db.changed('expire', key);
  }
  const flat = pairs.flat();
  const expiry = at === undefined ? (keepTtl ? ['KEEPTTL'] : []) : ['PXAT', String(at)];
  ctx.propagate('MSETEX', String(pairs.length), ...flat, ...expiry);
  return 1;
}

function readPairs(args: Args): (readonly [key: string, value: string])[] {
  const numkeys = args.range(1, MAX_INT32, 'ERR invalid numkeys value');
  if (numkeys * 2 > args.left) throw redisError('ERR wrong number of key-value pairs');
  return Array.from({ length: numkeys }, () => [args.string(), args.string()] as const);
}

interface Options {
  onlyIf: 'NX' | 'XX' | undefined;
  keepTtl: boolean;
  /** Ms since 1970. */
  at: number | undefined;
}

function readOptions(ctx: Context, args: Args): Options {
  const options: Options = { onlyIf: undefined, keepTtl: false, at: undefined };
  let expiry: (() => number) | undefined;
  while (!args.done) {
    const condition = args.oneOf('NX', 'XX');
    if (condition) {
      if ((options.onlyIf ?? condition) !== condition) throw syntaxError();
      options.onlyIf = condition;
    } else if (args.token('KEEPTTL')) {
      if (expiry) throw syntaxError();
      options.keepTtl = true;
    } else {
      const unit = args.left > 1 ? args.oneOf('EX', 'PX', 'EXAT', 'PXAT') : undefined;
      if (!unit || expiry || options.keepTtl) throw syntaxError();
      const amount = args.string();
      expiry = () => readExpiryAmount(ctx, amount, unit, 'msetex');
    }
  }
  options.at = expiry?.();
  return options;
}
