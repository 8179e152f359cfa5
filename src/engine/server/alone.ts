/**
 * Commands of replication as a server answers them that stands alone. Each group moves to its own folder when it is simulated.
 */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { notAnInteger, notSimulated, redisError, syntaxError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';

const adminFlags = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', complexity: 'O(1)' } as const;

const replicating = { ...row, flags: [...adminFlags, 'stale'] } as const;

const replication = [
  command('FAILOVER [TO host port:int [FORCE]] [ABORT] [TIMEOUT milliseconds:int]', {
    ...row,
    summary: 'Hands the role of the primary over to a replica.',
    since: '6.2.0',
    flags: ['admin', 'noscript', 'stale'],
    run: failover,
  }),
  command('PSYNC replicationid offset:int', {
    ...row,
    summary: 'Starts or continues a replication stream: what a replica sends.',
    since: '2.8.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    override: { arity: -3 },
    run: () => replicationMissing(),
  }),
  command('REPLCONF', {
    ...row,
    summary: 'Configures a replication stream: what a replica sends.',
    isInternal: true,
    since: '3.0.0',
    flags: ['admin', 'allow_busy', 'loading', 'noscript', 'stale'],
    override: { arity: -1 },
    run: () => replicationMissing(),
  }),
  command('REPLICAOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '5.0.0',
    run: (_, args) => replicaOf(args),
  }),
  command('SLAVEOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '1.0.0',
    deprecated: { since: '5.0.0', instead: '`REPLICAOF`' },
    run: (_, args) => replicaOf(args),
  }),
  command('SYNC', {
    ...row,
    summary: 'Starts a replication stream: what a replica before 2.8 sends.',
    since: '1.0.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    run: () => replicationMissing(),
  }),
  command('WAIT numreplicas:int timeout:int', {
    summary: "Waits until so many replicas have the connection's writes; returns how many do.",
    since: '3.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['noscript'],
    override: { categories: ['connection'] },
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    run: (_, args) => waitForReplicas(args),
  }),
];

/** There are no replicas: nothing but the timeout ends the wait, unless none were asked for. */
function waitForReplicas(args: Args): Reply | Wait {
  const [count = '', timeout = ''] = args.rest();
  const timeoutMs = parseInteger(timeout);
  const wanted = parseInteger(count);
  if (wanted === undefined) throw notAnInteger();
  if (timeoutMs === undefined) throw redisError('ERR timeout is not an integer or out of range');
  if (timeoutMs < 0n) throw redisError('ERR timeout is negative');
  return wanted <= 0n ? 0 : new Wait({ keys: [], timeoutMs: Number(timeoutMs), onTimeout: 0 });
}

function replicationMissing(): never {
  throw notSimulated('replication', 'send its data set and then every write');
}

function replicaOf(args: Args): Reply {
  const [host = '', port = ''] = args.rest();
  if (/^no$/i.test(host) && /^one$/i.test(port)) return ok;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw redisError('ERR Invalid master port');
  return replicationMissing();
}

function failover(_: unknown, args: Args): Reply {
  let abort = false;
  while (!args.done) {
    if (args.left >= 3 && args.token('TO')) args.take(2);
    else if (args.left >= 2 && args.token('TIMEOUT')) {
      if (args.int() <= 0n) throw redisError('ERR FAILOVER timeout must be greater than 0');
    } else if (args.token('ABORT')) abort = true;
    else if (!args.token('FORCE')) throw syntaxError();
  }
  if (abort && args.argv.length > 2) throw syntaxError();
  if (abort) throw redisError('ERR No failover in progress.');
  throw redisError('ERR FAILOVER requires connected replicas.');
}

export const aloneCommands: readonly Command<unknown>[] = replication;
