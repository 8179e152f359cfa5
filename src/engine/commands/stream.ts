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
import {
  findOnce,
  ONCE,
  type Once,
  onceTwice,
  onceWithId,
  readOnce,
  recordOnce,
} from './stream-idempotence.ts';
import { type Policy, readPolicy } from './stream-references.ts';
import {
  asPropagated,
  bothTrims,
  checkLimit,
  dropOld,
  type GivenTrim,
  POLICY,
  policySince,
  readTrim,
  readTrimOnly,
  startsTrim,
  TRIM,
  trimStream,
} from './stream-trim.ts';

/** Streams: adding, ranges, trimming. https://redis.io/docs/latest/commands/?group=stream */

export const streamCommands = [
  command(
    `XADD key [NOMKSTREAM] ${POLICY} ${ONCE} [${TRIM}] <* | id> field value [field value ...]`,
    {
      summary: 'Appends an entry to a stream. Creates the stream if it does not exist.',
      since: '5.0.0',
      group: 'stream',
      complexity: 'O(1), and O(N) more where N entries are trimmed.',
      flags: ['write', 'denyoom', 'fast'],
      keyUse: ['RW update'],
      tips: ['nondeterministic_output'],
      optionsSince: { ...policySince, IDMPAUTO: '8.6', IDMP: '8.6' },
      history: [
        ['6.2.0', 'Added NOMKSTREAM, MINID and LIMIT.'],
        ['7.0.0', 'The id may be `ms-*`.'],
        ['8.2.0', 'Added KEEPREF, DELREF and ACKED.'],
        ['8.6.0', 'Added IDMPAUTO and IDMP.'],
      ],
      run: add,
    },
  ),
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
  command(`XTRIM key <${TRIM}> ${POLICY}`, {
    summary: 'Drops the oldest entries of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(N) where N is the number of entries dropped.',
    flags: ['write'],
    keyUse: ['RW delete'],
    tips: ['nondeterministic_output'],
    optionsSince: policySince,
    history: [
      ['6.2.0', 'Added MINID and LIMIT.'],
      ['8.2.0', 'Added KEEPREF, DELREF and ACKED.'],
    ],
    run(ctx, args) {
      const key = args.string();
      const how = readTrimOnly(ctx, args);
      const stream = ctx.db.get(key, 'stream');
      return stream ? trimStream(ctx, key, stream, how) : 0;
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
  const options = readAddOptions(ctx, args);
  const { noMkStream, wanted, once } = options;
  if (args.left < 2 || args.left % 2 !== 0) throw wrongArity('xadd');
  if (wanted.kind === 'given' && wanted.id === 0n) {
    throw redisError('ERR The ID specified in XADD must be greater than 0-0');
  }
  const present = ctx.db.get(key, 'stream');
  if (!present && noMkStream) return null;
  const stream = present ?? new StreamValue();
  const fields = args.rest();
  const before = once && findOnce(ctx, stream, once, fields);
  if (before !== undefined) return printId(before);
  const id = nextId(ctx, stream, wanted);
  stream.append(id, fields, ctx.limits);
  if (!present) ctx.db.set(key, stream);
  ctx.db.changed('xadd', key);
  const trimmed = trimAfter(ctx, key, stream, options);
  const told = wanted.kind === 'given' ? options.idText : printId(id);
  ctx.propagate('XADD', key, ...(noMkStream ? ['NOMKSTREAM'] : []), ...trimmed, told, ...fields);
  if (once) recordOnce(ctx, { key, stream, once, id, fields });
  return printId(id);
}

/** Drops what an addition leaves too old; returns how replicas do the same. */
function trimAfter(ctx: Context, key: string, stream: StreamValue, options: AddOptions): string[] {
  const { trim, policy } = options;
  if (!trim) return [];
  if (dropOld(stream, trim, policy) > 0) ctx.db.changed('xtrim', key);
  return asPropagated(stream, trim, policy);
}

interface AddOptions {
  noMkStream: boolean;
  trim: Trim | undefined;
  policy: Policy;
  once: Once | undefined;
  wanted: WantedId;
  /** The id as it was given. */
  idText: string;
}

function readAddOptions(ctx: Context, args: Args): AddOptions {
  let noMkStream = false;
  let trim: GivenTrim | undefined;
  let policy: Policy | undefined;
  let once: Once | undefined;
  for (;;) {
    const [givenPolicy, givenOnce] = [readPolicy(args), readOnce(args)];
    if (givenPolicy) {
      if (policy) throw syntaxError();
      policy = givenPolicy;
    }
    if (givenOnce) {
      if (once) throw onceTwice();
      once = givenOnce;
    }
    if (givenPolicy || givenOnce) continue;
    if (args.token('NOMKSTREAM')) noMkStream = true;
    else if (args.left > 1 && startsTrim(args)) {
      if (trim) throw bothTrims();
      trim = readTrim(ctx, args);
    } else break;
  }
  const idText = args.string();
  const wanted = readWantedId(idText);
  if (trim) checkLimit(trim);
  if (once && wanted.kind !== 'auto') throw onceWithId();
  return { noMkStream, trim, policy: policy ?? 'KEEPREF', once, wanted, idText };
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
  if (lastId < stream.maxDeletedId) {
    throw redisError('ERR The ID specified in XSETID is smaller than current max_deleted_entry_id');
  }
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
  stream.maxDeletedId = maxDeletedId || stream.maxDeletedId;
  db.changedBeside(key, { event: 'xsetid' });
  return ok;
}
