import type { Args } from '../commands/args.ts';
import { type Category, categories, command, moduleCategories } from '../commands/command.ts';
import { container, wrongSubcommand } from '../commands/help.ts';
import { redisError, wrongArity } from '../errors.ts';
import { mapOf, ok, type Reply, SetReply } from '../resp/reply.ts';
import { AclFileError } from './acl-file.ts';
import type { Denial, Selector } from './acl-selector.ts';
import type { User } from './acl-user.ts';
import { loadUsers, saveUsers } from './acl-users.ts';
import type { Client } from './client.ts';
import { type CommandTable, fitsArity, lookUpName } from './lookup.ts';
import type { Server } from './server.ts';

/** Users and what they may do. https://redis.io/docs/latest/commands/acl-setuser/ */
interface Needs {
  readonly server: Server;
  readonly client: Client;
  redact(index: number): void;
}

const since = '6.0.0';
const anybody = {
  group: 'server',
  since,
  complexity: 'O(1)',
  flags: ['loading', 'noscript', 'stale'],
} as const;
const admin = { ...anybody, flags: ['admin', 'loading', 'noscript', 'stale'] } as const;

const users = [
  command<Needs>('ACL|DELUSER username [username ...]', {
    ...admin,
    summary: 'Deletes users and ends their connections.',
    complexity: 'O(1) amortized time considering the typical user.',
    run: deleteUsers,
  }),
  command<Needs>('ACL|GETUSER username', {
    ...admin,
    summary: 'Returns the rules of a user.',
    complexity: 'O(N). Where N is the number of password, command and pattern rules of the user.',
    history: [
      ['6.2.0', 'Lists channels.'],
      ['7.0.0', 'Lists selectors; keys and channels as rules.'],
    ],
    run({ server }, args) {
      const user = server.acl.user(args.string());
      return user ? userReply(user) : null;
    },
  }),
  command<Needs>('ACL|LIST', {
    ...admin,
    summary: 'Lists the users with their rules, as ACL files have them.',
    complexity: 'O(N). Where N is the number of configured users.',
    run: ({ server }) => server.acl.users.map(String),
  }),
  command<Needs>('ACL|SETUSER username [rule [rule ...]]', {
    ...admin,
    summary: 'Creates a user, or changes its rules.',
    complexity: 'O(N). Where N is the number of rules provided.',
    history: [
      ['6.2.0', 'Rules for channels.'],
      ['7.0.0', 'Selectors, and keys that may only be read or written.'],
    ],
    run: setUser,
  }),
  command<Needs>('ACL|USERS', {
    ...admin,
    summary: 'Lists the names of the users.',
    complexity: 'O(N). Where N is the number of configured users.',
    run: ({ server }) => server.acl.users.map(({ name }) => name),
  }),
];

const others = [
  command<Needs>('ACL|CAT [categoryname]', {
    ...anybody,
    summary: 'Lists the categories of commands, or the commands of one.',
    run: listCategory,
  }),
  command<Needs>('ACL|DRYRUN username command [arg [arg ...]]', {
    ...admin,
    summary: 'Says whether a user may run a command, without running it.',
    since: '7.0.0',
    complexity: 'O(1).',
    run: dryRun,
  }),
  command<Needs>('ACL|GENPASS [bits:int]', {
    ...anybody,
    summary: 'Draws a password that nobody can guess.',
    run: generatePassword,
  }),
  command<Needs>('ACL|LOAD', {
    ...admin,
    summary: 'Reads the users from the ACL file.',
    complexity: 'O(N). Where N is the number of configured users.',
    run: load,
  }),
  command<Needs>('ACL|LOG [count:int | RESET]', {
    ...admin,
    summary: 'Lists who was refused what.',
    complexity: 'O(N) with N being the number of entries shown.',
    run: showLog,
  }),
  command<Needs>('ACL|SAVE', {
    ...admin,
    summary: 'Writes the users into the ACL file.',
    complexity: 'O(N). Where N is the number of configured users.',
    run: save,
  }),
  command<Needs>('ACL|WHOAMI', {
    ...anybody,
    summary: 'Returns the name of the user that the connection is logged in as.',
    run: ({ client }) => client.user.name,
  }),
];

