import type { Command } from '../commands/command.ts';
import { noAuth, type RedisError, redisError } from '../errors.ts';
import { queued, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';

/** A command on its way to its handler. */
export interface Attempt {
  readonly command: Command<never>;
  readonly argv: readonly string[];
  readonly client: Client;
  /** Whether a script has run for longer than busy-reply-threshold. */
  readonly busy: boolean;
}

/** Refuses the command with an error, or lets it through with undefined. */
type Guard = (attempt: Attempt) => RedisError | undefined;

const authenticated: Guard = ({ client, command }) =>
  client.authenticated || command.flags.has('no_auth') ? undefined : noAuth();

const allowedInTransaction: Guard = ({ client, command }) =>
  client.transaction && command.flags.has('no_multi')
    ? redisError('ERR Command not allowed inside a transaction')
    : undefined;

/** In RESP2 a subscriber's connection carries messages, so only these may be mixed in. */
const subscriberCommands = new Set(
  ['ping', 'subscribe', 'psubscribe', 'ssubscribe', 'unsubscribe', 'punsubscribe'].concat([
    'sunsubscribe',
    'quit',
    'reset',
  ]),
);

const notSubscriber: Guard = ({ client, command }) => {
  if (client.protocol === 3 || !client.isSubscriber) return undefined;
  if (subscriberCommands.has(command.name)) return undefined;
  const { name } = command;
  return redisError(
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  );
};

const notBusy: Guard = ({ busy, command }) => {
  if (!busy || command.flags.has('allow_busy')) return undefined;
  return redisError(
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  );
};

/** What stands between a command and its handler, in the order in which Redis checks it. */
const guards: readonly Guard[] = [authenticated, allowedInTransaction, notSubscriber, notBusy];

const runsInTransaction = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);

/** Why a command may not run, or undefined. A refusal inside MULTI also makes EXEC fail. */
export function refuse(attempt: Attempt): RedisError | undefined {
  const { transaction } = attempt.client;
  for (const check of guards) {
    const refusal = check(attempt);
    if (!refusal) continue;
    if (transaction) transaction.failed = true;
    return refusal;
  }
  return undefined;
}

/** Puts a command into its client's transaction, if there is one. Returns QUEUED then. */
export function enqueue({ client, command, argv }: Attempt): Reply | undefined {
  if (!client.transaction || runsInTransaction.has(command.name)) return undefined;
  client.transaction.queue.push({ command, argv });
  return queued;
}
