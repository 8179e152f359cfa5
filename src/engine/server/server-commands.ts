import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { notSimulated, redisError, syntaxError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Persistence } from '../persistence/persistence.ts';
import { noReply, ok, type Reply, Verbatim } from '../resp/reply.ts';
import type { CallContext } from './context.ts';
import type { Server } from './server.ts';
import { REDIS_VERSION } from './version.ts';

/** Commands about the server as a whole. https://redis.io/docs/latest/commands/?group=server */
type Needs = CallContext<Server>;

const row = { group: 'server', complexity: 'O(1)' } as const;
const flush = {
  group: 'server',
  since: '1.0.0',
  flags: ['write'],
  override: { categories: ['keyspace', 'dangerous'] },
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  history: [
    ['4.0.0', 'ASYNC frees the memory in the background.'],
    ['6.2.0', 'SYNC, and lazyfree-lazy-user-flush which decides when neither is given.'],
  ],
} as const;

export const serverCommands = [
  command<Needs>('DBSIZE', {
    ...row,
    summary: 'Returns the number of keys in the selected database.',
    since: '1.0.0',
    flags: ['fast', 'readonly'],
    override: { categories: ['keyspace'] },
    tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
    run: ({ db }) => db.size,
  }),
  command<Needs>('FLUSHALL [ASYNC | SYNC]', {
    ...flush,
    summary: 'Deletes all keys of all databases.',
    complexity: 'O(N) where N is the total number of keys in all databases',
    run(ctx, args) {
      const reply = flushDatabases(ctx, args, ctx.server.databases);
      // A log that is read at the start may hold it, too: then there is nobody who saves yet.
      const persistence: Persistence | undefined = ctx.server.persistence;
      persistence?.snapshots.emptied();
      return reply;
    },
  }),
  command<Needs>('FLUSHDB [ASYNC | SYNC]', {
    ...flush,
    summary: 'Deletes all keys of the selected database.',
    complexity: 'O(N) where N is the number of keys in the selected database',
    run: (ctx, args) => flushDatabases(ctx, args, [ctx.db]),
  }),
  command<Needs>('LOLWUT [VERSION version:int]', {
    ...row,
    summary: 'Says which version of Redis this is; some versions draw.',
    since: '5.0.0',
    flags: ['readonly', 'fast'],
    run: lolwut,
  }),
  command<Needs>('MONITOR', {
    ...row,
    summary: 'Shows every command that the server runs from now on.',
    since: '1.0.0',
    complexity: '',
    flags: ['admin', 'loading', 'noscript', 'stale'],
    run: monitor,
  }),
  command<Needs>('SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]', {
    ...row,
    summary: 'Ends the server, saving the data first where that is configured.',
    since: '1.0.0',
    complexity: 'O(N) when saving, where N is the number of keys; otherwise O(1)',
    flags: ['admin', 'allow_busy', 'loading', 'noscript', 'no_multi', 'stale'],
    history: [['7.0.0', 'NOW, FORCE and ABORT; waits for replicas.']],
    run: shutdown,
  }),
  command<Needs>('SWAPDB index1:int index2:int', {
    ...row,
    summary: 'Exchanges the contents of two databases.',
    since: '4.0.0',
    complexity: 'O(N) where N is the count of clients watching or blocking on keys',
    flags: ['fast', 'write'],
    override: { categories: ['keyspace', 'dangerous'] },
    run: swap,
  }),
  command<Needs>('TIME', {
    ...row,
    summary: "Returns the server's time: seconds since 1970, and microseconds.",
    since: '2.6.0',
    flags: ['fast', 'loading', 'stale'],
    tips: ['nondeterministic_output'],
    run({ server }) {
      const usec = server.clock.tellUsec();
      return [String(Math.floor(usec / 1_000_000)), String(usec % 1_000_000)];
    },
  }),
];

/** The memory is freed at once whatever is asked for: nobody could see a difference. */
function flushDatabases(ctx: Needs, args: Args, databases: readonly Database[]): Reply {
  if (args.left > 1 || (!args.done && !args.oneOf('ASYNC', 'SYNC'))) throw syntaxError();
  const { server } = ctx;
  for (const db of databases) {
    server.watches.touchAll(db, (key) => db.has(key));
    server.blocking.databasesChanged(db);
    server.dirty += db.flush();
  }
  server.tracking.flushed();
  ctx.propagate(...ctx.argv);
  return ok;
}

function lolwut(_: Needs, args: Args): Reply {
  if (args.token('VERSION') && !args.done) {
    const version = args.int();
    if (version === 5n || version === 6n) {
      throw notSimulated(`LOLWUT VERSION ${version}`, 'draw a picture');
    }
  }
  return new Verbatim(`Redis ver. ${REDIS_VERSION}\n`);
}

function monitor({ server, client }: Needs): Reply {
  if (server.isNested) throw redisError("ERR MONITOR isn't allowed for DENY BLOCKING client");
  if (client.isMonitor) return noReply;
  client.isMonitor = true;
  server.monitors.add(client);
  return ok;
}

function shutdown({ server }: Needs, args: Args): Reply {
  const given = args.rest().map((word) => word.toUpperCase());
  const has = (word: string) => given.includes(word);
  const known = given.every((word) => ['NOSAVE', 'SAVE', 'NOW', 'FORCE', 'ABORT'].includes(word));
  const contradicts = (has('SAVE') && has('NOSAVE')) || (has('ABORT') && given.length > 1);
  if (!known || contradicts) throw syntaxError();
  if (has('ABORT')) throw redisError('ERR No shutdown in progress.');
  const holdsNothing = server.sentinel !== undefined;
  const save = has('NOSAVE') || holdsNothing ? false : has('SAVE') ? true : undefined;
  if (!server.persistence.end(save) && !has('FORCE')) {
    throw redisError('ERR Errors trying to SHUTDOWN. Check logs.');
  }
  server.shutDown();
  return noReply;
}

function swap({ server }: Needs, args: Args): Reply {
  const a = args.int32('ERR invalid first DB index');
  const b = args.int32('ERR invalid second DB index');
  const [one, other] = [server.databases[a], server.databases[b]];
  if (!one || !other) throw redisError('ERR DB index is out of range');
  server.dirty++;
  if (one === other) return ok;
  const inEither = (key: string) => one.has(key) || other.has(key);
  server.watches.touchAll(one, inEither);
  server.watches.touchAll(other, inEither);
  one.swap(other);
  server.modules.search.replaced();
  server.blocking.databasesChanged(one, other);
  return ok;
}
