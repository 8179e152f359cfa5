import { cString, type RedisError, redisError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import { type StreamId, StreamValue } from '../values/stream.ts';
import { ConsumerGroup } from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { container } from './help.ts';
import { readId, readStart } from './stream-id.ts';

/** Making and removing consumer groups. https://redis.io/docs/latest/commands/xgroup/ */

const row = { group: 'stream', complexity: 'O(1)' } as const;

export const streamGroupCommands = [
  ...container(
    'XGROUP',
    { since: '5.0.0', group: 'stream', summary: 'A container for consumer group commands.' },
    [
      command('XGROUP|CREATE key groupname <id | $> [MKSTREAM] [ENTRIESREAD entries_read:int]', {
        ...row,
        flags: ['write', 'denyoom'],
        keyUse: ['RW insert'],
        summary: 'Creates a consumer group that reads on from an id.',
        since: '5.0.0',
        history: [['7.0.0', 'Added ENTRIESREAD.']],
        run: create,
      }),
      command('XGROUP|SETID key groupname <id | $> [ENTRIESREAD entries_read:int]', {
        ...row,
        flags: ['write'],
        keyUse: ['RW update'],
        summary: 'Sets the id that a consumer group reads on from.',
        since: '5.0.0',
        history: [['7.0.0', 'Added ENTRIESREAD.']],
        run: setId,
      }),
      command('XGROUP|DESTROY key groupname', {
        ...row,
        flags: ['write'],
        keyUse: ['RW delete'],
        summary: 'Removes a consumer group.',
        since: '5.0.0',
        run({ db }, args) {
          const key = args.string();
          const destroyed = streamAt(db.get(key, 'stream')).groups.delete(args.string());
          if (destroyed) db.changedBeside(key, { event: 'xgroup-destroy', wakes: true });
          return destroyed ? 1 : 0;
        },
      }),
      command('XGROUP|CREATECONSUMER key groupname consumername', {
        ...row,
        flags: ['write', 'denyoom'],
        keyUse: ['RW insert'],
        summary: 'Creates a consumer; reading creates it as well.',
        since: '6.2.0',
        run(ctx, args) {
          const [key, name, consumer] = [args.string(), args.string(), args.string()];
          const group = groupAt(ctx, key, name);
          if (group.consumers.has(consumer)) return 0;
          group.consumer(consumer, ctx.now);
          ctx.db.changedBeside(key, { event: 'xgroup-createconsumer' });
          return 1;
        },
      }),
      command('XGROUP|DELCONSUMER key groupname consumername', {
        ...row,
        flags: ['write'],
        keyUse: ['RW delete'],
        summary: 'Removes a consumer and forgets what it has not acknowledged.',
        since: '5.0.0',
        run(ctx, args) {
          const [key, name, consumer] = [args.string(), args.string(), args.string()];
          const group = groupAt(ctx, key, name);
          if (!group.consumers.has(consumer)) return 0;
          const pending = group.removeConsumer(consumer);
          ctx.db.changedBeside(key, { event: 'xgroup-delconsumer' });
          return pending;
        },
      }),
    ],
  ),
  command('XACK key group id [id ...]', {
    readsKeys: true,
    ...row,
    complexity: 'O(1) for each entry.',
    flags: ['write', 'fast'],
    keyUse: ['RW update'],
    summary: 'Acknowledges entries: they are no longer pending.',
    since: '5.0.0',
    run({ db }, args) {
      const key = args.string();
      const group = db.get(key, 'stream')?.groups.get(args.string());
      if (!group) return 0;
      const ids = args.rest().map((text) => readId(text));
      const acknowledged = ids.filter((id) => group.acknowledge(id)).length;
      if (acknowledged > 0) db.changedBeside(key);
      return acknowledged;
    },
  }),
];

function streamAt(stream: StreamValue | undefined): StreamValue {
  if (stream) return stream;
  throw redisError(
    'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
  );
}

function groupAt({ db }: Context, key: string, name: string): ConsumerGroup {
  const group = streamAt(db.get(key, 'stream')).groups.get(name);
  if (!group) throw noSuchGroup(key, name);
  return group;
}

export const noSuchGroup = (key: string, group: string): RedisError =>
  redisError(`NOGROUP No such consumer group '${cString(group)}' for key name '${cString(key)}'`);

const wrongUse = (subcommand: string) =>
  redisError(
    `ERR unknown subcommand or wrong number of arguments for '${cString(subcommand)}'. Try XGROUP HELP.`,
  );

interface Options {
  mkStream: boolean;
  entriesRead: bigint | undefined;
}

function readOptions(args: Args, { mayMake }: { mayMake: boolean }): Options {
  const options: Options = { mkStream: false, entriesRead: undefined };
  while (!args.done) {
    if (mayMake && args.token('MKSTREAM')) options.mkStream = true;
    else if (args.left > 1 && args.token('ENTRIESREAD')) {
      const read = args.int();
      if (read < -1n) throw redisError('ERR value for ENTRIESREAD must be positive or -1');
      options.entriesRead = read < 0n ? undefined : read;
    } else throw wrongUse(String(args.argv[1]));
  }
  return options;
}

const readLastId = (text: string, stream: StreamValue | undefined): StreamId =>
  text === '$' ? (stream?.lastId ?? 0n) : readId(text);

function create({ db }: Context, args: Args): Reply {
  const [key, name, id] = [args.string(), args.string(), args.string()];
  const { mkStream, entriesRead } = readOptions(args, { mayMake: true });
  const present = db.get(key, 'stream');
  if (!present && !mkStream) return streamAt(undefined).size;
  if (args.argv.length > 8) throw wrongUse(String(args.argv[1]));
  const lastId = readLastId(id, present);
  const stream = present ?? new StreamValue();
  if (stream.groups.has(name)) throw redisError('BUSYGROUP Consumer Group name already exists');
  stream.groups.set(name, new ConsumerGroup(lastId, entriesRead));
  if (present) db.changedBeside(key, { event: 'xgroup-create' });
  else {
    db.set(key, stream);
    db.changed('xgroup-create', key);
  }
  return ok;
}

function setId(ctx: Context, args: Args): Reply {
  const [key, name, id] = [args.string(), args.string(), args.string()];
  const { entriesRead } = readOptions(args, { mayMake: false });
  const group = groupAt(ctx, key, name);
  if (args.argv.length > 7) throw wrongUse(String(args.argv[1]));
  const isEnd = id === '-' || id === '+';
  group.lastId = isEnd ? readStart(id) : readLastId(id, ctx.db.get(key, 'stream'));
  group.entriesRead = entriesRead;
  ctx.db.changedBeside(key, { event: 'xgroup-setid' });
  return ok;
}
