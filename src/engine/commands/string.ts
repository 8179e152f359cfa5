import { parseInteger } from '../bytes/numbers.ts';
import { overflow, redisError, stringTooLong } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readExpiry } from './expiry.ts';

/** The string commands. https://redis.io/docs/latest/commands/?group=string */

export const stringCommands = [
  command('GET key', {
    summary: 'Returns the string value of a key.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO access'],
    run: ({ db }, args) => db.get(args.string(), 'string')?.bytes ?? null,
  }),
  command(
    `SET key value [NX | XX] [GET] [EX seconds:int | PX milliseconds:int |
     EXAT unix-time-seconds:unixtime | PXAT unix-time-milliseconds:unixtime | KEEPTTL]`,
    {
      summary: 'Sets the string value of a key, whatever it held before.',
      since: '1.0.0',
      group: 'string',
      complexity: 'O(1)',
      flags: ['write', 'denyoom'],
      keyUse: ['RW access update variable_flags'],
      run: set,
    },
  ),
  command('INCR key', {
    summary: 'Adds one to the integer value of a key, which counts as 0 when it does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW access update'],
    run: (ctx, args) => incrementBy(ctx, args.string(), 1n),
  }),
  command('APPEND key value', {
    summary: 'Appends a string to the value of a key. Creates the key if it does not exist.',
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW insert'],
    run(ctx, args) {
      const key = args.string();
      const tail = args.string();
      const value = ctx.db.get(key, 'string');
      const bytes = (value?.bytes ?? '') + tail;
      checkLength(ctx, bytes.length);
      ctx.db.set(key, value ? StringValue.edited(bytes) : new StringValue(bytes), { keepTtl: true });
      ctx.db.changed('append', key);
      return bytes.length;
    },
  }),
];

interface SetOptions {
  onlyIf?: 'NX' | 'XX';
  get: boolean;
  keepTtl: boolean;
  /** ms since 1970. */
  expireAt?: number;
}

function set(ctx: Context, args: Args): Reply {
  const key = args.string();
  const bytes = args.string();
  const options = args.done ? plainSet : readSetOptions(ctx, args);
  const old = options.get ? ctx.db.get(key, 'string') : undefined;
  const reply = options.get ? (old?.bytes ?? null) : ok;
  if (options.onlyIf && ctx.db.has(key) !== (options.onlyIf === 'XX')) {
    return options.get ? reply : null;
  }
  ctx.db.set(key, new StringValue(bytes), options);
  ctx.db.changed('set', key);
  if (options.expireAt !== undefined) {
    ctx.db.expireAt(key, options.expireAt);
    ctx.db.changed('expire', key);
    ctx.propagate('SET', key, bytes, 'PXAT', String(options.expireAt));
  }
  return reply;
}

const plainSet: SetOptions = { get: false, keepTtl: false };

function readSetOptions(ctx: Context, args: Args): SetOptions {
  const options: SetOptions = { get: false, keepTtl: false };
  while (!args.done) {
    const condition = options.onlyIf === undefined ? args.oneOf('NX', 'XX') : undefined;
    if (condition) options.onlyIf = condition;
    else if (args.token('GET')) options.get = true;
    else if (options.expireAt === undefined && args.token('KEEPTTL')) options.keepTtl = true;
    else if (options.expireAt !== undefined || options.keepTtl) throw redisError('ERR syntax error');
    else options.expireAt = readExpiry(ctx, args, 'set');
  }
  return options;
}

/** INCR, DECR, INCRBY and DECRBY. The sum must fit into 64 bits. */
function incrementBy(ctx: Context, key: string, by: bigint): Reply {
  const old = ctx.db.get(key, 'string');
  const before = old ? parseInteger(old.bytes) : 0n;
  if (before === undefined) throw redisError('ERR value is not an integer or out of range');
  const after = before + by;
  if (BigInt.asIntN(64, after) !== after) throw overflow();
  ctx.db.set(key, new StringValue(String(after)), { keepTtl: true });
  ctx.db.changed('incrby', key);
  return after;
}

function checkLength(ctx: Context, length: number): void {
  if (length > ctx.limits.protoMaxBulkLen) throw stringTooLong();
}

