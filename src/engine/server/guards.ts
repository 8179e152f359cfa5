import type { Cluster } from '../cluster/cluster.ts';
import type { Command } from '../commands/command.ts';
import {
  noAuth,
  noReplicas,
  primaryDown,
  type RedisError,
  readOnlyReplica,
  redisError,
} from '../errors.ts';
import type { Replication } from '../replication/replication.ts';
import { queued, type Reply } from '../resp/reply.ts';
import { type Acl, noPermission } from './acl.ts';
import type { Client } from './client.ts';
import { redirect } from './cluster-rules.ts';
import { isReadOnly, isStale, lacksReplicas } from './replica-rules.ts';
import type { Settings } from './settings.ts';

/** A command on its way to its handler. */
export interface Attempt {
  readonly command: Command<never>;
  readonly argv: readonly string[];
  readonly client: Client;
  readonly server: GuardHost;
}

/** What was refused; without a command when there is no such, or its arguments were too many or few. */
export interface Refused {
  readonly client: Client;
  readonly argv: readonly string[];
  readonly command?: Command<never>;
}

/** What the guards ask of the server. */
interface GuardHost {
  /** Set while a script has run for longer than busy-reply-threshold. */
  readonly scripts: { readonly busyError: RedisError | undefined };
  readonly persistence: { refusal(): RedisError | undefined };
  readonly config: { allows(directive: string, client: Client): boolean };
  readonly acl: Acl;
  readonly settings: Settings;
  readonly replication: Replication;
  /** The cluster that the server is part of, if it is. */
  readonly cluster: Cluster | undefined;
}

/** Refuses the command with an error, or lets it through with undefined. */
type Guard = (attempt: Attempt) => RedisError | undefined;

const notProtected: Guard = ({ command, client, server }) => {
  if (!command.isProtected) return undefined;
  const name = command.name.split('|')[0] as string;
  const directive = `enable-${name}-command`;
  if (server.config.allows(directive, client)) return undefined;
  return redisError(
    `ERR ${name.toUpperCase()} command not allowed. If the ${directive} option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.`,
  );
};

const authenticated: Guard = ({ client, command, server }) =>
  client.authenticated || server.acl.isOpen || command.flags.has('no_auth') ? undefined : noAuth();

const allowedInTransaction: Guard = ({ client, command }) =>
  client.transaction && command.flags.has('no_multi')
    ? redisError('ERR Command not allowed inside a transaction')
    : undefined;

const permitted: Guard = ({ client, command, argv, server }) => {
  if (client.user.isUnrestricted) return undefined;
  const denial = server.acl.refuse(client, command, argv);
  return denial && noPermission(denial);
};

/** In RESP2 a subscriber's connection carries messages, so only these may be mixed in. */
const subscriberCommands = new Set(
  ['ping', 'subscribe', 'psubscribe', 'ssubscribe', 'unsubscribe', 'punsubscribe'].concat([
    'sunsubscribe',
    'quit',
    'reset',
  ]),
);

const servedHere: Guard = (attempt) =>
  attempt.server.cluster && redirect(attempt.server.cluster, attempt);

const notSubscriber: Guard = ({ client, command }) => {
  if (client.protocol === 3 || !client.isSubscriber) return undefined;
  if (subscriberCommands.has(command.name)) return undefined;
  const { name } = command;
  return redisError(
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  );
};

const notBusy: Guard = ({ server, command }) => {
  const { busyError } = server.scripts;
  return busyError && !command.flags.has('allow_busy') ? busyError : undefined;
};

/** A server that cannot save takes no more data that would be lost. */
const savable: Guard = ({ server, command }) =>
  command.isWrite || command.name === 'ping' ? server.persistence.refusal() : undefined;

/** Whether a command writes, or is the EXEC of a transaction that does. */
const writes = ({ command, client }: Attempt): boolean =>
  command.isWrite ||
  (command.name === 'exec' &&
    client.transaction?.queue.some((queued) => queued.command.isWrite) === true);

const replicated: Guard = (attempt) =>
  lacksReplicas(attempt.server) && writes(attempt) ? noReplicas() : undefined;

const writable: Guard = (attempt) =>
  isReadOnly(attempt.server) && writes(attempt) ? readOnlyReplica() : undefined;

/** What a replica serves without its primary; of an EXEC all that is queued must be that. */
const servesStale = ({ command, client }: Attempt): boolean =>
  command.flags.has('stale') &&
  (command.name !== 'exec' ||
    client.transaction?.queue.every((queued) => queued.command.flags.has('stale')) !== false);

const fresh: Guard = (attempt) =>
  isStale(attempt.server) && !servesStale(attempt) ? primaryDown() : undefined;

/** A connection that receives the stream of all commands is none that uses data. */
const notFollower: Guard = ({ client, command }) => {
  if (!client.isMonitor && !client.replica?.isReplica) return undefined;
  const uses = command.isWrite || command.isReadOnly || command.flags.has('may_replicate');
  return uses ? redisError("ERR Replica can't interact with the keyspace") : undefined;
};

/**
 * Whether client and server are as they mostly are, so that only guards are left that look at the
 * command itself: to ask all of them took a tenth of a GET.
 */
const isUsual = ({ client, server }: Attempt): boolean =>
  client.authenticated &&
  client.user.isUnrestricted &&
  client.transaction === undefined &&
  client.replica === undefined &&
  !client.isMonitor &&
  !client.isSubscriber &&
  server.cluster === undefined &&
  server.scripts.busyError === undefined &&
  !server.replication.isReplica &&
  server.settings.minReplicasToWrite === 0;

/**
 * What stands between a command and its handler, in the order in which Redis checks it. Each guard is
 * called by name, which is twice as fast as a list of them: this runs for every command.
 */
const refusalOf: Guard = (attempt) =>
  notProtected(attempt) ?? (isUsual(attempt) ? savable(attempt) : unusualRefusalOf(attempt));

const unusualRefusalOf: Guard = (attempt) =>
  authenticated(attempt) ??
  allowedInTransaction(attempt) ??
  permitted(attempt) ??
  servedHere(attempt) ??
  savable(attempt) ??
  replicated(attempt) ??
  writable(attempt) ??
  notSubscriber(attempt) ??
  fresh(attempt) ??
  notBusy(attempt) ??
  notFollower(attempt);

/** What MULTI does not queue. */
export const runsInTransaction: ReadonlySet<string> = new Set([
  'exec',
  'discard',
  'multi',
  'watch',
  'quit',
  'reset',
]);

/** Why a command may not run, or undefined. What the primary sends has been judged there. */
export const refuse: Guard = (attempt) => (attempt.client.stream ? undefined : refusalOf(attempt));

/** Puts a command into its client's transaction, if there is one. Returns QUEUED then. */
export function enqueue({ client, command, argv }: Attempt): Reply | undefined {
  if (!client.transaction || runsInTransaction.has(command.name)) return undefined;
  client.transaction.queue.push({ command, argv });
  return queued;
}
