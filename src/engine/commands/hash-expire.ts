import { invalidExpire, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { type HashValue, LATEST_FIELD_EXPIRY } from '../values/hash.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { type ExpiryCondition, type ExpiryUnit, expiryConditions, expiryUnits } from './expiry.ts';

/**
 * Fields of hashes that live for a limited time. A field that has expired can no longer be seen; it is
 * deleted when a command looks at it, or soon after. https://redis.io/docs/latest/commands/hexpire/
 */

const setting = {
  group: 'hash',
  since: '7.4.0',
  complexity: 'O(N) where N is the number of specified fields',
  flags: ['write', 'fast'],
  keyUse: ['RW update'],
} as const;

const asking = {
  group: 'hash',
  since: '7.4.0',
  complexity: 'O(N) where N is the number of specified fields',
  flags: ['readonly', 'fast'],
  keyUse: ['RO access'],
} as const;

const FIELDS = '<FIELDS numfields:int field [field ...]>';
const CONDITION = '[NX | XX | GT | LT]';

export const hashExpireCommands = [
  command(`HEXPIRE key seconds:int ${CONDITION} ${FIELDS}`, {
    ...setting,
    summary: 'Sets in how many seconds fields of a hash expire.',
    run: (ctx, args) => expire(ctx, args, 'EX', 'hexpire'),
  }),
  command(`HPEXPIRE key milliseconds:int ${CONDITION} ${FIELDS}`, {
    ...setting,
    summary: 'Sets in how many milliseconds fields of a hash expire.',
    run: (ctx, args) => expire(ctx, args, 'PX', 'hpexpire'),
  }),
  command(`HEXPIREAT key unix-time-seconds:unixtime ${CONDITION} ${FIELDS}`, {
    ...setting,
    summary: 'Sets the second, since 1970, at which fields of a hash expire.',
    run: (ctx, args) => expire(ctx, args, 'EXAT', 'hexpireat'),
  }),
  command(`HPEXPIREAT key unix-time-milliseconds:unixtime ${CONDITION} ${FIELDS}`, {
    ...setting,
    summary: 'Sets the millisecond, since 1970, at which fields of a hash expire.',
    run: (ctx, args) => expire(ctx, args, 'PXAT', 'hpexpireat'),
  }),
  command(`HPERSIST key ${FIELDS}`, {
    ...setting,
    summary: 'Takes the expiry of fields of a hash away.',
    run: persist,
  }),
  command(`HTTL key ${FIELDS}`, {
    ...asking,
    summary: 'Returns in how many seconds fields expire; -1 is never, -2 no such field.',
    tips: ['nondeterministic_output'],
    run: (ctx, args) => tell(ctx, args, (at) => Math.ceil((at - ctx.now) / 1000)),
  }),
  command(`HPTTL key ${FIELDS}`, {
    ...asking,
    summary: 'Returns in how many milliseconds fields expire; -1 is never, -2 no such field.',
    tips: ['nondeterministic_output'],
    run: (ctx, args) => tell(ctx, args, (at) => at - ctx.now),
  }),
  command(`HEXPIRETIME key ${FIELDS}`, {
    ...asking,
    summary: 'Returns the second, since 1970, at which fields of a hash expire.',
    run: (ctx, args) => tell(ctx, args, (at) => Math.ceil(at / 1000)),
  }),
  command(`HPEXPIRETIME key ${FIELDS}`, {
    ...asking,
    summary: 'Returns the millisecond, since 1970, at which fields of a hash expire.',
    run: (ctx, args) => tell(ctx, args, (at) => at),
  }),
];

/** What HEXPIRE and its like answer for a field. */
const Outcome = { noField: -2, unmet: 0, set: 1, deleted: 2 } as const;

function expire(ctx: Context, args: Args, unit: ExpiryUnit, name: string): Reply {
  const { db } = ctx;
  const key = args.string();
  const hash = db.get(key, 'hash');
  const at = readFieldExpiry(ctx, args, unit, name);
  const condition = args.oneOf('NX', 'XX', 'GT', 'LT');
  const fields = readFields(args, 'ERR Parameter `numFields` should be greater than 0');
  if (!hash) return fields.map(() => Outcome.noField);
  hash.makeExpirable();
  const outcomes = fields.map((field) => expireField(ctx, hash, { field, at, condition }));
  const set = fields.filter((_, i) => outcomes[i] === Outcome.set);
  const deleted = fields.filter((_, i) => outcomes[i] === Outcome.deleted);
  if (set.length > 0) {
    db.noteFieldExpiries(key, hash);
    db.changed('hexpire', key);
    const options = condition ? [condition] : [];
    const named = ['FIELDS', String(set.length), ...set];
    ctx.propagate('HPEXPIREAT', key, String(at), ...options, ...named);
  }
  if (deleted.length > 0) {
    db.changedCollection('hdel', key, hash.size);
    for (const field of deleted) ctx.propagate('HDEL', key, field);
  }
  return outcomes;
}

/** Reads an amount in this unit as an instant in ms since 1970. `name` is the command's, for its error. */
export function readFieldExpiry(
  { now }: Context,
  args: Args,
  unit: ExpiryUnit,
  name: string,
): number {
  const amount = args.int();
  if (amount < 0n) throw redisError('ERR invalid expire time, must be >= 0');
  const { ms, relative } = expiryUnits[unit];
  const at = amount * ms + (relative ? BigInt(now) : 0n);
  if (at > BigInt(LATEST_FIELD_EXPIRY)) throw invalidExpire(name);
  return Number(at);
}

/** `FIELDS numfields field [field ...]`, at the end of the command. */
export function readFields(
  args: Args,
  badCount = 'ERR Number of fields must be a positive integer',
): readonly string[] {
  if (!args.token('FIELDS')) {
    throw redisError('ERR Mandatory argument FIELDS is missing or not at the right position');
  }
  const count = args.range(1, Infinity, badCount);
  if (count !== args.left) {
    throw redisError('ERR The `numfields` parameter must match the number of arguments');
  }
  return args.rest();
}

interface Wish {
  readonly field: string;
  readonly at: number;
  readonly condition: ExpiryCondition | undefined;
}

/** A field that has expired and is still there is one like any other. */
function expireField({ now }: Context, hash: HashValue, { field, at, condition }: Wish): number {
  if (!hash.has(field)) return Outcome.noField;
  if (condition && !expiryConditions[condition](hash.expiryOf(field), at)) return Outcome.unmet;
  if (at <= now) {
    hash.delete(field);
    return Outcome.deleted;
  }
  hash.expireAt(field, at);
  return Outcome.set;
}

function persist({ db }: Context, args: Args): Reply {
  const key = args.string();
  const hash = db.get(key, 'hash');
  const fields = readFields(args);
  if (!hash) return fields.map(() => -2);
  let changed = false;
  const outcomes = fields.map((field) => {
    if (!hash.has(field) || hash.hasExpired(field, db.fieldNow)) return -2;
    if (!hash.persist(field)) return -1;
    changed = true;
    return 1;
  });
  if (changed) db.changed('hpersist', key);
  return outcomes;
}

function tell({ db }: Context, args: Args, print: (at: number) => number): Reply {
  const hash = db.get(args.string(), 'hash');
  return readFields(args).map((field) => {
    if (!hash?.has(field) || hash.hasExpired(field, db.fieldNow)) return -2;
    const at = hash.expiryOf(field);
    return at === undefined ? -1 : print(at);
  });
}
