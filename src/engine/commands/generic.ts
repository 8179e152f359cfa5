import { matches } from '../bytes/glob.ts';
import { noSuchKey, redisError, syntaxError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { ok, type Reply, Status } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** The commands that work on keys of any type. https://redis.io/docs/latest/commands/?group=generic */

export const genericCommands = [
  command('DEL key [key ...]', {
    summary: 'Deletes keys.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys; O(M) more for a collection of M elements.',
    flags: ['write'],
    keyUse: ['RM delete'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
    run: deleteAll,
  }),
  command('UNLINK key [key ...]', {
    summary: 'Deletes keys; their memory is given back later, off the main thread.',
    since: '4.0.0',
    group: 'generic',
    complexity: 'O(1) for each key; the memory is reclaimed in O(N) elsewhere.',
    flags: ['write', 'fast'],
    keyUse: ['RM delete'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
    run: deleteAll,
  }),
  command('EXISTS key [key ...]', {
    summary: 'Counts how many of the keys exist; a key named twice counts twice.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys to check.',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
    run: ({ db }, args) => args.rest().filter((key) => db.inspect(key)).length,
  }),
  command('TOUCH key [key ...]', {
    summary: 'Counts how many of the keys exist and marks them as just used.',
    since: '3.2.1',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys that will be touched.',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
    run: ({ db }, args) => args.rest().filter((key) => db.lookUp(key) !== undefined).length,
  }),
  command('TYPE key', {
    summary: 'Returns the type of the value at a key, or none.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => new Status(db.inspect(args.string())?.type ?? 'none'),
  }),
  command('RANDOMKEY', {
    summary: 'Returns a key by chance, or nil when the database is empty.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['readonly', 'touches_arbitrary_keys'],
    tips: ['request_policy:all_shards', 'nondeterministic_output'],
    run: ({ db, random }) => db.randomKey(random) ?? null,
  }),
  command('KEYS pattern:pattern', {
    summary: 'Returns all keys whose names match a pattern.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys in the database.',
    flags: ['readonly'],
    override: { categories: ['keyspace', 'dangerous'] },
    tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
    run({ db }, args) {
      const pattern = args.string();
      const names = [...db.entries()].map(([key]) => key);
      return names.filter((key) => (pattern === '*' || matches(pattern, key)) && db.has(key));
    },
  }),
  command('RENAME key newkey:key', {
    summary: 'Renames a key; what was at the new name is overwritten.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1), and the cost of deleting what the new name held.',
    flags: ['write'],
    keyUse: ['RW access delete', 'OW update'],
    run(ctx, args) {
      rename(ctx, args.string(), args.string(), true);
      return ok;
    },
  }),
  command('RENAMENX key newkey:key', {
    summary: 'Renames a key only when the new name is not taken.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    keyUse: ['RW access delete', 'OW insert'],
    run: (ctx, args) => (rename(ctx, args.string(), args.string(), false) ? 1 : 0),
  }),
  command('COPY source:key destination:key [DB destination-db:int] [REPLACE]', {
    readsKeys: true,
    summary: 'Copies the value of a key, and its expiry, to another key.',
    since: '6.2.0',
    group: 'generic',
    complexity: 'O(N) for a collection of N elements, O(1) for a string.',
    flags: ['write', 'denyoom'],
    keyUse: ['RO access', 'OW update'],
    run: copy,
  }),
  command('MOVE key db:int', {
    summary: 'Moves a key to another database.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    keyUse: ['RW access update'],
    run: move,
  }),
];

function deleteAll({ db }: Context, args: Args): Reply {
  let deleted = 0;
  for (const key of args.rest()) {
    if (!db.has(key) || !db.delete(key)) continue;
    deleted++;
    db.changed('del', key);
  }
  return deleted;
}

function rename({ db }: Context, from: string, to: string, overwrite: boolean): boolean {
  const value = db.lookUp(from);
  if (!value) throw noSuchKey();
  if (from === to) return false;
  if (!overwrite && db.has(to)) return false;
  const expiry = db.expiryOf(from);
  db.delete(from);
  // What was there goes first, so that the key counts as a new one.
  db.delete(to);
  db.set(to, value);
  if (value.type === 'TSDB-TYPE') value.renamed(from, to, (key) => db.peek(key));
  if (expiry !== undefined) db.expireAt(to, expiry);
  db.changed('rename_from', from);
  db.changed('rename_to', to);
  return true;
}

function copy(ctx: Context, args: Args): Reply {
  const from = args.string();
  const to = args.string();
  let target = ctx.db;
  let replace = false;
  while (!args.done) {
    if (args.token('REPLACE')) replace = true;
    else if (args.left > 1 && args.token('DB')) target = databaseAt(ctx, args.int32());
    else throw syntaxError();
  }
  if (target === ctx.db && from === to) throw sameObject();
  const value = ctx.db.lookUp(from);
  if (!value || (target.has(to) && !replace)) return 0;
  if (value.type === 'vectorset') throw redisError('ERR not supported for this module key');
  const expiry = ctx.db.expiryOf(from);
  if (replace) target.delete(to);
  target.set(to, value.copy());
  if (expiry !== undefined) target.expireAt(to, expiry);
  target.changed('copy_to', to);
  return 1;
}

function move(ctx: Context, args: Args): Reply {
  const key = args.string();
  const target = databaseAt(ctx, args.int32());
  if (target === ctx.db) throw sameObject();
  const value = ctx.db.lookUp(key);
  if (!value || target.has(key)) return 0;
  const expiry = ctx.db.expiryOf(key);
  ctx.db.delete(key);
  target.set(key, value);
  if (expiry !== undefined) target.expireAt(key, expiry);
  ctx.db.changed('move_from', key);
  target.changed('move_to', key);
  return 1;
}

function databaseAt(ctx: Context, index: number): Database {
  const db = ctx.database(index);
  if (!db) throw redisError('ERR DB index is out of range');
  return db;
}

const sameObject = () => redisError('ERR source and destination objects are the same');
