import { noSuchKey, redisError, syntaxError, wrongArity } from '../errors.ts';
import { nullArray, ok, type Reply } from '../resp/reply.ts';
import {
  MAX_ID,
  makeId,
  msOf,
  printId,
  type StreamEntry,
  type StreamId,
  StreamValue,
  sequenceOf,
  type Trim,
} from '../values/stream.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readEnd, readId, readStart, readWantedId, type WantedId } from './stream-id.ts';

/** Streams: adding, ranges, trimming. https://redis.io/docs/latest/commands/?group=stream */

const TRIM = '<MAXLEN | MINID> [= | ~] threshold [LIMIT count:int]';

export const streamCommands = [
  command(`XADD key [NOMKSTREAM] [${TRIM}] <* | id> field value [field value ...]`, {
    summary: 'Appends an entry to a stream. Creates the stream if it does not exist.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1), and O(N) more where N entries are trimmed.',
    flags: ['write', 'denyoom', 'fast'],
    keyUse: ['RW update'],
    tips: ['nondeterministic_output'],
    history: [
      ['6.2.0', 'Added NOMKSTREAM, MINID and LIMIT.'],
      ['7.0.0', 'The id may be `ms-*`.'],
    ],
    run: add,
  }),
  command('XLEN key', {
    summary: 'Returns the number of entries.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: ['readonly', 'fast'],
    keyUse: ['RO'],
    run: ({ db }, args) => db.get(args.string(), 'stream')?.size ?? 0,
  }),
  command('XRANGE key start end [COUNT count:int]', {
    summary: 'Returns the entries within a range of ids.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries returned.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    history: [['6.2.0', 'Added exclusive ranges.']],
    run: (ctx, args) => range(ctx, args, { reverse: false }),
  }),
  command('XREVRANGE key end start [COUNT count:int]', {
    summary: 'Returns the entries within a range of ids, newest first.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries returned.',
    flags: ['readonly'],
    keyUse: ['RO access'],
    history: [['6.2.0', 'Added exclusive ranges.']],
    run: (ctx, args) => range(ctx, args, { reverse: true }),
  }),
  command('XDEL key id [id ...]', {
    summary: 'Deletes entries by their ids. Returns how many there were.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1) for each entry.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete'],
    run({ db }, args) {
      const key = args.string();
      const stream = db.get(key, 'stream');
      if (!stream) return 0;
      const ids = args.rest().map((text) => readId(text));
      const deleted = ids.filter((id) => stream.delete(id)).length;
      if (deleted > 0) db.changed('xdel', key);
      return deleted;
    },
  }),
  command(`XTRIM key <${TRIM}>`, {
    summary: 'Drops the oldest entries of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries dropped.',
    flags: ['write'],
    keyUse: ['RW delete'],
    tips: ['nondeterministic_output'],
    history: [['6.2.0', 'Added MINID and LIMIT.']],
    run(ctx, args) {
      const key = args.string();
      const trim = readTrimOnly(ctx, args);
      const stream = ctx.db.get(key, 'stream');
      return stream ? trimStream(ctx, key, stream, trim) : 0;
    },
  }),
  command(
    'XSETID key last-id [ENTRIESADDED entries_added:int] [MAXDELETEDID max_deleted_entry_id]',
    {
      summary: "Sets a stream's last id and counters: for its replication.",
      since: '5.0.0',
      group: 'stream',
      complexity: 'O(1)',
      flags: ['write', 'denyoom', 'fast'],
      keyUse: ['RW update'],
      history: [['7.0.0', 'Added ENTRIESADDED and MAXDELETEDID.']],
      run: setId,
    },
  ),
];

export const entryReply = ({ id, fields }: StreamEntry): Reply => [printId(id), fields];

function add(ctx: Context, args: Args): Reply {
  const key = args.string();
  const { noMkStream, trim, wanted } = readAddOptions(ctx, args);
  if (args.left < 2 || args.left % 2 !== 0) throw wrongArity('xadd');
  if (wanted.kind === 'given' && wanted.id === 0n) {
    throw redisError('ERR The ID specified in XADD must be greater than 0-0');
  }
  const present = ctx.db.get(key, 'stream');
  if (!present && noMkStream) return null;
  const stream = present ?? new StreamValue();
  const id = nextId(ctx, stream, wanted);
  const fields = args.rest();
  stream.append(id, fields, ctx.limits);
  if (!present) ctx.db.set(key, stream);
  ctx.db.changed('xadd', key);
  const trimmed = trim ? stream.trim(trim) : 0;
  if (trimmed > 0) ctx.db.changed('xtrim', key);
  ctx.propagate('XADD', key, ...(trim ? asPropagated(stream, trim) : []), printId(id), ...fields);
  return printId(id);
}

interface AddOptions {
  noMkStream: boolean;
  trim: Trim | undefined;
  wanted: WantedId;
}

function readAddOptions(ctx: Context, args: Args): AddOptions {
  let noMkStream = false;
  let trim: GivenTrim | undefined;
  for (;;) {
    if (args.token('NOMKSTREAM')) noMkStream = true;
    else if (args.left > 1 && (args.isToken('MAXLEN') || args.isToken('MINID'))) {
      if (trim) throw bothTrims();
      trim = readTrim(ctx, args);
    } else {
      const wanted = readWantedId(args.string());
      if (trim) checkLimit(trim);
      return { noMkStream, trim, wanted };
    }
  }
}

