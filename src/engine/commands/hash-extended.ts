import { cString, redisError, wrongArity } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { HashValue } from '../values/hash.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { expiryUnits } from './expiry.ts';
import { readFieldExpiry, readFields } from './hash-expire.ts';

/**
 * Fields read or written together with their expiry: HGETEX, HSETEX and HGETDEL.
 * https://redis.io/docs/latest/commands/hsetex/
 */

const row = { group: 'hash', since: '8.0.0' } as const;
const INSTANTS =
  'EX seconds:int | PX milliseconds:int | EXAT unix-time-seconds:unixtime | PXAT unix-time-milliseconds:unixtime';
const FIELDS = '<FIELDS numfields:int field [field ...]>';

export const hashExtendedCommands = [
  command(`HGETEX key [${INSTANTS} | PERSIST] ${FIELDS}`, {
    ...row,
    summary: 'Returns the values of fields and sets, or takes away, their expiry.',
    complexity: 'O(N) where N is the number of specified fields',
    flags: ['write', 'fast'],
    keyUse: ['RW access update'],
    run: getAndExpire,
  }),
  command(
    `HSETEX key [FNX | FXX] [${INSTANTS} | KEEPTTL]
     <FIELDS numfields:int field value [field value ...]>`,
    {
      ...row,
      summary: 'Sets fields of a hash together with their expiry, if a condition holds.',
      complexity: 'O(N) where N is the number of fields being set.',
      flags: ['write', 'denyoom', 'fast'],
      keyUse: ['RW update'],
      run: setWithExpiry,
    },
  ),
  command(`HGETDEL key ${FIELDS}`, {
    ...row,
    summary: 'Returns the values of fields and deletes them; with the last, the hash.',
    complexity: 'O(N) where N is the number of specified fields',
    flags: ['write', 'fast'],
    keyUse: ['RW access delete'],
    run: getAndDelete,
  }),
];

/** `EX seconds` and its like as an instant in ms since 1970; undefined where there is none. */
function readExpiry(ctx: Context, args: Args, name: string): number | undefined {
  const unit = args.left > 1 ? args.oneOf('EX', 'PX', 'EXAT', 'PXAT') : undefined;
  return unit && readFieldExpiry(ctx, args, unit, name);
}

function getAndDelete(ctx: Context, args: Args): Reply {
  const { db } = ctx;
  const key = args.string();
  const found = db.get(key, 'hash');
  const fields = readFields(args);
  const hash = found && db.withoutExpired(key, found, fields);
  if (!hash) return fields.map(() => null);
  let deleted = 0;
  const values = fields.map((field) => {
    const value = hash.get(field);
    if (hash.delete(field)) deleted++;
    return value ?? null;
  });
  if (deleted > 0) {
    db.changedCollection('hdel', key, hash.size);
    ctx.propagate('HDEL', key, ...fields);
  }
  return values;
}

function getAndExpire(ctx: Context, args: Args): Reply {
  const { db } = ctx;
  const key = args.string();
  const found = db.get(key, 'hash');
  const at = args.token('PERSIST') ? 'never' : readExpiry(ctx, args, 'hgetex');
  const fields = readFields(args);
  const hash = found && db.withoutExpired(key, found, fields);
  if (!hash) return fields.map(() => null);
  if (at !== undefined) hash.makeExpirable();
  const changed: string[] = [];
  const values = fields.map((field) => {
    const value = hash.get(field);
    if (value !== undefined && expireField(ctx, hash, field, at)) changed.push(field);
    return value ?? null;
  });
  if (changed.length > 0 && at !== undefined) tellOfExpiry(ctx, key, hash, { at, fields, changed });
  return values;
}

/** When fields are to expire: undefined leaves them as they are. */
type When = number | 'never';

function expireField(
  { now }: Context,
  hash: HashValue,
  field: string,
  at: When | undefined,
): boolean {
  if (at === undefined) return false;
  if (at === 'never') return hash.persist(field);
  if (at > now) hash.expireAt(field, at);
  else hash.delete(field);
  return true;
}

interface Expired {
  readonly at: When;
  /** All that were named. */
  readonly fields: readonly string[];
  /** Those with which something happened. */
  readonly changed: readonly string[];
}

