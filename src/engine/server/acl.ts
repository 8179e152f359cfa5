import type { Command } from '../commands/command.ts';
import { type RedisError, redisError } from '../errors.ts';
import { AclLog, type LogContext, type LogHost } from './acl-log.ts';
import { AclError, type Denial } from './acl-selector.ts';
import { joinSelectors, User } from './acl-user.ts';
import type { Client } from './client.ts';
import type { CommandTable } from './lookup.ts';

/** What access control needs of the server. */
interface AclHost extends LogHost {
  readonly table: CommandTable;
  readonly clients: ReadonlyMap<number, Client>;
}

/**
 * The users of a server, and what they may do. Connections begin as the user `default`.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export class Acl {
  readonly log: AclLog;
  readonly #users = new Map<string, User>();

  constructor(private readonly host: AclHost) {
    this.log = new AclLog(host);
    this.#users.set('default', this.#openUser());
  }

  get default(): User {
    return this.#users.get('default') as User;
  }

  /** Whether a new connection is logged in by itself. */
  get isOpen(): boolean {
    return this.default.noPassword && this.default.isOn;
  }

  /** All users, by name. */
  get users(): User[] {
    return [...this.#users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  user(name: string): User | undefined {
    return this.#users.get(name);
  }

  /** ACL SETUSER: creates or changes a user by some rules, all of them or, throwing, none. */
  set(name: string, rules: readonly string[]): void {
    const known = this.#users.get(name);
    const changed = known?.copy() ?? this.create(name);
    const joined = joinSelectors(rules);
    if (joined.unmatched !== undefined) {
      throw redisError(
        `ERR Unmatched parenthesis in acl selector starting at '${joined.unmatched}'.`,
      );
    }
    for (const rule of joined.rules) {
      try {
        changed.apply(rule);
      } catch (error) {
        if (!(error instanceof AclError)) throw error;
        throw redisError(`ERR Error in ACL SETUSER modifier '${rule}': ${error.message}`);
      }
    }
    this.put(changed);
  }

  /** Puts a user in the place of the one of this name, whose connections stay. */
  put(user: User): void {
    const known = this.#users.get(user.name);
    if (known) known.become(user);
    else this.#users.set(user.name, user);
    this.#closeSubscribers(known ?? user);
  }

  /** ACL DELUSER: ends the user's connections too. Whether there was such a user. */
  delete(name: string): boolean {
    const user = this.#users.get(name);
    if (!user) return false;
    this.#users.delete(name);
    for (const client of [...this.host.clients.values()]) {
      if (client.user === user) this.#end(client);
    }
    return true;
  }

  /** ACL LOAD: all users anew. The connections of the old ones end, but for the default user's. */
  replace(users: ReadonlyMap<string, User>): void {
    const before = [...this.#users.values()];
    const first = this.default;
    first.become(users.get('default') ?? this.#openUser());
    this.#users.clear();
    for (const [name, user] of users) this.#users.set(name, user);
    this.#users.set('default', first);
    for (const client of [...this.host.clients.values()]) {
      if (client.user !== first && before.includes(client.user)) this.#end(client);
    }
  }

  /** A user of this name without any rules. */
  create(name: string): User {
    const hearsAll = this.host.config.text('acl-pubsub-default') === 'allchannels';
    return new User(name, this.host.table, hearsAll);
  }

  /** CONFIG SET requirepass: the only password of the default user; '' lets everybody in. */
  requirePassword(password: string): void {
    this.default.apply('resetpass');
    this.default.apply(password === '' ? 'nopass' : `>${password}`);
  }

  /** Logs a client in. False when name or password is wrong, or the user is off. */
  login(client: Client, name: string, password: string): boolean {
    const user = this.#users.get(name);
    if (!user?.isOn || !user.hasPassword(password)) {
      this.log.add(client, { reason: 'auth', object: client.argv[0] ?? '', username: name });
      return false;
    }
    client.user = user;
    client.authenticated = true;
    return true;
  }

  /** Why a client's user may not run a command; noted in the log. */
  refuse(client: Client, command: Command<never>, argv: readonly string[]): Denial | undefined {
    const denial = client.user.refuse(command, argv);
    if (denial) this.note(client, denial, client.transaction ? 'multi' : 'toplevel');
    return denial;
  }

  /** As `refuse`, at EXEC: what was allowed when it was queued may be so no more. */
  refuseQueued(
    client: Client,
    command: Command<never>,
    argv: readonly string[],
  ): RedisError | undefined {
    if (client.user.isUnrestricted) return undefined;
    const denial = this.refuse(client, command, argv);
    return denial && redisError(`NOPERM ${CHANGED} ${reasons[denial.reason]}`);
  }

  note(client: Client, { reason, object }: Denial, context: LogContext): void {
    this.log.add(client, { reason, object, context, username: client.user.name });
  }

  /** The default user of a server that was told nothing: whoever comes may do everything. */
  #openUser(): User {
    const user = this.create('default');
    for (const rule of ['on', 'nopass', '~*', '&*', '+@all']) user.apply(rule);
    return user;
  }

  /** Ends the connections of those who hear what they may not hear any more. */
  #closeSubscribers(user: User): void {
    for (const client of [...this.host.clients.values()]) {
      if (client.user !== user || !client.isSubscriber || user.isUnrestricted) continue;
      const channels = [...client.channels, ...client.shardChannels];
      const allowed = [user.root, ...user.selectors].some((selector) =>
        selector.allowsChannels(channels, client.patterns),
      );
      if (!allowed) this.#end(client);
    }
  }

  /** Whoever ends itself still gets the answer. */
  #end(client: Client): void {
    if (client.argv.length > 0 && client.blocked === undefined) client.closeAfterReply = true;
    else client.close();
  }
}

const CHANGED =
  'ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason:';

const reasons = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments to the command',
} as const;

/** What a refused command is answered. */
export const noPermission = ({ reason, object }: Denial): RedisError => {
  if (reason === 'command') {
    return redisError(`NOPERM this user has no permissions to run the '${object}' command`);
  }
  return redisError(
    `NOPERM this user has no permissions to access one of the ${reason}s used as arguments`,
  );
};
