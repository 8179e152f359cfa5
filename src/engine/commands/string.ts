import { redisError, stringTooLong, syntaxError, wrongArity } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readExpiryAmount } from './expiry.ts';
import {
  CONDITIONS,
  conditionsSince,
  readValueCondition,
  type ValueCondition,
} from './string-compare.ts';

/** Strings read and written whole or in part. https://redis.io/docs/latest/commands/?group=string */

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
    `SET key value [NX | XX | ${CONDITIONS}] [GET] [EX seconds:int | PX milliseconds:int | EXAT unix-time-seconds:unixtime | PXAT unix-time-milliseconds:unixtime | KEEPTTL]`,
    {
      readsKeys: true,
      summary: 'Sets the string value of a key, whatever it held before.',
      since: '1.0.0',
      group: 'string',
      complexity: 'O(1)',
      flags: ['write', 'denyoom'],
      keyUse: ['RW access update variable_flags'],
      history: [
        ['2.6.12', 'Added EX, PX, NX and XX.'],
        ['6.0.0', 'Added KEEPTTL.'],
        ['6.2.0', 'Added GET, EXAT and PXAT.'],
        ['7.0.0', 'Allowed NX and GET together.'],
        ['8.4.0', 'Added IFEQ, IFNE, IFDEQ and IFDNE.'],
      ],
      optionsSince: conditionsSince,
      run: set,
    },
  ),
  command('SETNX key value', {
    summary: 'Sets the string value of a key only when the key does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['OW insert'],
    deprecated: { since: '2.6.12', instead: '`SET` with the `NX` argument' },
    run(ctx, args) {
      const key = args.string();
      if (ctx.db.has(key)) return 0;
      store(ctx, key, args.string());
      return 1;
    },
  }),
  command('SETEX key seconds:int value', {
    summary: 'Sets the string value of a key and when it expires. Creates the key if needed.',
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update'],
    deprecated: { since: '2.6.12', instead: '`SET` with the `EX` argument' },
    run: (ctx, args) => setWithExpiry(ctx, args, 'EX', 'setex'),
  }),
  command('PSETEX key milliseconds:int value', {
    summary: 'Sets the string value of a key and in how many milliseconds it expires.',
    since: '2.6.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update'],
    deprecated: { since: '2.6.12', instead: '`SET` with the `PX` argument' },
    run: (ctx, args) => setWithExpiry(ctx, args, 'PX', 'psetex'),
  }),
  command('GETSET key value', {
    readsKeys: true,
    summary: 'Sets the string value of a key and returns the one it had.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW access update'],
    deprecated: { since: '6.2.0', instead: '`SET` with the `GET` argument' },
    run(ctx, args) {
      const key = args.string();
      const old = ctx.db.get(key, 'string');
      store(ctx, key, args.string());
      ctx.propagate('SET', ...args.argv.slice(1));
      return old?.bytes ?? null;
    },
  }),
  command('GETDEL key', {
    readsKeys: true,
    summary: 'Returns the string value of a key and deletes the key.',
    since: '6.2.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    keyUse: ['RW access delete'],
    run(ctx, args) {
      const key = args.string();
      const value = ctx.db.get(key, 'string');
      if (!value) return null;
      ctx.db.delete(key);
      ctx.db.changed('del', key);
      ctx.propagate('DEL', key);
      return value.bytes;
    },
  }),
  command(
    `GETEX key [EX seconds:int | PX milliseconds:int | EXAT unix-time-seconds:unixtime | PXAT unix-time-milliseconds:unixtime | PERSIST]`,
    {
      readsKeys: true,
      summary: 'Returns the string value of a key and sets, or takes away, its expiry.',
      since: '6.2.0',
      group: 'string',
      complexity: 'O(1)',
      flags: ['write', 'fast'],
      keyUse: ['RW access update'],
      run: getAndExpire,
    },
  ),
  command('STRLEN key', {
    summary: 'Returns the length of a string value in bytes.',
    since: '2.2.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => db.get(args.string(), 'string')?.length ?? 0,
  }),
  command('GETRANGE key start:int end:int', {
    summary: 'Returns a part of the string value of a key.',
    since: '2.4.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the returned part.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    run: getRange,
  }),
  command('SUBSTR key start:int end:int', {
    summary: 'Returns a part of the string value of a key: the old name of GETRANGE.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the returned part.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    deprecated: { since: '2.0.0', instead: '`GETRANGE`' },
    run: getRange,
  }),
  command('SETRANGE key offset:int value', {
    summary: 'Overwrites a part of a string value; a gap before it is filled with zero bytes.',
    since: '2.2.0',
    group: 'string',
    complexity: 'O(M) where M is the length of the value.',
    flags: ['write', 'denyoom'],
    keyUse: ['RW update'],
    run: setRange,
  }),
  command('APPEND key value', {
    summary: 'Appends a string to the value of a key. Creates the key if it does not exist.',
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW insert'],
    run: append,
  }),
  command('MGET key [key ...]', {
    summary: 'Returns the string values of keys, nil for what is missing or no string.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(N) where N is the number of keys.',
    flags: ['readonly', 'fast'],
    keyUse: ['RO access'],
    tips: ['request_policy:multi_shard'],
    run: ({ db }, args) =>
      args.rest().map((key) => {
        const value = db.lookUp(key);
        return value?.type === 'string' ? value.bytes : null;
      }),
  }),
  command('MSET key value [key value ...]', {
    summary: 'Sets the string values of several keys at once.',
    since: '1.0.1',
    group: 'string',
    complexity: 'O(N) where N is the number of keys.',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update'],
    tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
    run(ctx, args) {
      storeAll(ctx, readPairs(args, 'mset'));
      return ok;
    },
  }),
  command('MSETNX key value [key value ...]', {
    summary: 'Sets the string values of several keys, only when none of them exists.',
    since: '1.0.1',
    group: 'string',
    complexity: 'O(N) where N is the number of keys.',
    flags: ['write', 'denyoom'],
    keyUse: ['OW insert'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_min'],
    run(ctx, args) {
      const pairs = readPairs(args, 'msetnx');
      if (pairs.some(([key]) => ctx.db.has(key))) return 0;
      storeAll(ctx, pairs);
      return 1;
    },
  }),
];

