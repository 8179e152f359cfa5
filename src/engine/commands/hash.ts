import { parseLongDouble } from '../bytes/long-double.ts';
import { notAFloat, redisError, syntaxError, wrongArity } from '../errors.ts';
import { MapReply, ok, Pairs, type Reply } from '../resp/reply.ts';
import { HashValue } from '../values/hash.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { addFloats, addIntegers } from './counter.ts';
import { checkDoubledCount, sample } from './sample.ts';
import { readCursor, readScanOptions } from './scan.ts';

/** Hashes: fields and their values. https://redis.io/docs/latest/commands/?group=hash */

const reading = { group: 'hash', flags: ['readonly', 'fast'] } as const;
const all = {
  group: 'hash',
  complexity: 'O(N) where N is the size of the hash.',
  flags: ['readonly'],
  keyUse: ['RO access'],
} as const;

export const hashCommands = [
  command('HSET key field value [field value ...]', {
    summary: 'Sets fields of a hash; returns how many are new.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1) for each field.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW update'],
    history: [['4.0.0', 'Accepts several fields.']],
    run: (ctx, args) => setFields(ctx, args, 'hset'),
  }),
  command('HMSET key field value [field value ...]', {
    summary: 'Sets fields of a hash: the old name of HSET with several.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW update'],
    deprecated: { since: '4.0.0', instead: '`HSET` with multiple field-value pairs' },
    run(ctx, args) {
      setFields(ctx, args, 'hmset');
      return ok;
    },
  }),
  command('HSETNX key field value', {
    summary: 'Sets a field of a hash only when it does not exist.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW insert'],
    run(ctx, args) {
      const [key, field, value] = [args.string(), args.string(), args.string()];
      if (ctx.db.hashWith(key, [field])?.has(field)) return 0;
      const hash = hashToWrite(ctx, key);
      hash.set(field, value, ctx.limits);
      ctx.db.changed('hset', key);
      return 1;
    },
  }),
  command('HGET key field', {
    ...reading,
    summary: 'Returns the value of a field.',
    since: '2.0.0',
    complexity: 'O(1)',
    keyUse: ['RO access'],
    run: (ctx, args) => fieldValue(ctx, args) ?? null,
  }),
  command('HMGET key field [field ...]', {
    ...reading,
    summary: 'Returns the values of several fields, nil for those that do not exist.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of fields.',
    keyUse: ['RO access'],
    run({ db }, args) {
      const key = args.string();
      const fields = args.rest();
      const hash = db.hashWith(key, fields);
      return fields.map((field) => hash?.get(field) ?? null);
    },
  }),
  command('HDEL key field [field ...]', {
    summary: 'Deletes fields of a hash. Deletes the hash with its last field.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields to be removed.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    run({ db }, args) {
      const key = args.string();
      const hash = db.get(key, 'hash');
      if (!hash) return 0;
      const deleted = args.rest().filter((field) => hash.delete(field)).length;
      if (deleted > 0) db.changedCollection('hdel', key, hash.size);
      return deleted;
    },
  }),
  command('HEXISTS key field', {
    ...reading,
    summary: 'Tells whether a field exists.',
    since: '2.0.0',
    complexity: 'O(1)',
    keyUse: ['RO'],
    run: (ctx, args) => (fieldValue(ctx, args) === undefined ? 0 : 1),
  }),
  command('HLEN key', {
    ...reading,
    summary: 'Returns the number of fields.',
    since: '2.0.0',
    complexity: 'O(1)',
    keyUse: ['RO'],
    run: ({ db }, args) => db.get(args.string(), 'hash')?.size ?? 0,
  }),
  command('HSTRLEN key field', {
    ...reading,
    summary: 'Returns the length of the value of a field, in bytes.',
    since: '3.2.0',
    complexity: 'O(1)',
    keyUse: ['RO'],
    run: (ctx, args) => fieldValue(ctx, args)?.length ?? 0,
  }),
  command('HINCRBY key field increment:int', {
    summary: 'Adds a number to the integer value of a field, which counts as 0 when missing.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW access update'],
    run: incrementBy,
  }),
  command('HINCRBYFLOAT key field increment:double', {
    summary:
      'Adds a floating point number to the value of a field, which counts as 0 when missing.',
    since: '2.6.0',
    group: 'hash',
    complexity: 'O(1)',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW access update'],
    run: incrementByFloat,
  }),
  command('HKEYS key', {
    ...all,
    summary: 'Returns all fields.',
    since: '2.0.0',
    tips: ['nondeterministic_output_order'],
    run: ({ db }, args) => db.wholeHash(args.string())?.fields().slice() ?? [],
  }),
  command('HVALS key', {
    ...all,
    summary: 'Returns all values.',
    since: '2.0.0',
    tips: ['nondeterministic_output_order'],
    run: ({ db }, args) => db.wholeHash(args.string())?.values().slice() ?? [],
  }),
  command('HGETALL key', {
    ...all,
    summary: 'Returns all fields with their values.',
    since: '2.0.0',
    tips: ['nondeterministic_output_order'],
    run: ({ db }, args) => new MapReply([...(db.wholeHash(args.string()) ?? [])]),
  }),
  command('HRANDFIELD key [count:int [WITHVALUES]]', {
    summary: 'Returns fields picked by chance; a negative count allows repetitions.',
    since: '6.2.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields returned',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    run: randomFields,
  }),
  command('HSCAN key cursor:int [MATCH pattern:pattern] [COUNT count:int] [NOVALUES]', {
    summary: 'Iterates over the fields of a hash and their values, a few at a time.',
    since: '2.8.0',
    group: 'hash',
    complexity: 'O(1) for every call, O(N) for a complete iteration over N fields.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    history: [['7.4.0', 'Added NOVALUES.']],
    optionsSince: { NOVALUES: '7.4.0' },
    run: scan,
  }),
];