export const aclCommands = container<Needs>(
  'ACL',
  { since, helpSince: since, group: 'server', summary: 'A container for access control commands.' },
  [...users, ...others],
);

function setUser({ server, redact }: Needs, args: Args): Reply {
  for (let i = 2; i < args.argv.length; i++) redact(i);
  const name = args.string();
  if (/[\s\0]/.test(name)) {
    throw redisError("ERR Usernames can't contain spaces or null characters");
  }
  server.acl.set(name, args.rest());
  return ok;
}

function deleteUsers({ server }: Needs, args: Args): Reply {
  const names = args.rest();
  if (names.includes('default')) throw redisError("ERR The 'default' user cannot be removed");
  return names.filter((name) => server.acl.delete(name)).length;
}

const userReply = (user: User): Reply =>
  mapOf({
    flags: new SetReply(user.flags),
    passwords: user.passwords,
    ...selectorFields(user.root),
    selectors: user.selectors.map((selector) => mapOf(selectorFields(selector))),
  });

const selectorFields = ({ commandRules, keyRules, channelRules }: Selector) => ({
  commands: commandRules,
  keys: keyRules,
  channels: channelRules,
});

/** All categories but those of modules that are not loaded. */
function categoriesIn(table: CommandTable): Category[] {
  const used = new Set([...table.values()].flatMap((each) => each.categories));
  const foreign = new Set<Category>(moduleCategories.filter((category) => !used.has(category)));
  return categories.filter((category) => !foreign.has(category));
}

function listCategory({ server }: Needs, args: Args): Reply {
  if (args.left > 1) throw wrongSubcommand('ACL', args);
  if (args.done) return categoriesIn(server.table);
  const word = args.string();
  const name = word.toLowerCase() as Category;
  if (!categories.includes(name)) throw redisError(`ERR Unknown category '${word}'`);
  const all = [...server.table.values()];
  return all.filter((each) => each.categories.includes(name)).map((each) => each.name);
}

function dryRun({ server }: Needs, args: Args): Reply {
  const name = args.string();
  const user = server.acl.user(name);
  if (!user) throw redisError(`ERR User '${name}' not found`);
  const argv = args.rest();
  const found = lookUpName(server.table, argv);
  if (!found) throw redisError(`ERR Command '${argv[0]}' not found`);
  if (!fitsArity(found, argv)) throw wrongArity(found.name);
  const denial = user.refuse(found, argv);
  return denial ? `This user has no permissions to ${describe(denial)}` : ok;
}

const describe = ({ reason, object }: Denial): string =>
  reason === 'command' ? `run the '${object}' command` : `access the '${object}' ${reason}`;

function generatePassword({ server }: Needs, args: Args): Reply {
  if (args.left > 1) throw wrongSubcommand('ACL', args);
  const bits = args.done ? 256 : args.index();
  if (bits < 1 || bits > 4096) {
    throw redisError(
      'ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096',
    );
  }
  return server.random.hex(Math.ceil(bits / 4));
}

function showLog({ server }: Needs, args: Args): Reply {
  if (args.left > 1) throw wrongSubcommand('ACL', args);
  if (args.token('RESET')) {
    server.acl.log.reset();
    return ok;
  }
  return server.acl.log.latest(args.done ? 10 : Math.max(args.index(), 0));
}

function load({ server }: Needs): Reply {
  checkFile(server);
  try {
    loadUsers(server);
  } catch (error) {
    if (error instanceof AclFileError) throw redisError(`ERR ${error.message}`);
    throw error;
  }
  return ok;
}

function save({ server }: Needs): Reply {
  checkFile(server);
  saveUsers(server);
  return ok;
}

function checkFile({ config }: Server): void {
  if (config.text('aclfile') !== '') return;
  throw redisError(
    'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
  );
}