function store(ctx: Context, key: string, bytes: string): void {
  ctx.db.set(key, new StringValue(bytes));
  ctx.db.changed('set', key);
}

interface SetOptions {
  onlyIf: 'NX' | 'XX' | undefined;
  valueCondition: ValueCondition | undefined;
  get: boolean;
  keepTtl: boolean;
  /** ms since 1970. */
  expireAt: number | undefined;
}

const plainSet: SetOptions = {
  onlyIf: undefined,
  valueCondition: undefined,
  get: false,
  keepTtl: false,
  expireAt: undefined,
};

function set(ctx: Context, args: Args): Reply {
  const key = args.string();
  const bytes = args.string();
  const options = args.done ? plainSet : readSetOptions(ctx, args);
  const old = options.get ? (ctx.db.get(key, 'string')?.bytes ?? null) : null;
  if (options.onlyIf && ctx.db.has(key) !== (options.onlyIf === 'XX')) return old;
  const condition = options.valueCondition;
  if (condition) {
    const present = ctx.db.get(key, 'string');
    if (!(present ? condition.holds(present.bytes) : condition.holdsWithoutKey)) return old;
    ctx.propagate('SET', key, bytes, ...(options.keepTtl ? ['KEEPTTL'] : []));
  }
  ctx.db.set(key, new StringValue(bytes), options);
  ctx.db.changed('set', key);
  if (options.expireAt !== undefined) {
    ctx.db.expireAt(key, options.expireAt);
    ctx.db.changed('expire', key);
    ctx.propagate('SET', key, bytes, 'PXAT', String(options.expireAt));
  } else if (options.get && !condition) {
    ctx.propagate(...ctx.argv.filter((arg, i) => i < 3 || arg.toUpperCase() !== 'GET'));
  }
  return options.get ? old : ok;
}

/** The options in any order; each kind once, except that NX, XX and GET may repeat themselves. */
function readSetOptions(ctx: Context, args: Args): SetOptions {
  const options = { ...plainSet };
  let expiry: ((ctx: Context) => number) | undefined;
  while (!args.done) {
    const condition = args.oneOf('NX', 'XX');
    const valueCondition = condition ? undefined : readValueCondition(args);
    if (condition) {
      if ((options.onlyIf ?? condition) !== condition || options.valueCondition) {
        throw syntaxError();
      }
      options.onlyIf = condition;
    } else if (valueCondition) {
      if (options.onlyIf || options.valueCondition) throw syntaxError();
      options.valueCondition = valueCondition;
    } else if (args.token('GET')) {
      options.get = true;
    } else if (args.token('KEEPTTL')) {
      if (expiry) throw syntaxError();
      options.keepTtl = true;
    } else {
      if (expiry || options.keepTtl) throw syntaxError();
      expiry = readExpiryLater(args, 'set');
    }
  }
  if (expiry) options.expireAt = expiry(ctx);
  return options;
}