/** The value of `key field`. */
function fieldValue({ db }: Context, args: Args): string | undefined {
  const [key, field] = [args.string(), args.string()];
  return db.hashWith(key, [field])?.get(field);
}

/** The hash at a key, made and stored when there is none. */
function hashToWrite({ db }: Context, key: string): HashValue {
  const present = db.get(key, 'hash');
  if (present) return present;
  const hash = new HashValue();
  db.set(key, hash);
  return hash;
}

function setFields(ctx: Context, args: Args, name: string): Reply {
  if (args.left % 2 === 0) throw wrongArity(name);
  const key = args.string();
  const hash = hashToWrite(ctx, key);
  let created = 0;
  while (!args.done) if (hash.set(args.string(), args.string(), ctx.limits)) created++;
  ctx.db.changed('hset', key);
  return created;
}

function incrementBy(ctx: Context, args: Args): Reply {
  const [key, field] = [args.string(), args.string()];
  const by = args.int();
  const old = ctx.db.hashWith(key, [field])?.get(field) ?? '0';
  const sum = addIntegers(old, by, () => redisError('ERR hash value is not an integer'));
  hashToWrite(ctx, key).setKeepingExpiry(field, String(sum), ctx.limits);
  ctx.db.changed('hincrby', key);
  return sum;
}

function incrementByFloat(ctx: Context, args: Args): Reply {
  const [key, field, by] = [args.string(), args.string(), args.string()];
  const increment = parseLongDouble(by);
  if (increment === undefined) throw notAFloat();
  if (typeof increment === 'string') throw redisError('ERR value is NaN or Infinity');
  const old = ctx.db.hashWith(key, [field])?.get(field) ?? '0';
  const sum = addFloats(old, by, () => redisError('ERR hash value is not a float'));
  const hash = hashToWrite(ctx, key);
  hash.setKeepingExpiry(field, sum, ctx.limits);
  ctx.db.changed('hincrbyfloat', key);
  // Replicas get the result, so that their arithmetic cannot differ.
  const expires = hash.expiryOf(field) !== undefined;
  if (expires) ctx.propagate('HSETEX', key, 'KEEPTTL', 'FIELDS', '1', field, sum);
  else ctx.propagate('HSET', key, field, sum);
  return sum;
}

function randomFields({ db, random }: Context, args: Args): Reply {
  const key = args.string();
  if (args.done) return db.hashWith(key)?.random(random) ?? null;
  const count = args.negatable();
  const withValues = args.token('WITHVALUES');
  if (!args.done) throw syntaxError();
  if (withValues) checkDoubledCount(count);
  const hash = db.hashWith(key);
  if (!hash) return [];
  const indexes = sample(random, hash.size, count);
  const [fields, values] = [hash.fields(), hash.values()];
  if (!withValues) return indexes.map((index) => fields[index] as string);
  return new Pairs(indexes.map((index) => [fields[index] as string, values[index] as string]));
}

function scan({ db }: Context, args: Args): Reply {
  const key = args.string();
  const cursor = readCursor(args.string());
  const hash = db.get(key, 'hash');
  if (!hash) return ['0', []];
  const { count, accepts, namesOnly } = readScanOptions(args, { withValues: true });
  const found: string[] = [];
  const next = hash.scan(cursor, count, (field, value) => {
    if (!accepts(field) || hash.hasExpired(field, db.fieldNow)) return;
    if (namesOnly) found.push(field);
    else found.push(field, value);
  });
  return [String(next), found];
}
