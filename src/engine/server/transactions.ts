import { command } from '../commands/command.ts';
import { type RedisError, redisError } from '../errors.ts';
import { nullArray, ok, type Reply } from '../resp/reply.ts';
import type { Client, QueuedCommand } from './client.ts';
import type { Watches } from './watches.ts';

/** Transactions: MULTI queues, EXEC runs the queue as one unit, WATCH makes EXEC conditional. */
interface Needs {
  readonly client: Client;
  readonly watches: Watches;
  /** Runs the queue without anything in between. */
  runQueue(client: Client, queue: readonly QueuedCommand[]): Reply[];
}

const row = { group: 'transactions', flags: ['noscript', 'loading', 'stale', 'fast'] } as const;

export const transactionCommands = [
  command<Needs>('MULTI', {
    ...row,
    flags: [...row.flags, 'allow_busy'],
    summary: 'Starts a transaction: the commands that follow are queued.',
    since: '1.2.0',
    complexity: 'O(1)',
    run({ client }) {
      if (client.transaction) throw redisError('ERR MULTI calls can not be nested');
      client.transaction = { queue: [], failed: false };
      return ok;
    },
  }),
  command<Needs>('EXEC', {
    ...row,
    flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
    summary: 'Runs all queued commands of a transaction.',
    since: '1.2.0',
    complexity: 'Depends on commands in the transaction',
    run: exec,
  }),
  command<Needs>('DISCARD', {
    ...row,
    flags: [...row.flags, 'allow_busy'],
    summary: 'Drops a transaction: its queue and all watches.',
    since: '2.0.0',
    complexity: 'O(N), when N is the number of queued commands',
    run({ client, watches }) {
      if (!client.transaction) throw redisError('ERR DISCARD without MULTI');
      endTransaction(client, watches);
      return ok;
    },
  }),
  command<Needs>('WATCH key [key ...]', {
    ...row,
    flags: [...row.flags, 'allow_busy'],
    summary: 'Watches keys: if one changes before EXEC, the transaction does not run.',
    since: '2.2.0',
    complexity: 'O(1) for every key.',
    keyUse: ['RO'],
    run({ client, watches, db }, args) {
      if (client.transaction) throw redisError('ERR WATCH inside MULTI is not allowed');
      if (client.watchBroken) return ok;
      for (const key of args.rest()) watches.add(client, db, key);
      return ok;
    },
  }),
  command<Needs>('UNWATCH', {
    ...row,
    flags: [...row.flags, 'allow_busy'],
    summary: 'Forgets all watched keys.',
    since: '2.2.0',
    complexity: 'O(1)',
    run({ client, watches }) {
      watches.clear(client);
      return ok;
    },
  }),
];

function exec({ client, watches, runQueue }: Needs): Reply {
  const { transaction } = client;
  if (!transaction) throw redisError('ERR EXEC without MULTI');
  const broken = client.watchBroken || watches.anyExpired(client);
  watches.clear(client);
  try {
    if (transaction.failed) {
      throw redisError('EXECABORT Transaction discarded because of previous errors.');
    }
    if (broken) return nullArray;
    return runQueue(client, transaction.queue);
  } finally {
    client.transaction = undefined;
  }
}

/** Leaves MULTI; EXEC, DISCARD and RESET end both the queue and the watches. */
export function endTransaction(client: Client, watches: Watches): void {
  client.transaction = undefined;
  watches.clear(client);
}

/** Where a cluster sends a client, and why it has no answer, EXEC says as other commands do. */
const ofCluster = new Set(['MOVED', 'ASK', 'CLUSTERDOWN', 'TRYAGAIN', 'CROSSSLOT']);

/** Ends the transaction of an EXEC that was refused. Returns the error that says why. */
export function abortTransaction(client: Client, watches: Watches, why: RedisError): RedisError {
  endTransaction(client, watches);
  if (ofCluster.has(why.code)) return why;
  const reason = why.message.replace(/^ERR /, '');
  return redisError(`EXECABORT Transaction discarded because of: ${reason}`);
}
