import { parseInteger } from '../bytes/numbers.ts';
import { cString, invalidExpire, notAnInteger, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { type ExpiryCondition, expiryConditions } from './expiry.ts';

/** Keys that live for a limited time. https://redis.io/docs/latest/commands/expire/ */

const setting = {
  group: 'generic',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  keyUse: ['RW update'],
  history: [['7.0.0', 'Added NX, XX, GT and LT.']],
} as const;

const asking = {
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  keyUse: ['RO access'],
} as const;

const OPTIONS = '[NX | XX | GT | LT]';

export const expireCommands = [
  command(`EXPIRE key seconds:int ${OPTIONS}`, {
    ...setting,
    summary: 'Sets in how many seconds a key expires.',
    since: '1.0.0',
    run: (ctx, args) => expire(ctx, args, { name: 'expire', unitMs: 1000n, fromNow: true }),
  }),
  command(`PEXPIRE key milliseconds:int ${OPTIONS}`, {
    ...setting,
    summary: 'Sets in how many milliseconds a key expires.',
    since: '2.6.0',
    run: (ctx, args) => expire(ctx, args, { name: 'pexpire', unitMs: 1n, fromNow: true }),
  }),
  command(`EXPIREAT key unix-time-seconds:unixtime ${OPTIONS}`, {
    ...setting,
    summary: 'Sets the second, since 1970, at which a key expires.',
    since: '1.2.0',
    run: (ctx, args) => expire(ctx, args, { name: 'expireat', unitMs: 1000n, fromNow: false }),
  }),
  command(`PEXPIREAT key unix-time-milliseconds:unixtime ${OPTIONS}`, {
    ...setting,
    summary: 'Sets the millisecond, since 1970, at which a key expires.',
    since: '2.6.0',
    run: (ctx, args) => expire(ctx, args, { name: 'pexpireat', unitMs: 1n, fromNow: false }),
  }),
  command('PERSIST key', {
    ...setting,
    history: [],
    summary: "Takes a key's expiry away.",
    since: '2.2.0',
    run({ db }, args) {
      const key = args.string();
      if (!db.lookUp(key) || !db.persist(key)) return 0;
      db.changed('persist', key);
      return 1;
    },
  }),
  command('TTL key', {
    ...asking,
    summary: 'Returns in how many seconds a key expires; -1 is never, -2 no such key.',
    since: '1.0.0',
    tips: ['nondeterministic_output'],
    run: (ctx, args) => remaining(ctx, args, (ms) => Math.floor((ms + 500) / 1000)),
  }),
  command('PTTL key', {
    ...asking,
    summary: 'Returns in how many milliseconds a key expires; -1 is never, -2 no such key.',
    since: '2.6.0',
    tips: ['nondeterministic_output'],
    run: (ctx, args) => remaining(ctx, args, (ms) => ms),
  }),
  command('EXPIRETIME key', {
    ...asking,
    summary: 'Returns the second, since 1970, at which a key expires.',
    since: '7.0.0',
    run: (ctx, args) => instant(ctx, args, (ms) => Math.floor((ms + 500) / 1000)),
  }),
  command('PEXPIRETIME key', {
    ...asking,
    summary: 'Returns the millisecond, since 1970, at which a key expires.',
    since: '7.0.0',
    run: (ctx, args) => instant(ctx, args, (ms) => ms),
  }),
];

interface Kind {
  readonly name: string;
  readonly unitMs: bigint;
  readonly fromNow: boolean;
}

const MAX_MS = 2n ** 63n - 1n;

function expire(ctx: Context, args: Args, kind: Kind): Reply {
  const key = args.string();
  const amountText = args.string();
  const options = args.argv.slice(args.argv.length - args.left);
  const allows = readCondition(args);
  const at = readInstant(ctx, amountText, kind);
  if (!ctx.db.lookUp(key) || !allows(ctx.db.expiryOf(key), at)) return 0;
  if (at > ctx.now) {
    ctx.db.expireAt(key, at);
    ctx.db.changed('expire', key);
    ctx.propagate('PEXPIREAT', key, String(at), ...options);
    return 1;
  }
  ctx.db.delete(key);
  ctx.db.changed('del', key);
  ctx.propagate('DEL', key);
  return 1;
}

function readInstant(ctx: Context, text: string, { name, unitMs, fromNow }: Kind): number {
  const amount = parseInteger(text);
  if (amount === undefined) throw notAnInteger();
  const ms = amount * unitMs;
  const at = ms + (fromNow ? BigInt(ctx.now) : 0n);
  if (ms > MAX_MS || ms < -MAX_MS - 1n || at > MAX_MS) throw invalidExpire(name);
  return Number(at);
}

/** All the conditions that are given, as one. */
function readCondition(args: Args): (present: number | undefined, next: number) => boolean {
  const given = new Set<ExpiryCondition>();
  while (!args.done) {
    const option = args.oneOf('NX', 'XX', 'GT', 'LT');
    if (!option) throw redisError(`ERR Unsupported option ${cString(args.string())}`);
    given.add(option);
  }
  if (given.has('NX') && given.size > 1) {
    throw redisError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (given.has('GT') && given.has('LT')) {
    throw redisError('ERR GT and LT options at the same time are not compatible');
  }
  return (present, next) => [...given].every((option) => expiryConditions[option](present, next));
}

function remaining(ctx: Context, args: Args, print: (ms: number) => number): Reply {
  const key = args.string();
  if (!ctx.db.inspect(key)) return -2;
  const at = ctx.db.expiryOf(key);
  return at === undefined ? -1 : print(Math.max(at - ctx.now, 0));
}

function instant(ctx: Context, args: Args, print: (ms: number) => number): Reply {
  const key = args.string();
  if (!ctx.db.inspect(key)) return -2;
  const at = ctx.db.expiryOf(key);
  return at === undefined ? -1 : print(at);
}