function tellOfExpiry(
  ctx: Context,
  key: string,
  hash: HashValue,
  { at, fields, changed }: Expired,
): void {
  const { db } = ctx;
  const named = ['FIELDS', String(fields.length), ...fields];
  if (at === 'never') {
    db.changed('hpersist', key);
    ctx.propagate('HPERSIST', key, ...named);
  } else if (at > ctx.now) {
    db.noteFieldExpiries(key, hash);
    db.changed('hexpire', key);
    ctx.propagate('HPEXPIREAT', key, String(at), ...named);
  } else {
    db.changedCollection('hdel', key, hash.size);
    for (const field of changed) ctx.propagate('HDEL', key, field);
  }
}

interface SetOptions {
  readonly condition: 'FNX' | 'FXX' | undefined;
  readonly at: number | undefined;
  readonly keepsTtl: boolean;
  readonly pairs: readonly (readonly [field: string, value: string])[];
}

function setWithExpiry(ctx: Context, args: Args): Reply {
  const { db, limits } = ctx;
  const key = args.string();
  const options = readSetOptions(ctx, args);
  const { pairs, at, keepsTtl } = options;
  const present = db.get(key, 'hash');
  if (!mayFieldsBeSet(ctx, key, present, options)) return 0;
  const hash = present ?? new HashValue();
  if (!present) db.set(key, hash);
  for (const [field, value] of pairs) {
    if (keepsTtl) hash.setKeepingExpiry(field, value, limits);
    else hash.set(field, value, limits);
    if (at === undefined) continue;
    hash.expireAt(field, at);
    // What is set to expire in the past is gone at once.
    if (at > ctx.now) continue;
    hash.delete(field);
    ctx.propagate('HDEL', key, field);
  }
  db.changed('hset', key);
  if (at !== undefined && at <= ctx.now) db.changedCollection('hdel', key, hash.size);
  else {
    if (at !== undefined) {
      db.noteFieldExpiries(key, hash);
      db.changed('hexpire', key);
    }
    ctx.propagate(...withInstant(ctx.argv, at));
  }
  return 1;
}

function readSetOptions(ctx: Context, args: Args): SetOptions {
  let condition: 'FNX' | 'FXX' | undefined;
  let at: number | undefined;
  let keepsTtl = false;
  while (!args.token('FIELDS')) {
    const next = args.oneOf('FNX', 'FXX');
    const keeps = next === undefined && args.token('KEEPTTL');
    const isExpiry = keeps || ['EX', 'PX', 'EXAT', 'PXAT'].some((unit) => args.isToken(unit));
    if (next) {
      if (condition) throw redisError('ERR Only one of FXX or FNX arguments can be specified');
      condition = next;
    } else if (isExpiry) {
      if (keepsTtl || at !== undefined) {
        const options = 'EX, PX, EXAT, PXAT or KEEPTTL';
        throw redisError(`ERR Only one of ${options} arguments can be specified`);
      }
      keepsTtl = keeps;
      if (!keeps) at = readExpiry(ctx, args, 'hsetex');
    } else throw redisError(`ERR unknown argument: ${cString(args.string())}`);
  }
  return { condition, at, keepsTtl, pairs: readPairs(args) };
}

function readPairs(args: Args): [string, string][] {
  if (args.left < 3) throw wrongArity('hsetex');
  const count = args.range(1, 2 ** 31 - 1, 'ERR invalid number of fields');
  if (count * 2 !== args.left) throw wrongArity('hsetex');
  const pairs: [string, string][] = [];
  while (!args.done) pairs.push([args.string(), args.string()]);
  return pairs;
}

/** Whether FNX or FXX holds for all fields; those that have expired are there no longer. */
function mayFieldsBeSet(
  ctx: Context,
  key: string,
  hash: HashValue | undefined,
  { condition, pairs }: SetOptions,
): boolean {
  if (!condition) return true;
  if (!hash) return condition === 'FNX';
  const { db } = ctx;
  const isMet = pairs.every(([field]) => {
    if (db.replaceExpired(key, hash, field)) ctx.propagate('HDEL', key, field);
    const isThere = hash.has(field) && !hash.hasExpired(field, db.fieldNow);
    return isThere === (condition === 'FXX');
  });
  if (!isMet && hash.size === 0) {
    db.delete(key);
    db.changed('del', key);
  }
  return isMet;
}

/** What replicas and the AOF see: relative expiries as the instants that they mean. */
function withInstant(argv: readonly string[], at: number | undefined): string[] {
  const unit = argv.findIndex((arg, i) => i > 1 && arg.toUpperCase() in expiryUnits);
  if (at === undefined || unit < 0) return [...argv];
  return [...argv.slice(0, unit), 'PXAT', String(at), ...argv.slice(unit + 2)];
}
