import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { redisError } from '../errors.ts';
import { mapOf, ok, type Reply, Status } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { Server } from './server.ts';
import { endTransaction } from './transactions.ts';
import { REDIS_VERSION } from './version.ts';

/** The commands of a connection's own state: greeting, password, database, end. */
interface Needs {
  readonly server: Server;
  readonly client: Client;
  /** Has an argument hidden from monitors and the slow log. */
  redact(index: number): void;
}

const row = { group: 'connection', flags: ['fast'] } as const;
const beforeAuth = ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'] as const;

export const connectionCommands = [
  command<Needs>('PING [message]', {
    ...row,
    summary: "Answers PONG, or the message: the server's sign of life.",
    since: '1.0.0',
    complexity: 'O(1)',
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    run({ client }, args) {
      if (args.left > 1) throw redisError("ERR wrong number of arguments for 'ping' command");
      const message = args.peek();
      if (client.protocol === 2 && client.isSubscriber) return ['pong', message ?? ''];
      return message ?? new Status('PONG');
    },
  }),
  command('ECHO message', {
    ...row,
    flags: ['fast', 'loading', 'stale'],
    summary: 'Returns the given string.',
    since: '1.0.0',
    complexity: 'O(1)',
    run: (_, args) => args.string(),
  }),
  command<Needs>('SELECT index:int', {
    ...row,
    flags: ['loading', 'stale', 'fast'],
    summary: 'Selects another database of this server for the connection.',
    since: '1.0.0',
    complexity: 'O(1)',
    run({ server, client }, args) {
      const index = args.int32();
      if (!server.databases[index]) throw redisError('ERR DB index is out of range');
      client.db = index;
      return ok;
    },
  }),
  command<Needs>('AUTH [username] password', {
    ...row,
    flags: [...beforeAuth],
    summary: 'Authenticates the connection.',
    since: '1.0.0',
    complexity: 'O(N) where N is the number of passwords defined for the user',
    run({ server, client, redact }, args) {
      for (let i = 1; i < args.argv.length; i++) redact(i);
      if (args.left > 2) throw redisError('ERR syntax error');
      const [first = '', second] = args.rest();
      authenticate(server, client, second === undefined ? undefined : first, second ?? first);
      return ok;
    },
  }),
  command<Needs>('HELLO [protover:int [AUTH username password] [SETNAME clientname]]', {
    ...row,
    flags: [...beforeAuth],
    summary: 'Introduces the connection: protocol version, password, name.',
    since: '6.0.0',
    complexity: 'O(1)',
    run: hello,
  }),
  command<Needs>('QUIT', {
    ...row,
    flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
    summary: 'Closes the connection.',
    since: '1.0.0',
    complexity: 'O(1)',
    deprecated: { since: '7.2.0', instead: 'just closing the connection' },
    override: { arity: -1 },
    run({ client }) {
      client.closeAfterReply = true;
      return ok;
    },
  }),
  command<Needs>('RESET', {
    ...row,
    flags: [...beforeAuth],
    summary: "Resets the connection's state as if it were new.",
    since: '6.2.0',
    complexity: 'O(1)',
    run({ server, client }) {
      reset(server, client);
      return new Status('RESET');
    },
  }),
];

/** Checks a password; throws what Redis answers when it is wrong. */
function authenticate(
  server: Server,
  client: Client,
  username: string | undefined,
  password: string,
): void {
  if (username === undefined && server.acl.default.noPassword) {
    throw redisError(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  }
  if (!server.acl.login(client, username ?? 'default', password)) {
    throw redisError('WRONGPASS invalid username-password pair or user is disabled.');
  }
}

function hello({ server, client, redact }: Needs, args: Args): Reply {
  const wanted = args.done ? undefined : readProtocol(args);
  let login: [string, string] | undefined;
  let name: string | undefined;
  while (!args.done) {
    if (args.left >= 3 && args.token('AUTH')) {
      for (const behind of [1, 2]) redact(args.argv.length - args.left + behind - 1);
      login = [args.string(), args.string()];
    } else if (args.left >= 2 && args.token('SETNAME')) name = readName(args.string());
    else throw redisError(`ERR Syntax error in HELLO option '${args.string()}'`);
  }
  if (login) authenticate(server, client, ...login);
  if (!client.authenticated && !server.acl.isOpen) {
    throw redisError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  }
  if (name !== undefined) client.name = name;
  if (wanted) client.protocol = wanted;
  return mapOf({
    server: 'redis',
    version: REDIS_VERSION,
    proto: client.protocol,
    id: client.id,
    mode: server.sentinel ? 'sentinel' : server.cluster ? 'cluster' : 'standalone',
    ...(!server.sentinel && { role: server.replication.isReplica ? 'replica' : 'master' }),
    modules: server.sentinel ? [] : server.modules.list(),
  });
}

function readProtocol(args: Args): 2 | 3 {
  const version = args.index(() =>
    redisError('ERR Protocol version is not an integer or out of range'),
  );
  if (version !== 2 && version !== 3) throw redisError('NOPROTO unsupported protocol version');
  return version;
}

/** A client name has no spaces, newlines or special characters. */
export function readName(name: string): string {
  if (/[^!-~]/.test(name)) {
    throw redisError('ERR Client names cannot contain spaces, newlines or special characters.');
  }
  return name;
}

/** RESET: leaves transaction, subscriptions, monitoring and name; forgets the password. */
function reset(server: Server, client: Client): void {
  endTransaction(client, server.watches);
  server.pubsub.forget(client);
  server.tracking.disable(client);
  server.monitors.delete(client);
  client.isMonitor = false;
  client.isReadOnly = false;
  client.isAsking = false;
  client.db = 0;
  client.name = '';
  client.protocol = 2;
  // CLIENT REPLY SKIP still holds for RESET's own reply.
  if (client.replyMode !== 'skip') client.replyMode = 'on';
  client.noEvict = false;
  client.noTouch = false;
  client.fieldsets.clear();
  client.user = server.acl.default;
  client.authenticated = server.acl.isOpen;
}