/** SETEX and PSETEX: like SET with an expiry, which replicas see as the instant it means. */
function setWithExpiry(ctx: Context, args: Args, unit: 'EX' | 'PX', name: string): Reply {
  const key = args.string();
  const at = readExpiryAmount(ctx, args.string(), unit, name);
  const bytes = args.string();
  store(ctx, key, bytes);
  ctx.db.expireAt(key, at);
  ctx.db.changed('expire', key);
  ctx.propagate('SET', key, bytes, 'PXAT', String(at));
  return ok;
}

function getAndExpire(ctx: Context, args: Args): Reply {
  const key = args.string();
  const persist = args.token('PERSIST');
  while (args.token('PERSIST')) {
    // Said more than once it means no more.
  }
  const at = persist || args.done ? undefined : readExpiryLater(args, 'getex');
  args.end();
  const value = ctx.db.get(key, 'string');
  if (!value) return null;
  if (persist && ctx.db.persist(key)) {
    ctx.db.changed('persist', key);
    ctx.propagate('PERSIST', key);
  } else if (at) {
    expire(ctx, key, at(ctx));
  }
  return value.bytes;
}

/**
 * Reads `EX seconds` and the like. Whether the amount is a good one is looked at later: by SET after
 * all options, by GETEX only when the key is there.
 */
function readExpiryLater(args: Args, name: string): (ctx: Context) => number {
  const unit = args.oneOf('EX', 'PX', 'EXAT', 'PXAT');
  if (!unit) throw syntaxError();
  const amount = args.string();
  return (ctx) => readExpiryAmount(ctx, amount, unit, name);
}

/** Sets an expiry; one that has passed deletes the key. */
function expire(ctx: Context, key: string, at: number): void {
  if (at > ctx.now) {
    ctx.db.expireAt(key, at);
    ctx.db.changed('expire', key);
    ctx.propagate('PEXPIREAT', key, String(at));
    return;
  }
  ctx.db.delete(key);
  ctx.db.changed('del', key);
  ctx.propagate('DEL', key);
}

function getRange(ctx: Context, args: Args): Reply {
  const key = args.string();
  const start = args.index();
  const end = args.index();
  const bytes = ctx.db.get(key, 'string')?.bytes ?? '';
  // Both before the start, and in the wrong order: Redis does not clamp these to the first byte.
  if (start < 0 && end < 0 && start > end) return '';
  const from = Math.max(start < 0 ? bytes.length + start : start, 0);
  const to = Math.max(end < 0 ? bytes.length + end : end, 0);
  return bytes.slice(from, Math.max(to + 1, from));
}

function setRange(ctx: Context, args: Args): Reply {
  const key = args.string();
  const offset = args.index();
  const patch = args.string();
  if (offset < 0) throw redisError('ERR offset is out of range');
  const old = ctx.db.get(key, 'string')?.bytes ?? '';
  if (patch === '') return old.length;
  checkLength(ctx, offset + patch.length);
  const head = old.slice(0, offset) + '\0'.repeat(Math.max(offset - old.length, 0));
  const bytes = head + patch + old.slice(offset + patch.length);
  ctx.db.set(key, new StringValue(bytes, 'edited'), { keepTtl: true });
  ctx.db.changed('setrange', key);
  return bytes.length;
}

function append(ctx: Context, args: Args): Reply {
  const key = args.string();
  const tail = args.string();
  const old = ctx.db.get(key, 'string');
  const bytes = (old?.bytes ?? '') + tail;
  if (old) checkLength(ctx, bytes.length);
  ctx.db.set(key, new StringValue(bytes, old ? 'edited' : 'whole'), { keepTtl: true });
  ctx.db.changed('append', key);
  return bytes.length;
}

function checkLength(ctx: Context, length: number): void {
  if (length > ctx.limits.protoMaxBulkLen) throw stringTooLong();
}

function readPairs(args: Args, name: string): [string, string][] {
  if (args.left % 2 !== 0) throw wrongArity(name);
  const pairs: [string, string][] = [];
  while (!args.done) pairs.push([args.string(), args.string()]);
  return pairs;
}

function storeAll(ctx: Context, pairs: readonly (readonly [string, string])[]): void {
  for (const [key, bytes] of pairs) store(ctx, key, bytes);
}