/** The id of the new entry; time never runs backwards in a stream. */
function nextId({ now }: Context, stream: StreamValue, wanted: WantedId): StreamId {
  const { lastId } = stream;
  if (lastId === MAX_ID) {
    throw redisError('ERR The stream has exhausted the last possible ID, unable to add more items');
  }
  if (wanted.kind === 'auto') {
    const fresh = makeId(BigInt(now), 0n);
    return fresh > lastId ? fresh : lastId + 1n;
  }
  const id = wanted.kind === 'given' ? wanted.id : nextInMs(lastId, wanted.ms);
  if (id === undefined || id <= lastId) {
    throw redisError(
      'ERR The ID specified in XADD is equal or smaller than the target stream top item',
    );
  }
  return id;
}

function nextInMs(lastId: StreamId, ms: bigint): StreamId | undefined {
  if (ms > msOf(lastId)) return makeId(ms, 0n);
  if (ms < msOf(lastId) || sequenceOf(lastId) === sequenceOf(MAX_ID)) return undefined;
  return lastId + 1n;
}

const bothTrims = () =>
  redisError('ERR syntax error, MAXLEN and MINID options at the same time are not compatible');

function readTrimOnly(ctx: Context, args: Args): Trim {
  if (args.left < 2 || !(args.isToken('MAXLEN') || args.isToken('MINID'))) throw syntaxError();
  const trim = readTrim(ctx, args);
  if (args.isToken('MAXLEN') || args.isToken('MINID')) throw bothTrims();
  args.end();
  checkLimit(trim);
  return trim;
}

interface GivenTrim extends Trim {
  readonly hasLimit: boolean;
}

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]`. */
function readTrim({ limits }: Context, args: Args): GivenTrim {
  const by = args.oneOf('MAXLEN', 'MINID');
  const approximate = args.left > 1 && args.token('~');
  if (!approximate && args.left > 1) args.token('=');
  const keep =
    by === 'MAXLEN' ? { maxLength: readMaxLength(args) } : { minId: readId(args.string()) };
  // Unless told otherwise, an approximate trim does not work longer than this at a time.
  let limit = approximate ? 100 * limits.streamNodeMaxEntries : 0;
  const hasLimit = args.left > 1 && args.token('LIMIT');
  if (hasLimit) {
    limit = args.index();
    if (limit < 0) throw redisError('ERR The LIMIT argument must be >= 0.');
  }
  return { keep, approximate, limit, hasLimit };
}

/** Said only when all arguments have been read. */
function checkLimit({ approximate, hasLimit }: GivenTrim): void {
  if (approximate || !hasLimit) return;
  throw redisError('ERR syntax error, LIMIT cannot be used without the special ~ option');
}

function readMaxLength(args: Args): number {
  const length = args.index();
  if (length < 0) throw redisError('ERR The MAXLEN argument must be >= 0.');
  return length;
}

function trimStream(ctx: Context, key: string, stream: StreamValue, trim: Trim): number {
  const dropped = stream.trim(trim);
  if (dropped === 0) return 0;
  ctx.db.changed('xtrim', key);
  ctx.propagate('XTRIM', key, ...asPropagated(stream, trim));
  return dropped;
}

/** Replicas drop exactly what was dropped here, however the trim was asked for. */
function asPropagated(stream: StreamValue, { keep, approximate }: Trim): string[] {
  if ('maxLength' in keep) {
    return ['MAXLEN', '=', String(approximate ? stream.size : keep.maxLength)];
  }
  const first = stream.first?.id;
  return ['MINID', '=', printId(approximate && first !== undefined ? first : keep.minId)];
}

function range({ db }: Context, args: Args, { reverse }: { reverse: boolean }): Reply {
  const key = args.string();
  const [first, second] = [args.string(), args.string()];
  const start = readStart(reverse ? second : first);
  const end = readEnd(reverse ? first : second);
  let count = -1;
  while (!args.done) {
    if (args.left < 2 || !args.token('COUNT')) throw syntaxError();
    count = Math.max(args.index(), 0);
  }
  const stream = db.get(key, 'stream');
  if (!stream) return [];
  // XRANGE … COUNT 0 is null, unlike an empty range.
  if (count === 0) return nullArray;
  return stream.range(start, end, count < 0 ? Infinity : count, reverse).map(entryReply);
}

function setId({ db }: Context, args: Args): Reply {
  const key = args.string();
  const lastId = readId(args.string());
  let entriesAdded: bigint | undefined;
  let maxDeletedId: StreamId | undefined;
  while (!args.done) {
    if (args.left > 1 && args.token('ENTRIESADDED')) {
      entriesAdded = args.int();
      if (entriesAdded < 0n) throw redisError('ERR entries_added must be positive');
    } else if (args.left > 1 && args.token('MAXDELETEDID')) {
      maxDeletedId = readId(args.string());
      if (lastId < maxDeletedId) {
        throw redisError(
          'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
        );
      }
    } else throw syntaxError();
  }
  const stream = db.get(key, 'stream');
  if (!stream) throw noSuchKey();
  if (stream.last && lastId < stream.last.id) {
    throw redisError('ERR The ID specified in XSETID is smaller than the target stream top item');
  }
  if (entriesAdded !== undefined && BigInt(stream.size) > entriesAdded) {
    throw redisError(
      'ERR The entries_added specified in XSETID is smaller than the target stream length',
    );
  }
  stream.lastId = lastId;
  stream.entriesAdded = entriesAdded ?? stream.entriesAdded;
  stream.maxDeletedId = maxDeletedId ?? stream.maxDeletedId;
  db.changed('xsetid', key);
  return ok;
}
