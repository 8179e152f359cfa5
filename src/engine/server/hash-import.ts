import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { HashValue } from '../values/hash.ts';
import type { Client } from './client.ts';

/**
 * Many hashes with the same fields: a connection names the fields once, and then sends only values.
 * https://redis.io/docs/latest/commands/himport/
 */

interface Needs {
  readonly client: Client;
}

const row = { group: 'hash', since: '8.10.0', override: { categories: ['hash'] } } as const;
const inSession = { ...row, flags: [], tips: ['request_policy:all_shards'] } as const;

export const hashImportCommands: readonly Command<Needs>[] = [
  command<Needs>('HIMPORT', {
    ...row,
    summary: 'A container for commands that import hashes with the same fields.',
    complexity: 'Depends on subcommand.',
    flags: [],
  }),
  command<Needs>('HIMPORT|PREPARE fieldset-name field [field ...]', {
    ...inSession,
    flags: ['denyoom'],
    summary: 'Names a list of fields for the hashes that this connection imports.',
    complexity: 'O(N*log(N)) where N is the number of fields.',
    run({ client }, args) {
      const name = args.string();
      const fields = args.rest();
      if (new Set(fields).size < fields.length) {
        throw redisError('ERR duplicate field name in fieldset');
      }
      client.fieldsets.set(name, fields);
      return ok;
    },
  }),
  command<Needs>('HIMPORT|SET key fieldset-name value [value ...]', {
    ...row,
    summary: 'Makes a hash of the fields that were named and of these values.',
    complexity: 'O(N) where N is the number of fields in the fieldset.',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update'],
    run: importHash,
  }),
  command<Needs>('HIMPORT|DISCARD fieldset-name', {
    ...inSession,
    summary: 'Forgets a list of fields.',
    complexity: 'O(1)',
    run: ({ client }, args) => (client.fieldsets.delete(args.string()) ? 1 : 0),
  }),
  command<Needs>('HIMPORT|DISCARDALL', {
    ...inSession,
    summary: 'Forgets all lists of fields of this connection.',
    complexity: 'O(N) where N is the number of fieldsets.',
    run({ client }) {
      const { size } = client.fieldsets;
      client.fieldsets.clear();
      return size;
    },
  }),
];

function importHash(ctx: Context & Needs, args: Args): Reply {
  const { db, limits } = ctx;
  const [key, name] = [args.string(), args.string()];
  const fields = ctx.client.fieldsets.get(name);
  if (!fields) throw redisError('ERR no such fieldset');
  const values = args.rest();
  if (values.length !== fields.length) {
    throw redisError('ERR value count does not match fieldset field count');
  }
  if (db.get(key, 'hash')) ctx.propagate('DEL', key);
  const hash = new HashValue();
  const pairs = fields.map((field, i) => [field, values[i] as string] as const);
  // Hashes with the same fields share them, in an order that does not depend on who named them.
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [field, value] of pairs) hash.set(field, value, limits);
  hash.shareFields();
  db.set(key, hash);
  db.changed('hset', key);
  ctx.propagate('HSET', key, ...pairs.flat());
  return ok;
}
