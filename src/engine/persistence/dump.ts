/**
 * DUMP and RESTORE: values in serialized form, to be carried from one server to another.
 * https://redis.io/docs/latest/commands/restore/
 */

import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { notAnInteger, redisError, syntaxError } from '../errors.ts';
import type { Value } from '../keyspace/value.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { isIntact, readPayload, writePayload } from './payload.ts';
import { RdbError } from './rdb-types.ts';

interface Needs {
  readonly server: {
    readonly config: { text(directive: string): string };
    readonly settings: { readonly skipsChecksums: boolean };
  };
}

const restoring = {
  group: 'generic',
  complexity: 'O(1) to create the key and O(N*M) for its value, of N objects of average size M.',
  keyUse: ['OW update'],
  history: [
    ['3.0.0', 'REPLACE.'],
    ['5.0.0', 'ABSTTL.'],
    ['5.0.0', 'IDLETIME and FREQ.'],
  ],
  override: { categories: ['keyspace', 'dangerous'] },
  run: restore,
} as const;

const RESTORE_OPTIONS = '[REPLACE] [ABSTTL] [IDLETIME seconds:int] [FREQ frequency:int]';

export const dumpCommands = [
  command<Needs>('DUMP key', {
    summary: 'Returns the value of a key in a serialized form, for RESTORE.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1) to access the key and O(N*M) for its value, of N objects of average size M.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    tips: ['nondeterministic_output'],
    run({ db, server }, args) {
      const value = db.lookUp(args.string());
      return value ? writePayload(value, server.config.text('rdbcompression') === 'yes') : null;
    },
  }),
  command<Needs>(`RESTORE key ttl:int serialized-value ${RESTORE_OPTIONS}`, {
    ...restoring,
    summary: 'Creates a key from the serialized form of a value.',
    since: '2.6.0',
    flags: ['denyoom', 'write'],
  }),
  command<Needs>(`RESTORE-ASKING key ttl:int serialized-value ${RESTORE_OPTIONS}`, {
    ...restoring,
    group: 'server',
    summary: 'RESTORE, as one node of a cluster says it to another.',
    isInternal: true,
    since: '3.0.0',
    flags: ['asking', 'denyoom', 'write'],
  }),
];

interface Options {
  replace: boolean;
  isAbsolute: boolean;
  /** Seconds. */
  idle?: number;
  frequency?: number;
}

function restore(ctx: Context & Needs, args: Args): Reply {
  const { db } = ctx;
  const key = args.string();
  const [ttlText = '', payload = ''] = args.take(2);
  const options = readOptions(args);
  if (!options.replace && db.has(key)) {
    throw redisError('BUSYKEY Target key name already exists.');
  }
  const ttl = readTtl(ttlText);
  if (!isIntact(payload, ctx.server.settings.skipsChecksums))
    throw redisError('ERR DUMP payload version or checksum are wrong');
  const value = parse(ctx, payload);
  const replaced = options.replace && db.has(key) && db.delete(key);
  const isRelative = ttl !== 0n && !options.isAbsolute;
  const expiry = Number(BigInt.asIntN(64, isRelative ? ttl + BigInt(ctx.now) : ttl));
  if (expiry !== 0 && expiry <= ctx.now) {
    // What is restored has expired on its way.
    if (replaced) {
      ctx.propagate(ctx.limits.lazyfreeLazyServerDel ? 'UNLINK' : 'DEL', key);
      db.changed('del', key);
    }
    return ok;
  }
  db.set(key, value);
  if (expiry !== 0) {
    db.expireAt(key, expiry);
    if (isRelative) ctx.propagate(...withAbsoluteTtl(ctx.argv, expiry));
  }
  if (options.idle !== undefined) value.lastUsed = ctx.now - options.idle * 1000;
  if (options.frequency !== undefined) value.frequency = options.frequency;
  db.changed('restore', key);
  return ok;
}

function readOptions(args: Args): Options {
  const options: Options = { replace: false, isAbsolute: false };
  while (!args.done) {
    if (args.token('REPLACE')) options.replace = true;
    else if (args.token('ABSTTL')) options.isAbsolute = true;
    else if (args.left > 1 && options.frequency === undefined && args.token('IDLETIME')) {
      options.idle = args.index();
      if (options.idle < 0) throw redisError('ERR Invalid IDLETIME value, must be >= 0');
    } else if (args.left > 1 && options.idle === undefined && args.token('FREQ')) {
      const text = 'ERR Invalid FREQ value, must be >= 0 and <= 255';
      const frequency = args.index();
      if (frequency < 0 || frequency > 255) throw redisError(text);
      options.frequency = frequency;
    } else throw syntaxError();
  }
  return options;
}

/** In ms; 0 is no expiry. */
function readTtl(text: string): bigint {
  const ttl = parseInteger(text);
  if (ttl === undefined) throw notAnInteger();
  if (ttl < 0n) throw redisError('ERR Invalid TTL value, must be >= 0');
  return ttl;
}

function parse({ limits }: Context, payload: string): Value {
  try {
    return readPayload(payload, limits);
  } catch (error) {
    if (error instanceof RdbError) throw redisError('ERR Bad data format');
    throw error;
  }
}

/** What replicas and the AOF see, to whom it may come later. */
const withAbsoluteTtl = (argv: readonly string[], expiry: number): string[] => [
  ...argv.slice(0, 2),
  String(expiry),
  ...argv.slice(3),
  'ABSTTL',
];
