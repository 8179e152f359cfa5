import { sha1Hex } from '../bytes/sha1.ts';
import { noSuchKey, redisError, syntaxError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { printId, type StreamId, type StreamValue } from '../values/stream.ts';
import { Idempotence } from '../values/stream-idempotence.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readId } from './stream-id.ts';

/**
 * Entries that are added once however often they are sent: XADD's IDMP and IDMPAUTO, and how long a
 * stream remembers. https://redis.io/docs/latest/develop/data-types/streams/idempotency/
 */

const row = { group: 'stream', complexity: 'O(1)', keyUse: ['RW update'] } as const;

export const streamIdempotenceCommands = [
  command('XCFGSET key [IDMP-DURATION idmp-duration:int] [IDMP-MAXSIZE idmp-maxsize:int]', {
    ...row,
    summary: 'Sets for how long, and of how many, a stream remembers the ids that producers gave.',
    since: '8.6.0',
    flags: ['write', 'fast'],
    run: configure,
  }),
  command('XIDMPRECORD key pid iid stream-id', {
    ...row,
    summary: 'Remembers that a producer added an entry under this id: for append-only files.',
    since: '8.6.2',
    flags: ['write', 'denyoom', 'fast'],
    run: record,
  }),
];

export const ONCE = '[IDMPAUTO producer-id | IDMP producer-id idempotent-id]';

/** An entry's name with its producer; `id` is undefined where its content is its name. */
export interface Once {
  readonly producer: string;
  readonly id: string | undefined;
}

/** Consumes `IDMP producer id` or `IDMPAUTO producer` if that comes next. */
export function readOnce(args: Args): Once | undefined {
  if (args.left > 1 && args.token('IDMPAUTO')) return { producer: args.string(), id: undefined };
  if (args.left > 2 && args.token('IDMP')) return { producer: args.string(), id: args.string() };
  return undefined;
}

export const onceTwice = () => redisError('ERR IDMP/IDMPAUTO specified multiple times');
export const onceWithId = () =>
  redisError('ERR IDMP/IDMPAUTO can be used only with auto-generated IDs');

/** The entry that was added under the same name, which then counts as sent again. */
export function findOnce(
  { now }: Context,
  { idempotence }: StreamValue,
  once: Once,
  fields: readonly string[],
): StreamId | undefined {
  const found = idempotence?.find(once.producer, nameOf(once, fields), now);
  if (idempotence && found !== undefined) idempotence.duplicates++;
  return found;
}

interface Added {
  readonly key: string;
  readonly stream: StreamValue;
  readonly once: Once;
  readonly id: StreamId;
  readonly fields: readonly string[];
}

/** Remembers an entry that has just been added, here and on replicas. */
export function recordOnce(ctx: Context, { key, stream, once, id, fields }: Added): void {
  const name = nameOf(once, fields);
  idempotenceOf(stream).record(once.producer, name, id, ctx.now);
  ctx.propagate('XIDMPRECORD', key, once.producer, name, printId(id));
}

/** The id under which an entry is known: its own, or one that its fields have in any order. */
function nameOf({ id }: Once, fields: readonly string[]): string {
  if (id !== undefined) return id;
  const pairs: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [field = '', value = ''] = fields.slice(i, i + 2);
    pairs.push(`${field.length}:${field}${value.length}:${value}`);
  }
  return sha1Hex(pairs.sort().join(''));
}

function idempotenceOf(stream: StreamValue): Idempotence {
  stream.idempotence ??= new Idempotence();
  return stream.idempotence;
}

function configure({ db }: Context, args: Args): Reply {
  const key = args.string();
  if (args.done) throw redisError('ERR At least one parameter must be specified');
  let duration: number | undefined;
  let maxSize: number | undefined;
  while (!args.done) {
    if (args.left > 1 && args.token('IDMP-DURATION')) {
      duration = readWithin(args, 86_400, 'IDMP-DURATION must be between 1 and 86400 seconds');
    } else if (args.left > 1 && args.token('IDMP-MAXSIZE')) {
      maxSize = readWithin(args, 10_000, 'IDMP-MAXSIZE must be between 1 and 10000 entries');
    } else throw syntaxError();
  }
  const stream = db.get(key, 'stream');
  if (!stream) throw noSuchKey();
  const idempotence = idempotenceOf(stream);
  idempotence.configure(duration ?? idempotence.durationSeconds, maxSize ?? idempotence.maxSize);
  db.changed('xcfgset', key);
  return ok;
}

function readWithin(args: Args, most: number, complaint: string): number {
  const value = args.index();
  if (value < 1 || value > most) throw redisError(`ERR ${complaint}`);
  return value;
}

function record({ db, now }: Context, args: Args): Reply {
  const [key, producer, id] = [args.string(), args.string(), args.string()];
  const entry = readId(args.string());
  if (producer === '' || id === '') throw redisError('ERR pid and iid must not be empty');
  const stream = db.get(key, 'stream');
  if (!stream) throw noSuchKey();
  if (!stream.get(entry)) throw redisError('ERR No such entry in the stream');
  const idempotence = idempotenceOf(stream);
  const known = idempotence.find(producer, id, now);
  if (known === entry) return ok;
  if (known !== undefined) throw redisError('ERR The pid and iid belong to another entry');
  idempotence.record(producer, id, entry, now);
  db.changed('xidmprecord', key);
  return ok;
}
